import { SalesChannelService } from "@marquetry/sales-channel"
import { StoreService } from "@marquetry/store"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { openBackOffice, PUBLIC_URL, statusesOf, type BackOffice, type Json, type Sdk } from "./back-office.ts"
import { ended, reached } from "./operations.ts"

let office: BackOffice
let sdk: Sdk
let channel: string
beforeAll(async () => {
  office = await openBackOffice()
  sdk = await office.sdk()
  const made = await office.container.resolve(SalesChannelService).create({ name: "Web" })
  channel = made.id
  await office.container.resolve(StoreService).update(office.storeId, { defaultSalesChannelId: channel })
  // The official client sends files to the shop by its name.
  const send = globalThis.fetch
  vi.stubGlobal("fetch", (target: string | URL, init?: RequestInit) => send(reached(office, String(target)), init))
})
afterAll(async () => {
  vi.unstubAllGlobals()
  await office.drop()
})

const medusa = (...rows: readonly string[]) =>
  ["Product Handle,Product Title,Variant Title,Variant Price EUR", ...rows].join("\n")
const shopify = (...rows: readonly string[]) => ["Handle,Title,Variant Price", ...rows].join("\n")
const file = (text: string, name = "products.csv") => new File([text], name, { type: "application/vnd.ms-excel" })

const send = async (path: string, field: string, files: readonly File[], token = office.token) => {
  const form = new FormData()
  for (const one of files) form.append(field, one)
  const headers = { authorization: `Bearer ${token}` }
  const answer = await fetch(`${office.address}${path}`, { method: "POST", headers, body: form })
  return { status: answer.status, body: (await answer.json()) as Json }
}
const productOf = async (handle: string) =>
  (
    await sdk.admin.product.list({
      handle,
      fields: "title,variants.prices.amount,variants.prices.currency_code,sales_channels.id",
    })
  ).products[0]
const filesKept = async () => {
  const [row] = await office.composition.database.sql<{ files: number }>(
    `select count(*)::int as files from "file"."file"`,
  )
  return row?.files
}

