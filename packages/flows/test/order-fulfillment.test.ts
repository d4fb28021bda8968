import { FulfillmentService } from "@marquetry/fulfillment"
import {
  InventoryItemService,
  InventoryLevelService,
  ReservationService,
  VariantInventoryItemService,
} from "@marquetry/inventory"
import { Links } from "@marquetry/kernel"
import { OrderService } from "@marquetry/order"
import { StockLocationService } from "@marquetry/stock-location"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { FulfillmentFlow, salesChannelStockLocation } from "../src/index.ts"
import { accountOf, balanceOf } from "./order-books.ts"
import { piecesOf, refusalsOf, shirtsAndVouchers } from "./placed-orders.ts"
import { openShop, type Shop } from "./shop.ts"

const label = { trackingNumber: "1Z", trackingUrl: "https://track.example/1Z", labelUrl: "https://label.example/1Z" }

let shop: Shop
let fulfillment: FulfillmentFlow

beforeAll(async () => {
  shop = await openShop()
  fulfillment = shop.resolve(FulfillmentFlow)
})
afterAll(() => shop.close())

const account = (orderId: string) => accountOf(shop, orderId)
const balance = (orderId: string) => balanceOf(shop, orderId)
const get = (id: string) => shop.resolve(FulfillmentService).get(id)
const order = (id: string) => shop.resolve(OrderService).get(id)

