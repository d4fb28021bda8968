import { createTestDatabase, driftOf } from "@marquetry/kernel/testing"
import { describe, expect, it } from "vitest"
import { startStockLocation } from "../src/index.ts"
import { aStockLocation, anAddress } from "../src/testing.ts"

describe.each(["postgres", "pglite"])("the module alone, on %s", (kind) => {
  it("migrates an empty database to what its entities say, twice without harm, and keeps a location", async () => {
    const database = kind === "postgres" ? await createTestDatabase() : undefined
    const alone = await startStockLocation({ database: database?.url })

    const ran = await alone.migrate()
    const again = await alone.migrate()
    const drift = await driftOf(alone.database)
    const { id } = await alone.stockLocations.create(aStockLocation({ address: anAddress() }))
    const updated = await alone.stockLocations.update(id, { address: anAddress({ city: "Aarhus" }) })

    expect(ran).toContain("stock_location/20261101000000_create-stock-locations")
    expect(again).toEqual([])
    expect(drift).toBe("")
    expect(updated.address?.city).toBe("Aarhus")
    await alone.close()
    await database?.drop()
  })
})
