import { createTestDatabase, driftOf } from "@marquetry/kernel/testing"
import { describe, expect, it } from "vitest"
import { SkuTaken, startProduct } from "../src/index.ts"

describe.each(["postgres", "pglite"])("the module alone, on %s", (kind) => {
  it("migrates an empty database to what its entities say, twice without harm, and keeps a product", async () => {
    const database = kind === "postgres" ? await createTestDatabase() : undefined
    const alone = await startProduct({ database: database?.url })

    const ran = await alone.migrate()
    const again = await alone.migrate()
    const drift = await driftOf(alone.database)
    const shirt = await alone.products.create({ title: "Shirt", options: [{ title: "Size", values: ["S", "M"] }] })
    const medium = await alone.variants.create(shirt.id, { sku: "M", options: { Size: "M" } })
    const [other] = await alone.products.updateMany([{ id: shirt.id, weight: 0.1, metadata: { eco: true } }])
    const taken = alone.products.create({ title: "Coat", variants: [{ sku: "M" }] })
    await expect(taken).rejects.toEqual(new SkuTaken("M"))
    await alone.products.delete(shirt.id)
    const restored = await alone.products.restore(shirt.id)

    expect(ran).toContain("product/20261101000000_create-products")
    expect(again).toEqual([])
    expect(drift).toBe("")
    expect(shirt.options[0]?.values.map(({ value }) => value)).toEqual(["S", "M"])
    expect(restored.variants.map(({ id }) => id)).toEqual([medium.id])
    expect(restored).toEqual(other)
    await alone.close()
    await database?.drop()
  })
})
