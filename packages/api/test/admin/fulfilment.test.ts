import { StockLocationService } from "@marquetry/stock-location"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { statusesOf, type Sdk } from "./back-office.ts"
import { openSellingOffice, piecesOf, type PlacedOrder, type SellingOffice } from "./selling-office.ts"

let office: SellingOffice
let sdk: Sdk
beforeAll(async () => {
  office = await openSellingOffice()
  sdk = await office.sdk()
})
afterAll(() => office.drop())

const label = { tracking_number: "1Z", tracking_url: "https://track.example/1Z", label_url: "https://label.example/1Z" }
const actionsOf = async (id: string) => (await office.audit(id)).map(({ action }) => action)
const fulfillmentOf = (order: unknown): string => (order as PlacedOrder).fulfillments.at(-1)?.id as string

/** An order of which all is packed. */
const packed = async (quantity = 2) => {
  const placed = await office.order({ quantity })
  const { order } = await sdk.admin.order.createFulfillment(placed.id, { items: piecesOf(placed.order) })
  return { ...placed, pieces: piecesOf(placed.order), fulfillment: fulfillmentOf(order) }
}

describe("fulfilling an order", () => {
  it("takes pieces and stock, and tells how they travel", async () => {
    const { id, order, inventoryItem } = await office.order({ quantity: 3 })
    const [line] = order.items
    const items = [{ id: line?.id as string, quantity: 2 }]

    const { order: part } = await sdk.admin.order.createFulfillment(id, { items, metadata: { box: "A" } })
    const afterPacking = await office.stockOf(inventoryItem)
    const fulfillment = fulfillmentOf(part)
    const { order: sent } = await sdk.admin.order.createShipment(id, fulfillment, {
      items,
      labels: [label],
      metadata: { carrier: "DHL" },
    })
    const { order: there } = await sdk.admin.order.markAsDelivered(id, fulfillment)
    const fields = "fulfillments.labels.tracking_number,*fulfillments.items,shipped_total,items.fulfilled_total"
    const { body } = await office.get(`/admin/orders/${id}?fields=${fields}`)

    expect(part).toMatchObject({
      fulfillment_status: "partially_fulfilled",
      items: [{ detail: { fulfilled_quantity: 2 } }],
      fulfillments: [{ location_id: office.shop.location, created_by: office.userId, shipped_at: null }],
    })
    expect(afterPacking).toEqual({ stocked: 8, reserved: 1 })
    expect(sent).toMatchObject({
      fulfillment_status: "partially_shipped",
      fulfillments: [{ marked_shipped_by: office.userId, metadata: { box: "A", carrier: "DHL" } }],
    })
    expect(there).toMatchObject({
      fulfillment_status: "partially_delivered",
      items: [{ detail: { delivered_quantity: 2 } }],
    })
    expect(body["order"]).toMatchObject({
      fulfillments: [
        { labels: [{ tracking_number: "1Z" }], items: [{ title: "Thing", quantity: 2, line_item_id: line?.id }] },
      ],
      // Two of three that cost 71.40.
      shipped_total: 47.6,
      items: [{ fulfilled_total: 47.6 }],
    })
    expect(await office.audit(id)).toMatchObject([
      { action: "fulfilled", actorId: office.userId, changes: { [`fulfillments.${fulfillment}`]: { to: {} } } },
      { action: "shipped", changes: { [`fulfillments.${fulfillment}.shipped_at`]: { from: null } } },
      { action: "delivered", changes: { [`fulfillments.${fulfillment}.delivered_at`]: { from: null } } },
    ])
  })

  it("is undone until it is shipped: pieces and stock are back", async () => {
    const { id, fulfillment, pieces, inventoryItem } = await packed()

    const { order } = await sdk.admin.order.cancelFulfillment(id, fulfillment, { no_notification: true })
    const again = await office.post(`/admin/orders/${id}/fulfillments/${fulfillment}/cancel`)
    const { order: packedAgain } = await sdk.admin.order.createFulfillment(id, { items: pieces })
    await sdk.admin.order.createShipment(id, fulfillmentOf(packedAgain), { items: pieces, labels: [] })
    const late = await office.post(`/admin/orders/${id}/fulfillments/${fulfillmentOf(packedAgain)}/cancel`)

    expect(order).toMatchObject({
      fulfillment_status: "not_fulfilled",
      fulfillments: [{ canceled_at: expect.any(String) as string }],
    })
    expect(await office.stockOf(inventoryItem)).toEqual({ stocked: 8, reserved: 0 })
    const refusal = { status: 400, body: { type: "not_allowed", code: "fulfillment.state_refused" } }
    expect([again, late]).toMatchObject([refusal, refusal])
    expect(await actionsOf(id)).toEqual(["fulfilled", "fulfillment_canceled", "fulfilled", "shipped"])
  })

  it("takes no more than is open, and of no other order", async () => {
    const { id, order } = await office.order({ quantity: 2 })
    const [line] = piecesOf(order)
    const other = await office.order()
    const path = `/admin/orders/${id}/fulfillments`

    const answers = [
      await office.post(path, { items: [{ id: line?.id, quantity: 3 }] }),
      await office.post(path, { items: piecesOf(other.order) }),
      await office.post(path, { items: [] }),
      await office.post(path, { items: [{ id: line?.id, quantity: 1.5 }] }),
    ]

    expect(answers.map(({ status, body }) => [status, body["code"]])).toEqual([
      [400, "order.quantity_not_available"],
      [400, "order.quantity_not_available"],
      [400, "request.invalid"],
      [400, "request.invalid"],
    ])
    expect(await office.read(id)).toEqual(order)
    expect(await actionsOf(id)).toEqual([])
  })

  it("does not leave from a place, or by a way, that there is not", async () => {
    const { id, order, inventoryItem } = await office.order()
    const elsewhere = await office.container.resolve(StockLocationService).create({ name: "Elsewhere" })
    const items = piecesOf(order)
    const path = `/admin/orders/${id}/fulfillments`

    const place = await office.post(path, { items, location_id: "sloc_none" })
    const way = await office.post(path, { items, shipping_option_id: "so_none" })
    const empty = await office.post(path, { items, location_id: elsewhere.id })

    expect([place, way]).toMatchObject([{ status: 404 }, { status: 404 }])
    expect(empty).toMatchObject({ status: 400, body: { code: "inventory.not_reserved" } })
    expect(await office.read(id)).toEqual(order)
    expect(await office.stockOf(inventoryItem)).toEqual({ stocked: 10, reserved: 1 })
  })

  it("is shipped as a whole, and is that of its order", async () => {
    const { id, fulfillment, pieces } = await packed()
    const other = await office.order()
    const path = (order: string) => `/admin/orders/${order}/fulfillments/${fulfillment}/shipments`

    const part = await office.post(path(id), { items: [{ id: pieces[0]?.id, quantity: 1 }] })
    const foreign = await office.post(path(other.id), { items: pieces })

    expect(part).toMatchObject({ status: 400, body: { code: "order.shipment_differs" } })
    expect(foreign).toMatchObject({ status: 404, body: { type: "not_found" } })
    expect(await office.read(id)).toMatchObject({ fulfillment_status: "fulfilled" })
  })

  it("is for those who pack, who need not be able to change orders", async () => {
    const { id, order } = await office.order()
    const packer = await office.colleague("packer@shop.example", ["order:read", "fulfillment:create"])
    const clerk = await office.colleague("clerk@shop.example", ["order:read", "order:update"])
    const path = `/admin/orders/${id}/fulfillments`
    const body = { items: piecesOf(order) }

    const refused = await office.post(path, body, { token: clerk })
    const done = await office.post(path, body, { token: packer })

    expect([refused.status, done.status]).toEqual([403, 200])
  })

  it("is done once for each piece, however many ask at once", async () => {
    const { id, order, inventoryItem } = await office.order({ quantity: 2 })
    const body = { items: piecesOf(order) }

    const answers = await Promise.all(
      Array.from({ length: 5 }, () => office.post(`/admin/orders/${id}/fulfillments`, body)),
    )

    expect(statusesOf(answers)).toEqual([200, 400, 400, 400, 400])
    expect((await office.read(id)).fulfillments).toHaveLength(1)
    expect(await office.stockOf(inventoryItem)).toEqual({ stocked: 8, reserved: 0 })
    expect(await actionsOf(id)).toEqual(["fulfilled"])
  })
})

