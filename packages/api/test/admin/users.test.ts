import { AccessService } from "@marquetry/rbac"
import { UserService } from "@marquetry/user"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { openBackOffice, type BackOffice, type Sdk } from "./back-office.ts"
import { actorOf, credentialsOf, invite } from "./people.ts"

let office: BackOffice
let sdk: Sdk
beforeAll(async () => {
  office = await openBackOffice()
  sdk = await office.sdk()
})
afterAll(() => office.drop())

let made = 0
const newEmail = () => `colleague-${++made}@shop.example`
let email: string
beforeEach(() => {
  email = newEmail()
})

describe("users", () => {
  it("are read, changed, listed and deleted by the official client", async () => {
    const id = actorOf(await office.colleague(email))
    const body = { first_name: "Ada", last_name: "Byron", avatar_url: "https://shop.example/ada.png" }

    const { user: changed } = await sdk.admin.user.update(id, body)
    const { user: read } = await sdk.admin.user.retrieve(id)
    const { users: found, count } = await sdk.admin.user.list({ q: "byron", email })
    const deleted = await sdk.admin.user.delete(id)

    expect(changed).toMatchObject({ id, email, ...body, metadata: null, deleted_at: null })
    expect(read).toEqual(changed)
    expect([found, count]).toEqual([[read], 1])
    expect(deleted).toEqual({ id, object: "user", deleted: true })
    await expect(sdk.admin.user.retrieve(id)).rejects.toMatchObject({ status: 404 })
    const entries = await office.audit(id)
    expect(entries.map(({ action }) => action)).toEqual(["updated", "deleted"])
    expect(entries[0]?.changes).toMatchObject({ first_name: { from: null, to: "Ada" } })
  })

  it("keep the e-mail address that they are known by", async () => {
    const answer = await office.post(`/admin/users/${office.userId}`, { email })

    expect(answer).toMatchObject({ status: 400, body: { code: "request.invalid" } })
  })

  it("are changed once by two who have seen the same", async () => {
    const id = actorOf(await office.colleague(email))
    const version = (await office.get(`/admin/users/${id}`)).headers.get("etag") as string
    const headers = { "if-match": version }

    const answers = await Promise.all(
      ["A", "B"].map((name) => office.post(`/admin/users/${id}`, { first_name: name }, { headers })),
    )

    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412])
  })

  it("are listed in three statements", async () => {
    expect(await office.statements(() => office.get("/admin/users?q=colleague&order=-created_at"))).toHaveLength(3)
  })

  it("may each read themselves, whatever else they may do; a program is none", async () => {
    const token = await office.colleague(email, ["nothing:read"])
    const { api_key: key } = (await office.post("/admin/api-keys", { title: "ERP", type: "secret" })).body as {
      api_key: { token: string }
    }
    const headers = { authorization: `Basic ${btoa(`${key.token}:`)}` }

    const { user: me } = await sdk.admin.user.me()
    const other = await office.get("/admin/users/me?fields=email", { token })
    const program = await office.get("/admin/users/me", { token: null, headers })

    expect(me).toMatchObject({ id: office.userId, email: office.admin.email })
    expect(other.body).toEqual({ user: { id: actorOf(token), email } })
    expect(program).toMatchObject({ status: 401, body: { message: "Unauthorized" } })
  })

  it("log in by what their identity says", async () => {
    const { id } = await office.container.resolve(UserService).create({ email })

    const { body: none } = await office.get(`/admin/users/${id}/auth-providers`)
    const { body: some } = await office.get(`/admin/users/${office.userId}/auth-providers`)

    expect([none, some]).toEqual([{ providers: [] }, { providers: ["emailpass"] }])
  })
})

