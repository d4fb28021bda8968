import { statementsOf } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openShop, type Shop } from "../../test/shop.ts"

describe("what is available", () => {
  let shop: Shop
  let board: string
  let screw: string

  beforeAll(async () => {
    shop = await openShop()
    ;[board, screw] = await Promise.all([shop.stocked({ a: 7, b: 4 }), shop.stocked({ a: 50, b: 10, c: 100 })])
    await shop.variantItems.setForVariants([
      { variantId: "board", items: [{ inventoryItemId: board }] },
      {
        variantId: "shelf",
        items: [
          { inventoryItemId: board, requiredQuantity: 2 },
          { inventoryItemId: screw, requiredQuantity: 8 },
        ],
      },
    ])
    await shop.reservations.reserve({ lines: [{ inventoryItemId: board, quantity: 2 }], locationIds: ["a"] })
    await shop.levels.setMany([{ inventoryItemId: screw, locationId: "a", incomingQuantity: 9 }])
  })
  afterAll(() => shop.close())

  it.each([
    [
      ["a", "b"],
      [9, 4],
    ],
    [["a"], [5, 2]],
    [["b"], [4, 1]],
    [
      ["a", "b", "c"],
      [9, 4],
    ],
    [["c"], [0, 0]],
    [[], [0, 0]],
  ])("at %j is enough for %j boards and shelves", async (locationIds, [boards, shelves]) => {
    const available = await shop.availability.ofVariants(["shelf", "board", "bare"], locationIds as string[])

    expect(available).toEqual([
      { variantId: "shelf", available: shelves },
      { variantId: "board", available: boards },
      { variantId: "bare", available: null },
    ])
  })

  it("of variants is told for all locations where none are named", async () => {
    const everywhere = await shop.availability.ofVariants(["shelf", "board", "bare"])

    expect(everywhere).toEqual(await shop.availability.ofVariants(["shelf", "board", "bare"], ["a", "b"]))
    expect(everywhere[0]?.available).toBeGreaterThan(0)
  })

  it("of items is told with what it is made of, for some locations or all", async () => {
    expect(await shop.availability.ofItems([screw, "iitem_none"], ["a", "b"])).toEqual([
      { inventoryItemId: screw, stocked: 60, reserved: 0, incoming: 9, available: 60 },
      { inventoryItemId: "iitem_none", stocked: 0, reserved: 0, incoming: 0, available: 0 },
    ])
    expect(await shop.availability.ofItems([board])).toEqual([
      { inventoryItemId: board, stocked: 11, reserved: 2, incoming: 0, available: 9 },
    ])
  })

  it("is less than nothing while backorders wait", async () => {
    const item = await shop.stocked({ a: 1 })
    await shop.variantItems.setForVariants([
      { variantId: "pair", items: [{ inventoryItemId: item, requiredQuantity: 2 }] },
    ])
    const lines = [{ variantId: "pair", quantity: 2, allowBackorder: true }]
    await shop.reservations.reserve({ lines, locationIds: ["a"] })

    expect(await shop.availability.ofVariants(["pair"], ["a"])).toEqual([{ variantId: "pair", available: -2 }])
  })

  it("is what can be reserved, and no more", async () => {
    const [shelf] = await shop.availability.ofVariants(["shelf"], ["a", "b"])
    const available = shelf?.available as number
    const reserve = (quantity: number) =>
      shop.reservations.reserve({
        lines: [{ variantId: "shelf", quantity }],
        locationIds: ["b", "a"],
        externalId: "all",
      })

    await expect(reserve(available + 1)).rejects.toMatchObject({ code: "inventory.insufficient" })
    await reserve(available)

    expect(await shop.availability.ofVariants(["shelf"], ["a", "b"])).toEqual([{ variantId: "shelf", available: 0 }])
    await shop.reservations.release({ externalId: "all" })
  })

  it("takes one statement, however much is asked, and 10,000 at most", async () => {
    const many = Array.from({ length: 10_000 }, (_, index) => `v${index}`)

    const ofOne = await statementsOf(shop.database, () => shop.availability.ofVariants(["shelf"], ["a"]))
    const ofMany = await statementsOf(shop.database, () =>
      shop.availability.ofVariants([...many.slice(1), "shelf"], ["a"]),
    )
    const ofItems = await statementsOf(shop.database, () => shop.availability.ofItems(many, ["a"]))

    expect(ofOne).toHaveLength(1)
    expect(ofMany).toEqual(ofOne)
    expect(ofItems).toHaveLength(1)
    expect(await shop.availability.ofVariants([], ["a"])).toEqual([])
    await expect(shop.availability.ofVariants([...many, "shelf"], ["a"])).rejects.toMatchObject({
      code: "input.invalid",
    })
  })
})
