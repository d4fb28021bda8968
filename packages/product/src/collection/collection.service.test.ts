import { createTestDatabase, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { HandleTaken, startProduct } from "../index.ts"
import { aProduct } from "../testing.ts"

type Catalogue = Awaited<ReturnType<typeof startProduct>>

describe("collections", () => {
  let database: TestDatabase
  let alone: Catalogue
  let collections: Catalogue["collections"]

  beforeAll(async () => {
    database = await createTestDatabase()
    alone = await startProduct({ database: database.url, events: { relay: false } })
    await alone.migrate()
    collections = alone.collections
  })

  beforeEach(async () => {
    await alone.database.run(
      `truncate "product"."product", "product"."product_collection", "marquetry"."outbox" cascade`,
    )
  })

  afterAll(async () => {
    await alone.close()
    await database.drop()
  })

  it("have handles of their own", async () => {
    const made = await Promise.all(Array.from({ length: 5 }, () => collections.create({ title: "Sommer für alle" })))

    expect(made.map(({ handle }) => handle).sort()).toEqual(
      ["", "-2", "-3", "-4", "-5"].map((suffix) => `sommer-fur-alle${suffix}`),
    )
    await expect(collections.create({ title: "X", handle: "sommer-fur-alle" })).rejects.toThrow(HandleTaken)
  })

  it("change what is named", async () => {
    const { id } = await collections.create({ title: "Summer", externalId: "7" })

    const changed = await collections.update(id, { title: "Winter" })

    expect(changed).toMatchObject({ title: "Winter", handle: "summer", externalId: "7" })
    expect(await collections.findByHandle("summer")).toEqual(changed)
    expect((await collections.list({ q: "win" })).count).toBe(1)
    await expect(collections.update("pcol_none", {})).rejects.toMatchObject({ code: "resource.not_found" })
  })

  it("take products out of each other, and leave them when they are deleted", async () => {
    const [summer, winter] = await collections.createMany([{ title: "Summer" }, { title: "Winter" }])
    const made = await alone.products.createMany([1, 2, 3].map(() => aProduct({ collectionId: summer!.id })))
    const [first, second, third] = made.map(({ id }) => id) as [string, string, string]

    await collections.assignProducts(winter!.id, { add: [first], remove: [second] })
    await collections.assignProducts(summer!.id, { remove: [third] })
    const before = await Promise.all([first, second, third].map((id) => alone.products.get(id)))
    await collections.delete(winter!.id)

    expect(before.map(({ collectionId }) => collectionId)).toEqual([winter!.id, summer!.id, null])
    expect((await alone.products.get(first)).collectionId).toBeNull()
    await expect(collections.get(winter!.id)).rejects.toMatchObject({ code: "resource.not_found" })
    await expect(alone.products.update(first, { collectionId: winter!.id })).rejects.toMatchObject({
      code: "product.reference_unknown",
    })
  })
})
