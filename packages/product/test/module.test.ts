import { createTestDatabase, driftOf } from "@marquetry/kernel/testing"
import { describe, expect, it } from "vitest"
import { startProduct } from "../src/index.ts"

describe.each(["postgres", "pglite"])("the module alone, on %s", (kind) => {
  it("migrates an empty database to what its entities say, twice without harm, and keeps a product", async () => {
    const database = kind === "postgres" ? await createTestDatabase() : undefined
    const alone = await startProduct({ database: database?.url })

    const ran = await alone.migrate()
    const again = await alone.migrate()
    const drift = await driftOf(alone.database)
    const shirt = await alone.products.create({ title: "Shirt", options: [{ title: "Size", values: ["S", "M"] }] })

    expect(ran).toContain("product/20261101000000_create-products")
    expect(again).toEqual([])
    expect(drift).toBe("")
    expect(shirt.options[0]?.values.map(({ value }) => value)).toEqual(["S", "M"])
    await alone.close()
    await database?.drop()
  })
})
