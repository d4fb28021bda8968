import { statementsOf } from "@marquetry/kernel/testing"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { assertConsistent } from "../../test/consistency.ts"
import { openShop, outcomes, type Shop } from "../../test/shop.ts"
import { InsufficientInventory, VariantWithoutItems } from "../index.ts"

describe("to reserve", () => {
  let shop: Shop
  let reservations: Shop["reservations"]

  beforeAll(async () => {
    shop = await openShop()
    reservations = shop.reservations
  })
  afterEach(() => assertConsistent(shop.database))
  afterAll(() => shop.close())

  let variants = 0
  const kit = async (...items: [inventoryItemId: string, requiredQuantity: number][]) => {
    const variantId = `variant_${++variants}`
    const parts = items.map(([inventoryItemId, requiredQuantity]) => ({ inventoryItemId, requiredQuantity }))
    await shop.variantItems.setForVariants([{ variantId, items: parts }])
    return variantId
  }

  it("takes from a level, and keeps what was said about it", async () => {
    const item = await shop.stocked({ a: 5 })

    const [made, ...others] = await reservations.reserve({
      lines: [{ lineItemId: "line", inventoryItemId: item, quantity: 3 }],
      locationIds: ["a"],
      externalId: "cart",
      createdBy: "user",
      description: "held for Ann",
      expiresAt: new Date("2090-01-01T00:00:00Z"),
      metadata: { gift: true },
    })

    expect(others).toEqual([])
    expect(made).toEqual({
      id: expect.stringMatching(/^resitem_[0-9A-Z]{26}$/) as string,
      lineItemId: "line",
      inventoryItemId: item,
      locationId: "a",
      quantity: 3,
    })
    expect(await reservations.get(made?.id as string)).toMatchObject({
      ...made,
      externalId: "cart",
      createdBy: "user",
      description: "held for Ann",
      expiresAt: "2090-01-01T00:00:00.000Z",
      metadata: { gift: true },
      allowBackorder: false,
      requiredQuantity: 1,
      fulfilledQuantity: 0,
      deletedAt: null,
    })
    expect(await shop.levelsOf(item)).toEqual({ a: [5, 3, 0] })
  })

  it("refuses more than is left, says what is, and writes nothing", async () => {
    const [item, plenty] = await Promise.all([shop.stocked({ a: 5 }), shop.stocked({ a: 9 })])
    const lines = [
      { lineItemId: "one", inventoryItemId: plenty, quantity: 1 },
      { lineItemId: "two", inventoryItemId: item, quantity: 6 },
    ]
    await shop.sent()

    const refusal = await reservations.reserve({ lines, locationIds: ["a"] }).catch((error: unknown) => error)

    expect(refusal).toBeInstanceOf(InsufficientInventory)
    expect(refusal).toMatchObject({
      code: "inventory.insufficient",
      kind: "invalid",
      details: {
        lines: [{ lineItemId: "two", variantId: null, inventoryItemId: item, requested: 6, available: 5 }],
      },
    })
    expect(await shop.levelsOf(plenty)).toEqual({ a: [9, 0, 0] })
    expect(await shop.sent()).toEqual([])
  })

  it("adds up lines of one item: on a stock of one, two are refused", async () => {
    const item = await shop.stocked({ a: 1 })
    const line = (lineItemId: string) => ({ lineItemId, inventoryItemId: item, quantity: 1 })

    const both = reservations.reserve({ lines: [line("one"), line("two")], locationIds: ["a"] })

    await expect(both).rejects.toMatchObject({
      details: { lines: [{ lineItemId: "two", requested: 1, available: 0 }] },
    })
    expect(await shop.levelsOf(item)).toEqual({ a: [1, 0, 0] })
  })

  it("splits lines over locations, in their order", async () => {
    const item = await shop.stocked({ a: 2, b: 3, c: 10, d: 10 })
    const line = (lineItemId: string, quantity: number) => ({ lineItemId, inventoryItemId: item, quantity })

    const made = await reservations.reserve({ lines: [line("one", 4), line("two", 5)], locationIds: ["b", "a", "c"] })

    expect(made.map(({ lineItemId, locationId, quantity }) => [lineItemId, locationId, quantity])).toEqual([
      ["one", "b", 3],
      ["one", "a", 1],
      ["two", "a", 1],
      ["two", "c", 4],
    ])
    expect(await shop.levelsOf(item)).toEqual({ a: [2, 2, 0], b: [3, 3, 0], c: [10, 4, 0], d: [10, 0, 0] })
  })

  it("takes of each item of a kit what it requires", async () => {
    const [board, screw] = await Promise.all([shop.stocked({ a: 10 }), shop.stocked({ a: 20, b: 5 })])
    const shelf = await kit([board, 2], [screw, 8])

    const made = await reservations.reserve({
      lines: [{ lineItemId: "line", variantId: shelf, quantity: 3 }],
      locationIds: ["a", "b"],
    })

    const quantities = made.map(({ inventoryItemId, locationId, quantity }) => [inventoryItemId, locationId, quantity])
    expect(quantities).toEqual(
      expect.arrayContaining([
        [board, "a", 6],
        [screw, "a", 20],
        [screw, "b", 4],
      ]),
    )
    expect(quantities).toHaveLength(3)
    await expect(
      reservations.reserve({ lines: [{ variantId: shelf, quantity: 1 }], locationIds: ["a", "b"] }),
    ).rejects.toMatchObject({
      details: { lines: [{ variantId: shelf, inventoryItemId: screw, requested: 8, available: 1 }] },
    })
  })

  it("refuses a variant that is made of nothing, whatever else is short", async () => {
    const item = await shop.stocked({ a: 0 })
    const lines = [
      { inventoryItemId: item, quantity: 1 },
      { variantId: "variant_bare", quantity: 1 },
    ]

    const refusal = await reservations.reserve({ lines, locationIds: ["a"] }).catch((error: unknown) => error)

    expect(refusal).toBeInstanceOf(VariantWithoutItems)
    expect(refusal).toMatchObject({
      code: "inventory.variant_without_items",
      details: { variantIds: ["variant_bare"] },
    })
  })

  it("refuses everything where there is no location", async () => {
    const item = await shop.stocked({ a: 5 })

    const nowhere = reservations.reserve({ lines: [{ inventoryItemId: item, quantity: 1 }], locationIds: [] })

    await expect(nowhere).rejects.toBeInstanceOf(InsufficientInventory)
  })

  it("refuses items without a level at these locations, for backorders too", async () => {
    const item = await shop.stocked({ a: 5 })

    for (const inventoryItemId of [item, "iitem_none"]) {
      const line = { inventoryItemId, quantity: 1, allowBackorder: true }
      await expect(reservations.reserve({ lines: [line], locationIds: ["b"] })).rejects.toMatchObject({
        details: { lines: [{ inventoryItemId, requested: 1, available: 0 }] },
      })
    }
  })

  describe("with backorders", () => {
    const backorder = (inventoryItemId: string, quantity: number, lineItemId = "late") => ({
      lineItemId,
      inventoryItemId,
      quantity,
      allowBackorder: true,
    })

    it("owes at the first location what no location has", async () => {
      const item = await shop.stocked({ a: 2, b: 3 })

      const made = await reservations.reserve({ lines: [backorder(item, 9)], locationIds: ["a", "b"] })

      expect(made.map(({ locationId, quantity }) => [locationId, quantity])).toEqual([
        ["a", 6],
        ["b", 3],
      ])
      expect(await shop.levelsOf(item)).toEqual({ a: [2, 6, 4], b: [3, 3, 0] })
      expect(await shop.availability.ofItems([item])).toMatchObject([{ available: -4 }])
    })

    it("leaves what there is to lines that take none, wherever they stand", async () => {
      const item = await shop.stocked({ a: 5 })
      const lines = [backorder(item, 4), { lineItemId: "now", inventoryItemId: item, quantity: 5 }]

      await reservations.reserve({ lines, locationIds: ["a"] })

      expect(await shop.levelsOf(item)).toEqual({ a: [5, 9, 4] })
    })

    it("keeps stock that comes for those who wait, at another location too", async () => {
      const item = await shop.stocked({ a: 0, b: 0 })
      await reservations.reserve({ lines: [backorder(item, 4)], locationIds: ["a", "b"] })
      await shop.levels.setMany([{ inventoryItemId: item, locationId: "b", stockedQuantity: 5 }])
      const want = (quantity: number) =>
        reservations.reserve({ lines: [{ inventoryItemId: item, quantity }], locationIds: ["a", "b"] })

      await expect(want(2)).rejects.toMatchObject({ details: { lines: [{ requested: 2, available: 1 }] } })
      await want(1)

      expect(await shop.levelsOf(item)).toEqual({ a: [0, 4, 4], b: [5, 1, 0] })
    })

    it("owes less when something is given back or comes in", async () => {
      const item = await shop.stocked({ a: 3 })
      await reservations.reserve({
        lines: [{ inventoryItemId: item, quantity: 2 }],
        locationIds: ["a"],
        externalId: "x",
      })
      await reservations.reserve({ lines: [backorder(item, 4)], locationIds: ["a"] })
      const owed = async () => (await shop.levelsOf(item))["a"]

      expect(await owed()).toEqual([3, 6, 3])
      await reservations.release({ externalId: "x" })
      expect(await owed()).toEqual([3, 4, 1])
      await shop.levels.adjust([{ inventoryItemId: item, locationId: "a", adjustment: 5 }])
      expect(await owed()).toEqual([8, 4, 0])
    })

    it("ends where counting ends", async () => {
      const item = await shop.stocked({ a: 0 })
      const lines = Array.from({ length: 1_000 }, () => ({ ...backorder(item, 1_000_000_000) }))

      await reservations.reserve({ lines, locationIds: ["a"] })

      expect(await shop.levelsOf(item)).toEqual({ a: [0, 1e12, 1e12] })
      await expect(reservations.reserve({ lines: [backorder(item, 1)], locationIds: ["a"] })).rejects.toBeInstanceOf(
        InsufficientInventory,
      )
    })
  })

  it("cannot be gone round: no level has more reserved than stocked but what it owes", async () => {
    const item = await shop.stocked({ a: 1 })

    const bypass = shop.database.run(
      `update "inventory"."inventory_level" set reserved_quantity = 2 where inventory_item_id = $1`,
      [item],
    )

    await expect(bypass).rejects.toMatchObject({ constraint: "inventory_level_backordered_check" })
  })

  it("takes two statements, however many lines, items and locations", async () => {
    const locations = ["a", "b", "c"]
    const items = await Promise.all(Array.from({ length: 20 }, () => shop.stocked({ a: 1, b: 1, c: 100 })))
    const variantIds = await Promise.all(
      items.map((item, index) => kit([item, 2], [items[(index + 1) % 20] as string, 1])),
    )
    const reserve = (ids: string[]) => () =>
      reservations.reserve({ lines: ids.map((variantId) => ({ variantId, quantity: 3 })), locationIds: locations })

    const few = await statementsOf(shop.database, reserve(variantIds.slice(0, 1)))
    const many = await statementsOf(shop.database, reserve(variantIds))

    expect(few).toHaveLength(2)
    expect(many).toEqual(few)
  })

  it("tells of all its reservations in one event", async () => {
    const [one, two] = await Promise.all([shop.stocked({ a: 2 }), shop.stocked({ a: 2 })])
    await shop.sent()

    const made = await reservations.reserve({
      lines: [
        { lineItemId: "l1", inventoryItemId: one, quantity: 1 },
        { lineItemId: "l2", inventoryItemId: two, quantity: 1 },
        { inventoryItemId: two, quantity: 1 },
      ],
      locationIds: ["a"],
    })

    const facts = { ids: made.map(({ id }) => id), inventoryItemIds: [one, two], lineItemIds: ["l1", "l2"] }
    expect(await shop.sent()).toEqual([["reservation.created", facts]])
  })

  it("does nothing for no lines", async () => {
    expect(await reservations.reserve({ lines: [], locationIds: ["a"] })).toEqual([])
  })

  it.each([
    ["nothing of an item", { lines: [{ inventoryItemId: "i", quantity: 0 }] }],
    ["half a unit", { lines: [{ inventoryItemId: "i", quantity: 0.5 }] }],
    ["more than can be counted", { lines: [{ inventoryItemId: "i", quantity: 1_000_000_001 }] }],
    ["a line of nothing", { lines: [{ quantity: 1 }] }],
    ["a line of two things", { lines: [{ inventoryItemId: "i", variantId: "v", quantity: 1 }] }],
    ["a date that is none", { lines: [], expiresAt: "tomorrow" }],
  ])("refuses %s", async (_, fault) => {
    await expect(reservations.reserve({ locationIds: ["a"], ...fault })).rejects.toMatchObject({
      code: "input.invalid",
    })
  })

  it("serves as many as there are, of many who ask at once", async () => {
    const item = await shop.stocked({ a: 3, b: 4 })

    const { done, refused } = await outcomes(
      Array.from({ length: 40 }, (_, index) =>
        reservations.reserve({
          lines: [{ inventoryItemId: item, quantity: 1 }],
          locationIds: index % 2 === 0 ? ["a", "b"] : ["b", "a"],
        }),
      ),
    )

    expect(done).toHaveLength(7)
    expect(refused.every((error) => error instanceof InsufficientInventory)).toBe(true)
    expect(await shop.levelsOf(item)).toEqual({ a: [3, 3, 0], b: [4, 4, 0] })
  })

  it("never waits in a circle, in whatever order items and locations are named", async () => {
    const items = await Promise.all(Array.from({ length: 6 }, () => shop.stocked({ a: 50, b: 50 })))
    const orders = [items, items.toReversed(), [...items.slice(3), ...items.slice(0, 3)]]

    const { refused } = await outcomes(
      Array.from({ length: 60 }, async (_, index) => {
        const lines = (orders[index % 3] as string[]).map((inventoryItemId) => ({ inventoryItemId, quantity: 1 }))
        const locationIds = index % 2 === 0 ? ["a", "b"] : ["b", "a"]
        await reservations.reserve({ lines, locationIds, externalId: `order${index}` })
        if (index % 4 === 0) await reservations.release({ externalId: `order${index}` })
      }),
    )

    expect(refused).toEqual([])
    const reserved = await shop.availability.ofItems(items)
    expect(reserved.map((row) => row.reserved)).toEqual(items.map(() => 45))
  })
})
