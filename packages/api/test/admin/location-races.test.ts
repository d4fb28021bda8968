import { StockLocationFlow } from "@marquetry/flows"
import { InventoryItemService, ReservationService } from "@marquetry/inventory"
import { Database } from "@marquetry/kernel"
import { StockLocationService } from "@marquetry/stock-location"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { openBackOffice, type BackOffice } from "./back-office.ts"

let office: BackOffice
beforeAll(async () => {
  office = await openBackOffice()
})
afterAll(() => office.drop())

const items = () => office.container.resolve(InventoryItemService)
const aLocation = async (name: string) => (await office.container.resolve(StockLocationService).create({ name })).id
const anItem = async () => (await items().create({ title: "Thing" })).id

/** Levels of locations that are gone. */
const orphans = async (locationId: string) => {
  const [row] = await office.composition.database.sql<{ count: number }>(
    `select count(*)::int as count from "inventory"."inventory_level" level
     join "stock_location"."stock_location" location on location.id = level.location_id
     where level.location_id = $1 and level.deleted_at is null and location.deleted_at is not null`,
    [locationId],
  )
  return row?.count
}

const ways: Readonly<Record<string, (locationId: string, itemId: string) => Promise<{ status: number }>>> = {
  "an item with a level": (location_id) =>
    office.post("/admin/inventory-items", { title: "New", location_levels: [{ location_id, stocked_quantity: 0 }] }),
  "a level": (location_id, itemId) => office.post(`/admin/inventory-items/${itemId}/location-levels`, { location_id }),
  "levels of an item": (location_id, itemId) =>
    office.post(`/admin/inventory-items/${itemId}/location-levels/batch`, { create: [{ location_id }] }),
  "levels of items": (location_id, inventory_item_id) =>
    office.post("/admin/inventory-items/location-levels/batch", { create: [{ inventory_item_id, location_id }] }),
}

describe.each(Object.keys(ways))("%s of a location that is deleted at the same moment", (way) => {
  const make = ways[way] as (typeof ways)[string]

  it("is not made, once the deletion has begun", async () => {
    const [locationId, itemId] = [await aLocation("Closing"), await anItem()]
    const begun = Promise.withResolvers<void>()
    const goOn = Promise.withResolvers<void>()
    const deletion = office.container.resolve(Database).transaction(async () => {
      await office.container.resolve(StockLocationFlow).delete(locationId)
      begun.resolve()
      await goOn.promise
    })
    await begun.promise

    const made = make(locationId, itemId)
    // Whoever waits for the row is seen waiting; who does not has made an answer by then.
    await Promise.race([made, waiting()])
    goOn.resolve()
    await deletion

    expect((await made).status).toBe(404)
    expect(await orphans(locationId)).toBe(0)
  })

  it("leaves nothing there, whoever is first", async () => {
    for (let round = 0; round < 6; round++) {
      const locationId = await aLocation(`Round ${round}`)
      const itemIds = await Promise.all([anItem(), anItem(), anItem()])

      const [deleted, ...made] = await Promise.all([
        office.delete(`/admin/stock-locations/${locationId}`),
        ...itemIds.map((itemId) => make(locationId, itemId)),
      ])

      expect(deleted.status).toBe(200)
      expect(made.filter(({ status }) => status !== 200 && status !== 404)).toEqual([])
      expect(await orphans(locationId)).toBe(0)
    }
  })
})

/** Until some connection waits for a lock. */
const waiting = () =>
  vi.waitFor(async () => {
    const waiters = await office.composition.database.sql(`select from pg_locks where not granted`)
    expect(waiters).not.toEqual([])
  })

describe("a reservation at a location that is deleted at the same moment", () => {
  it("keeps the location, or is not made", async () => {
    for (let round = 0; round < 8; round++) {
      const locationId = await aLocation(`Reserved ${round}`)
      const level = { locationId, stockedQuantity: 0 }
      const { id } = await items().create({ title: "Thing", locationLevels: [level] })
      // Promised though it is not there: a level without stock may be deleted, one with what is reserved may not.
      const reserve = () =>
        office.container.resolve(ReservationService).reserve({
          lines: [{ inventoryItemId: id, quantity: 1, allowBackorder: true }],
          locationIds: [locationId],
        })

      const [deleted, reserved] = await Promise.allSettled([
        office.delete(`/admin/stock-locations/${locationId}`),
        reserve(),
      ])

      const status = deleted.status === "fulfilled" ? deleted.value.status : 500
      expect([status, reserved.status]).toEqual(status === 200 ? [200, "rejected"] : [400, "fulfilled"])
    }
  })
})
