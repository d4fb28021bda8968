import { ApiKeyService } from "@marquetry/api-key"
import { AccessService, RoleService } from "@marquetry/rbac"
import { UserService } from "@marquetry/user"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { openBackOffice, statusesOf, type BackOffice, type Json, type Sdk } from "./back-office.ts"
import { actorOf, invite } from "./people.ts"

let office: BackOffice
let sdk: Sdk
let access: AccessService
beforeAll(async () => {
  office = await openBackOffice()
  sdk = await office.sdk()
  access = office.container.resolve(AccessService)
})
afterAll(() => office.drop())

let made = 0
let name: string
beforeEach(() => {
  name = `role-${++made}`
})
const newEmail = () => `holder-${++made}@shop.example`
const roleOf = async (...permissions: string[]) =>
  (await office.container.resolve(RoleService).create({ name: `role-${++made}`, permissions })).id
const roleIdsOf = async (userId: string) => (await access.rolesOf("user", userId)).map(({ id }) => id)
const forbidden = { status: 403, body: { type: "forbidden", code: "request.permission_missing" } }

describe("roles", () => {
  it("are created, read, changed, listed and deleted by the official client", async () => {
    const { role: created } = await sdk.admin.rbacRole.create({ name, policy_ids: ["sales_channel:read", "user:*"] })
    const { role: changed } = await sdk.admin.rbacRole.update(created.id, { description: "Reads" })
    const { role: read } = await sdk.admin.rbacRole.retrieve(created.id)
    const { roles: found, count } = await sdk.admin.rbacRole.list({ q: name })
    const deleted = await sdk.admin.rbacRole.delete(created.id)

    expect(created).toMatchObject({
      name,
      description: null,
      permissions: ["sales_channel:read", "user:*"],
      metadata: null,
    })
    expect(changed).toEqual({ ...created, description: "Reads", updated_at: changed.updated_at })
    expect([read, found, count]).toEqual([changed, [changed], 1])
    expect(deleted).toEqual({ id: created.id, object: "rbac_role", deleted: true })
    expect((await office.audit(created.id)).map(({ action }) => action)).toEqual(["created", "updated", "deleted"])
  })

  it("have names of their own", async () => {
    const answers = await Promise.all([1, 2, 3].map(() => office.post("/admin/rbac/roles", { name })))

    expect(statusesOf(answers)).toEqual([200, 422, 422])
  })

  it("are refused with a permission that there is not", async () => {
    const answers = [
      await office.post("/admin/rbac/roles", { name, permissions: ["sales_channel:raed"] }),
      await office.post("/admin/rbac/roles", { name, permissions: ["sales_channel"] }),
    ]

    expect(answers.map(({ status }) => status)).toEqual([404, 400])
  })

  it("are changed once by two who have seen the same", async () => {
    const id = await roleOf("sales_channel:read")
    const headers = { "if-match": (await office.get(`/admin/rbac/roles/${id}`)).headers.get("etag") as string }

    const answers = await Promise.all(
      ["A", "B"].map((description) => office.post(`/admin/rbac/roles/${id}`, { description }, { headers })),
    )

    expect(statusesOf(answers)).toEqual([200, 412])
  })

  it("are not deleted while somebody has them, or is invited to them", async () => {
    const [had, promised] = [await roleOf("sales_channel:read"), await roleOf("sales_channel:read")]
    await access.assign({ actorType: "user", actorId: actorOf(await office.colleague(newEmail())) }, [had])
    await invite(office, newEmail(), [promised])

    const answers = await Promise.all([had, promised].map((id) => office.delete(`/admin/rbac/roles/${id}`)))

    const refused = { status: 400, body: { type: "not_allowed", code: "rbac.role_in_use" } }
    expect(answers).toMatchObject([refused, refused])
  })

  it("allow what is put into them, policy by policy", async () => {
    const id = await roleOf()

    const added = await sdk.admin.rbacRole.addPolicies(id, { policies: ["sales_channel:read", "sales_channel:*"] })
    const listed = await sdk.admin.rbacRole.listPolicies(id, { key: "sales_channel:*" })
    const { roles: having } = await sdk.admin.rbacPolicy.listRoles("sales_channel:*")
    const removed = await sdk.admin.rbacRole.removePolicy(id, "sales_channel:*")
    const again = await office.delete(`/admin/rbac/roles/${id}/policies/sales_channel:*`)
    const left = await sdk.admin.rbacRole.listPolicies(id)

    expect(added.policies.map(({ key }: Json) => key)).toEqual(["sales_channel:*", "sales_channel:read"])
    expect(listed).toMatchObject({
      policies: [{ id: "sales_channel:*", name: "Anything with sales channel" }],
      count: 1,
    })
    expect(having.map((role: Json) => role["id"])).toContain(id)
    expect(removed).toEqual({ id: "sales_channel:*", object: "rbac_policy", deleted: true })
    expect(again.status).toBe(404)
    expect(left.policies).toMatchObject([{ key: "sales_channel:read", resource: "sales_channel", operation: "read" }])
  })
})

