import { statementsOf } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { openShop, type Shop } from "../../test/shop.ts"
import { startInventory, VariantItemTaken } from "../index.ts"
import { anInventoryItem } from "../testing.ts"

describe("the items of variants", () => {
  let shop: Shop
  let variantItems: Shop["variantItems"]
  let board: string
  let screw: string
  let glue: string

  beforeAll(async () => {
    shop = await openShop()
    variantItems = shop.variantItems
    const made = await shop.items.createMany([anInventoryItem(), anInventoryItem(), anInventoryItem()])
    ;[board, screw, glue] = made.map(({ id }) => id) as [string, string, string]
  })
  beforeEach(() => shop.database.run(`delete from "inventory"."variant_inventory_item"`))
  afterAll(() => shop.close())

  const partsOf = async (variantId: string) => {
    const { rows } = await variantItems.list({ filter: { variantId }, order: { inventoryId: "asc" } })
    return rows.map(({ inventoryId, requiredQuantity }) => [inventoryId, requiredQuantity])
  }
  const part = (inventoryItemId: string, requiredQuantity?: number) => ({
    inventoryItemId,
    ...(requiredQuantity !== undefined && { requiredQuantity }),
  })

  it("are one of each unless said, and replaced as a whole", async () => {
    await variantItems.setForVariants([{ variantId: "shelf", items: [part(board), part(screw, 8)] }])
    const { rows: before } = await variantItems.list()

    await variantItems.setForVariants([{ variantId: "shelf", items: [part(glue, 2), part(screw, 4)] }])

    expect(before.map(({ inventoryId, requiredQuantity }) => [inventoryId, requiredQuantity])).toEqual([
      [board, 1],
      [screw, 8],
    ])
    expect(before[0]?.id).toMatch(/^pvitem_[0-9A-Z]{26}$/)
    expect(await partsOf("shelf")).toEqual([
      [screw, 4],
      [glue, 2],
    ])
    await variantItems.setForVariants([{ variantId: "shelf", items: [] }])
    expect(await partsOf("shelf")).toEqual([])
  })

  it("are not written when they are so already", async () => {
    const inputs = [{ variantId: "shelf", items: [part(board), part(screw, 8)] }]
    await variantItems.setForVariants(inputs)
    const { rows: before } = await variantItems.list()
    await shop.sent()

    await variantItems.setForVariants(inputs)

    expect((await variantItems.list()).rows).toEqual(before)
    expect(await shop.sent()).toEqual([])
  })

  it("of new variants are written without waiting for who changes others, in as many statements for any number", async () => {
    const kits = (count: number, name: string) =>
      Array.from({ length: count }, (_, index) => ({
        variantId: `${name}${index}`,
        items: [part(board), part(screw, 8)],
      }))
    const other = await startInventory({ database: shop.url, events: { relay: false } })

    await shop.database.transaction(async () => {
      await variantItems.setForVariants(kits(200, "old").map(({ variantId }) => ({ variantId, items: [] })))
      await other.variantItems.setForNewVariants(kits(200, "new"))
    })
    await other.close()
    const [forOne, forMany] = [
      await statementsOf(shop.database, () => variantItems.setForNewVariants(kits(1, "one"))),
      await statementsOf(shop.database, () => variantItems.setForNewVariants(kits(100, "many"))),
    ]

    expect(await partsOf("new199")).toEqual([
      [board, 1],
      [screw, 8],
    ])
    expect(forMany).toHaveLength(forOne.length)
    expect(forOne).toHaveLength(3)
  })

  it("of a variant that is not new are left as they are", async () => {
    const shelf = [{ variantId: "shelf", items: [part(board), part(screw, 8)] }]
    await variantItems.setForNewVariants(shelf)

    const again = variantItems.setForNewVariants([{ variantId: "box", items: [part(glue)] }, ...shelf])

    await expect(again).rejects.toEqual(new VariantItemTaken(["box", "shelf"]))
    await expect(variantItems.setForNewVariants([{ variantId: "box", items: [part("iitem_none")] }])).rejects.toThrow(
      "Inventory item with id: iitem_none was not found",
    )
    expect(await partsOf("box")).toEqual([])
    expect(await partsOf("shelf")).toHaveLength(2)
  })

  it("are added and changed without touching others", async () => {
    await variantItems.setForVariants([{ variantId: "shelf", items: [part(board), part(screw, 8)] }])
    await shop.sent()

    await variantItems.addMany([
      { variantId: "shelf", inventoryItemId: glue },
      { variantId: "shelf", inventoryItemId: screw, requiredQuantity: 6 },
      { variantId: "box", inventoryItemId: board, requiredQuantity: 2 },
    ])
    const updated = await variantItems.update({ variantId: "box", inventoryItemId: board }, { requiredQuantity: 5 })

    expect(await partsOf("shelf")).toEqual([
      [board, 1],
      [screw, 6],
      [glue, 1],
    ])
    expect(updated).toMatchObject({ variantId: "box", inventoryId: board, requiredQuantity: 5 })
    expect(await shop.sent()).toEqual([
      ["variant-inventory-item.updated", { variantIds: ["box", "shelf"] }],
      ["variant-inventory-item.updated", { variantIds: ["box"] }],
    ])
    await expect(
      variantItems.update({ variantId: "box", inventoryItemId: glue }, { requiredQuantity: 5 }),
    ).rejects.toMatchObject({ code: "resource.not_found" })
  })

  it("are removed, and missed by nobody when they were not there", async () => {
    await variantItems.setForVariants([{ variantId: "shelf", items: [part(board), part(screw)] }])

    await variantItems.remove([
      { variantId: "shelf", inventoryItemId: screw },
      { variantId: "shelf", inventoryItemId: glue },
    ])

    expect(await partsOf("shelf")).toEqual([[board, 1]])
  })

  it("must be items", async () => {
    const inputs = [{ variantId: "shelf", items: [part(board), part("iitem_none")] }]

    await expect(variantItems.setForVariants(inputs)).rejects.toMatchObject({ details: { id: "iitem_none" } })

    expect(await partsOf("shelf")).toEqual([])
  })

  it("take four statements, however many variants", async () => {
    const set = (count: number, requiredQuantity: number) => () =>
      variantItems.setForVariants(
        Array.from({ length: count }, (_, index) => ({
          variantId: `v${index}`,
          items: [part(board, requiredQuantity), part(screw)],
        })),
      )

    const few = await statementsOf(shop.database, set(1, 1))
    const many = await statementsOf(shop.database, set(3_000, 2))

    expect(few).toHaveLength(4)
    expect(many).toEqual(few)
    expect((await variantItems.list()).count).toBe(6_000)
  })

  it("are those of one caller, when several set them at once", async () => {
    const sets = [[part(board)], [part(screw), part(glue)], [part(board), part(glue, 3)]]
    const variantIds = ["one", "two", "three"]

    await Promise.all(
      Array.from({ length: 12 }, (_, index) => {
        const order = index % 2 === 0 ? variantIds : variantIds.toReversed()
        return variantItems.setForVariants(
          order.map((variantId) => ({ variantId, items: [...(sets[index % 3] ?? [])] })),
        )
      }),
    )

    const [first, ...others] = await Promise.all(variantIds.map(partsOf))
    const possible = sets.map((items) => items.map((item) => [item.inventoryItemId, item.requiredQuantity ?? 1]))
    expect(possible).toContainEqual(first)
    expect(others).toEqual([first, first])
  })

  it.each([
    ["none of an item", [part("i", 0)]],
    ["half an item", [part("i", 0.5)]],
    ["an item twice", [part("i"), part("i", 2)]],
  ])("refuse %s", async (_, items) => {
    await expect(variantItems.setForVariants([{ variantId: "v", items }])).rejects.toMatchObject({
      code: "input.invalid",
    })
  })
})
