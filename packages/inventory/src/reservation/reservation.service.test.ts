import { statementsOf } from "@marquetry/kernel/testing"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { assertConsistent } from "../../test/consistency.ts"
import { openShop, type Shop } from "../../test/shop.ts"
import { InsufficientInventory, ReservationGone } from "../index.ts"

const past = new Date("2020-01-01T00:00:00Z")
const future = new Date("2090-01-01T00:00:00Z")

describe("a reservation", () => {
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

  describe("that is made of one item at one location", () => {
    it("says what it is for, and is for no more than there is", async () => {
      const item = await shop.stocked({ a: 5, b: 5 })
      const input = { inventoryItemId: item, locationId: "a", quantity: 4, requiredQuantity: 2, createdBy: "user_1" }

      const { id } = await reservations.create({ ...input, description: "For the window", metadata: { week: 1 } })
      const refusal = reservations.create(input)

      await expect(refusal).rejects.toMatchObject({
        code: "inventory.insufficient",
        details: { lines: [{ inventoryItemId: item, requested: 4, available: 1 }] },
      })
      expect(await reservations.get(id)).toMatchObject({
        ...input,
        lineItemId: null,
        description: "For the window",
        metadata: { week: 1 },
        expiresAt: null,
      })
      expect(await shop.levelsOf(item)).toEqual({ a: [5, 4, 0], b: [5, 0, 0] })
    })
  })

  describe("that is released", () => {
    it("gives back what it held, once", async () => {
      const item = await shop.stocked({ a: 2, b: 5 })
      const { externalId, ids, lineItemId } = await reserve(item, 4, { locationIds: ["a", "b"] })

      expect(await reservations.release({ externalId })).toEqual(ids)
      expect(await reservations.release({ externalId })).toEqual([])
      expect(await reservations.release({ ids })).toEqual([])
      expect(await reservations.release({ lineItemIds: [lineItemId, "line_none"] })).toEqual([])

      expect(await shop.levelsOf(item)).toEqual({ a: [2, 0, 0], b: [5, 0, 0] })
      await expect(reservations.get(ids[0] as string)).rejects.toMatchObject({ code: "resource.not_found" })
    })

    it("is named by its id, its line or what it was made for", async () => {
      const item = await shop.stocked({ a: 9 })
      const [one, two, three] = [await reserve(item, 1), await reserve(item, 1), await reserve(item, 1)]

      expect(await reservations.release({ ids: [...one.ids, ...one.ids] })).toEqual(one.ids)
      expect(await reservations.release({ lineItemIds: [two.lineItemId] })).toEqual(two.ids)
      expect(await reservations.release({ externalId: three.externalId })).toEqual(three.ids)
      expect(await reservations.release({ ids: [] })).toEqual([])
      await expect(reservations.release({} as never)).rejects.toMatchObject({ code: "input.invalid" })
    })

    it("is given back once by many who release it at once", async () => {
      const item = await shop.stocked({ a: 5 })
      const { externalId, ids, lineItemId } = await reserve(item, 5)

      const released = await Promise.all(
        Array.from({ length: 12 }, (_, index) =>
          reservations.release(
            [{ externalId }, { ids }, { lineItemIds: [lineItemId] }][index % 3] as { ids: string[] },
          ),
        ),
      )

      expect(released.flat()).toEqual(ids)
      expect(await shop.levelsOf(item)).toEqual({ a: [5, 0, 0] })
    })

    it("takes two statements, however many they are, and tells of itself once", async () => {
      const items = await Promise.all(Array.from({ length: 30 }, () => shop.stocked({ a: 5 })))
      const [one] = items as [string]
      const few = await reserve(one, 1)
      const lines = items.map((inventoryItemId) => ({ inventoryItemId, quantity: 1, lineItemId: "many" }))
      const made = await reservations.reserve({ lines, locationIds: ["a"], externalId: "many" })
      await shop.sent()

      const forFew = await statementsOf(shop.database, () => reservations.release({ externalId: few.externalId }))
      const forMany = await statementsOf(shop.database, () => reservations.release({ externalId: "many" }))

      expect(forFew).toHaveLength(2)
      expect(forMany).toEqual(forFew)
      expect((await shop.sent())[1]).toEqual([
        "reservation.released",
        { ids: made.map(({ id }) => id), inventoryItemIds: items, lineItemIds: ["many"], expired: false },
      ])
    })
  })

  describe("that expires", () => {
    it("counts until it is released, and is released in batches", async () => {
      const item = await shop.stocked({ a: 10 })
      for (let index = 0; index < 5; index++) await reserve(item, 1, { expiresAt: past })
      const kept = [await reserve(item, 1, { expiresAt: future }), await reserve(item, 1)]
      expect(await shop.levelsOf(item)).toEqual({ a: [10, 7, 0] })

      const released = [await reservations.releaseExpired(3), await reservations.releaseExpired(3)]

      expect(released).toEqual([3, 2])
      expect(await reservations.releaseExpired()).toBe(0)
      expect(await shop.levelsOf(item)).toEqual({ a: [10, 2, 0] })
      await Promise.all(kept.map(({ ids }) => reservations.get(ids[0] as string)))
      await expect(reservations.releaseExpired(0)).rejects.toMatchObject({ code: "input.invalid" })
    })

    it("is released once by many who look at once", async () => {
      const item = await shop.stocked({ a: 60 })
      for (let index = 0; index < 60; index++) await reserve(item, 1, { expiresAt: past })
      await shop.sent()

      const looked = Array.from({ length: 8 }, async () => {
        let released = 0
        for (let last = -1; last !== 0; released += last) last = await reservations.releaseExpired(7)
        return released
      })
      const released = await Promise.all(looked)

      expect(released.reduce((a, b) => a + b, 0)).toBe(60)
      const told = (await shop.sent()).flatMap(([, { ids, expired }]) => (expired === true ? (ids as string[]) : []))
      expect(new Set(told).size).toBe(60)
    })

    it("stays when it is confirmed in time", async () => {
      const item = await shop.stocked({ a: 5, b: 5 })
      const { ids, externalId, lineItemId } = await reserve(item, 7, { expiresAt: future, locationIds: ["a", "b"] })

      expect(await reservations.confirm({ externalId })).toEqual(ids)
      expect(await reservations.confirm({ ids })).toEqual(ids)
      expect(await reservations.confirm({ lineItemIds: [lineItemId] })).toEqual(ids)
      expect(await reservations.confirm({ ids: [] })).toEqual([])

      expect(await reservations.get(ids[0] as string)).toMatchObject({ expiresAt: null })
    })

    it("cannot be confirmed too late, not even in part", async () => {
      const item = await shop.stocked({ a: 5, b: 5 })
      const [late, fresh] = [await reserve(item, 1, { expiresAt: past }), await reserve(item, 1, { expiresAt: future })]
      const ids = [...late.ids, ...fresh.ids]

      const tooLate = await reservations.confirm({ ids }).catch((error: unknown) => error)
      await reservations.releaseExpired()
      const gone = await reservations.confirm({ ids }).catch((error: unknown) => error)

      expect(tooLate).toBeInstanceOf(ReservationGone)
      expect(tooLate).toMatchObject({ kind: "conflict", details: { missing: [], expired: late.ids } })
      expect(gone).toMatchObject({ details: { missing: late.ids, expired: [] } })
      expect(await reservations.get(fresh.ids[0] as string)).toMatchObject({ expiresAt: future.toISOString() })
      await expect(reservations.confirm({ externalId: late.externalId })).rejects.toMatchObject({
        details: { missing: [late.externalId] },
      })
      await expect(reservations.confirm({ lineItemIds: [fresh.lineItemId, late.lineItemId] })).rejects.toMatchObject({
        details: { missing: [late.lineItemId] },
      })
    })

    it("is either confirmed as a whole or released, when both happen at once", async () => {
      const item = await shop.stocked({ a: 1_000, b: 1_000 })
      for (let round = 0; round < 15; round++) {
        const { externalId, ids } = await reserve(item, 1_500, { expiresAt: future, locationIds: ["a", "b"] })

        const [confirmed, released] = await Promise.allSettled([
          reservations.confirm({ externalId }),
          reservations.release({ ids }),
        ])

        expect(released).toMatchObject({ status: "fulfilled", value: ids })
        const isWhole = confirmed.status === "fulfilled" && confirmed.value.length === ids.length
        expect(isWhole || (confirmed as PromiseRejectedResult).reason instanceof ReservationGone).toBe(true)
      }
    })

    it("takes one statement to confirm", async () => {
      const { externalId } = await reserve(await shop.stocked({ a: 5 }), 1, { expiresAt: future })

      expect(await statementsOf(shop.database, () => reservations.confirm({ externalId }))).toHaveLength(1)
    })
  })

  describe("that is changed", () => {
    it("holds more or less, where there is enough", async () => {
      const item = await shop.stocked({ a: 5 })
      const { ids } = await reserve(item, 2)
      const id = ids[0] as string

      expect(await reservations.update(id, { quantity: 5 })).toMatchObject({ quantity: 5 })
      expect(await shop.levelsOf(item)).toEqual({ a: [5, 5, 0] })
      const refusal = await reservations.update(id, { quantity: 6 }).catch((error: unknown) => error)
      expect(await reservations.update(id, { quantity: 1 })).toMatchObject({ quantity: 1 })

      expect(refusal).toBeInstanceOf(InsufficientInventory)
      expect(refusal).toMatchObject({ details: { lines: [{ inventoryItemId: item, requested: 6, available: 5 }] } })
      expect(await shop.levelsOf(item)).toEqual({ a: [5, 1, 0] })
    })

    it("moves to another location, where there is enough", async () => {
      const item = await shop.stocked({ a: 5, b: 3 })
      const { ids } = await reserve(item, 2)
      const id = ids[0] as string

      expect(await reservations.update(id, { locationId: "b", quantity: 3 })).toMatchObject({ locationId: "b" })
      const tooMany = reservations.update(id, { locationId: "a", quantity: 6 })
      await expect(tooMany).rejects.toMatchObject({ details: { lines: [{ requested: 6, available: 5 }] } })
      const nowhere = reservations.update(id, { locationId: "c" })
      await expect(nowhere).rejects.toMatchObject({ details: { lines: [{ requested: 3, available: 0 }] } })

      expect(await shop.levelsOf(item)).toEqual({ a: [5, 0, 0], b: [3, 3, 0] })
    })

    it("may owe more, and owes less again, when it allows backorders", async () => {
      const item = await shop.stocked({ a: 2, b: 1 })
      const { ids } = await reserve(item, 1, { allowBackorder: true })
      const id = ids[0] as string

      await reservations.update(id, { quantity: 6 })
      expect(await shop.levelsOf(item)).toEqual({ a: [2, 6, 4], b: [1, 0, 0] })
      await reservations.update(id, { quantity: 4, locationId: "b" })
      expect(await shop.levelsOf(item)).toEqual({ a: [2, 0, 0], b: [1, 4, 3] })
    })

    it("keeps what is not named", async () => {
      const { ids } = await reserve(await shop.stocked({ a: 5 }), 2)
      const id = ids[0] as string

      await reservations.update(id, { description: "for Ann", metadata: { a: 1 } })
      const after = await reservations.update(id, { description: null })

      expect(after).toMatchObject({ quantity: 2, locationId: "a", description: null, metadata: { a: 1 } })
    })

    it("is found by its item", async () => {
      const { ids } = await reserve(await shop.stocked({ a: 5 }), 2)
      const { inventoryItemId } = await reservations.get(ids[0] as string)
      const { sku } = await shop.items.get(inventoryItemId)

      const { rows } = await reservations.list({ q: sku as string })

      expect(rows.map(({ id }) => id)).toEqual(ids)
    })

    it("must be there", async () => {
      const { ids, externalId } = await reserve(await shop.stocked({ a: 5 }), 2)
      await reservations.release({ externalId })

      for (const id of [...ids, "resitem_none"]) {
        await expect(reservations.update(id, { quantity: 1 })).rejects.toMatchObject({ details: { id } })
      }
    })

    it("is neither lost nor held twice when it moves while it is released", async () => {
      const item = await shop.stocked({ a: 10, b: 10 })
      for (let round = 0; round < 15; round++) {
        const { ids, externalId } = await reserve(item, 5)

        const [, released] = await Promise.allSettled([
          reservations.update(ids[0] as string, { locationId: "b" }),
          reservations.release({ externalId }),
        ])

        expect(released).toEqual({ status: "fulfilled", value: ids })
        expect(await shop.levelsOf(item)).toEqual({ a: [10, 0, 0], b: [10, 0, 0] })
      }
    })
  })
})