describe("deleting a user", () => {
  it("ends what they are logged in by, and lets them be invited anew", async () => {
    const token = await office.colleague(email, ["user:read"])
    const id = actorOf(token)
    const session = await office.post("/auth/session", {}, { token })
    const cookie = (session.headers.get("set-cookie") ?? "").split(";", 1)[0] as string
    const asks = async () => [
      (await office.get("/admin/users/me", { token })).status,
      (await office.get("/admin/users/me", { token: null, headers: { cookie } })).status,
    ]

    const before = await asks()
    await office.delete(`/admin/users/${id}`)
    const after = await asks()
    const roles = await office.container.resolve(AccessService).rolesOf("user", id)
    const again = await office.login(credentialsOf(email))
    const invited = await invite(office, email)
    const accepted = await office.post(`/admin/invites/accept?token=${invited.token}`, {}, { token: again })

    expect([before, after, roles]).toEqual([[200, 200], [401, 401], []])
    expect(actorOf(again)).toBe("")
    expect(accepted).toMatchObject({ status: 200, body: { user: { email } } })
    expect((accepted.body["user"] as { id: string }).id).not.toBe(id)
  })

  it("is nothing that one does to oneself, nor to who may do more", async () => {
    const token = await office.colleague(email, ["user:delete"])

    const own = await office.delete(`/admin/users/${office.userId}`)
    const powerful = await office.delete(`/admin/users/${office.userId}`, { token })

    expect(own).toMatchObject({ status: 400, body: { type: "not_allowed", code: "user.own_account" } })
    expect(powerful).toMatchObject({ status: 403, body: { code: "request.permission_missing" } })
    expect((await office.get("/admin/users/me")).status).toBe(200)
  })

  it("leaves one who may do everything, however many delete each other", async () => {
    const shop = await openBackOffice()
    try {
      const others = ["a", "b", "c"].map((name) => shop.colleague(`${name}@shop.example`))
      const tokens = [shop.token, ...(await Promise.all(others))]
      await shop.colleague("weak@shop.example", ["user:*"])
      const next = (index: number) => actorOf(tokens[(index + 1) % tokens.length] as string)

      const answers = await Promise.all(
        tokens.map((token, index) => shop.delete(`/admin/users/${next(index)}`, { token })),
      )
      const left = await Promise.all(tokens.map((token) => shop.get("/admin/users", { token })))

      const refused = answers.filter(({ status }) => status !== 200)
      expect(refused.length).toBeGreaterThan(0)
      expect(left.filter(({ status }) => status === 200).length).toBe(refused.length)
    } finally {
      await shop.drop()
    }
  })

  it("is refused to a program too where nobody else may do everything", async () => {
    const shop = await openBackOffice()
    try {
      await shop.colleague("weak@shop.example", ["user:*"])
      const { body } = await shop.post("/admin/api-keys", { title: "ERP", type: "secret" })
      const { token } = body["api_key"] as { token: string }
      const headers = { authorization: `Basic ${btoa(`${token}:`)}` }

      const answer = await shop.delete(`/admin/users/${shop.userId}`, { token: null, headers })

      expect(answer).toMatchObject({ status: 400, body: { type: "not_allowed", code: "user.last_administrator" } })
      expect((await shop.get("/admin/users/me")).status).toBe(200)
    } finally {
      await shop.drop()
    }
  })
})

describe("a token for a new password", () => {
  const reset = (id: string, token?: string) =>
    office.post(`/admin/users/${id}/reset-password`, undefined, token === undefined ? {} : { token })

  it("sets it once", async () => {
    const id = actorOf(await office.colleague(email))

    const { body } = await reset(id)
    const set = () =>
      office.post("/auth/user/emailpass/update", { password: "another long word" }, { token: body["token"] as string })
    const statuses = [(await set()).status, (await set()).status]
    const token = await office.login({ email, password: "another long word" })

    expect(statuses).toEqual([200, 401])
    expect(actorOf(token)).toBe(id)
    const [entry] = await office.audit(id)
    expect(entry).toMatchObject({ action: "password_reset", actorId: office.userId, changes: {} })
  })

  it("is for those only who may do whatever the user may", async () => {
    const id = actorOf(await office.colleague(email, ["product:*"]))
    const weak = await office.colleague(newEmail(), ["user:*", "product:read"])
    const strong = await office.colleague(newEmail(), ["user:*", "product:*"])

    const answers = [await reset(id, weak), await reset(office.userId, strong), await reset(id, strong)]

    expect(answers.map(({ status }) => status)).toEqual([403, 403, 200])
  })

  it("is refused to whom no password is known, and after five", async () => {
    const { id } = await office.container.resolve(UserService).create({ email })
    const known = actorOf(await office.colleague(newEmail()))
    for (let asked = 0; asked < 5; asked++) await reset(known)

    const [none, many] = [await reset(id), await reset(known)]

    expect(none).toMatchObject({ status: 400, body: { type: "not_allowed", code: "user.no_password" } })
    expect(many).toMatchObject({ status: 429, body: { code: "auth.too_many_attempts" } })
  })
})
