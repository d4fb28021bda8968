import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { ProductService } from "@marquetry/product"
import { openBackOffice, type BackOffice, type Json, type Sdk } from "./back-office.ts"

let office: BackOffice
let sdk: Sdk
beforeAll(async () => {
  office = await openBackOffice()
  sdk = await office.sdk()
})
afterAll(() => office.drop())

describe("sales channels", () => {
  it("are no store's default once they are deleted", async () => {
    const { sales_channel: channel } = await sdk.admin.salesChannel.create({ name: "Fair" })
    await sdk.admin.store.update(office.storeId, { default_sales_channel_id: channel.id })

    await sdk.admin.salesChannel.delete(channel.id)

    expect((await sdk.admin.store.retrieve(office.storeId)).store.default_sales_channel_id).toBeNull()
  })

  it("are created, read, changed, listed and deleted by the official client", async () => {
    const { sales_channel: made } = await sdk.admin.salesChannel.create({ name: "Web", description: "The shop" })
    const { sales_channel: changed } = await sdk.admin.salesChannel.update(made.id, { is_disabled: true })
    const { sales_channel: read } = await sdk.admin.salesChannel.retrieve(made.id)
    const { sales_channels: found, count } = await sdk.admin.salesChannel.list({ q: "web", is_disabled: true })
    const deleted = await sdk.admin.salesChannel.delete(made.id)

    expect(made).toMatchObject({ name: "Web", description: "The shop", is_disabled: false, metadata: null })
    expect(changed).toEqual(read)
    expect(read).toEqual({ ...made, is_disabled: true, updated_at: read.updated_at })
    expect([found, count]).toEqual([[read], 1])
    expect(deleted).toEqual({ id: made.id, object: "sales-channel", deleted: true })
    await expect(sdk.admin.salesChannel.retrieve(made.id)).rejects.toMatchObject({ status: 404 })
  })

  it("sell products, or no longer, all or none", async () => {
    const { sales_channel: channel } = await sdk.admin.salesChannel.create({ name: "Till" })
    const products = await office.container.resolve(ProductService).createMany([{ title: "One" }, { title: "Two" }])
    const [one, two] = products.map(({ id }) => id) as [string, string]
    const sold = async () => {
      const fields = "products.id"
      const { body } = await office.get(`/admin/sales-channels/${channel.id}?fields=${fields}`)
      return ((body["sales_channel"] as Json)["products"] as { id: string }[]).map(({ id }) => id)
    }

    await sdk.admin.salesChannel.batchProducts(channel.id, { add: [one, two] })
    const both = await sold()
    const refused = await office.post(`/admin/sales-channels/${channel.id}/products`, {
      add: ["prod_0"],
      remove: [one],
    })
    const still = await sold()
    await sdk.admin.salesChannel.batchProducts(channel.id, { remove: [one] })

    expect(both).toEqual([one, two])
    expect(refused).toMatchObject({ status: 404, body: { message: "product with id: prod_0 was not found" } })
    expect(still).toEqual([one, two])
    expect(await sold()).toEqual([two])
  })

  it.each([
    ["a name that is missing", {}, "Field 'name' is required"],
    ["a name of another type", { name: 1 }, "Expected type: 'string' for field 'name', got: 'number'"],
    ["a name that is empty", { name: " " }, "Value for field 'name' too small, expected at least: '1'"],
  ])("are refused with %s", async (_, body, message) => {
    const answer = await office.post("/admin/sales-channels", body)

    expect(answer).toMatchObject({
      status: 400,
      body: { type: "invalid_data", message: `Invalid request: ${message}` },
    })
  })
})

describe("versions", () => {
  it("let one of two who have seen the same change it, and tell the other what is current", async () => {
    const made = await office.post("/admin/sales-channels", { name: "Raced" })
    const { id } = made.body["sales_channel"] as { id: string }
    const version = made.headers.get("etag") as string
    const headers = { "if-match": version }

    const answers = await Promise.all(
      ["A", "B"].map((name) => office.post(`/admin/sales-channels/${id}`, { name }, { headers })),
    )
    const read = await office.get(`/admin/sales-channels/${id}`)

    const [won, lost] = answers.toSorted((a, b) => a.status - b.status)
    expect([won?.status, lost?.status]).toEqual([200, 412])
    expect(read.body).toEqual(won?.body)
    expect(lost?.body).toMatchObject({ code: "request.version_outdated", version: read.headers.get("etag") })
    expect(lost?.headers.get("etag")).toBe(read.headers.get("etag"))
    expect(read.headers.get("etag")).not.toBe(version)
  })

  it("are the same whatever is selected, spare an answer that is known, and guard deletions", async () => {
    const { body } = await office.post("/admin/sales-channels", { name: "Read" })
    const path = `/admin/sales-channels/${(body["sales_channel"] as { id: string }).id}`

    const whole = await office.get(path)
    const part = await office.get(`${path}?fields=name`)
    const version = whole.headers.get("etag") as string
    const known = await office.get(path, { headers: { "if-none-match": version } })
    const stale = await office.delete(path, { headers: { "if-match": '"other"' } })
    const gone = await office.delete(path, { headers: { "if-match": `W/${version}` } })

    expect(part.headers.get("etag")).toBe(version)
    expect([known.status, known.text]).toEqual([304, ""])
    expect([stale.status, gone.status]).toEqual([412, 200])
  })
})

describe("the audit log", () => {
  it("says who changed what, and nothing of what was refused", async () => {
    const { body } = await office.post("/admin/sales-channels", { name: "Logged", metadata: { floor: 1 } })
    const { id } = body["sales_channel"] as { id: string }
    const path = `/admin/sales-channels/${id}`
    await office.post(path, { name: "Renamed", metadata: { floor: 2 } }, { headers: { "x-request-id": "mine" } })
    await office.post(path, { name: "" })
    await office.delete(path)

    const entries = await office.audit(id)

    expect(entries.map(({ action, actorType, actorId }) => [action, actorType, actorId])).toEqual([
      ["created", "user", office.userId],
      ["updated", "user", office.userId],
      ["deleted", "user", office.userId],
    ])
    expect(entries[1]).toMatchObject({
      resourceType: "sales_channel",
      requestId: "mine",
      changes: { name: { from: "Logged", to: "Renamed" }, "metadata.floor": { from: 1, to: 2 } },
    })
    expect(Object.keys(entries[1]?.changes as object)).toHaveLength(2)
  })
})

describe("lists", () => {
  it("take three statements, whoever asks", async () => {
    const sent = await office.statements(() => office.get("/admin/sales-channels?fields=*products&order=-name"))

    expect(sent).toHaveLength(3)
  })

  it("show somebody what they may read, and filter by nothing else", async () => {
    const token = await office.colleague("channels@shop.example", ["sales_channel:read"])
    const path = "/admin/sales-channels?fields=name,api_keys.title"

    const all = await office.get(path)
    const some = await office.get(path, { token })

    expect(Object.keys((all.body["sales_channels"] as object[])[0] as object)).toContain("api_keys")
    expect(Object.keys((some.body["sales_channels"] as object[])[0] as object).toSorted()).toEqual(["id", "name"])
  })
})
