import { createTestDatabase, driftOf } from "@marquetry/kernel/testing"
import { describe, expect, it } from "vitest"
import { startOrder } from "../src/index.ts"

describe.each(["postgres", "pglite"])("the module alone, on %s", (kind) => {
  it("migrates an empty database to what its entities say, twice without harm, and keeps a row", async () => {
    const database = kind === "postgres" ? await createTestDatabase() : undefined
    const alone = await startOrder({ database: database?.url })

    const ran = await alone.migrate()
    const again = await alone.migrate()
    const drift = await driftOf(alone.database)
    const { total } = await alone.orders.create({
      currencyCode: "eur",
      items: [{ title: "Shirt", unitPrice: "19.90", quantity: 2 }],
    })

    expect(ran).toContain("order/20261122203802_create-orders")
    expect(again).toEqual([])
    expect(drift).toBe("")
    expect(total).toBe("39.8")
    await alone.close()
    await database?.drop()
  })
})
