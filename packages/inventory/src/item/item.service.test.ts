import { statementsOf } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { assertConsistent } from "../../test/consistency.ts"
import { openShop, outcomes, type Shop } from "../../test/shop.ts"
import { ItemInUse, ItemSkuTaken } from "../index.ts"
import { anInventoryItem } from "../testing.ts"

describe("inventory items", () => {
  let shop: Shop
  let items: Shop["items"]

  beforeAll(async () => {
    shop = await openShop()
    items = shop.items
  })
  beforeEach(async () => {
    for (const table of ["reservation", "variant_inventory_item", "inventory_level", "inventory_item"]) {
      await shop.database.run(`delete from "inventory"."${table}"`)
    }
  })
  afterAll(() => shop.close())

  it("keep what they were made with", async () => {
    const made = await items.create({
      sku: " B-1 ",
      title: "Board",
      requiresShipping: false,
      originCountry: "dk",
      hsCode: "",
      unitOfMeasure: "piece",
      weight: "0.1",
      height: 2,
      metadata: { colour: { id: 7 } },
      locationLevels: [{ locationId: "a", stockedQuantity: 3, incomingQuantity: 2 }, { locationId: "b" }],
    })

    expect(made.id).toMatch(/^iitem_[0-9A-Z]{26}$/)
    expect(made).toMatchObject({
      sku: "B-1",
      title: "Board",
      description: null,
      requiresShipping: false,
      originCountry: "dk",
      hsCode: null,
      unitOfMeasure: "piece",
      weight: "0.1",
      height: "2",
      width: null,
      metadata: { colour: { id: 7 } },
      deletedAt: null,
      locationLevels: [
        { locationId: "a", stockedQuantity: 3, incomingQuantity: 2, availableQuantity: 3 },
        { locationId: "b", stockedQuantity: 0, incomingQuantity: 0, availableQuantity: 0 },
      ],
    })
    expect(await items.get(made.id)).toEqual(made)
  })

  it("may have nothing but an id", async () => {
    const made = await items.createMany([{}, {}])

    expect(made).toMatchObject([
      { sku: null, requiresShipping: true, locationLevels: [] },
      { sku: null, requiresShipping: true, locationLevels: [] },
    ])
  })

  it("are made by the hundred in order, in as many statements as one", async () => {
    const inputs = Array.from({ length: 300 }, (_, index) =>
      anInventoryItem({ locationLevels: [{ locationId: "a", stockedQuantity: index }] }),
    )

    const one = [anInventoryItem({ locationLevels: [{ locationId: "a" }] })]
    const forOne = await statementsOf(shop.database, () => items.createMany(one))
    let made: unknown[] = []
    const forMany = await statementsOf(shop.database, async () => {
      const rows = await items.createMany(inputs)
      made = rows.map(({ sku, locationLevels }) => [sku, locationLevels[0]?.stockedQuantity])
    })

    expect(made).toEqual(inputs.map(({ sku }, index) => [sku, index]))
    expect(forOne).toHaveLength(4)
    expect(forMany).toHaveLength(4)
    expect(await items.createMany([])).toEqual([])
  })

  it("change what is named, and leave the rest", async () => {
    const before = await items.create(anInventoryItem({ description: "Oak", weight: 1, metadata: { a: 1 } }))

    const after = await items.update(before.id, { title: "Plank", weight: null })
    const cleared = await items.update(before.id, { sku: null, metadata: null })

    expect(after).toMatchObject({
      sku: before.sku,
      title: "Plank",
      description: "Oak",
      weight: null,
      metadata: { a: 1 },
    })
    expect(after.createdAt).toBe(before.createdAt)
    expect(cleared).toMatchObject({ sku: null, metadata: null, title: "Plank" })
  })

  it("cannot have the SKU of another, however many want it at once", async () => {
    const { done, refused } = await outcomes(Array.from({ length: 8 }, () => items.create({ sku: "wanted" })))
    const { id } = await items.create(anInventoryItem())

    expect(done).toHaveLength(1)
    expect(refused.every((error) => error instanceof ItemSkuTaken)).toBe(true)
    await expect(items.update(id, { sku: "wanted" })).rejects.toMatchObject({
      code: "inventory.sku_taken",
      kind: "conflict",
      details: { skus: ["wanted"] },
    })
    await expect(items.createMany([anInventoryItem(), { sku: "wanted" }, {}])).rejects.toBeInstanceOf(ItemSkuTaken)
    expect((await items.list()).count).toBe(2)
  })

  it("are made in three statements when nobody looks at them", async () => {
    const make = (count: number) =>
      items.addMany(Array.from({ length: count }, () => anInventoryItem({ locationLevels: [{ locationId: "a" }] })))

    const few = await statementsOf(shop.database, () => make(1))
    const many = await statementsOf(shop.database, () => make(500))

    expect(few).toHaveLength(3)
    expect(many).toEqual(few)
    const ids = await make(2)
    expect((await items.list({ filter: { id: ids } })).rows.map(({ id }) => id)).toEqual(ids)
  })

  it("are gone with their levels when deleted, and leave their SKU to others", async () => {
    const made = await items.createMany([
      { sku: "free", locationLevels: [{ locationId: "a", stockedQuantity: 2 }] },
      anInventoryItem(),
    ])
    const id = made[0]?.id as string
    await shop.variantItems.setForVariants([{ variantId: "v", items: [{ inventoryItemId: id }] }])

    const sent = await statementsOf(shop.database, () => items.deleteMany(made.map((item) => item.id)))

    expect(sent).toHaveLength(3)
    await expect(items.get(id)).rejects.toMatchObject({ code: "resource.not_found" })
    expect(await shop.levelsOf(id)).toEqual({})
    expect(await shop.availability.ofVariants(["v"], ["a"])).toEqual([{ variantId: "v", available: null }])
    expect((await items.create({ sku: "free" })).id).not.toBe(id)
  })

  it("stay while they are reserved, all of them", async () => {
    const [held, free] = await Promise.all([shop.stocked({ a: 2 }), shop.stocked({ a: 2 })])
    const lines = [{ inventoryItemId: held, quantity: 1 }]
    await shop.reservations.reserve({ lines, locationIds: ["a"], externalId: "cart" })

    const refusal = await items.deleteMany([free, held]).catch((error: unknown) => error)
    expect(await shop.levelsOf(free)).toEqual({ a: [2, 0, 0] })
    await shop.reservations.release({ externalId: "cart" })
    await items.deleteMany([free, held])

    expect(refusal).toBeInstanceOf(ItemInUse)
    expect(refusal).toMatchObject({
      code: "inventory.item_in_use",
      kind: "invalid",
      details: { reserved: [held], variants: [] },
    })
  })

  it("stay while a variant would be sold without them", async () => {
    const [board, screw] = await Promise.all([shop.stocked({ a: 2 }), shop.stocked({ a: 2 })])
    const parts = [{ inventoryItemId: board }, { inventoryItemId: screw, requiredQuantity: 8 }]
    await shop.variantItems.setForVariants([{ variantId: "shelf", items: parts }])

    await expect(items.delete(screw)).rejects.toMatchObject({ details: { reserved: [], variants: ["shelf"] } })
    await items.deleteMany([board, screw])

    expect((await items.list()).rows).toEqual([])
  })

  it("are deleted where nothing is made of them and nothing is reserved, and stay otherwise", async () => {
    const [free, held, part] = await Promise.all([
      shop.stocked({ a: 2 }),
      shop.stocked({ a: 2 }),
      shop.stocked({ a: 2 }),
    ])
    await shop.variantItems.setForVariants([{ variantId: "shelf", items: [{ inventoryItemId: part }] }])
    await shop.reservations.reserve({ lines: [{ inventoryItemId: held, quantity: 1 }], locationIds: ["a"] })

    const deleted = await Promise.all([
      items.deleteUnused([free, held, part, "iitem_none"]),
      items.deleteUnused([part, held, free]),
    ])

    expect(deleted.flat()).toEqual([free])
    expect((await items.list()).rows.map(({ id }) => id).sort()).toEqual([held, part].sort())
    expect(await shop.levelsOf(free)).toEqual({})
    await assertConsistent(shop.database)
  })

  it("are either deleted or given stock and sold, when both happen at once", async () => {
    for (let round = 0; round < 10; round++) {
      const item = await shop.stocked({ a: 1 })
      const lines = [{ inventoryItemId: item, quantity: 1 }]

      const { done } = await outcomes<unknown>([
        items.delete(item),
        shop.reservations.reserve({ lines, locationIds: ["a"] }),
      ])
      await outcomes<unknown>([items.delete(item), shop.levels.setMany([{ inventoryItemId: item, locationId: "b" }])])

      expect(done).toHaveLength(1)
      const levels = Object.keys(await shop.levelsOf(item))
      const isThere = (await items.list({ filter: { id: item } })).count === 1
      expect(levels.length > 0).toBe(isThere)
      await assertConsistent(shop.database)
    }
  })

  it.each(["update", "delete", "get"] as const)("cannot %s what there is not", async (verb) => {
    await expect(items[verb]("iitem_none", {})).rejects.toMatchObject({ details: { id: "iitem_none" } })
  })

  it.each([
    ["a field that there is not", { colour: "red" }],
    ["a weight below nothing", { weight: -1 }],
    ["a location twice", { locationLevels: [{ locationId: "a" }, { locationId: "a" }] }],
  ] as [string, object][])("refuse %s", async (_, fault) => {
    await expect(items.create({ ...anInventoryItem(), ...fault })).rejects.toMatchObject({ code: "input.invalid" })
  })

  it("are found by SKU and title, and by where they are", async () => {
    await items.createMany([
      { sku: "OAK-1", title: "Board of oak", locationLevels: [{ locationId: "a" }] },
      { sku: "ELM-1", title: "Board of elm" },
    ])
    const skus = async (options: Parameters<typeof items.list>[0]) =>
      (await items.list(options)).rows.map((row) => row.sku)

    expect(await skus({ q: "elm" })).toEqual(["ELM-1"])
    expect(await skus({ q: "boa oak" })).toEqual(["OAK-1"])
    expect(await skus({ filter: { locationLevels: { locationId: "a" } } })).toEqual(["OAK-1"])
  })

  it("tell what happened, with the data or not at all", async () => {
    await shop.sent()
    const { id } = await items.create(anInventoryItem())
    await items.update(id, { title: "Other" })
    await shop.database
      .transaction(async () => {
        await items.update(id, { title: "Another" })
        throw new Error("changed my mind")
      })
      .catch(() => {})
    await items.delete(id)

    expect(await shop.sent()).toEqual([
      ["inventory-item.created", { id }],
      ["inventory-item.updated", { id }],
      ["inventory-item.deleted", { id }],
    ])
  })
})
