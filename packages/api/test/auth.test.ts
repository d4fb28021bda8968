import { someCredentials } from "@marquetry/auth/testing"
import { statementsOf } from "@marquetry/kernel/testing"
import { NotificationService } from "@marquetry/notification"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { claimsIn, openPeople, type People } from "./people.ts"
import type { Json } from "./shop.ts"

let people: People
beforeAll(async () => {
  people = await openPeople({ auth: { maxFailedLogins: 3 } })
})
afterAll(() => people.drop())

describe("registering", () => {
  it("gives a token that names nobody yet", async () => {
    const credentials = someCredentials()

    const { status, body } = await people.send("POST", "/auth/customer/emailpass/register", { body: credentials })

    const claims = claimsIn(body["token"])
    expect([status, Object.keys(body)]).toEqual([200, ["token"]])
    expect(claims).toMatchObject({
      actor_id: "",
      actor_type: "customer",
      auth_identity_id: expect.stringMatching(/^authid_/) as string,
      auth_provider: "emailpass",
      app_metadata: {},
      user_metadata: {},
    })
    expect(Number(claims["exp"]) - Number(claims["iat"])).toBe(86_400)
  })

  it("is refused for an e-mail address that is known", async () => {
    const { email } = await people.register()

    const again = await people.send("POST", "/auth/customer/emailpass/register", {
      body: { email: email.toUpperCase(), password: "another password" },
    })

    expect(again).toMatchObject({ status: 401, body: { type: "unauthorized", code: "auth.identity_exists" } })
  })

  it.each([
    ["no password", { email: "ada@example.com" }],
    ["a short password", { email: "ada@example.com", password: "1234567" }],
    ["no e-mail address", { email: "ada", password: "correct horse" }],
    ["nothing", undefined],
    ["a list", []],
  ])("is refused with %s", async (_, body) => {
    const answer = await people.send("POST", "/auth/customer/emailpass/register", { body })

    expect(answer).toMatchObject({ status: 400, body: { type: "invalid_data" } })
  })

  it("is done once for a key that makes it safe to repeat", async () => {
    const body = someCredentials()
    const headers = { "idempotency-key": "register-once" }
    const send = () => people.send("POST", "/auth/customer/emailpass/register", { body, headers })

    const [first, again] = [await send(), await send()]

    expect(first.status).toBe(200)
    expect(again.text).toBe(first.text)
  })
})

describe("logging in", () => {
  const login = (body: unknown, path = "customer/emailpass", headers = {}) =>
    people.send("POST", `/auth/${path}`, { body, headers })

  it("gives a token that names the customer", async () => {
    const { email, password, id } = await people.customer()

    const { status, body } = await login({ email: ` ${email.toUpperCase()}`, password })

    expect(status).toBe(200)
    expect(claimsIn(body["token"])).toMatchObject({ actor_id: id, app_metadata: { customer_id: id } })
  })

  it("says the same of a wrong password and of somebody unknown", async () => {
    const { email } = await people.register()

    const wrong = await login({ email, password: "wrong password" })
    const unknown = await login(someCredentials())

    expect(wrong).toMatchObject({
      status: 401,
      body: { type: "unauthorized", code: "auth.credentials_invalid", message: expect.any(String) as string },
    })
    expect(unknown.text).toBe(wrong.text)
  })

  it("is refused with another provider or as another actor than there are", async () => {
    const credentials = someCredentials()

    expect(await login(credentials, "customer/github")).toMatchObject({
      status: 401,
      body: { type: "unauthorized", code: "auth.unknown_provider" },
    })
    expect(await login(credentials, "robot/emailpass")).toMatchObject({ status: 400, body: { type: "invalid_data" } })
    expect(await login({ email: 7 })).toMatchObject({ status: 400, body: { type: "invalid_data" } })
  })

  it("is refused for a while after failures, with the right password too, and says for how long", async () => {
    const { email, password } = await people.register()

    const failures = []
    for (let index = 0; index < 3; index++) failures.push(await login({ email, password: `wrong ${index}` }))
    const refused = await login({ email, password })

    expect(failures.map(({ status }) => status)).toEqual([401, 401, 401])
    expect(refused).toMatchObject({ status: 429, body: { type: "not_allowed", code: "auth.too_many_attempts" } })
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(800)
  })

  it("counts failures whatever else the request asks for", async () => {
    const { email, password } = await people.register()
    const guess = (index: number) =>
      login({ email, password: `wrong ${index}` }, undefined, { "idempotency-key": `guess-${index}` })

    await Promise.all([guess(1), guess(2), guess(3)])

    expect(await login({ email, password })).toMatchObject({ status: 429 })
  })

  it("as a user opens nothing for customers", async () => {
    const { email, password } = await people.customer()
    const user = await people.login({ email, password }, "user")

    expect(claimsIn(user)).toMatchObject({ actor_id: "", actor_type: "user" })
    expect(await people.send("GET", "/store/customers/me", { token: user })).toMatchObject({ status: 401 })
  })

  it("lists its ways", async () => {
    const { status, body } = await people.send("GET", "/auth/customer/providers")

    expect([status, body]).toEqual([
      200,
      {
        providers: [
          { id: "emailpass", identifier: "emailpass", display_name: "Email and password", flow: "credentials" },
        ],
      },
    ])
    expect((await people.send("GET", "/auth/robot/providers")).status).toBe(400)
  })

  it.each([
    ["GET", "/auth/customer/emailpass?email=a@example.com&password=correct+horse"],
    ["GET", "/auth/customer/emailpass/callback?code=1"],
    ["POST", "/auth/user/emailpass/callback"],
    ["GET", "/auth/customer/github/callback"],
  ] as const)("elsewhere is refused: %s %s", async (method, path) => {
    expect(await people.send(method, path)).toMatchObject({ status: 401, body: { type: "unauthorized" } })
  })
})

