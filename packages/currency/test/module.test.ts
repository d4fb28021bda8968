import { createTestDatabase, driftOf } from "@marquetry/kernel/testing"
import { describe, expect, it } from "vitest"
import { startCurrency } from "../src/index.ts"

describe.each(["postgres", "pglite"])("the module alone, on %s", (kind) => {
  it("migrates an empty database to what its entities say, twice without harm, and knows the euro", async () => {
    const database = kind === "postgres" ? await createTestDatabase() : undefined
    const alone = await startCurrency({ database: database?.url })

    const ran = await alone.migrate()
    const again = await alone.migrate()
    const drift = await driftOf(alone.database)
    const euro = await alone.currencies.get("eur")

    expect(ran).toContain("currency/20261101000000_create-currencies")
    expect(again).toEqual([])
    expect(drift).toBe("")
    expect(euro).toMatchObject({ symbol: "€", decimalDigits: 2, rounding: "0" })
    await alone.close()
    await database?.drop()
  })
})