describe("a carrier that is asked outside", () => {
  it("is given parcels, and told to forget them, outside of what the order is changed in", async () => {
    const { id, order, inventoryItem } = await office.order()
    const wish = { items: piecesOf(order), shipping_option_id: office.shop.express }

    const { order: given } = await sdk.admin.order.createFulfillment(id, wish)
    const fulfillment = fulfillmentOf(given)
    const { order: back } = await sdk.admin.order.cancelFulfillment(id, fulfillment, {})

    expect(given).toMatchObject({ fulfillments: [{ provider_id: "carrier_test" }], fulfillment_status: "fulfilled" })
    expect(back).toMatchObject({ fulfillment_status: "not_fulfilled" })
    expect(await office.stockOf(inventoryItem)).toEqual({ stocked: 10, reserved: 1 })
    expect(await office.audit(id)).toMatchObject([
      { action: "fulfilled" },
      { action: "to_be_fulfillment_canceled", changes: {} },
      { action: "fulfillment_canceled", changes: { [`fulfillments.${fulfillment}.canceled_at`]: { from: null } } },
    ])
  })
})

describe("fulfillments", () => {
  const described = (id: string, order: PlacedOrder, more: object = {}) => ({
    order_id: id,
    location_id: office.shop.location,
    provider_id: "manual_manual",
    delivery_address: { first_name: "Ada", city: "Berlin", country_code: "de" },
    items: piecesOf(order).map((piece) => ({
      title: "Thing",
      sku: "THING",
      barcode: "",
      quantity: piece.quantity,
      line_item_id: piece.id,
    })),
    labels: [],
    data: null,
    metadata: null,
    ...more,
  })

  it("are written down as they are described, and shipped", async () => {
    const { id, order, inventoryItem } = await office.order({ quantity: 2 })

    const { fulfillment } = await sdk.admin.fulfillment.create(described(id, order) as never)
    const { fulfillment: sent } = await sdk.admin.fulfillment.createShipment(fulfillment.id, { labels: [label] })

    expect(fulfillment).toMatchObject({
      location_id: office.shop.location,
      packed_at: expect.any(String) as string,
      created_by: office.userId,
      items: [{ title: "Thing", sku: "THING", quantity: 2 }],
      delivery_address: { city: "Berlin" },
      provider: { id: "manual_manual" },
    })
    expect(sent).toMatchObject({ shipped_at: expect.any(String) as string, labels: [{ tracking_number: "1Z" }] })
    expect(await office.read(id)).toMatchObject({ fulfillment_status: "shipped" })
    expect(await office.stockOf(inventoryItem)).toEqual({ stocked: 8, reserved: 0 })
    expect(await actionsOf(fulfillment.id)).toEqual(["created", "shipped"])
  })

  it("are canceled, whichever order they are of", async () => {
    const { id, order } = await office.order()
    const { fulfillment } = await sdk.admin.fulfillment.create(
      described(id, order, { provider_id: "carrier_test" }) as never,
    )

    const { fulfillment: canceled } = await sdk.admin.fulfillment.cancel(fulfillment.id)
    const again = await office.post(`/admin/fulfillments/${fulfillment.id}/cancel`)

    expect(canceled).toMatchObject({ id: fulfillment.id, canceled_at: expect.any(String) as string })
    expect(again).toMatchObject({ status: 400, body: { type: "not_allowed" } })
    expect(await office.read(id)).toMatchObject({ fulfillment_status: "not_fulfilled" })
  })

  it("may be over before they are written down", async () => {
    const { id, order } = await office.order()
    const at = "2026-01-02T03:04:05.000Z"

    const { fulfillment } = await sdk.admin.fulfillment.create(
      described(id, order, { shipped_at: at, delivered_at: at }) as never,
    )

    expect(fulfillment).toMatchObject({ shipped_at: at, delivered_at: at })
    expect(await office.read(id)).toMatchObject({ fulfillment_status: "delivered" })
  })

  it.each([
    ["of an order that there is not", { order_id: "order_none" }, 404],
    [
      "of no order's lines, of an order that there is not",
      { order_id: "order_none", items: [{ title: "A", quantity: 1 }] },
      404,
    ],
    ["from a place that there is not", { location_id: "sloc_none" }, 404],
    ["by a provider that there is not", { provider_id: "none" }, 400],
    ["by a way that there is not", { shipping_option_id: "so_none" }, 404],
    ["of stock that there is not", { items: [{ title: "A", quantity: 1, inventory_item_id: "iitem_none" }] }, 404],
    ["both canceled and shipped", { canceled_at: "2026-01-02T03:04:05Z", shipped_at: "2026-01-02T03:04:05Z" }, 400],
  ])("are not written down %s", async (_, more, status) => {
    const { id, order, inventoryItem } = await office.order()

    const answer = await office.post("/admin/fulfillments", described(id, order, more))

    expect(answer.status).toBe(status)
    expect(await office.read(id)).toEqual(order)
    expect(await office.stockOf(inventoryItem)).toEqual({ stocked: 10, reserved: 1 })
  })
})