describe("what is sent of an order", () => {
  it("leaves its stock, goes to its customer and is delivered", async () => {
    const { id, placed, shirt, shirts } = await shirtsAndVouchers(shop)

    const { id: made } = await fulfillment.create(id, { items: piecesOf(placed), metadata: { box: 1 } }, "user_1")
    const packed = await get(made)
    expect(packed).toMatchObject({
      locationId: shop.filled.locationId,
      providerId: "manual_manual",
      shippingOptionId: shop.filled.shippingOptionId,
      requiresShipping: true,
      createdBy: "user_1",
      metadata: { box: 1 },
      deliveryAddress: { firstName: "Ada", city: "Berlin", countryCode: "de" },
    })
    expect(packed.items.map(({ title, quantity, inventoryItemId }) => [title, quantity, inventoryItemId])).toEqual([
      ["Shirt", "3", shirt.inventoryItemId],
      ["Voucher", "2", null],
    ])
    expect(await balance(id)).toMatchObject({ fulfillmentStatus: "fulfilled", fulfillments: [{ state: "open" }] })
    expect(await shop.reserved(shirt.inventoryItemId)).toBe(0)

    await fulfillment.ship(id, made, { labels: [label], items: piecesOf(placed) }, "user_2")
    expect(await get(made)).toMatchObject({ markedShippedBy: "user_2", labels: [label] })
    expect(await balance(id)).toMatchObject({ fulfillmentStatus: "shipped" })

    await fulfillment.deliver(id, made)
    expect(await balance(id)).toMatchObject({ fulfillmentStatus: "delivered" })
    const { items } = await order(id)
    expect(items.find((item) => item.id === shirts)?.detail).toMatchObject({ deliveredQuantity: 3 })
    const { rows } = await shop.composition.query.listAny("order", {
      fields: { fulfillments: { id: true } },
      filter: { id },
    })
    expect(rows).toEqual([{ fulfillments: [{ id: made }] }])
  })

  it("is sent in parts, and each part once", async () => {
    const { id, shirts, vouchers } = await shirtsAndVouchers(shop)

    await fulfillment.create(id, { items: [{ id: shirts, quantity: 2 }] }, null)
    expect(await balance(id)).toMatchObject({ fulfillmentStatus: "partially_fulfilled" })
    const more = fulfillment.create(
      id,
      {
        items: [
          { id: vouchers, quantity: 1 },
          { id: shirts, quantity: 2 },
        ],
      },
      null,
    )
    await expect(more).rejects.toMatchObject({
      code: "order.quantity_not_available",
      details: { lines: [{ itemId: shirts, requested: 2, available: 1 }] },
    })
    await fulfillment.create(
      id,
      {
        items: [
          { id: shirts, quantity: 1 },
          { id: vouchers, quantity: 2 },
        ],
      },
      null,
    )

    expect(await balance(id)).toMatchObject({ fulfillmentStatus: "fulfilled" })
  })

  it("is put back when it is canceled, and can be sent again", async () => {
    const { id, placed, shirt } = await shirtsAndVouchers(shop)
    const { id: made } = await fulfillment.create(id, { items: piecesOf(placed) }, null)

    await fulfillment.cancel(id, made)

    expect(await balance(id)).toMatchObject({
      fulfillmentStatus: "not_fulfilled",
      fulfillments: [{ state: "canceled" }],
    })
    expect(await shop.reserved(shirt.inventoryItemId)).toBe(3)
    await fulfillment.create(id, { items: piecesOf(placed) }, null)
    expect(await balance(id)).toMatchObject({ fulfillmentStatus: "fulfilled" })
  })

  it("is not canceled once it was shipped", async () => {
    const { id, placed } = await shirtsAndVouchers(shop)
    const { id: made } = await fulfillment.create(id, { items: piecesOf(placed) }, null)
    await fulfillment.ship(id, made, {}, null)

    await expect(fulfillment.cancel(id, made)).rejects.toMatchObject({ code: "fulfillment.state_refused" })

    expect(await balance(id)).toMatchObject({ fulfillmentStatus: "shipped" })
  })

  it("is shipped as a whole", async () => {
    const { id, placed, shirts } = await shirtsAndVouchers(shop)
    const { id: made } = await fulfillment.create(id, { items: piecesOf(placed) }, null)

    const part = fulfillment.ship(id, made, { items: [{ id: shirts, quantity: 3 }] }, null)

    await expect(part).rejects.toMatchObject({ code: "order.shipment_differs", details: { fulfillmentId: made } })
    expect(await balance(id)).toMatchObject({ fulfillmentStatus: "fulfilled" })
  })

  it("need not be shipped to be fetched", async () => {
    const { id, placed } = await shirtsAndVouchers(shop)
    const { id: made } = await fulfillment.create(id, { items: piecesOf(placed) }, null)

    await fulfillment.deliver(id, made)

    expect((await account(id)).lines).toMatchObject([
      { shipped: 3, delivered: 3 },
      { shipped: 2, delivered: 2 },
    ])
    expect(await account(id)).toMatchObject({ fulfillmentStatus: "delivered" })
    await expect(fulfillment.ship(id, made, {}, null)).rejects.toMatchObject({ code: "fulfillment.state_refused" })
  })

  it.each(["ship", "deliver", "cancel"] as const)("can %s once, however many ask at once", async (verb) => {
    const { id, placed } = await shirtsAndVouchers(shop)
    const { id: made } = await fulfillment.create(id, { items: piecesOf(placed) }, null)
    const ask = () => (verb === "ship" ? fulfillment.ship(id, made, {}, null) : fulfillment[verb](id, made))

    const results = await Promise.allSettled(Array.from({ length: 8 }, ask))

    expect(refusalsOf(results)).toEqual(Array.from({ length: 7 }, () => "fulfillment.state_refused"))
    await balance(id)
  })

  it("is refused where nothing can be sent, and nothing is written", async () => {
    const { id, placed, shirts } = await shirtsAndVouchers(shop)
    const foreign = await shirtsAndVouchers(shop)
    const ask = (items: { id: string; quantity: number }[], more = {}) =>
      fulfillment.create(id, { items, ...more }, null)

    await expect(ask([{ id: foreign.shirts, quantity: 1 }])).rejects.toMatchObject({
      code: "order.quantity_not_available",
    })
    await expect(ask([])).rejects.toMatchObject({ code: "input.invalid" })
    await expect(ask([{ id: shirts, quantity: 1.5 }])).rejects.toMatchObject({ code: "input.invalid" })
    await expect(ask(piecesOf(placed), { shippingOptionId: "so_none" })).rejects.toMatchObject({
      code: "resource.not_found",
    })
    await expect(ask(piecesOf(placed), { locationId: "sloc_none" })).rejects.toMatchObject({
      code: "inventory.not_reserved",
    })
    await expect(fulfillment.create("order_none", { items: piecesOf(placed) }, null)).rejects.toMatchObject({
      code: "resource.not_found",
    })
    const { id: other } = await fulfillment.create(foreign.id, { items: piecesOf(foreign.placed) }, null)
    await expect(fulfillment.cancel(id, other)).rejects.toMatchObject({ code: "resource.not_found" })
    await shop.resolve(OrderService).cancel([(await shirtsAndVouchers(shop)).id])

    expect(await balance(id)).toMatchObject({ fulfillmentStatus: "not_fulfilled", fulfillments: [] })
  })

  it("is refused when the order is canceled, or its stock was given away", async () => {
    const [canceled, released] = [await shirtsAndVouchers(shop), await shirtsAndVouchers(shop)]
    await shop.resolve(OrderService).cancel([canceled.id])
    await shop.resolve(ReservationService).release({ lineItemIds: [released.shirts] })

    await expect(fulfillment.create(canceled.id, { items: piecesOf(canceled.placed) }, null)).rejects.toMatchObject({
      code: "order.wrong_status",
    })
    await expect(fulfillment.create(released.id, { items: piecesOf(released.placed) }, null)).rejects.toMatchObject({
      code: "inventory.not_reserved",
    })

    expect(await account(released.id)).toMatchObject({ fulfillmentStatus: "not_fulfilled", fulfillments: [] })
  })

  it.each(["draft", "archived"])("is refused while the order is a draft that is %s", async (status) => {
    const { id, placed } = await shirtsAndVouchers(shop)
    await shop.sql(`update "order"."order" set is_draft_order = true, status = $2 where id = $1 returning id`, [
      id,
      status,
    ])

    await expect(fulfillment.create(id, { items: piecesOf(placed) }, null)).rejects.toMatchObject({
      code: "order.wrong_status",
    })
    expect(await account(id)).toMatchObject({ fulfillmentStatus: "not_fulfilled", fulfillments: [] })
  })

  it("takes kits apart, and puts them together again", async () => {
    const { variantId, inventoryItemId } = await shop.addProduct({ title: "Shelf" })
    const screws = await shop.resolve(InventoryItemService).create({ title: "Screw" })
    await shop
      .resolve(InventoryLevelService)
      .setMany([{ inventoryItemId: screws.id, locationId: shop.filled.locationId, stockedQuantity: 50 }])
    await shop.resolve(VariantInventoryItemService).setForVariants([
      {
        variantId,
        items: [
          { inventoryItemId: inventoryItemId as string, requiredQuantity: 2 },
          { inventoryItemId: screws.id, requiredQuantity: 8 },
        ],
      },
    ])
    const placed = await shop.order({ [variantId]: 3 })
    const held = () => Promise.all([shop.reserved(inventoryItemId), shop.reserved(screws.id)])
    expect(await held()).toEqual([6, 24])

    const { id: made } = await fulfillment.create(
      placed.id,
      { items: [{ id: placed.items[0]?.id ?? "", quantity: 2 }] },
      null,
    )
    expect(await held()).toEqual([2, 8])
    await fulfillment.cancel(placed.id, made)

    expect(await held()).toEqual([6, 24])
  })

  describe("of a kit of two items, one of which is not held any more", () => {
    /** An order of three kits, each a shelf and two screws. */
    async function threeKits() {
      const { variantId, inventoryItemId } = await shop.addProduct({ title: "Shelf" })
      const shelf = inventoryItemId as string
      const { id: screw } = await shop.resolve(InventoryItemService).create({ title: "Screw" })
      const { locationId } = shop.filled
      await shop.resolve(InventoryLevelService).setMany([{ inventoryItemId: screw, locationId, stockedQuantity: 50 }])
      const setItems = (items: readonly (readonly [id: string, required: number])[]) =>
        shop
          .resolve(VariantInventoryItemService)
          .setForVariants([
            { variantId, items: items.map(([id, requiredQuantity]) => ({ inventoryItemId: id, requiredQuantity })) },
          ])
      await setItems([
        [shelf, 1],
        [screw, 2],
      ])
      const placed = await shop.order({ [variantId]: 3 })
      const line = placed.items[0]?.id as string
      const release = async (...items: string[]) => {
        const { rows } = await shop.resolve(ReservationService).list({ filter: { lineItemId: line } })
        const ids = rows.flatMap((row) => (items.includes(row.inventoryItemId) ? [row.id] : []))
        await shop.resolve(ReservationService).release({ ids })
      }
      const reserve = (inventoryItem: string, quantity: number, requiredQuantity: number) =>
        shop
          .resolve(ReservationService)
          .create({ inventoryItemId: inventoryItem, locationId, quantity, lineItemId: line, requiredQuantity })
      const send = (quantity: number) => fulfillment.create(placed.id, { items: [{ id: line, quantity }] }, null)
      const stocks = () => Promise.all([shop.reserved(shelf), shop.reserved(screw)])
      const screwsLeft = async () => {
        const { rows } = await shop.resolve(InventoryLevelService).list({ filter: { inventoryItemId: screw } })
        return rows[0]?.stockedQuantity
      }
      return { id: placed.id, line, shelf, screw, release, reserve, send, setItems, stocks, screwsLeft }
    }

    it("is refused, and says what is to be reserved; then both leave", async () => {
      const { id, line, screw, release, reserve, send, stocks } = await threeKits()
      await send(1)
      await release(screw)

      const refusal = send(1)
      await expect(refusal).rejects.toMatchObject({
        code: "inventory.not_reserved",
        message: expect.stringContaining(`2 of ${screw} for ${line} (0 reserved)`) as string,
        details: { lines: [{ lineItemId: line, inventoryItemId: screw, requested: 2, available: 0 }] },
      })
      expect(await stocks()).toEqual([2, 0])
      await reserve(screw, 4, 2)
      await send(2)

      expect(await stocks()).toEqual([0, 0])
      expect(await account(id)).toMatchObject({ fulfillmentStatus: "fulfilled" })
    })

    it("is refused, too, where all were released and one was reserved again", async () => {
      const { shelf, screw, release, reserve, send } = await threeKits()
      await release(shelf, screw)
      await expect(send(1)).rejects.toMatchObject({ details: { lines: [{ inventoryItemId: null }] } })
      await reserve(shelf, 3, 1)

      await expect(send(1)).rejects.toMatchObject({ details: { lines: [{ inventoryItemId: screw }] } })
    })

    it("is refused where it is held somewhere else: a parcel leaves one place", async () => {
      const { screw, line, release, send } = await threeKits()
      const { id: elsewhere } = await shop.resolve(StockLocationService).create({ name: "Loft" })
      const level = { inventoryItemId: screw, locationId: elsewhere, stockedQuantity: 50 }
      await shop.resolve(InventoryLevelService).setMany([level])
      await release(screw)
      const at = { inventoryItemId: screw, locationId: elsewhere, quantity: 6, requiredQuantity: 2 }
      await shop.resolve(ReservationService).create({ ...at, lineItemId: line })

      await expect(send(3)).rejects.toMatchObject({
        code: "inventory.not_reserved",
        details: { lines: [{ inventoryItemId: screw, requested: 6, available: 0 }] },
      })
    })

    it("leaves as it was bought, once it is not made of that item any more, or of another besides", async () => {
      const [less, more] = [await threeKits(), await threeKits()]
      await less.setItems([[less.shelf, 1]])
      await less.release(less.screw)
      const { id: hook } = await shop.resolve(InventoryItemService).create({ title: "Hook" })
      await more.setItems([
        [more.shelf, 1],
        [more.screw, 2],
        [hook, 1],
      ])

      await less.send(3)
      await more.send(3)

      expect(await less.stocks()).toEqual([0, 0])
      expect(await more.stocks()).toEqual([0, 0])
    })

    it("never leaves by half, though the reservation is released at the same moment", async () => {
      for (let round = 0; round < 8; round++) {
        const { screw, release, send, stocks, screwsLeft } = await threeKits()

        const [sent, released] = await Promise.allSettled([send(3), release(screw)])

        expect(released.status).toBe("fulfilled")
        expect(await stocks()).toEqual(sent.status === "fulfilled" ? [0, 0] : [3, 0])
        expect(await screwsLeft()).toBe(sent.status === "fulfilled" ? 44 : 50)
      }
    })
  })
})