describe("policies", () => {
  it("are the permissions that routes ask for, and the wildcards over them", async () => {
    const { policies, count } = await sdk.admin.rbacPolicy.list({ limit: 1_000 })
    const { policy } = await sdk.admin.rbacPolicy.retrieve("sales_channel:read")
    const keys = policies.map(({ key }: Json) => key)

    expect(count).toBe(policies.length)
    expect(keys).toEqual(expect.arrayContaining(["*:*", "*:read", "sales_channel:*", "sales_channel:create"]))
    expect(keys).toEqual(keys.toSorted())
    expect(policy).toEqual({
      id: "sales_channel:read",
      key: "sales_channel:read",
      resource: "sales_channel",
      operation: "read",
      name: "Read sales channel",
      description: "Lists sales channels; Reads one of sales channels",
    })
  })

  it("are listed by page, and by what is asked for", async () => {
    const page = await sdk.admin.rbacPolicy.list({ q: "sales", operation: "read", limit: 1, offset: 0 })

    expect(page).toMatchObject({ policies: [{ key: "sales_channel:read" }], count: 1, offset: 0, limit: 1 })
  })

  it("are not made, changed or deleted", async () => {
    const refused = { status: 400, body: { type: "not_allowed", code: "rbac.policy_fixed" } }

    expect([
      await office.post("/admin/rbac/policies", { key: "a:b", resource: "a", operation: "b" }),
      await office.post("/admin/rbac/policies/sales_channel:*", { name: "All" }),
      await office.delete("/admin/rbac/policies/sales_channel:read"),
    ]).toMatchObject([refused, refused, refused])
  })

  it("and roles that one may give to others are those that one has", async () => {
    const token = await office.colleague(newEmail(), ["sales_channel:*", "rbac_policy:read", "rbac_role:read"])
    const [equal, more] = [await roleOf("sales_channel:read"), await roleOf("sales_channel:read", "store:read")]

    const { body: policies } = await office.get("/admin/rbac/policies/assignable?limit=100", { token })
    const { body: roles } = await office.get("/admin/rbac/roles/assignable", { token })
    const { body: own } = await office.get("/admin/rbac/me/permissions", { token })
    const { permissions: all } = await sdk.admin.rbacRole.mePermissions()

    const keys = (policies["policies"] as Json[]).map(({ key }) => key)
    expect(keys).toEqual(expect.arrayContaining(["sales_channel:*", "sales_channel:delete", "rbac_role:read"]))
    expect(keys).not.toContain("*:read")
    const ids = (roles["roles"] as Json[]).map(({ id }) => id)
    expect([ids.includes(equal), ids.includes(more), roles["count"]]).toEqual([true, false, ids.length])
    expect(own["permissions"]).toEqual(keys.filter((key) => !String(key).includes("*")))
    expect(all).toEqual(expect.arrayContaining(["sales_channel:delete", "store:update"]))
  })
})

