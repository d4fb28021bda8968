import { IdentityService } from "@marquetry/auth"
import { someCredentials } from "@marquetry/auth/testing"
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest"
import { browserFetch, claimsIn, openPeople, type People } from "./people.ts"
import type { Json } from "./shop.ts"

let people: People
beforeAll(async () => {
  people = await openPeople()
})
afterAll(() => people.drop())

const unauthorized = { message: "Unauthorized" }

describe("a session", () => {
  it("begins with a token, and its cookie does what the token does", async () => {
    const { token, id } = await people.customer({ first_name: "Ada" })

    const begun = await people.send("POST", "/auth/session", { token })
    const [cookie = ""] = begun.headers.getSetCookie()
    const me = await people.send("GET", "/store/customers/me", { cookie: cookie.split(";")[0] })

    expect(cookie).toMatch(/^connect\.sid=[\w-]{43}; Max-Age=34560000; Path=\/; HttpOnly; SameSite=Lax$/)
    expect(begun).toMatchObject({
      status: 200,
      body: {
        user: {
          actor_id: id,
          actor_type: "customer",
          auth_identity_id: expect.stringMatching(/^authid_/) as string,
          auth_provider: "emailpass",
          app_metadata: { customer_id: id },
          user_metadata: {},
        },
      },
    })
    expect(Object.keys(begun.body["user"] as Json)).toHaveLength(6)
    expect(me).toMatchObject({ status: 200, body: { customer: { id, first_name: "Ada" } } })
  })

  it("ends: the cookie opens nothing any more", async () => {
    const { token } = await people.customer()
    const cookie = await people.session(token)

    const ended = await people.send("DELETE", "/auth/session", { cookie })

    expect(ended).toMatchObject({ status: 200, body: { success: true } })
    expect(ended.headers.getSetCookie()[0]).toMatch(/^connect\.sid=; Max-Age=0; Path=\/;/)
    expect(await people.send("GET", "/store/customers/me", { cookie })).toMatchObject({ status: 401 })
    expect(await people.send("DELETE", "/auth/session", { cookie })).toMatchObject({ status: 401, body: unauthorized })
  })

  it("takes the place of the one before it", async () => {
    const [ada, bob] = [await people.customer(), await people.customer()]
    const before = await people.session(ada.token)

    const begun = await people.send("POST", "/auth/session", { token: bob.token, cookie: before })

    const after = begun.headers.getSetCookie()[0]?.split(";")[0]
    expect(begun).toMatchObject({ status: 200, body: { user: { actor_id: bob.id } } })
    expect(await people.send("GET", "/store/customers/me", { cookie: before })).toMatchObject({ status: 401 })
    expect(await people.send("GET", "/store/customers/me", { cookie: after })).toMatchObject({
      body: { customer: { id: bob.id } },
    })
  })

  it("names a customer who was made since, without a new login", async () => {
    const { token, email } = await people.register()
    const cookie = await people.session(token)

    const before = await people.send("GET", "/store/customers/me", { cookie })
    await people.send("POST", "/store/customers", { cookie, body: {} })
    const after = await people.send("GET", "/store/customers/me", { cookie })

    expect(before).toMatchObject({ status: 401, body: unauthorized })
    expect(after).toMatchObject({ status: 200, body: { customer: { email } } })
  })

  it("is kept from plain HTTP where it was told so", async () => {
    const strict = await openPeople({ api: { secureCookies: true } })
    const { token } = await strict.register()

    const { headers } = await strict.send("POST", "/auth/session", { token })

    expect(headers.getSetCookie()[0]).toMatch(/HttpOnly; Secure; SameSite=Lax$/)
    await strict.drop()
  })

  it.each([
    ["no credential", {}],
    ["an empty token", { headers: { authorization: "Bearer " } }],
    ["what is no token", { token: "undefined" }],
    ["a token of others", { token: `${"a".repeat(40)}.b.c` }],
    ["another scheme", { headers: { authorization: "Basic YTpi" } }],
    ["a cookie that nobody has", { cookie: `connect.sid=${"a".repeat(43)}` }],
    ["what is no cookie of ours", { cookie: "connect.sid=s%3Aabc.def; other=1" }],
  ])("is refused with %s", async (_, shown) => {
    const calls = [
      ["POST", "/auth/session"],
      ["DELETE", "/auth/session"],
      ["POST", "/auth/token/refresh"],
    ] as const
    for (const [method, path] of calls) {
      const answer = await people.send(method, path, shown)

      expect([answer.status, answer.body]).toEqual([401, unauthorized])
    }
  })
})

