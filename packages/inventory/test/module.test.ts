import { createTestDatabase, driftOf } from "@marquetry/kernel/testing"
import { describe, expect, it } from "vitest"
import { startInventory } from "../src/index.ts"
import { anInventoryItem } from "../src/testing.ts"

describe.each(["postgres", "pglite"])("the module alone, on %s", (kind) => {
  it("migrates an empty database to what its entities say, twice without harm, and does its work", async () => {
    const database = kind === "postgres" ? await createTestDatabase() : undefined
    const alone = await startInventory({ database: database?.url })

    const ran = await alone.migrate()
    const again = await alone.migrate()
    const drift = await driftOf(alone.database)
    const { id } = await alone.items.create(
      anInventoryItem({ locationLevels: [{ locationId: "a", stockedQuantity: 5 }] }),
    )
    await alone.levels.setMany([{ inventoryItemId: id, locationId: "b", stockedQuantity: 2 }])
    await alone.levels.adjust([{ inventoryItemId: id, locationId: "b", adjustment: 1 }])
    await alone.variantItems.setForVariants([{ variantId: "v", items: [{ inventoryItemId: id, requiredQuantity: 2 }] }])
    const lines = [{ lineItemId: "line", variantId: "v", quantity: 3 }]
    const made = await alone.reservations.reserve({ lines, locationIds: ["a", "b"], externalId: "cart" })
    await alone.reservations.confirm({ externalId: "cart" })
    await alone.reservations.fulfil([{ lineItemId: "line", quantity: 2 }])
    await alone.reservations.restock([{ lineItemId: "line", quantity: 1 }])
    const left = await alone.availability.ofVariants(["v"], ["a", "b"])
    const released = await alone.reservations.release({ externalId: "cart" })

    expect(ran).toContain("inventory/20261101000000_create-inventory")
    expect(again).toEqual([])
    expect(drift).toBe("")
    expect(made.map(({ quantity }) => quantity)).toEqual([5, 1])
    expect(left).toEqual([{ variantId: "v", available: 1 }])
    expect(released).toHaveLength(2)
    expect(await alone.reservations.releaseExpired()).toBe(0)
    expect(await alone.availability.ofItems([id])).toEqual([
      { inventoryItemId: id, stocked: 6, reserved: 0, incoming: 0, available: 6 },
    ])
    await alone.close()
    await database?.drop()
  })
})
