import { createTestDatabase, driftOf } from "@marquetry/kernel/testing"
import { describe, expect, it } from "vitest"
import { startPricing } from "../src/index.ts"
import { aListPrice, aPrice, aPriceList, aPriceSet } from "../src/testing.ts"

describe.each(["postgres", "pglite"])("the module alone, on %s", (kind) => {
  it("migrates an empty database to what its entities say, twice without harm, and prices something", async () => {
    const database = kind === "postgres" ? await createTestDatabase() : undefined
    const alone = await startPricing({ database: database?.url })

    const ran = await alone.migrate()
    const again = await alone.migrate()
    const drift = await driftOf(alone.database)
    const set = await alone.priceSets.create(aPriceSet(aPrice({ minQuantity: 2 })))
    await alone.priceLists.create(aPriceList({ prices: [aListPrice(set.id, { amount: "9.99" })] }))
    await alone.priceSets.setPrices([{ priceSetId: set.id, prices: [aPrice({ minQuantity: 2, amount: 11 })] }])
    const taken = await alone.priceSets
      .addPrices(set.id, [aPrice({ minQuantity: "2.0" })])
      .catch((error: unknown) => error)
    const asked = [{ priceSetId: set.id, quantity: "2.5" }, "pset_none"]
    const prices = await alone.calculator.calculateForWire(asked, { currencyCode: "eur" })

    expect(ran).toContain("pricing/20261101000000_create-prices")
    expect(again).toEqual([])
    expect(drift).toBe("")
    expect(taken).toMatchObject({ code: "pricing.price_taken" })
    expect(prices).toMatchObject([{ calculated_amount: 9.99, original_amount: 11 }, null])
    await alone.close()
    await database?.drop()
  })
})