describe("the roles of a user", () => {
  it("are given, listed and taken by the official client", async () => {
    const id = actorOf(await office.colleague(newEmail()))
    const [one, two, three] = [
      await roleOf("sales_channel:read"),
      await roleOf("user:read"),
      await roleOf("store:read"),
    ]

    const given = (await sdk.admin.user.addRoles(id, { roles: [one, two, three] })) as Json
    const listed = (await sdk.admin.user.listRoles(id, { limit: 1 })) as Json
    const taken = await sdk.admin.user.removeRole(id, one)
    const takenToo = await sdk.admin.user.removeRoles(id, { roles: [two] })

    expect((given["roles"] as Json[]).map((role) => role["id"])).toEqual([one, two, three])
    expect(listed).toMatchObject({ roles: [{ id: one }], count: 3, limit: 1 })
    expect(taken).toEqual({ id: one, object: "user_role", deleted: true })
    expect(takenToo).toEqual({ ids: [two], object: "user_role", deleted: true })
    expect(await roleIdsOf(id)).toEqual([three])
    const entries = await office.audit(id)
    expect(entries.map(({ action }) => action)).toEqual(["roles_changed", "roles_changed", "roles_changed"])
    expect(JSON.stringify(entries[1]?.changes)).toContain(one)
  })

  it("are given, listed and taken from the side of the role too", async () => {
    const tokens = [await office.colleague(newEmail(), ["a:b"]), await office.colleague(newEmail(), ["a:b"])]
    const [first, second] = tokens.map(actorOf) as [string, string]
    const role = await roleOf("sales_channel:read")

    const { users: given } = await sdk.admin.rbacRole.addUsers(role, { users: [first, second] })
    const { users: listed, count } = await sdk.admin.rbacRole.listUsers(role, { limit: 1 })
    const taken = await sdk.admin.rbacRole.removeUsers(role, { users: [first] })
    const unknown = await office.post(`/admin/rbac/roles/${role}/users`, { users: [first, "user_0"] })

    expect(given.map((user: Json) => user["id"])).toEqual([first, second])
    expect([listed.length, count]).toEqual([1, 2])
    expect(taken).toEqual({ ids: [first], object: "role_user", deleted: true })
    expect(unknown.status).toBe(404)
    expect([(await roleIdsOf(first)).includes(role), (await roleIdsOf(second)).includes(role)]).toEqual([false, true])
    expect((await office.audit(first)).map(({ action }) => action)).toEqual(["roles_changed", "roles_changed"])
  })

  it("are never all taken: that would let them do everything", async () => {
    const id = actorOf(await office.colleague(newEmail(), ["sales_channel:read"]))
    const other = await roleOf("store:read")
    await office.post(`/admin/users/${id}/roles`, { roles: [other] })
    const ids = await roleIdsOf(id)

    const answers = await Promise.all(ids.map((role) => office.delete(`/admin/users/${id}/roles/${role}`)))

    const [won, lost] = answers.toSorted((a, b) => a.status - b.status)
    expect(won?.status).toBe(200)
    expect(lost).toMatchObject({ status: 400, body: { type: "not_allowed", code: "rbac.last_role" } })
    expect(await roleIdsOf(id)).toHaveLength(1)
  })

  it("are not taken when they do not have them", async () => {
    const id = actorOf(await office.colleague(newEmail(), ["sales_channel:read"]))

    expect((await office.delete(`/admin/users/${id}/roles/${await roleOf("store:read")}`)).status).toBe(404)
  })
})

describe("nobody gives or takes what they do not have", () => {
  let token: string
  let more: string
  let equal: string
  beforeEach(async () => {
    token = await office.colleague(newEmail(), ["rbac_role:*", "sales_channel:*"])
    more = await roleOf("sales_channel:*", "user:read")
    equal = await roleOf("sales_channel:read")
  })
  const post = (path: string, body: object) => office.post(path, body, { token })

  it("in a role", async () => {
    const answers = [
      await post("/admin/rbac/roles", { name, permissions: ["*:*"] }),
      await post("/admin/rbac/roles", { name, policy_ids: ["*:read"] }),
      await post(`/admin/rbac/roles/${equal}`, { permissions: ["user:read"] }),
      await post(`/admin/rbac/roles/${more}`, { permissions: ["sales_channel:*"] }),
      await post(`/admin/rbac/roles/${equal}/policies`, { policies: ["user:read"] }),
      await office.delete(`/admin/rbac/roles/${more}/policies/user:read`, { token }),
      await post(`/admin/rbac/roles/${equal}`, { permissions: ["sales_channel:*"] }),
      await post("/admin/rbac/roles", { name, permissions: ["sales_channel:*"] }),
    ]

    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403, 403, 200, 200])
  })

  it("to or from a user", async () => {
    const weak = actorOf(await office.colleague(newEmail(), ["store:read"]))
    const strong = actorOf(await office.colleague(newEmail()))
    await access.assign({ actorType: "user", actorId: weak }, [more])
    const own = actorOf(token)

    const answers = [
      await post(`/admin/users/${own}/roles`, { roles: [more] }),
      await post(`/admin/rbac/roles/${more}/users`, { users: [own] }),
      await office.delete(`/admin/users/${weak}/roles/${more}`, { token }),
      // Who has no roles may do everything; a first role would take that from them.
      await post(`/admin/users/${strong}/roles`, { roles: [equal] }),
      await post(`/admin/rbac/roles/${equal}/users`, { users: [strong] }),
    ]
    const allowed = [
      await post(`/admin/users/${weak}/roles`, { roles: [equal] }),
      await office.delete(`/admin/users/${weak}/roles/${equal}`, { token }),
    ]

    expect(answers).toMatchObject(answers.map(() => forbidden))
    expect(allowed.map(({ status }) => status)).toEqual([200, 200])
    expect(await access.permissionsOf("user", strong)).toEqual(["*:*"])
  })
})