describe("a new token", () => {
  it("names a customer who was made since", async () => {
    const { token } = await people.register()
    const { body } = await people.send("POST", "/store/customers", { token, body: {} })

    const refreshed = await people.send("POST", "/auth/token/refresh", { token })

    const { id } = body["customer"] as Json
    expect(refreshed.status).toBe(200)
    expect(claimsIn(refreshed.body["token"])).toMatchObject({ actor_id: id })
  })

  it("is had for a session too", async () => {
    const { token, id } = await people.customer()

    const refreshed = await people.send("POST", "/auth/token/refresh", { cookie: await people.session(token) })

    expect(claimsIn(refreshed.body["token"])).toMatchObject({ actor_id: id })
  })

  it("is not had once the identity is gone", async () => {
    const { token } = await people.register()
    const { auth_identity_id: identity } = claimsIn(token)
    await people.container.resolve(IdentityService).delete(identity as string)

    for (const path of ["/auth/token/refresh", "/auth/session", "/store/customers"]) {
      expect(await people.send("POST", path, { token, body: {} })).toMatchObject({
        status: 401,
        body: { type: "unauthorized", code: "auth.claims_outdated" },
      })
    }
  })
})

describe("the client library", () => {
  afterEach(() => vi.unstubAllGlobals())

  it("signs up, logs in and out with tokens", async () => {
    const { auth, store } = people.sdk("jwt")
    const credentials = someCredentials()

    const registered = await auth.register("customer", "emailpass", credentials)
    const { customer } = await store.customer.create({ email: credentials.email, first_name: "Ada", phone: "" })
    const before = await store.customer.retrieve().catch((error: { status: number }) => error.status)
    await auth.login("customer", "emailpass", credentials)
    const me = await store.customer.retrieve({ fields: "*orders" })
    const refreshed = await auth.refresh()
    await auth.logout()
    const after = await store.customer.retrieve().catch((error: { status: number }) => error.status)

    expect(claimsIn(registered)).toMatchObject({ actor_id: "" })
    expect(customer).toMatchObject({ email: credentials.email, first_name: "Ada", phone: "", has_account: true })
    expect(me.customer).toMatchObject({ id: customer.id, addresses: [] })
    expect(claimsIn((refreshed as unknown as { token: string }).token)).toMatchObject({ actor_id: customer.id })
    expect([before, after]).toEqual([401, 401])
  })

  it("logs in and out with a session", async () => {
    vi.stubGlobal("fetch", browserFetch())
    const { email, password, id } = await people.customer()
    const { auth, store } = people.sdk("session")

    await auth.login("customer", "emailpass", { email, password })
    const me = await store.customer.retrieve()
    await auth.refresh()
    const still = await store.customer.update({ last_name: "Byron" })
    await auth.logout()
    const after = await store.customer.retrieve().catch((error: { status: number }) => error.status)

    expect(me.customer.id).toBe(id)
    expect(still.customer).toMatchObject({ id, last_name: "Byron" })
    expect(after).toBe(401)
  })

  it("resets a password", async () => {
    const { auth } = people.sdk("jwt")
    const { email } = await people.customer()

    await auth.resetPassword("customer", "emailpass", { identifier: email })
    await people.composition.relay.settled()
    const token = people.mail.sent.find(({ to }) => to === email)?.data?.["token"] as string
    await auth.updateProvider("customer", "emailpass", { password: "another password" }, token)

    const login = auth.login("customer", "emailpass", { email, password: "another password" })
    await expect(login).resolves.toEqual(expect.any(String))
  })

  it("may come from the storefront's origin, and with cookies", async () => {
    const preflight = await fetch(`${people.address}/auth/session`, {
      method: "OPTIONS",
      headers: { origin: "https://shop.example", "access-control-request-method": "POST" },
    })

    expect(preflight.status).toBe(204)
    expect(preflight.headers.get("access-control-allow-origin")).toBe("https://shop.example")
    expect(preflight.headers.get("access-control-allow-credentials")).toBe("true")
  })
})

describe("what has expired", () => {
  it("is deleted by jobs", async () => {
    const { email, token } = await people.customer()
    const { database } = people.composition
    await people.session(token)
    await people.send("POST", "/auth/customer/emailpass", { body: { email, password: "wrong password" } })
    const left = () =>
      database.sql(`select id from "auth"."auth_session" union all select id from "auth"."auth_attempt"`)
    const before = await left()

    await database.run(`update "auth"."auth_session" set expires_at = now()`)
    await database.run(`update "auth"."auth_attempt" set window_ends_at = now()`)

    expect(before.length).toBeGreaterThanOrEqual(2)
    await vi.waitFor(
      async () => {
        // Their time comes; a process that has just begun may not know them yet.
        await database.run(`update "framework"."scheduled_job" set due_at = now() where name like 'auth.%'`)
        expect(await left()).toEqual([])
      },
      { timeout: 15_000, interval: 50 },
    )
  })
})
