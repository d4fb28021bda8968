import { createTestDatabase, driftOf } from "@marquetry/kernel/testing"
import { describe, expect, it } from "vitest"
import { startStore } from "../src/index.ts"
import { aStore } from "../src/testing.ts"

describe.each(["postgres", "pglite"])("the module alone, on %s", (kind) => {
  it("migrates an empty database to what its entities say, twice without harm, and has its store", async () => {
    const database = kind === "postgres" ? await createTestDatabase() : undefined
    const alone = await startStore({ database: database?.url })

    const ran = await alone.migrate()
    const again = await alone.migrate()
    const drift = await driftOf(alone.database)
    const store = await alone.stores.ensure(aStore())
    const changed = await alone.stores.update(store.id, {
      supportedCurrencies: [{ currencyCode: "eur" }, { currencyCode: "usd", isDefault: true }],
    })

    expect(ran).toContain("store/20261101000000_create-stores")
    expect(again).toEqual([])
    expect(drift).toBe("")
    expect(changed.supportedCurrencies.map(({ isDefault }) => isDefault)).toEqual([false, true])
    await alone.close()
    await database?.drop()
  })
})
