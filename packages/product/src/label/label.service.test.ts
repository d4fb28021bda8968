import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { startProduct, TagTaken, TypeTaken } from "../index.ts"
import { aProduct } from "../testing.ts"

type Catalogue = Awaited<ReturnType<typeof startProduct>>

describe.each([
  ["tags", TagTaken, "product-tag"],
  ["types", TypeTaken, "product-type"],
] as const)("%s", (name, Taken, event) => {
  let database: TestDatabase
  let alone: Catalogue
  let labels: Catalogue["tags"] | Catalogue["types"]

  beforeAll(async () => {
    database = await createTestDatabase()
    alone = await startProduct({ database: database.url, events: { relay: false } })
    await alone.migrate()
    labels = alone[name]
  })

  beforeEach(async () => {
    await alone.database.run(`truncate "product"."product_tag", "product"."product_type", "marquetry"."outbox" cascade`)
  })

  afterAll(async () => {
    await alone.close()
    await database.drop()
  })

  it("have values that are unique", async () => {
    const made = await labels.create({ value: " Cotton, organic ", externalId: "x", metadata: { a: 1 } })
    const other = await labels.create({ value: "Wool" })

    expect(made).toMatchObject({ value: "Cotton, organic", externalId: "x", metadata: { a: 1 } })
    await expect(labels.create({ value: "Wool" })).rejects.toEqual(new Taken("Wool"))
    await expect(labels.update(other.id, { value: "Cotton, organic" })).rejects.toEqual(new Taken("Cotton, organic"))
    expect((await labels.update(other.id, { value: "Silk" })).value).toBe("Silk")
    expect((await labels.list({ q: "org" })).rows).toEqual([made])
  })

  it("are made once, whoever wants them at once", async () => {
    const wanted = Array.from({ length: 20 }, (_, index) => `v${index}`)

    const all = await Promise.all(
      [wanted, [...wanted].reverse(), wanted, [...wanted].reverse()].map((values) => labels.upsertMany(values)),
    )

    const idsOf = (list: { id: string }[] | undefined) => (list ?? []).map(({ id }) => id).sort()
    expect(all.map((list) => idsOf(list))).toEqual(all.map(() => idsOf(all[0])))
    expect(all[1]?.map(({ value }) => value)).toEqual([...wanted].reverse())
    const [sent] = await alone.database.sql<{ count: number }>(
      `select count(*)::int as count from "marquetry"."outbox" where name = $1`,
      [`${event}.created`],
    )
    expect(sent?.count).toBe(20)
  })

  it("are made sure of in as many statements for a thousand as for one", async () => {
    const values = Array.from({ length: 1_000 }, (_, index) => `v${index}`)

    const one = await statementsOf(alone.database, () => labels.upsertMany(["first"]))
    const all = await statementsOf(alone.database, () => labels.upsertMany(values))

    expect(all).toEqual(one)
    expect(all).toHaveLength(3)
  })

  it("are taken from their products when they are deleted, and can be made anew", async () => {
    const { id } = await labels.create({ value: "Old" })
    const product = await alone.products.create(aProduct(name === "tags" ? { tagIds: [id] } : { typeId: id }))

    await labels.delete(id)

    expect(await alone.products.get(product.id)).toMatchObject({ tags: [], type: null, typeId: null })
    await expect(labels.delete(id)).rejects.toMatchObject({ code: "resource.not_found" })
    expect((await labels.create({ value: "Old" })).id).not.toBe(id)
  })
})
