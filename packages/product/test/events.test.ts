import { createTestDatabase, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { startProduct } from "../src/index.ts"
import { aProduct } from "../src/testing.ts"

type Catalogue = Awaited<ReturnType<typeof startProduct>>

/** Makes, changes and deletes one of each, and answers its id. */
const lives: Record<string, (catalogue: Catalogue) => Promise<string>> = {
  product: async ({ products }) => {
    const { id } = await products.create(aProduct({ status: "draft" }))
    await products.update(id, { subtitle: "New" })
    await products.delete(id)
    return id
  },
  "product-variant": async ({ products, variants }) => {
    const product = await products.create(aProduct())
    const { id } = await variants.create(product.id, {})
    await variants.update(id, { sku: "X" })
    await variants.delete(id)
    return id
  },
  "product-option": async ({ options }) => {
    const { id } = await options.create({ title: "Size", values: ["S"] })
    await options.update(id, { title: "Sizes" })
    await options.delete(id)
    return id
  },
  "product-category": async ({ categories }) => {
    const { id } = await categories.create({ name: "Clothing" })
    await categories.update(id, { isActive: true })
    await categories.delete(id)
    return id
  },
  "product-collection": async ({ collections }) => {
    const { id } = await collections.create({ title: "Summer" })
    await collections.update(id, { title: "Winter" })
    await collections.delete(id)
    return id
  },
  "product-tag": async ({ tags }) => {
    const { id } = await tags.create({ value: "new" })
    await tags.update(id, { value: "old" })
    await tags.delete(id)
    return id
  },
  "product-type": async ({ types }) => {
    const { id } = await types.create({ value: "shirt" })
    await types.update(id, { value: "coat" })
    await types.delete(id)
    return id
  },
}

describe("what happens is told", () => {
  let database: TestDatabase
  let alone: Catalogue

  beforeAll(async () => {
    database = await createTestDatabase()
    alone = await startProduct({ database: database.url, events: { relay: false } })
    await alone.migrate()
  })

  afterAll(async () => {
    await alone.close()
    await database.drop()
  })

  it.each(Object.keys(lives))("of a %s, in order", async (name) => {
    const id = await lives[name]!(alone)

    const sent = await alone.database.sql(
      `select name from "marquetry"."outbox" where aggregate_id = $1 order by sequence`,
      [id],
    )
    expect(sent).toEqual(["created", "updated", "deleted"].map((event) => ({ name: `${name}.${event}` })))
  })

  it("not at all when it did not happen", async () => {
    const outbox = async () => alone.database.sql(`select id from "marquetry"."outbox" order by id`)
    const before = await outbox()

    const attempt = alone.database.transaction(async () => {
      await lives["product"]!(alone)
      throw new Error("changed my mind")
    })

    await expect(attempt).rejects.toThrow("changed my mind")
    expect(await outbox()).toEqual(before)
  })
})
