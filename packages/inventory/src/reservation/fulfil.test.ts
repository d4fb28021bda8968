import { statementsOf } from "@marquetry/kernel/testing"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { assertConsistent } from "../../test/consistency.ts"
import { openShop, outcomes, type Shop } from "../../test/shop.ts"
import { NotFulfilled, NotReserved, StockMissing } from "../index.ts"

const future = new Date("2090-01-01T00:00:00Z")

describe("what is reserved", () => {
  let shop: Shop
  let reservations: Shop["reservations"]
  let calls = 0

  beforeAll(async () => {
    shop = await openShop()
    reservations = shop.reservations
  })
  afterEach(() => assertConsistent(shop.database))
  afterAll(() => shop.close())

  /** Reserves of an item, for a line and a cart that no other test knows. */
  const reserve = async (
    inventoryItemId: string,
    quantity: number,
    { locationIds = ["a"], expiresAt = null as Date | null, allowBackorder = false } = {},
  ) => {
    const [lineItemId, externalId] = [`line_${++calls}`, `cart_${calls}`]
    const line = { lineItemId, inventoryItemId, quantity, allowBackorder }
    const made = await reservations.reserve({ lines: [line], locationIds, externalId, expiresAt })
    return { lineItemId, externalId, ids: made.map(({ id }) => id) }
  }

  it("leaves with its stock, in parts and as a whole", async () => {
    const item = await shop.stocked({ a: 3, b: 5 })
    const { lineItemId, ids } = await reserve(item, 6, { locationIds: ["a", "b"] })

    await reservations.fulfil([{ lineItemId, quantity: 4 }])
    const open = await reservations.list({ filter: { lineItemId } })
    await reservations.fulfil([{ lineItemId, quantity: 2 }])

    expect(open.rows.map(({ id, quantity, fulfilledQuantity }) => [id, quantity, fulfilledQuantity])).toEqual([
      [ids[1], 2, 1],
    ])
    expect((await reservations.list({ filter: { lineItemId } })).rows).toEqual([])
    expect(await shop.levelsOf(item)).toEqual({ a: [0, 0, 0], b: [2, 0, 0] })
  })

  it("takes from the location that is named, and no other", async () => {
    const item = await shop.stocked({ a: 3, b: 5 })
    const { lineItemId } = await reserve(item, 6, { locationIds: ["a", "b"] })

    await reservations.fulfil([{ lineItemId, quantity: 2, locationId: "b" }])
    const more = reservations.fulfil([{ lineItemId, quantity: 2, locationId: "b" }])

    await expect(more).rejects.toMatchObject({
      details: { lines: [{ lineItemId, inventoryItemId: item, requested: 2, available: 1 }] },
    })
    expect(await shop.levelsOf(item)).toEqual({ a: [3, 3, 0], b: [3, 1, 0] })
  })

  it("counts kits in units of the variant", async () => {
    const [board, screw] = await Promise.all([shop.stocked({ a: 10 }), shop.stocked({ a: 5, b: 100 })])
    await shop.variantItems.setForVariants([
      {
        variantId: "shelf",
        items: [
          { inventoryItemId: board, requiredQuantity: 2 },
          { inventoryItemId: screw, requiredQuantity: 8 },
        ],
      },
    ])
    const lines = [{ lineItemId: "kit", variantId: "shelf", quantity: 3 }]
    await reservations.reserve({ lines, locationIds: ["a", "b"] })

    await reservations.fulfil([{ lineItemId: "kit", quantity: 1 }])
    expect(await shop.levelsOf(board)).toEqual({ a: [8, 4, 0] })
    expect(await shop.levelsOf(screw)).toEqual({ a: [0, 0, 0], b: [97, 16, 0] })

    await reservations.restock([{ lineItemId: "kit", quantity: 1 }])
    expect(await shop.levelsOf(board)).toEqual({ a: [10, 6, 0] })
    expect(await shop.levelsOf(screw)).toEqual({ a: [5, 5, 0], b: [100, 19, 0] })
  })

  it("leaves with all items of a kit or with none, as far as it is still made of them", async () => {
    const [board, screw] = await Promise.all([shop.stocked({ a: 10, b: 10 }), shop.stocked({ a: 10 })])
    const lineItemId = `line_${++calls}`
    const lines = [board, screw].map((inventoryItemId) => ({ lineItemId, inventoryItemId, quantity: 2 }))
    await reservations.reserve({ lines, locationIds: ["a"] })
    const { rows } = await reservations.list({ filter: { lineItemId, inventoryItem: screw } })
    await reservations.release({ ids: rows.map(({ id }) => id) })
    const leave = (more: object) => reservations.fulfil([{ lineItemId, quantity: 1, ...more }])

    await expect(leave({ inventoryItemIds: [board, screw] })).rejects.toMatchObject({
      code: "inventory.not_reserved",
      details: { lines: [{ lineItemId, inventoryItemId: screw, requested: 1, available: 0 }] },
    })
    expect(await shop.levelsOf(board)).toEqual({ a: [10, 2, 0], b: [10, 0, 0] })
    await leave({ inventoryItemIds: [board] })
    await reservations.create({ lineItemId, inventoryItemId: screw, locationId: "a", quantity: 1 })
    await reservations.create({ lineItemId, inventoryItemId: board, locationId: "b", quantity: 1 })

    // What is held at another place is a part of it, too.
    await expect(leave({ locationId: "b" })).rejects.toMatchObject({
      details: { lines: [{ inventoryItemId: screw, available: 0 }] },
    })
    expect(await shop.levelsOf(board)).toEqual({ a: [9, 1, 0], b: [10, 1, 0] })
  })

  it("counts what was reserved of one item as its line requires", async () => {
    const item = await shop.stocked({ a: 10 })
    const line = { lineItemId: `line_${++calls}`, inventoryItemId: item, quantity: 6 }
    await reservations.reserve({ lines: [{ ...line, requiredQuantity: 3 }], locationIds: ["a"] })

    await reservations.fulfil([{ lineItemId: line.lineItemId, quantity: 1 }])
    const kit = { lines: [{ variantId: "any", quantity: 1, requiredQuantity: 3 }], locationIds: ["a"] }

    expect(await shop.levelsOf(item)).toEqual({ a: [7, 3, 0] })
    await expect(reservations.reserve(kit)).rejects.toMatchObject({ code: "input.invalid" })
  })

  it("is never more than is reserved, and all lines or none", async () => {
    const item = await shop.stocked({ a: 10 })
    const [one, two] = [await reserve(item, 2), await reserve(item, 3)]
    const lines = [
      { lineItemId: one.lineItemId, quantity: 1 },
      { lineItemId: two.lineItemId, quantity: 4 },
      { lineItemId: "line_none", quantity: 1 },
    ]

    const refusal = await reservations.fulfil(lines).catch((error: unknown) => error)

    expect(refusal).toBeInstanceOf(NotReserved)
    expect(refusal).toMatchObject({
      code: "inventory.not_reserved",
      details: {
        lines: [
          { lineItemId: two.lineItemId, inventoryItemId: item, requested: 4, available: 3 },
          { lineItemId: "line_none", inventoryItemId: null, requested: 1, available: 0 },
        ],
      },
    })
    expect(await shop.levelsOf(item)).toEqual({ a: [10, 5, 0] })
  })

  it("waits for stock that is not there yet", async () => {
    const item = await shop.stocked({ a: 2 })
    const { lineItemId } = await reserve(item, 5, { allowBackorder: true })

    const refusal = await reservations.fulfil([{ lineItemId, quantity: 3 }]).catch((error: unknown) => error)
    await reservations.fulfil([{ lineItemId, quantity: 2 }])

    expect(refusal).toBeInstanceOf(StockMissing)
    expect(refusal).toMatchObject({
      details: { levels: [{ inventoryItemId: item, locationId: "a", requested: 3, available: 2 }] },
    })
    expect(await shop.levelsOf(item)).toEqual({ a: [0, 3, 3] })
  })

  it("comes back to where it was, never more than has left", async () => {
    const item = await shop.stocked({ a: 3, b: 5 })
    const { lineItemId, ids } = await reserve(item, 6, { locationIds: ["a", "b"] })
    await reservations.fulfil([{ lineItemId, quantity: 6 }])

    await reservations.restock([{ lineItemId, quantity: 4 }])
    const refusal = await reservations.restock([{ lineItemId, quantity: 3 }]).catch((error: unknown) => error)

    expect(refusal).toBeInstanceOf(NotFulfilled)
    expect(refusal).toMatchObject({ details: { lines: [{ lineItemId, requested: 3, available: 2 }] } })
    expect(await shop.levelsOf(item)).toEqual({ a: [1, 1, 0], b: [5, 3, 0] })
    const { rows } = await reservations.list({ filter: { lineItemId } })
    expect(rows.map(({ id, quantity, fulfilledQuantity }) => [id, quantity, fulfilledQuantity])).toEqual([
      [ids[0], 1, 2],
      [ids[1], 3, 0],
    ])
  })

  it("is held again with what comes back alone, when the rest was released before", async () => {
    const item = await shop.stocked({ a: 10 })
    const { lineItemId, ids, externalId } = await reserve(item, 6, { expiresAt: future })
    await reservations.fulfil([{ lineItemId, quantity: 4 }])
    await reservations.release({ externalId })

    await reservations.restock([{ lineItemId, quantity: 3 }])

    expect(await reservations.get(ids[0] as string)).toMatchObject({
      quantity: 3,
      fulfilledQuantity: 1,
      expiresAt: null,
    })
    expect(await shop.levelsOf(item)).toEqual({ a: [9, 3, 0] })
  })

  it("has no place to come back to, once its level was deleted", async () => {
    const item = await shop.stocked({ a: 1 })
    const { lineItemId } = await reserve(item, 1)
    await reservations.fulfil([{ lineItemId, quantity: 1 }])
    const { rows } = await shop.levels.list({ filter: { inventoryItemId: item } })
    await shop.levels.deleteEmpty(rows.map(({ id }) => id))

    await expect(reservations.restock([{ lineItemId, quantity: 1 }])).rejects.toMatchObject({
      code: "inventory.stock_missing",
      details: { levels: [{ inventoryItemId: item, locationId: "a", requested: 1, available: null }] },
    })
    expect((await reservations.list({ filter: { lineItemId } })).rows).toEqual([])
  })

  it("leaves and comes back at most once per unit, however many ask at once", async () => {
    const item = await shop.stocked({ a: 20, b: 20 })
    const { lineItemId } = await reserve(item, 30, { locationIds: ["a", "b"] })
    const times = (count: number, work: () => Promise<void>) => outcomes(Array.from({ length: count }, work))

    const left = await times(20, () => reservations.fulfil([{ lineItemId, quantity: 2 }]))
    const back = await times(20, () => reservations.restock([{ lineItemId, quantity: 4 }]))

    expect(left.done).toHaveLength(15)
    expect(left.refused.every((error) => error instanceof NotReserved)).toBe(true)
    expect(back.done).toHaveLength(7)
    expect(back.refused.every((error) => error instanceof NotFulfilled)).toBe(true)
    expect(await shop.availability.ofItems([item])).toMatchObject([{ stocked: 38, reserved: 28 }])
  })

  it("takes two statements each way, however many lines, and tells of itself once", async () => {
    const items = await Promise.all(Array.from({ length: 10 }, () => shop.stocked({ a: 5 })))
    const made = await Promise.all(items.map((item) => reserve(item, 2)))
    const lines = made.map(({ lineItemId }) => ({ lineItemId, quantity: 1 }))
    await shop.sent()

    const out = await statementsOf(shop.database, () => reservations.fulfil(lines))
    const back = await statementsOf(shop.database, () => reservations.restock(lines))

    expect([out.length, back.length]).toEqual([2, 2])
    const facts = {
      ids: made.flatMap(({ ids }) => ids).sort(),
      lineItemIds: lines.map(({ lineItemId }) => lineItemId),
    }
    expect(await shop.sent()).toEqual([
      ["reservation.fulfilled", facts],
      ["reservation.restocked", facts],
    ])
  })

  it("names a line once", async () => {
    const lines = [
      { lineItemId: "l", quantity: 1 },
      { lineItemId: "l", quantity: 1 },
    ]

    await expect(reservations.fulfil(lines)).rejects.toMatchObject({ code: "input.invalid" })
    await reservations.fulfil([])
  })
})
