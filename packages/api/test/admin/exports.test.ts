import { InventoryItemService } from "@marquetry/inventory"
import { OrderService } from "@marquetry/order"
import { anOrder } from "@marquetry/order/testing"
import { ProductService } from "@marquetry/product"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openBackOffice, type BackOffice, type Sdk } from "./back-office.ts"
import { ended, reached, type Operation } from "./operations.ts"

let office: BackOffice
let sdk: Sdk
beforeAll(async () => {
  office = await openBackOffice()
  sdk = await office.sdk()
  await office.container.resolve(ProductService).createMany([
    { title: "Lamp", status: "published", variants: [{ title: "One", sku: "LAMP" }] },
    { title: "Vase", variants: [{ title: "One", sku: "VASE" }] },
  ])
})
afterAll(() => office.drop())

const textOf = async ({ file }: Operation) => {
  const answer = await fetch(reached(office, file?.url as string))
  return answer.text()
}
const begin = async (path: string) => {
  const { status, body } = await office.post(path)
  expect(status).toBe(202)
  return ended(office, body["transaction_id"])
}

describe("exports", () => {
  it("of products are asked for by the official client, made in the background, and fetched by a signed URL", async () => {
    const { transaction_id: id } = await sdk.admin.product.export({}, { status: ["published"], offset: 0 } as never)
    const operation = await ended(office, id)

    expect(operation).toMatchObject({
      id,
      kind: "product-export",
      status: "done",
      input: { filter: { status: ["published"] }, format: "medusa" },
      summary: { exported: 1 },
      requested_by: office.userId,
      file: { filename: expect.stringMatching(/^\d+-product-exports\.csv$/) as string, mime_type: "text/csv" },
    })
    expect(operation.file?.url).toMatch(/\/static\/private\/.*[?&]signature=/)
    const [header, ...rows] = (await textOf(operation)).trim().split("\n")
    expect(header).toContain("Product Handle")
    expect(rows).toHaveLength(1)
    expect(rows[0]).toContain("Lamp")
    expect((await office.audit(id)).map(({ action, actorId }) => [action, actorId])).toEqual([
      ["created", office.userId],
    ])
  })

  it("of products come in Shopify's columns too, found by words", async () => {
    const operation = await begin("/admin/products/export?format=shopify&currency_code=eur&q=vase")

    expect(operation.input).toMatchObject({ format: "shopify", currencyCode: "eur", q: "vase" })
    expect(await textOf(operation)).toMatch(/^"?Handle"?,"?Title[^]*vase/)
  })

  it("of orders and of stock are files for people", async () => {
    const email = "ada@shop.example"
    const order = await office.container.resolve(OrderService).create(anOrder({ email }))
    await office.container.resolve(OrderService).create(anOrder())
    await office.container.resolve(InventoryItemService).create({ sku: "LAMP", title: "Lamp" })

    const orders = await begin(`/admin/orders/export?id=${order.id}`)
    const stock = await begin("/admin/inventory-items/export?sku=LAMP")

    expect([orders.kind, orders.summary, stock.kind, stock.summary]).toEqual([
      "order-export",
      { exported: 1 },
      "inventory-export",
      { exported: 1 },
    ])
    expect(await textOf(orders)).toContain(email)
    expect(await textOf(stock)).toContain("LAMP,Lamp")
  })

  it("begin by the official client for orders", async () => {
    const { transaction_id: id } = await sdk.admin.order.export()

    expect(await ended(office, id)).toMatchObject({ kind: "order-export", status: "done" })
  })

  it.each([
    ["/admin/products/export?format=xml", "request.invalid"],
    ["/admin/products/export?currency_code=xyz", "request.invalid"],
    ["/admin/products/export?no_such_filter=1", "request.invalid"],
    ["/admin/products/export?variants[nothing]=1", "query.invalid"],
    ["/admin/orders/export?total[$gt]=much", "query.invalid"],
  ])("%s is refused, before anything is queued", async (path, code) => {
    const before = (await office.get("/admin/bulk-operations?limit=1")).body["count"]

    const answer = await office.post(path)

    expect(answer).toMatchObject({ status: 400, body: { type: "invalid_data", code } })
    expect((await office.get("/admin/bulk-operations?limit=1")).body["count"]).toBe(before)
  })

  it("are for those who may export, and find nothing by what is hidden from them", async () => {
    const exporter = await office.colleague("exporter@shop.example", ["product:export"])
    const reader = await office.colleague("reader@shop.example", ["product:read", "order:read"])
    const path = "/admin/products/export"

    const hidden = `${path}?variants[inventory_items][inventory][sku]=LAMP`
    const allowed = await office.post(path, {}, { token: exporter })
    const known = await office.post(hidden)
    const probing = await office.post(hidden, {}, { token: exporter })
    const refused = await office.post(path, {}, { token: reader })

    expect([allowed, known, probing, refused].map(({ status }) => status)).toEqual([202, 202, 400, 403])
  })
})

describe("bulk operations", () => {
  const seenBy = async (email: string, permissions: readonly string[]) => {
    const token = await office.colleague(email, permissions)
    const { body } = await office.get("/admin/bulk-operations?fields=kind", { token })
    return new Set((body["bulk_operations"] as Operation[]).map(({ kind }) => kind))
  }

  it("are listed by what they are and what became of them, newest where it is asked, with URLs of their files", async () => {
    const made = await begin("/admin/products/export")
    const { body } = await office.get(
      `/admin/bulk-operations?kind=product-export&status=done&order=-created_at&limit=1`,
    )

    const [first] = body["bulk_operations"] as [Operation]
    expect([first.id, body["limit"]]).toEqual([made.id, 1])
    expect((await fetch(reached(office, first.file?.url as string))).status).toBe(200)
  })

  it("take four statements to list, however many there are", async () => {
    const one = await office.statements(() => office.get("/admin/bulk-operations?limit=1"))
    const all = await office.statements(() => office.get("/admin/bulk-operations"))

    expect([one.length, all.length]).toEqual([4, 4])
  })

  it("are seen by who may ask for them, or read what is in them, and by nobody else", async () => {
    const orders = await begin("/admin/orders/export")
    const clerk = await office.colleague("clerk@shop.example", ["bulk_operation:read", "product:read"])

    expect(await seenBy("one@shop.example", ["bulk_operation:read", "product:read"])).toEqual(
      new Set(["product-export"]),
    )
    expect(await seenBy("two@shop.example", ["bulk_operation:read", "order:export"])).toEqual(new Set(["order-export"]))
    expect(await seenBy("three@shop.example", ["bulk_operation:read"])).toEqual(new Set())
    expect((await office.get(`/admin/bulk-operations/${orders.id}`, { token: clerk })).status).toBe(404)
  })
})