describe("a forgotten password", () => {
  const ask = (identifier: unknown, actor = "customer", more: Json = {}) =>
    people.send("POST", `/auth/${actor}/emailpass/reset-password`, { body: { identifier, ...more } })
  const update = (token: string | undefined, password: string) =>
    people.send("POST", "/auth/customer/emailpass/update", { token, body: { password } })
  const mailTo = async (email: string) => {
    await people.composition.relay.settled()
    return people.mail.sent.filter(({ to }) => to === email)
  }
  const tokenFor = async (email: string) => {
    await ask(email)
    return (await mailTo(email)).at(-1)?.data?.["token"] as string
  }

  it("is replaced with the token that was mailed, once", async () => {
    const { email, password, id } = await people.customer()
    const asked = await ask(email.toUpperCase(), "customer", { metadata: { language: "de" } })
    const [mail, ...others] = await mailTo(email)
    const token = mail?.data?.["token"] as string

    const updated = await update(token, "another password")
    const again = await update(token, "a third password")

    expect([asked.status, asked.text]).toEqual([201, ""])
    expect(others).toEqual([])
    expect(mail).toMatchObject({
      channel: "email",
      template: "auth.password-reset",
      data: { token, actor_type: "customer", identifier: email, metadata: { language: "de" } },
    })
    expect(updated).toMatchObject({ status: 200, body: { success: true } })
    expect(again).toMatchObject({ status: 401, body: { type: "unauthorized", code: "auth.reset_token_invalid" } })
    expect(claimsIn(await people.login({ email, password: "another password" }))).toMatchObject({ actor_id: id })
    expect(await people.login({ email, password })).toBeUndefined()
  })

  it("is recorded as a notification", async () => {
    const { email } = await people.register()
    await tokenFor(email)

    const { rows } = await people.container.resolve(NotificationService).list({ filter: { to: email } })

    expect(rows).toMatchObject([{ status: "success", triggerType: "auth.password_reset_asked" }])
  })

  it("ends sessions, and makes nothing new of old tokens", async () => {
    const { email, token } = await people.customer()
    const cookie = await people.session(token)

    await update(await tokenFor(email), "another password")

    expect(await people.send("GET", "/store/customers/me", { cookie })).toMatchObject({ status: 401 })
    expect(await people.send("POST", "/auth/token/refresh", { token })).toMatchObject({ status: 401 })
    expect(await people.send("POST", "/auth/session", { token })).toMatchObject({ status: 401 })
  })

  it("that nobody has is answered the same, at the same cost", async () => {
    const { email } = await people.register()
    const asking = async (identifier: string) => {
      let answer: Awaited<ReturnType<typeof ask>> | undefined
      const statements = await statementsOf(people.composition.database, async () => {
        answer = await ask(identifier)
      })
      await people.composition.relay.settled()
      return { statements, status: answer?.status, text: answer?.text }
    }

    const known = await asking(email)
    const unknown = await asking("nobody@example.com")
    const noAddress = await asking("nobody")

    expect(known).toMatchObject({ status: 201, text: "" })
    expect(known.statements).toHaveLength(1)
    expect(unknown).toEqual(known)
    expect(noAddress).toEqual(known)
    expect(await mailTo("nobody@example.com")).toEqual([])
  })

  it("of a customer is none of a user", async () => {
    const { email } = await people.customer()

    const asked = await ask(email, "user")

    expect(asked.status).toBe(201)
    expect(await mailTo(email)).toEqual([])
  })

  it("is not flooded with mail", async () => {
    const { email } = await people.register()

    await Promise.all(Array.from({ length: 8 }, () => ask(email)))

    expect(await mailTo(email)).toHaveLength(5)
  })

  it.each([
    ["no identifier", {}, 400],
    ["an empty one", { identifier: " " }, 400],
    ["one that is no text", { identifier: 7 }, 400],
    ["one that is too long", { identifier: "a".repeat(255) }, 400],
    ["one that cannot be kept", { identifier: "a\0@example.com" }, 400],
    ["unknown fields", { identifier: "a@example.com", email: "b" }, 400],
    ["too much metadata", { identifier: "a@example.com", metadata: { text: "x".repeat(2_000) } }, 400],
  ])("cannot be asked for with %s", async (_, body, status) => {
    const answer = await people.send("POST", "/auth/customer/emailpass/reset-password", { body })

    expect(answer).toMatchObject({ status, body: { type: "invalid_data" } })
  })

  it("is not replaced without a good token, nor by a bad password", async () => {
    const { email, password, token: login } = await people.customer()
    const token = await tokenFor(email)

    const refusals = [await update(undefined, "another password"), await update(login, "another password")]
    const short = await update(token, "short")

    expect(refusals.map(({ status }) => status)).toEqual([401, 401])
    expect(short).toMatchObject({ status: 400, body: { type: "invalid_data" } })
    expect(await people.login({ email, password })).toEqual(expect.any(String))
    expect(await update(token, "another password")).toMatchObject({ status: 200 })
  })

  it("is not asked for with a provider that there is not", async () => {
    const body = { identifier: "a@example.com", password: "another password" }

    for (const path of ["reset-password", "update"]) {
      const answer = await people.send("POST", `/auth/customer/github/${path}`, {
        body: path === "update" ? body : { identifier: body.identifier },
        token: "a".repeat(43),
      })
      expect(answer).toMatchObject({ status: 401, body: { code: "auth.unknown_provider" } })
    }
  })
})
