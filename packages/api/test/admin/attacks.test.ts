import { ApiKeyService } from "@marquetry/api-key"
import { AccessService, RoleService } from "@marquetry/rbac"
import { UserService } from "@marquetry/user"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { openBackOffice, statusesOf, type BackOffice, type Json } from "./back-office.ts"
import { actorOf, credentialsOf, invite, register } from "./people.ts"

let office: BackOffice
let access: AccessService
beforeAll(async () => {
  office = await openBackOffice()
  access = office.container.resolve(AccessService)
})
afterAll(() => office.drop())

let made = 0
const newEmail = () => `attacker-${++made}@shop.example`
const roleOf = async (...permissions: string[]) =>
  (await office.container.resolve(RoleService).create({ name: newEmail(), permissions })).id
const basic = (token: string) => ({ token: null, headers: { authorization: `Basic ${btoa(`${token}:`)}` } })
/** A secret key with a role of its own. */
const keyOf = async (...permissions: string[]) => {
  const body = { title: newEmail(), type: "secret", roles: [await roleOf(...permissions)] }
  return (await office.post("/admin/api-keys", body)).body["api_key"] as { id: string; token: string }
}
const forbidden = { status: 403, body: { type: "forbidden", code: "request.permission_missing" } }

/** Those who may do something with people, and nothing else. */
const personnel = ["rbac_role:*", "rbac_policy:*", "user:*", "invite:*", "api_key:*"]

describe.each(["a user", "a key"])("%s who may do all with people and nothing else", (kind) => {
  let sent: Parameters<BackOffice["get"]>[1]
  let own: string
  let path: string
  beforeAll(async () => {
    if (kind === "a key") {
      const key = await keyOf(...personnel)
      ;[sent, path] = [basic(key.token), `/admin/api-keys/${key.id}`]
      own = (await access.rolesOf("api_key", key.id))[0]?.id as string
    } else {
      const token = await office.colleague(newEmail(), personnel)
      ;[sent, path] = [{ token }, `/admin/users/${actorOf(token)}`]
      own = (await access.rolesOf("user", actorOf(token)))[0]?.id as string
    }
  })

  it("makes no role that allows more, nor more of one that there is", async () => {
    const [weak, strong] = [await roleOf("user:read"), await roleOf("product:*")]

    const answers = [
      await office.post("/admin/rbac/roles", { name: newEmail(), permissions: ["product:read"] }, sent),
      await office.post("/admin/rbac/roles", { name: newEmail(), policy_ids: ["*:*"] }, sent),
      await office.post("/admin/rbac/roles", { name: newEmail(), permissions: ["*:read"] }, sent),
      await office.post(`/admin/rbac/roles/${own}`, { permissions: [...personnel, "product:read"] }, sent),
      await office.post(`/admin/rbac/roles/${own}/policies`, { policies: ["product:read"] }, sent),
      await office.post(`/admin/rbac/roles/${weak}/policies`, { policies: ["*:*"] }, sent),
      await office.post(`/admin/rbac/roles/${strong}`, { permissions: [] }, sent),
      await office.delete(`/admin/rbac/roles/${strong}/policies/product:*`, sent),
    ]

    expect(answers).toMatchObject(answers.map(() => forbidden))
  })

  it("gets no role that allows more, nor is without any", async () => {
    const strong = await roleOf("product:read")
    const ways = [
      await office.post(`${path}/roles`, { roles: [strong] }, sent),
      await office.post(`${path}/roles`, { roles: [own, strong] }, sent),
      await office.post(`/admin/rbac/roles/${strong}/users`, { users: [office.userId] }, sent),
    ]
    const last = [
      await office.delete(`${path}/roles`, { ...sent, body: { roles: [own] } }),
      await office.delete(`${path}/roles/${own}`, sent),
      await office.delete(`/admin/rbac/roles/${own}`, sent),
    ]

    expect(ways).toMatchObject(ways.map(() => forbidden))
    expect(last.map(({ status }) => status)).toEqual([400, 400, 400])
    expect((await office.get("/admin/products", sent)).status).toBe(403)
  })

  it("does not become another: by their password, by their invite, by a key", async () => {
    const { id: invited } = await invite(office, newEmail())
    const strong = await roleOf("product:read")

    const answers = [
      await office.post(`/admin/users/${office.userId}/reset-password`, undefined, sent),
      await office.post(`/admin/invites/${invited}/resend`, undefined, sent),
      await office.post("/admin/invites", { email: newEmail(), roles: [strong] }, sent),
      await office.post("/admin/api-keys", { title: "Mine", type: "secret", roles: [strong] }, sent),
      await office.delete(`/admin/users/${office.userId}`, sent),
    ]

    expect(answers).toMatchObject(answers.map(() => forbidden))
  })

  it("has keys and colleagues who may do no more", async () => {
    const key = (await office.post("/admin/api-keys", { title: "Mine", type: "secret" }, sent)).body["api_key"]
    const none = await office.post("/admin/api-keys", { title: "Mine", type: "secret", roles: [] }, sent)
    const email = newEmail()
    const invited = await office.post("/admin/invites", { email, roles: [] }, sent)
    const { token } = invited.body["invite"] as { token: string }
    const registration = await register(office, email)
    await office.post(`/admin/invites/accept?token=${token}`, {}, { token: registration })
    const colleague = await office.login(credentialsOf(email))

    expect(none.status).toBe(400)
    expect((await office.get("/admin/products", basic((key as { token: string }).token))).status).toBe(403)
    expect((await office.get("/admin/products", { token: colleague })).status).toBe(403)
  })
})

