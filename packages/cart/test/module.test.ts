import { createTestDatabase, driftOf } from "@marquetry/kernel/testing"
import { describe, expect, it } from "vitest"
import { startCart } from "../src/index.ts"
import { aCart, aLineItem } from "../src/testing.ts"

describe.each(["postgres", "pglite"])("the module alone, on %s", (kind) => {
  it("migrates an empty database to what its entities say, twice without harm, and keeps a cart to its end", async () => {
    const database = kind === "postgres" ? await createTestDatabase() : undefined
    const alone = await startCart({ database: database?.url })

    const ran = await alone.migrate()
    const again = await alone.migrate()
    const drift = await driftOf(alone.database)
    const { id } = await alone.carts.create(aCart({ items: [aLineItem({ variantId: "v", taxLines: [{ rate: 19 }] })] }))
    const cart = await alone.carts.addItems(id, [aLineItem({ variantId: "v" })])
    await alone.carts.complete(id)
    const late = await alone.carts.addItems(id, [aLineItem()]).catch((error: unknown) => error)

    expect(ran).toContain("cart/20261122203802_create-carts")
    expect(again).toEqual([])
    expect(drift).toBe("")
    expect(cart).toMatchObject({ total: "23.8", items: [{ quantity: 2 }] })
    expect(late).toMatchObject({ code: "cart.completed" })
    await alone.close()
    await database?.drop()
  })
})
