import { statementsOf } from "@marquetry/kernel/testing"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { assertConsistent } from "../../test/consistency.ts"
import { openShop, outcomes, type Shop } from "../../test/shop.ts"
import { LevelInUse, LevelTaken, StockOutOfBounds } from "../index.ts"

describe("levels", () => {
  let shop: Shop
  let levels: Shop["levels"]

  beforeAll(async () => {
    shop = await openShop()
    levels = shop.levels
  })
  afterEach(() => assertConsistent(shop.database))
  afterAll(() => shop.close())

  const reserve = (inventoryItemId: string, quantity: number, allowBackorder = false) =>
    shop.reservations.reserve({ lines: [{ inventoryItemId, quantity, allowBackorder }], locationIds: ["a"] })

  describe("that are set", () => {
    it("are made, and keep what is not named", async () => {
      const item = await shop.stocked({})
      const level = { inventoryItemId: item, locationId: "a" }

      const [made] = await levels.setMany([{ ...level, stockedQuantity: 7 }])
      const [again] = await levels.setMany([{ ...level, incomingQuantity: 4 }])

      expect(made).toMatch(/^ilev_[0-9A-Z]{26}$/)
      expect(again).toBe(made)
      expect(await levels.get(made as string)).toMatchObject({
        inventoryItemId: item,
        locationId: "a",
        stockedQuantity: 7,
        incomingQuantity: 4,
        reservedQuantity: 0,
        availableQuantity: 7,
      })
    })

    it("take three statements, however many, old and new, and answer in order", async () => {
      const items = await Promise.all(Array.from({ length: 40 }, () => shop.stocked({ a: 1 })))
      const inputs = items.flatMap((inventoryItemId, stockedQuantity) =>
        ["b", "a"].map((locationId) => ({ inventoryItemId, locationId, stockedQuantity })),
      )

      let ids: string[] = []
      const few = await statementsOf(shop.database, () => levels.setMany(inputs.slice(0, 1)))
      const many = await statementsOf(shop.database, async () => void (ids = await levels.setMany(inputs)))

      expect(few).toHaveLength(3)
      expect(many).toEqual(few)
      const { rows } = await levels.list({ filter: { id: ids }, limit: 100 })
      const byId = new Map(rows.map((row) => [row.id, row]))
      expect(
        ids.map((id) => {
          const { inventoryItemId, locationId, stockedQuantity } = byId.get(id) ?? {}
          return { inventoryItemId, locationId, stockedQuantity }
        }),
      ).toEqual(inputs)
    })

    it("cannot have less than is reserved", async () => {
      const [item, other] = await Promise.all([shop.stocked({ a: 5 }), shop.stocked({ a: 5 })])
      await reserve(item, 3)
      const set = (inventoryItemId: string, stockedQuantity: number) => ({
        inventoryItemId,
        locationId: "a",
        stockedQuantity,
      })

      const refusal = await levels.setMany([set(other, 1), set(item, 2)]).catch((error: unknown) => error)
      await levels.setMany([set(item, 3)])

      expect(refusal).toBeInstanceOf(StockOutOfBounds)
      expect(refusal).toMatchObject({ details: { levels: [{ inventoryItemId: item, locationId: "a" }] } })
      expect(await shop.levelsOf(other)).toEqual({ a: [5, 0, 0] })
      expect(await shop.levelsOf(item)).toEqual({ a: [3, 3, 0] })
    })

    it("serve those who wait first, and owe no more than before", async () => {
      const item = await shop.stocked({ a: 5 })
      await reserve(item, 8, true)
      const set = (stockedQuantity: number) =>
        levels.setMany([{ inventoryItemId: item, locationId: "a", stockedQuantity }])

      await expect(set(4)).rejects.toBeInstanceOf(StockOutOfBounds)
      await set(6)
      expect(await shop.levelsOf(item)).toEqual({ a: [6, 8, 2] })
      await set(9)
      expect(await shop.levelsOf(item)).toEqual({ a: [9, 8, 0] })
    })

    it("need an item", async () => {
      const item = await shop.stocked({})
      const inputs = [item, "iitem_none"].map((inventoryItemId) => ({ inventoryItemId, locationId: "a" }))

      await expect(levels.setMany(inputs)).rejects.toMatchObject({ details: { id: "iitem_none" } })
      expect(await shop.levelsOf(item)).toEqual({})
    })

    it("are new ones, where those are meant, all or none, and made once", async () => {
      const item = await shop.stocked({ a: 3 })
      const at = (locationId: string) => ({ inventoryItemId: item, locationId, stockedQuantity: 5 })

      const [made] = await levels.createMany([at("b")])
      const taken = await levels.createMany([at("c"), at("a")]).catch((error: unknown) => error)
      const raced = await outcomes(Array.from({ length: 8 }, () => levels.createMany([at("d")])))

      expect(made).toMatch(/^ilev_/)
      expect(taken).toBeInstanceOf(LevelTaken)
      expect(taken).toMatchObject({
        code: "inventory.level_taken",
        details: { levels: [{ inventoryItemId: item, locationId: "a" }] },
      })
      expect(raced.done).toHaveLength(1)
      expect(raced.refused.every((error) => error instanceof LevelTaken)).toBe(true)
      expect(await shop.levelsOf(item)).toEqual({ a: [3, 0, 0], b: [5, 0, 0], d: [5, 0, 0] })
    })

    it("are those that there are, where those are meant, all or none", async () => {
      const item = await shop.stocked({ a: 3, b: 3 })
      await reserve(item, 2)
      const at = (locationId: string, stockedQuantity: number) => ({
        inventoryItemId: item,
        locationId,
        stockedQuantity,
      })

      const missing = levels.updateMany([at("a", 5), at("c", 5)])
      await expect(missing).rejects.toMatchObject({
        code: "resource.not_found",
        details: { resource: "Inventory level", id: `${item} at c` },
      })
      await expect(levels.updateMany([at("b", 5), at("a", 1)])).rejects.toThrow(StockOutOfBounds)
      const written = await levels.updateMany([at("b", 0), at("a", 2)])
      const keys = ["b", "a"].map((locationId) => ({ inventoryItemId: item, locationId }))

      expect(await shop.levelsOf(item)).toEqual({ a: [2, 2, 0], b: [0, 0, 0] })
      expect(await levels.idsOf(keys)).toEqual(written)
    })

    it("are one, when many make the same at once", async () => {
      const items = await Promise.all([shop.stocked({}), shop.stocked({})])

      await Promise.all(
        Array.from({ length: 12 }, (_, index) => {
          const order = index % 2 === 0 ? items : items.toReversed()
          return levels.setMany(
            order.map((inventoryItemId) => ({ inventoryItemId, locationId: "a", stockedQuantity: index })),
          )
        }),
      )

      const both = await Promise.all(items.map((item) => shop.levelsOf(item)))
      expect(both[0]).toEqual(both[1])
      expect(Object.keys(both[0] as object)).toEqual(["a"])
    })

    it.each([
      ["less than nothing", [{ locationId: "a", stockedQuantity: -1 }]],
      ["parts of units", [{ locationId: "a", stockedQuantity: 1.5 }]],
      ["more than can be counted", [{ locationId: "a", incomingQuantity: 1_000_000_000_001 }]],
      ["one twice", [{ locationId: "a" }, { locationId: "a" }]],
    ])("refuse %s", async (_, inputs) => {
      const item = await shop.stocked({})

      const set = levels.setMany(inputs.map((input) => ({ inventoryItemId: item, ...input })))

      await expect(set).rejects.toMatchObject({ code: "input.invalid" })
    })
  })

  describe("that are adjusted", () => {
    it("end at 980 after twenty times one less than 1000, all at once", async () => {
      const item = await shop.stocked({ a: 1_000 })

      await Promise.all(
        Array.from({ length: 20 }, () => levels.adjust([{ inventoryItemId: item, locationId: "a", adjustment: -1 }])),
      )

      expect(await shop.levelsOf(item)).toEqual({ a: [980, 0, 0] })
    })

    it("are all adjusted or none", async () => {
      const [item, other] = await Promise.all([shop.stocked({ a: 5, b: 5 }), shop.stocked({ a: 5 })])
      await reserve(item, 3)
      const by = (inventoryItemId: string, locationId: string, adjustment: number) => ({
        inventoryItemId,
        locationId,
        adjustment,
      })

      const refusal = await levels
        .adjust([by(other, "a", 2), by(item, "a", -3), by(item, "b", 1)])
        .catch((error: unknown) => error)
      const missing = levels.adjust([by(other, "a", 2), by(other, "b", 1)])
      await expect(missing).rejects.toMatchObject({ details: { id: `${other} at b` } })
      await levels.adjust([by(other, "a", 2), by(item, "a", -2), by(item, "b", 1), by(item, "b", 1)])

      expect(refusal).toBeInstanceOf(StockOutOfBounds)
      expect(refusal).toMatchObject({ details: { levels: [{ inventoryItemId: item, locationId: "a" }] } })
      expect(await shop.levelsOf(other)).toEqual({ a: [7, 0, 0] })
      expect(await shop.levelsOf(item)).toEqual({ a: [3, 3, 0], b: [7, 0, 0] })
    })

    it("never have less than nothing, nor more than can be counted", async () => {
      const item = await shop.stocked({ a: 2 })
      const by = (adjustment: number) => levels.adjust([{ inventoryItemId: item, locationId: "a", adjustment }])

      const { done, refused } = await outcomes(Array.from({ length: 6 }, () => by(-1)))
      await by(1e12)

      expect([done.length, refused.length]).toEqual([2, 4])
      await expect(by(1)).rejects.toBeInstanceOf(StockOutOfBounds)
      await expect(by(-1e12 - 1)).rejects.toMatchObject({ code: "input.invalid" })
      expect(await shop.levelsOf(item)).toEqual({ a: [1e12, 0, 0] })
    })

    it("take two statements, however many, and tell of themselves once", async () => {
      const items = await Promise.all(Array.from({ length: 20 }, () => shop.stocked({ a: 1 })))
      const inputs = items.map((inventoryItemId) => ({ inventoryItemId, locationId: "a", adjustment: 1 }))
      await shop.sent()

      const sent = await statementsOf(shop.database, () => levels.adjust(inputs))
      await levels.adjust([])

      expect(sent).toHaveLength(2)
      const told = await shop.sent()
      expect(told.map(([name]) => name)).toEqual(["inventory-level.updated"])
      expect(new Set(told.flatMap(([, payload]) => payload["inventoryItemIds"]))).toEqual(new Set(items))
    })

    it("and reserved from at once never wait in a circle nor sell what is gone", async () => {
      const items = await Promise.all([shop.stocked({ a: 10 }), shop.stocked({ a: 10 })])

      const { refused } = await outcomes(
        Array.from({ length: 40 }, async (_, index) => {
          const order = index % 2 === 0 ? items : items.toReversed()
          if (index % 4 < 2) {
            const lines = order.map((inventoryItemId) => ({ inventoryItemId, quantity: 1 }))
            await shop.reservations.reserve({ lines, locationIds: ["a"] })
          } else {
            await levels.adjust(order.map((inventoryItemId) => ({ inventoryItemId, locationId: "a", adjustment: -1 })))
          }
        }),
      )

      expect(refused.map((error) => (error as { code: string }).code).sort()).toEqual(
        expect.arrayContaining(["inventory.insufficient", "inventory.stock_out_of_bounds"]),
      )
      expect(await shop.availability.ofItems(items)).toMatchObject([{ available: 0 }, { available: 0 }])
    })
  })

  describe("that are deleted", () => {
    const idsOf = async (inventoryItemId: string) => {
      const { rows } = await levels.list({ filter: { inventoryItemId }, order: { locationId: "asc" } })
      return rows.map(({ id }) => id)
    }

    it("are gone with their stock, and can be made again", async () => {
      const item = await shop.stocked({ a: 5 })
      const ids = await idsOf(item)

      await levels.deleteMany(ids)

      expect(await shop.levelsOf(item)).toEqual({})
      const [again] = await levels.setMany([{ inventoryItemId: item, locationId: "a" }])
      expect(again).not.toBe(ids[0])
      await expect(levels.deleteMany(ids)).rejects.toMatchObject({ details: { id: ids[0] } })
    })

    it("stay while units are reserved there, all of them", async () => {
      const item = await shop.stocked({ a: 5, b: 5 })
      await reserve(item, 1)
      const ids = await idsOf(item)

      const refusal = await levels.deleteMany(ids).catch((error: unknown) => error)

      expect(refusal).toBeInstanceOf(LevelInUse)
      expect(refusal).toMatchObject({ kind: "invalid", details: { ids: [ids[0]] } })
      expect(await idsOf(item)).toEqual(ids)
    })

    it("stay while anything is there or on its way, when only empty ones may go", async () => {
      const item = await shop.stocked({ a: 1, b: 0, c: 0 })
      await levels.setMany([{ inventoryItemId: item, locationId: "b", incomingQuantity: 1 }])
      const ids = await idsOf(item)

      await expect(levels.deleteEmpty(ids)).rejects.toMatchObject({ details: { ids: ids.slice(0, 2) } })
      await levels.deleteEmpty(ids.slice(2))

      expect(await idsOf(item)).toEqual(ids.slice(0, 2))
    })

    it("are either deleted or reserved from, when both happen at once", async () => {
      for (let round = 0; round < 15; round++) {
        const item = await shop.stocked({ a: 1 })

        const { done } = await outcomes<unknown>([reserve(item, 1), levels.deleteMany(await idsOf(item))])

        expect(done).toHaveLength(1)
        await assertConsistent(shop.database)
      }
    })
  })
})