describe("who was deleted while they asked", () => {
  /** Has what is asked wait for a table, and does the work meanwhile. */
  const meanwhile = async <T>(table: string, ask: () => Promise<T>, work: () => Promise<unknown>): Promise<T> => {
    const { database: db } = office.composition
    const asked = await db.transaction(async () => {
      await db.run(`lock table ${table} in access exclusive mode`)
      const answer = ask()
      await vi.waitFor(async () => {
        const waiting = await db.sql(`select from pg_locks where not granted and relation = '${table}'::regclass`)
        expect(waiting.length).toBeGreaterThan(0)
      })
      await work()
      return { answer }
    })
    return asked.answer
  }
  const remove = async (userId: string) => {
    await office.container.resolve(UserService).delete(userId)
    await access.forget("user", userId)
  }

  it("is nobody, and not one without roles, who may do everything: of users", async () => {
    const token = await office.colleague(newEmail(), ["user:read"])
    // Connections that are open already let one half of what a guard asks for come before the other.
    await Promise.all(Array.from({ length: 6 }, () => office.get("/admin/users", { token })))

    const answer = await meanwhile(
      `"rbac"."role_assignment"`,
      () => office.get("/admin/api-keys", { token }),
      () => remove(actorOf(token)),
    )

    expect(answer.status).toBe(401)
  })

  it("leaves no key behind that has no roles either", async () => {
    const token = await office.colleague(newEmail(), ["api_key:create"])

    const answer = await meanwhile(
      `"api_key"."api_key"`,
      () => office.post("/admin/api-keys", { title: "Left behind", type: "secret" }, { token }),
      () => remove(actorOf(token)),
    )

    expect(answer).toMatchObject(forbidden)
    expect((await office.get("/admin/api-keys?title=Left+behind")).body["count"]).toBe(0)
  })

  it("is nobody, and not one without roles, who may do everything: of keys", async () => {
    const { id, token } = await keyOf("user:read")
    const keys = office.container.resolve(ApiKeyService)

    const answer = await meanwhile(
      `"rbac"."role_assignment"`,
      () => office.get("/admin/api-keys", basic(token)),
      async () => {
        await keys.revoke(id)
        await keys.delete(id)
        await access.forget("api_key", id)
      },
    )

    expect(answer.status).toBe(401)
  })
})

describe("credentials", () => {
  it("open what they are for, and nothing else", async () => {
    const shopper = (await office.post("/auth/customer/emailpass/register", credentialsOf(newEmail()), { token: null }))
      .body["token"] as string
    const { id, token } = await keyOf("*:*")
    const publishable = (await office.post("/admin/api-keys", { title: "Web", type: "publishable" })).body[
      "api_key"
    ] as {
      token: string
    }
    const users = (sent: Parameters<BackOffice["get"]>[1]) => office.get("/admin/users", sent)

    const before = (await users(basic(token))).status
    await office.post(`/admin/api-keys/${id}/revoke`)
    const answers = [
      await users(basic(token)),
      await users({ token: null, headers: { authorization: `Basic ${token}` } }),
      await users(basic(publishable.token)),
      await users({ token: null, headers: { authorization: `Basic ${publishable.token}` } }),
      await users({ token }),
      await users({ token: null, headers: { "x-publishable-api-key": token } }),
      await users({ token: shopper }),
      await users({ token: await register(office, newEmail()) }),
      await users({ token: null, headers: { authorization: `Bearer ${shopper}, Bearer ${office.token}` } }),
      await users({ token: null, headers: { authorization: "Basic" } }),
      await users({ token: null, headers: { authorization: "Basic ====" } }),
      await office.get("/store/customers/me", {
        token: office.token,
        headers: { "x-publishable-api-key": publishable.token },
      }),
    ]

    expect(before).toBe(200)
    expect(statusesOf(answers)).toEqual(answers.map(() => 401))
  })

  it("do not get what was answered to others with the same Idempotency-Key, nor once they are void", async () => {
    const headers = { "idempotency-key": "one-for-all" }
    const body = { title: "Replayed", type: "secret" }
    const other = await office.colleague(newEmail(), ["api_key:create"])
    const weak = await office.colleague(newEmail(), ["user:read"])

    const first = await office.post("/admin/api-keys", body, { headers })
    const again = await office.post("/admin/api-keys", body, { headers })
    const others = await office.post("/admin/api-keys", body, { headers, token: other })
    const mine = await office.post("/admin/api-keys", body, { headers, token: weak })
    await office.delete(`/admin/users/${actorOf(other)}`)
    const gone = await office.post("/admin/api-keys", body, { headers, token: other })

    const tokens = [first, again, others].map(({ body: { api_key: key } }) => (key as Json)["token"])
    expect(tokens[1]).toBe(tokens[0])
    expect(tokens[2]).not.toBe(tokens[0])
    expect([mine.status, gone.status]).toEqual([403, 401])
  })
})
