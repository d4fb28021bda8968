import { createTestDatabase, driftOf } from "@marquetry/kernel/testing"
import { describe, expect, it } from "vitest"
import { startRegion } from "../src/index.ts"

describe.each(["postgres", "pglite"])("the module alone, on %s", (kind) => {
  it("migrates an empty database to what its entities say, twice without harm, and sells somewhere", async () => {
    const database = kind === "postgres" ? await createTestDatabase() : undefined
    const alone = await startRegion({ database: database?.url })

    const ran = await alone.migrate()
    const again = await alone.migrate()
    const drift = await driftOf(alone.database)
    const region = await alone.regions.create({ name: "Japan", currencyCode: "jpy", countries: ["jp"] })

    expect(ran).toContain("region/20261101000000_create-regions")
    expect(again).toEqual([])
    expect(drift).toBe("")
    expect(region.countries).toHaveLength(1)
    await alone.close()
    await database?.drop()
  })
})