describe("where it leaves from", () => {
  /** Two places, of which the second is not that of the shipping option; so many pieces are held at each. */
  async function twoPlaces(here: number, there: number) {
    const { id: elsewhere } = await shop.resolve(StockLocationService).create({ name: "Elsewhere" })
    await shop.resolve(Links).add(salesChannelStockLocation, [[shop.filled.channelId, elsewhere]])
    const { variantId, inventoryItemId } = await shop.addProduct({ stock: here })
    await shop
      .resolve(InventoryLevelService)
      .setMany([{ inventoryItemId: inventoryItemId as string, locationId: elsewhere, stockedQuantity: there }])
    const placed = await shop.order({ [variantId]: here + there })
    await shop.resolve(Links).remove(salesChannelStockLocation, [[shop.filled.channelId, elsewhere]])
    return { id: placed.id, line: placed.items[0]?.id as string, elsewhere }
  }

  it("is the place of the shipping option, if that holds enough, else where the pieces are", async () => {
    const { id, line, elsewhere } = await twoPlaces(2, 3)
    const places: string[] = []
    for (const quantity of [2, 3]) {
      const made = await fulfillment.create(id, { items: [{ id: line, quantity }] }, null)
      places.push((await get(made.id)).locationId)
    }

    expect(places).toEqual([shop.filled.locationId, elsewhere])
    await balance(id)
  })

  it("is one place: what is held at two is sent in two", async () => {
    const { id, line, elsewhere } = await twoPlaces(2, 3)

    await expect(fulfillment.create(id, { items: [{ id: line, quantity: 4 }] }, null)).rejects.toMatchObject({
      code: "inventory.not_reserved",
      details: { lines: [{ lineItemId: line, requested: 4, available: 2 }] },
    })
    await fulfillment.create(id, { items: [{ id: line, quantity: 3 }], locationId: elsewhere }, null)

    expect((await balance(id)).lines).toMatchObject([{ fulfilled: 3, reserved: 2 }])
  })

  it("is found by each of many who ask at once", async () => {
    const { id, line } = await twoPlaces(4, 4)

    const asked = Array.from({ length: 8 }, () => fulfillment.create(id, { items: [{ id: line, quantity: 1 }] }, null))

    expect(refusalsOf(await Promise.allSettled(asked))).toEqual([])
    expect((await balance(id)).lines).toMatchObject([{ fulfilled: 8, reserved: 0 }])
  })
})