describe("imports of products", () => {
  it("go past the shop, are confirmed and done, all by the official client", async () => {
    const rows = medusa("lamp,Lamp,One,12.5", "vase,Vase,One,20", "rug,Rug,One,cheap")

    const prepared = await sdk.admin.product.createImport({ file: file(rows) as never })
    const before = await productOf("lamp")
    await sdk.admin.product.confirmImport(prepared.transaction_id)
    const operation = await ended(office, prepared.transaction_id)

    expect(prepared.summary).toEqual({ toCreate: 3, toUpdate: 0 })
    expect(before).toBeUndefined()
    expect(await productOf("lamp")).toMatchObject({
      title: "Lamp",
      variants: [{ prices: [{ amount: 12.5, currency_code: "eur" }] }],
      sales_channels: [{ id: channel }],
    })
    expect(operation).toMatchObject({
      kind: "product-import",
      status: "done",
      summary: {
        created: 3,
        updated: 0,
        refused: 1,
        refusals: [{ line: 4, handle: "rug", code: "import.value_invalid" }],
      },
      error: null,
      requested_by: office.userId,
      file: null,
    })
    const entries = await office.audit(prepared.transaction_id)
    expect(entries.map(({ action, actorId }) => [action, actorId])).toEqual([
      ["created", office.userId],
      ["confirmed", office.userId],
    ])
  })

  it("come as a form too, in Shopify's columns, with what the file does not say beside it", async () => {
    const till = (await office.container.resolve(SalesChannelService).create({ name: "Till" })).id
    const query = { currency_code: "USD", sales_channel_id: till }

    const prepared = await sdk.admin.product.import({ file: file(shopify("chair,Chair,150")) } as never, query as never)
    await sdk.admin.product.confirmImport(prepared.transaction_id)
    await ended(office, prepared.transaction_id)

    expect(prepared.summary).toEqual({ toCreate: 1, toUpdate: 0 })
    expect(await productOf("chair")).toMatchObject({
      variants: [{ prices: [{ amount: 150, currency_code: "usd" }] }],
      sales_channels: [{ id: till }],
    })
  })

  it("take a file that was uploaded as any other, and change what is there", async () => {
    const { body } = await send("/admin/uploads", "files", [file(medusa("stool,Stool,One,30"))])
    const [{ id }] = body["files"] as [{ id: string }]
    const first = await office.post("/admin/products/imports", { file_key: id })
    await office.post(`/admin/products/imports/${String(first.body["transaction_id"])}/confirm`)
    await ended(office, first.body["transaction_id"])

    const second = await send("/admin/products/import", "file", [file(medusa("stool,Low stool,One,30"))])

    expect([first.status, first.body["summary"]]).toEqual([202, { toCreate: 1, toUpdate: 0 }])
    expect([second.status, second.body["summary"]]).toEqual([202, { toCreate: 0, toUpdate: 1 }])
    expect((await productOf("stool"))?.title).toBe("Stool")
  })

  it("are in the audit log with all that they make and change, in the name of whoever asked", async () => {
    const first = await sdk.admin.product.createImport({
      file: file(medusa("cup,Cup,One,3", "jug,Jug,One,9")) as never,
    })
    await sdk.admin.product.confirmImport(first.transaction_id)
    await ended(office, first.transaction_id)
    const [cup, jug] = [await productOf("cup"), await productOf("jug")]
    const second = await sdk.admin.product.createImport({
      file: file(medusa("cup,Large cup,One,3", "jug,Jug,One,9")) as never,
    })
    await sdk.admin.product.confirmImport(second.transaction_id)
    await ended(office, second.transaction_id)

    const entries = await office.audit(String(cup?.id))
    expect(entries.map(({ action, actorId, requestId }) => [action, actorId, requestId])).toEqual([
      ["created", office.userId, first.transaction_id],
      ["updated", office.userId, second.transaction_id],
    ])
    expect(entries[0]?.changes).toMatchObject({ title: { to: "Cup" }, handle: { to: "cup" } })
    expect(entries[1]?.changes).toEqual({ title: { from: "Cup", to: "Large cup" } })
    expect((await office.audit(String(jug?.id))).map(({ action }) => action)).toEqual(["created"])
  })

  it("are done once, however many confirm them", async () => {
    const { body } = await send("/admin/products/import", "file", [file(medusa("mat,Mat,One,90"))])
    const path = `/admin/products/imports/${String(body["transaction_id"])}/confirm`

    const answers = await Promise.all(Array.from({ length: 5 }, () => office.post(path)))
    await ended(office, body["transaction_id"])

    expect(statusesOf(answers)).toEqual([202, 400, 400, 400, 400])
    const [won, ...lost] = answers.toSorted((a, b) => a.status - b.status)
    expect(won?.text).toBe("{}")
    expect(lost[0]?.body).toMatchObject({ type: "not_allowed", code: "bulk.not_awaiting_confirmation" })
    const entries = await office.audit(String(body["transaction_id"]))
    expect(entries.filter(({ action }) => action === "confirmed")).toHaveLength(1)
  })

  it.each<[string, string, string, File[], number, string]>([
    ["columns that are no product's", "", "file", [file("id,name\n1,Lamp")], 400, "import.format_unknown"],
    ["no file", "", "file", [], 400, "request.invalid"],
    ["two files", "", "file", [file(medusa()), file(medusa())], 400, "request.invalid"],
    ["another field", "", "files", [file(medusa())], 400, "request.invalid"],
    ["a currency that there is not", "?currency_code=xyz", "file", [file(shopify())], 400, "request.invalid"],
    ["a channel that there is not", "?sales_channel_id=sc_0", "file", [file(shopify())], 404, "resource.not_found"],
    ["more bytes than the shop takes", "", "file", [file("x".repeat(6_000_000))], 400, "file.too_large"],
  ])("are refused with %s, and keep nothing", async (_, query, field, files, status, code) => {
    const before = await filesKept()

    const answer = await send(`/admin/products/import${query}`, field, files)

    expect(answer).toMatchObject({ status, body: { code } })
    expect(await filesKept()).toBe(before)
  })

  it("are refused for files that there are not, or not yet", async () => {
    const asked = { originalname: "a.csv", mime_type: "text/csv", size: 3 }
    const { body } = await office.post("/admin/uploads/presigned-urls", asked)

    const answers = await Promise.all(
      ["file_none", "private/none", body["filename"]].map((key) =>
        office.post("/admin/products/imports", { file_key: key }),
      ),
    )

    expect(String(body["url"])).toContain(`${PUBLIC_URL}/static/private/`)
    expect(answers.map(({ status, body: { code } }) => [status, code])).toEqual([
      [404, "resource.not_found"],
      [404, "resource.not_found"],
      [400, "file.not_uploaded"],
    ])
  })

  it("are for those who may import, and theirs to see", async () => {
    const importer = await office.colleague("importer@shop.example", ["product:import", "bulk_operation:read"])
    const writer = await office.colleague("writer@shop.example", ["product:create", "product:update", "file:create"])
    const files = [file(medusa("bench,Bench,One,400"))]

    const { status, body } = await send("/admin/products/import", "file", files, importer)
    const seen = await office.get(`/admin/bulk-operations/${String(body["transaction_id"])}`, { token: importer })
    const refused = await send("/admin/products/import", "file", files, writer)

    expect([status, seen.status, refused.status]).toEqual([202, 200, 403])
    expect(refused.body["message"]).toContain("'product:import'")
  })
})
