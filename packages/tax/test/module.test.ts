import { createTestDatabase, driftOf } from "@marquetry/kernel/testing"
import { describe, expect, it } from "vitest"
import { startTax } from "../src/index.ts"

describe.each(["postgres", "pglite"])("the module alone, on %s", (kind) => {
  it("migrates an empty database to what its entities say, twice without harm, and taxes a sale", async () => {
    const database = kind === "postgres" ? await createTestDatabase() : undefined
    const alone = await startTax({ database: database?.url })

    const ran = await alone.migrate()
    const again = await alone.migrate()
    const drift = await driftOf(alone.database)
    await alone.taxRegions.create({ countryCode: "JP", defaultTaxRate: { name: "Consumption tax", rate: 10 } })
    const { shippingMethods } = await alone.calculator.taxLines({
      address: { countryCode: "jp" },
      currencyCode: "jpy",
      shippingMethods: [{ id: "one", shippingOptionId: null, amount: 500 }],
    })

    expect(ran).toContain("tax/20261122203803_create-taxes")
    expect(again).toEqual([])
    expect(drift).toBe("")
    expect(shippingMethods.get("one")).toMatchObject([{ rate: "10", name: "Consumption tax", providerId: "system" }])
    await alone.close()
    await database?.drop()
  })
})
