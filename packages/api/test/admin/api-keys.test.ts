import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { AccessService } from "@marquetry/rbac"
import { openBackOffice, type BackOffice, type Json, type Sdk } from "./back-office.ts"

let office: BackOffice
let sdk: Sdk
beforeAll(async () => {
  office = await openBackOffice()
  sdk = await office.sdk()
})
afterAll(() => office.drop())

const basic = (token: string) => ({ token: null, headers: { authorization: `Basic ${btoa(`${token}:`)}` } })

describe("api keys", () => {
  it("show the token of a secret one once, and that of a publishable one always", async () => {
    const { api_key: secret } = await sdk.admin.apiKey.create({ title: "ERP", type: "secret" })
    const { api_key: publishable } = await sdk.admin.apiKey.create({ title: "Web", type: "publishable" })
    const { api_key: hidden } = await sdk.admin.apiKey.retrieve(secret.id)
    const { api_key: shown } = await sdk.admin.apiKey.retrieve(publishable.id)

    expect(secret).toMatchObject({ type: "secret", title: "ERP", created_by: office.userId, revoked_at: null })
    expect(secret.token).toMatch(/^sk_/)
    expect([hidden.token, shown.token]).toEqual([null, publishable.token])
    expect(secret.redacted).toBe(hidden.redacted)
  })

  it("let a program in as long as they are not revoked", async () => {
    const { api_key: key } = await sdk.admin.apiKey.create({ title: "Program", type: "secret" })
    const asks = async () => [
      (await office.get("/admin/stores", basic(key.token))).status,
      (await office.get("/admin/stores", { token: null, headers: { authorization: `Basic ${key.token}` } })).status,
    ]

    const before = await asks()
    const early = await office.delete(`/admin/api-keys/${key.id}`)
    const revoked = await office.post(`/admin/api-keys/${key.id}/revoke`, { revoke_in: 0 })
    const after = await asks()
    const deleted = await sdk.admin.apiKey.delete(key.id)

    expect([before, after]).toEqual([
      [200, 200],
      [401, 401],
    ])
    expect(early).toMatchObject({ status: 400, body: { type: "not_allowed", code: "api_key.not_revoked" } })
    expect(revoked.body["api_key"]).toMatchObject({ revoked_by: office.userId })
    expect(deleted).toEqual({ id: key.id, object: "api_key", deleted: true })
  })

  it("sell what their channels hold, and no channel that there is not", async () => {
    const { api_key: key } = await sdk.admin.apiKey.create({ title: "Storefront", type: "publishable" })
    const { sales_channel: web } = await sdk.admin.salesChannel.create({ name: "Web" })
    const path = `/admin/api-keys/${key.id}/sales-channels`

    const linked = await office.post(path, { add: [web.id] })
    const unknown = await office.post(path, { add: ["sc_0"] })
    const { body: secret } = await office.post("/admin/api-keys", { title: "Program", type: "secret" })
    const { id: secretId } = secret["api_key"] as { id: string }
    const ofSecret = await office.post(`/admin/api-keys/${secretId}/sales-channels`, { add: [web.id] })
    const parted = await office.post(path, { remove: [web.id] })
    const entries = await office.audit(key.id)

    expect((linked.body["api_key"] as Json)["sales_channels"]).toEqual([{ id: web.id, name: "Web" }])
    expect(unknown.status).toBe(404)
    expect(ofSecret).toMatchObject({ status: 400, body: { type: "invalid_data", code: "api_key.not_publishable" } })
    expect((parted.body["api_key"] as Json)["sales_channels"]).toEqual([])
    expect(entries.map(({ action }) => action)).toEqual(["created", "sales_channels_changed", "sales_channels_changed"])
    expect(entries[1]?.changes).toEqual({ [`sales_channels.${web.id}`]: { to: { id: web.id, name: "Web" } } })
  })

  it("are listed by what the contract filters by", async () => {
    await sdk.admin.apiKey.create({ title: "Findable", type: "secret" })

    const found = await office.get("/admin/api-keys?q=findable&type=secret")
    const none = await office.get("/admin/api-keys?q=findable&revoked_at[$ne]=null")

    expect(found.body["api_keys"]).toEqual([expect.objectContaining({ title: "Findable" })])
    expect(none.body["count"]).toBe(0)
  })
})

describe("what a key may do", () => {
  it("is what its roles say, which whoever makes it must have", async () => {
    const token = await office.colleague("keys@shop.example", ["api_key:*", "sales_channel:read"])
    const others = await office.colleague("other@shop.example", ["product:*"])
    const access = office.container.resolve(AccessService)
    const [own] = await rolesOf(token)
    const [foreign] = await rolesOf(others)

    const made = await office.post("/admin/api-keys", { title: "Mine", type: "secret" }, { token })
    const named = await office.post("/admin/api-keys", { title: "Named", type: "secret", roles: [own] }, { token })
    const beyond = await office.post("/admin/api-keys", { title: "More", type: "secret", roles: [foreign] }, { token })
    const key = made.body["api_key"] as { id: string; token: string }
    const reads = await office.get("/admin/sales-channels", basic(key.token))
    const writes = await office.post("/admin/sales-channels", { name: "No" }, basic(key.token))

    expect([made.status, named.status, reads.status, writes.status]).toEqual([200, 200, 200, 403])
    expect(beyond).toMatchObject({ status: 403, body: { code: "request.permission_missing" } })
    expect(await access.permissionsOf("api_key", key.id)).toEqual(["api_key:*", "sales_channel:read"])
    const { body } = await office.get("/admin/api-keys?q=More")
    expect(body["count"]).toBe(0)

    async function rolesOf(of: string): Promise<string[]> {
      const [, claims = ""] = of.split(".")
      const { actor_id: id } = JSON.parse(Buffer.from(claims, "base64url").toString()) as { actor_id: string }
      return (await access.rolesOf("user", id)).map((role) => role.id)
    }
  })
})