describe("a fulfillment that the caller describes", () => {
  const described = (orderId: string, more = {}) => ({
    orderId,
    locationId: shop.filled.locationId,
    providerId: "manual_manual",
    deliveryAddress: { city: "Bonn" },
    items: [{ title: "Leaflet", sku: "L", barcode: "", quantity: 1 }],
    labels: [label],
    ...more,
  })

  it("takes pieces of the lines that it names, and may have happened already", async () => {
    const { id, shirts, shirt } = await shirtsAndVouchers(shop)
    const line = { title: "Shirt", sku: "S", barcode: "", quantity: 2, lineItemId: shirts }

    const { id: made } = await fulfillment.createAs(described(id, { items: [line] }), "user_1")
    await fulfillment.createAs(
      described(id, { items: [{ ...line, quantity: 1 }], shippedAt: new Date(), deliveredAt: new Date() }),
      null,
    )

    expect(await get(made)).toMatchObject({
      createdBy: "user_1",
      items: [{ lineItemId: shirts, inventoryItemId: shirt.inventoryItemId }],
    })
    expect(await balance(id)).toMatchObject({ fulfillmentStatus: "partially_delivered" })
    await fulfillment.ship(null, made, { labels: [] }, null)
    expect((await balance(id)).lines[0]).toMatchObject({ shipped: 3, delivered: 1 })
  })

  it("takes nothing for what is of no line, or was canceled", async () => {
    const { id, shirts } = await shirtsAndVouchers(shop)
    const line = { title: "Shirt", sku: "S", barcode: "", quantity: 2, lineItemId: shirts }

    const { id: made } = await fulfillment.createAs(described(id), null)
    await fulfillment.createAs(described(id, { items: [line], canceledAt: new Date() }), null)
    await fulfillment.cancel(null, made)

    expect(await balance(id)).toMatchObject({ fulfillmentStatus: "not_fulfilled" })
    await expect(fulfillment.createAs(described("order_none"), null)).rejects.toMatchObject({
      code: "resource.not_found",
    })
    await expect(fulfillment.createAs(described(id, { providerId: "none" }), null)).rejects.toMatchObject({
      code: "fulfillment.unknown_provider",
    })
  })
})
