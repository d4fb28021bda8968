import { createTestDatabase, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { OptionExclusive, OptionInUse, OptionTitleTaken, OptionValueTaken, startProduct } from "../index.ts"
import { aProduct } from "../testing.ts"

type Catalogue = Awaited<ReturnType<typeof startProduct>>

describe("options", () => {
  let database: TestDatabase
  let alone: Catalogue
  let options: Catalogue["options"]

  beforeAll(async () => {
    database = await createTestDatabase()
    alone = await startProduct({ database: database.url, events: { relay: false } })
    await alone.migrate()
    options = alone.options
  })

  beforeEach(async () => {
    await alone.database.run(`truncate "product"."product", "product"."product_option", "marquetry"."outbox" cascade`)
  })

  afterAll(async () => {
    await alone.close()
    await database.drop()
  })

  const valuesOf = (option: { values: { value: string; rank: number }[] }) =>
    option.values.map(({ value, rank }) => [value, rank])

  it("order their values as given, or by rank", async () => {
    const size = await options.create({ title: "Size", values: ["S", "M", "L"], ranks: { S: 5 } })

    expect(size).toMatchObject({ title: "Size", isExclusive: false, metadata: null })
    expect(valuesOf(size)).toEqual([
      ["M", 1],
      ["L", 2],
      ["S", 5],
    ])
  })

  it("keep the values that stay, and drop the others", async () => {
    const size = await options.create({ title: "Size", values: ["S", "M", "L"] })

    const changed = await options.update(size.id, { values: ["L", "XL", "M"] })
    const ranked = await options.update(size.id, { ranks: { XL: 9 } })

    expect(valuesOf(changed)).toEqual([
      ["L", 0],
      ["XL", 1],
      ["M", 2],
    ])
    expect(changed.values[0]?.id).toBe(size.values[2]?.id)
    expect(valuesOf(ranked).at(-1)).toEqual(["XL", 9])
  })

  it("keep the values that variants are a choice of", async () => {
    const size = await options.create({ title: "Size", values: ["S", "M"] })
    const [small, medium] = size.values.map(({ id }) => id) as [string, string]
    const shirt = await alone.products.create(
      aProduct({ options: [{ id: size.id }], variants: [{ options: { Size: "S" } }] }),
    )

    await expect(options.update(size.id, { values: ["M"] })).rejects.toThrow(OptionInUse)
    await expect(options.deleteValue(size.id, small)).rejects.toThrow(OptionInUse)
    await expect(options.delete(size.id)).rejects.toThrow(OptionInUse)
    await options.deleteValue(size.id, medium)

    expect((await options.get(size.id)).values).toHaveLength(1)
    await alone.variants.delete(shirt.variants[0]!.id)
    await options.delete(size.id)
    expect((await alone.products.get(shirt.id)).options).toEqual([])
  })

  it("never lose a value to a deletion that races with a variant", async () => {
    const values = Array.from({ length: 10 }, (_, index) => `V${index}`)
    const size = await options.create({ title: "Size", values })
    const shirt = await alone.products.create(aProduct({ options: [{ id: size.id }] }))

    await Promise.allSettled(
      size.values.flatMap(({ id, value }) => [
        options.deleteValue(size.id, id),
        alone.variants.create(shirt.id, { options: { Size: value } }),
      ]),
    )

    const { variants, options: left } = await alone.products.get(shirt.id)
    const offered = left[0]?.values.map(({ value }) => value)
    expect(variants.map((variant) => variant.options.length)).toEqual(variants.map(() => 1))
    expect(variants.flatMap((variant) => variant.options.map(({ value }) => value)).sort()).toEqual(offered?.sort())
  })

  it("change one value, but not into another", async () => {
    const size = await options.create({ title: "Size", values: ["S", "M"] })
    const [small] = size.values.map(({ id }) => id) as [string]

    const changed = await options.updateValue(size.id, small, { value: "Small", metadata: { cm: 90 } })

    expect(changed.values[0]).toMatchObject({ id: small, value: "Small", metadata: { cm: 90 } })
    await expect(options.updateValue(size.id, small, { value: "M" })).rejects.toEqual(new OptionValueTaken("M"))
    await expect(options.updateValue(size.id, "optval_none", {})).rejects.toMatchObject({ code: "resource.not_found" })
  })

  it("have titles that are unique on each product, and owners that are", async () => {
    const [size, fit] = await options.createMany([
      { title: "Size", values: ["S"] },
      { title: "Fit", values: ["Slim"] },
    ])
    const shirt = aProduct({ options: [{ id: size!.id }, { id: fit!.id }] })
    await alone.products.createMany([shirt, shirt])

    await expect(options.update(fit!.id, { title: "Size" })).rejects.toEqual(new OptionTitleTaken("Size"))
    await expect(options.update(fit!.id, { isExclusive: true })).rejects.toEqual(new OptionExclusive(fit!.id))
  })

  it("are found by title", async () => {
    await options.createMany([
      { title: "Shoe size", values: [] },
      { title: "Color", values: [] },
    ])

    expect((await options.list({ q: "size" })).rows.map(({ title }) => title)).toEqual(["Shoe size"])
  })
})