describe("the last who may do everything", () => {
  it("stays so, by whichever way it would be taken", async () => {
    const shop = await openBackOffice()
    try {
      const role = async (...permissions: string[]) => {
        const { id } = await shop.container.resolve(RoleService).create({ name: `role-${++made}`, permissions })
        return id
      }
      const [all, few] = [await role("*:*"), await role("store:read")]
      const own = `/admin/users/${shop.userId}/roles`

      const first = await shop.post(own, { roles: [few] })
      await shop.post(own, { roles: [all, few] })
      const rest = [
        await shop.delete(`${own}/${all}`),
        await shop.delete(`/admin/rbac/roles/${all}/policies/*:*`),
        await shop.post(`/admin/rbac/roles/${all}`, { permissions: ["*:read"] }),
        await shop.delete(`/admin/rbac/roles/${all}/users`, { body: { users: [shop.userId] } }),
      ]

      const refused = { status: 400, body: { type: "not_allowed", code: "user.last_administrator" } }
      expect([first, ...rest]).toMatchObject([first, ...rest].map(() => refused))
      expect((await shop.get("/admin/stores")).status).toBe(200)
    } finally {
      await shop.drop()
    }
  })
})

describe("the roles of a key", () => {
  it("are given where no user may do everything too: nothing is lost", async () => {
    const shop = await openBackOffice()
    try {
      const keys = shop.container.resolve(ApiKeyService)
      const [root, other] = [
        await keys.create({ title: "Root", type: "secret", createdBy: "nobody" }),
        await keys.create({ title: "Other", type: "secret", createdBy: "nobody" }),
      ]
      await shop.container.resolve(UserService).delete(shop.userId)
      const { id } = await shop.container.resolve(RoleService).create({ name, permissions: ["store:read"] })
      const headers = { authorization: `Basic ${btoa(`${root.token}:`)}` }

      const answer = await shop.post(`/admin/api-keys/${other.id}/roles`, { roles: [id] }, { token: null, headers })

      expect(answer).toMatchObject({ status: 200, body: { roles: [{ id }] } })
    } finally {
      await shop.drop()
    }
  })

  it("are given, listed and taken", async () => {
    const { body } = await office.post("/admin/api-keys", { title: name, type: "secret" })
    const { id } = body["api_key"] as { id: string }
    const [one, two] = [await roleOf("sales_channel:read"), await roleOf("user:read")]

    const given = await office.post(`/admin/api-keys/${id}/roles`, { roles: [one, two] })
    const taken = await office.delete(`/admin/api-keys/${id}/roles/${one}`)
    const last = await office.delete(`/admin/api-keys/${id}/roles/${two}`)
    const listed = await office.get(`/admin/api-keys/${id}/roles`)

    expect(given).toMatchObject({ status: 200, body: { roles: [{ id: one }, { id: two }] } })
    expect(taken.body).toEqual({ id: one, object: "api_key_role", deleted: true })
    expect(last).toMatchObject({ status: 400, body: { code: "rbac.last_role" } })
    expect(listed.body).toMatchObject({ roles: [{ id: two }], count: 1 })
    expect(await access.permissionsOf("api_key", id)).toEqual(["user:read"])
  })
})
