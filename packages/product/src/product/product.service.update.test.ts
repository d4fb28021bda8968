import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import {
  ChoiceTaken,
  HandleTaken,
  OptionInUse,
  ReferenceUnknown,
  SkuTaken,
  startProduct,
  type ProductView,
} from "../index.ts"
import { aProduct, aShirt } from "../testing.ts"

/** Updates tell Postgres how many rows they are about: 1, 10, 100 … */
const withoutCount = (statement: string): string => statement.replaceAll(/limit \d+/g, "limit")

type Catalogue = Awaited<ReturnType<typeof startProduct>>

const choicesOf = ({ variants }: ProductView) => variants.map(({ options }) => options.map(({ value }) => value).sort())

describe("products that there are", () => {
  let database: TestDatabase
  let alone: Catalogue
  let products: Catalogue["products"]

  beforeAll(async () => {
    database = await createTestDatabase()
    alone = await startProduct({ database: database.url, events: { relay: false } })
    await alone.migrate()
    products = alone.products
  })

  beforeEach(async () => {
    await alone.database.run(`truncate "product"."product", "product"."product_category", "product"."product_tag",
      "product"."product_type", "product"."product_collection", "product"."product_option", "marquetry"."outbox" cascade`)
  })

  afterAll(async () => {
    await alone.close()
    await database.drop()
  })

  const sent = async (name: string) => {
    const rows = await alone.database.sql<{ id: string }>(
      `select aggregate_id as id from "marquetry"."outbox" where name = $1 order by sequence`,
      [name],
    )
    return rows.map(({ id }) => id)
  }

  describe("changing", () => {
    it("leaves what is not named, and replaces lists as a whole", async () => {
      const [first, second] = await alone.tags.upsertMany(["a", "b"])
      const shirt = await products.create(aShirt({ tagIds: [first!.id], subtitle: "Light" }))
      const [small] = shirt.variants

      const changed = await products.update(shirt.id, {
        title: "Blouse",
        tagIds: [second!.id],
        images: [{ url: "/static/back.png" }, { url: "/static/new.png" }],
        variants: [
          { id: small!.id, sku: "NEW" },
          { sku: "M-B", options: { Size: "M", Color: "Blue" } },
        ],
      })

      expect(changed).toMatchObject({ title: "Blouse", handle: "shirt", subtitle: "Light", tags: [{ value: "b" }] })
      expect(changed.images.map(({ url }) => url)).toEqual(["/static/back.png", "/static/new.png"])
      expect(changed.images[0]?.id).toBe(shirt.images[1]?.id)
      expect(changed.thumbnail).toBe("/static/back.png")
      expect(changed.variants.map(({ sku }) => sku)).toEqual(["NEW", "M-B"])
      expect(changed.variants[0]).toMatchObject({ id: small!.id, title: "S / Blue" })
      expect(changed.options).toEqual(shirt.options)
      expect(await sent("product-variant.deleted")).toEqual([shirt.variants[1]?.id])
    })

    it("lets variants exchange their values and SKUs", async () => {
      const { id, variants } = await products.create(aShirt())
      const [first, second] = variants as [ProductView["variants"][number], ProductView["variants"][number]]

      const changed = await products.update(id, {
        variants: [
          { id: first.id, sku: "M-R", options: { Size: "M", Color: "Red" } },
          { id: second.id, sku: "S-B", options: { Size: "S", Color: "Blue" } },
        ],
      })

      expect(changed.variants.map((variant) => [variant.id, variant.sku])).toEqual([
        [first.id, "M-R"],
        [second.id, "S-B"],
      ])
      expect(choicesOf(changed)).toEqual([
        ["M", "Red"],
        ["Blue", "S"],
      ])
    })

    it("gives variants the first value of an option that is added, and takes that of one that goes", async () => {
      const { id } = await products.create(aShirt())
      const size = { title: "Size", values: ["S", "M"] }

      const changed = await products.update(id, { options: [size, { title: "Fit", values: ["Slim", "Wide"] }] })

      expect(changed.options.map(({ title }) => title)).toEqual(["Size", "Fit"])
      expect(choicesOf(changed)).toEqual([
        ["S", "Slim"],
        ["M", "Slim"],
      ])
      await expect(products.update(id, { options: [] })).rejects.toThrow(ChoiceTaken)
    })

    it("keeps values that variants are a choice of, and changes others", async () => {
      const { id, options } = await products.create(aShirt({ variants: [{ options: { Size: "M", Color: "Red" } }] }))
      const color = { title: "Color", values: ["Blue", "Red"] }

      await expect(products.update(id, { options: [{ title: "Size", values: ["S"] }, color] })).rejects.toThrow(
        OptionInUse,
      )
      const changed = await products.update(id, { options: [{ title: "Size", values: ["L", "M"] }, color] })

      expect(changed.options[0]?.id).toBe(options[0]?.id)
      expect(changed.options[0]?.values.map(({ value }) => value)).toEqual(["L", "M"])
      expect(changed.options[0]?.values[1]?.id).toBe(options[0]?.values[1]?.id)
    })

    it("adds, changes and takes away some options, and leaves the others", async () => {
      const fit = await alone.options.create({ title: "Fit", values: ["Slim", "Wide", "Loose"] })
      const { id, options } = await products.create(aShirt())
      const [size, color] = options as [ProductView["options"][number], ProductView["options"][number]]
      const [slim, wide, loose] = fit.values.map((value) => value.id) as [string, string, string]

      const added = await products.changeOptions(id, {
        add: [{ id: fit.id, valueIds: [wide] }],
        update: [{ optionId: size.id, add: [{ value: "L" }] }],
      })
      const changed = await products.changeOptions(id, {
        remove: [color.id],
        update: [{ optionId: fit.id, add: [slim, { value: "Loose" }] }],
      })
      await products.update(id, { options: [{ id: size.id }, { id: fit.id }] })
      const wider = await alone.variants.create(id, { options: { Size: "L", Fit: "Loose" } })

      expect(added.options.find((option) => option.id === size.id)?.values.map(({ value }) => value)).toEqual([
        "S",
        "M",
        "L",
      ])
      expect(choicesOf(added)).toEqual([
        ["Blue", "S", "Wide"],
        ["M", "Red", "Wide"],
      ])
      expect(choicesOf(changed)).toEqual([
        ["S", "Wide"],
        ["M", "Wide"],
      ])
      expect(wider.options.map((value) => value.id)).toContain(loose)
      await expect(alone.options.get(color.id)).rejects.toMatchObject({ code: "resource.not_found" })
      await expect(products.changeOptions(id, { remove: [color.id] })).rejects.toMatchObject({
        code: "resource.not_found",
      })
    })

    it("is the same number of statements for one product as for fifty", async () => {
      const made = await products.createMany(Array.from({ length: 50 }, (_, index) => aProduct({ title: `P${index}` })))
      const patch = ({ id }: ProductView) => ({ id, subtitle: "Sale", weight: 2, metadata: { sale: true } })

      const one = await statementsOf(alone.database, () => products.update(made[0]!.id, { subtitle: "Soon" }))
      const all = await statementsOf(alone.database, () => products.updateMany(made.map(patch)))

      expect(all).toHaveLength(one.length)
      expect(all.length).toBeLessThanOrEqual(5)
      const { rows } = await products.list({ limit: 100 })
      expect(rows.every(({ subtitle, weight }) => subtitle === "Sale" && weight === "2")).toBe(true)
      expect(rows.map(({ title }) => title)).toEqual(made.map(({ title }) => title))
    })

    it("replaces lists of fifty products in as many statements as of ten", async () => {
      const made = await products.createMany(
        Array.from({ length: 60 }, (_, index) => aShirt({ variants: [{ sku: `${index}`, options: small }] })),
      )
      const [tag] = await alone.tags.upsertMany(["sale"])
      const patch = ({ id, variants: [variant] }: ProductView) => ({
        id,
        tagIds: [tag!.id],
        images: [{ url: "/static/back.png" }, { url: `/${id}.png` }],
        options: [{ title: "Size", values: ["S", "M", "L"] }],
        variants: [
          { id: variant!.id, options: { Size: "M" } },
          { sku: `L-${id}`, options: { Size: "L" } },
        ],
      })

      const few = await statementsOf(alone.database, () => products.updateMany(made.slice(0, 10).map(patch)))
      const many = await statementsOf(alone.database, () => products.updateMany(made.slice(10).map(patch)))

      expect(many.map(withoutCount)).toEqual(few.map(withoutCount))
      const { rows } = await products.list({ filter: { tags: tag!.id }, limit: 100 })
      expect(rows).toHaveLength(60)
      expect(rows.map((row) => choicesOf(row))).toEqual(rows.map(() => [["M"], ["L"]]))
      expect(rows.every(({ images, options }) => images.length === 2 && options.length === 1)).toBe(true)
    })

    it("takes empty texts of forms for none", async () => {
      const { id } = await products.create(aProduct({ subtitle: "", material: "", variants: [{ sku: "" }] }))

      const changed = await products.update(id, { externalId: " " })

      expect(changed).toMatchObject({ subtitle: null, material: null, externalId: null, variants: [{ sku: null }] })
    })

    it("refuses a handle that another has, and a product that there is not", async () => {
      const first = await products.create(aProduct())
      await products.create(aProduct({ title: "Coat" }))

      await expect(products.update(first.id, { handle: "coat" })).rejects.toEqual(new HandleTaken("coat"))
      await expect(products.update("prod_none", { title: "X" })).rejects.toMatchObject({ code: "resource.not_found" })
      await expect(products.update(first.id, { tagIds: ["ptag_none"] })).rejects.toThrow(ReferenceUnknown)
    })

    it("publishes once and says so", async () => {
      const { id } = await products.create(aProduct({ status: "draft" }))

      await products.publish(id)
      const again = await products.publish(id)

      expect(again.status).toBe("published")
      expect(await sent("product.published")).toEqual([id])
    })

    it("keeps every change of many that come at once", async () => {
      const { id } = await products.create(aProduct({ options: [{ title: "Size", values: sizes }] }))

      await Promise.all(sizes.map((Size) => alone.variants.create(id, { sku: Size, options: { Size } })))

      const { variants } = await products.get(id)
      expect(variants.map(({ sku }) => String(sku)).sort()).toEqual([...sizes].sort())
      expect(variants.map(({ variantRank }) => variantRank)).toEqual(sizes.map((_, index) => index))
    })
  })

  describe("holding", () => {
    it("lets those who make several calls about the same products follow each other", async () => {
      const { id: first } = await products.create(aProduct())
      const { id: second } = await products.create(aProduct())
      const both = (ids: string[], subtitle: string) =>
        alone.database.transaction(async () => {
          await products.hold(ids)
          for (const id of ids) await products.update(id, { subtitle })
        })

      await Promise.all(
        Array.from({ length: 12 }, (_, index) => both(index % 2 === 0 ? [first, second] : [second, first], `${index}`)),
      )

      expect((await products.get(first)).subtitle).toBe((await products.get(second)).subtitle)
    })

    it("of what is named comes before that of products, as whoever deletes it takes the locks", async () => {
      for (let round = 0; round < 8; round++) {
        const { id: collectionId } = await alone.collections.create({ title: "Summer" })
        const { id } = await products.create(aProduct({ collectionId }))
        const change = { id, collectionId, handle: `summer-${round}` }
        const hold = () =>
          alone.database.transaction(async () => {
            await products.holdNamed([], [change])
            await products.hold([id])
            await products.changeMany([change])
          })

        const settled = await Promise.allSettled([
          alone.collections.delete(collectionId),
          hold(),
          products.changeMany([change]),
          hold(),
        ])

        const refused = settled.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []))
        for (const reason of refused) expect(reason).toBeInstanceOf(ReferenceUnknown)
        expect((await products.get(id)).collection).toBeNull()
      }
    })

    it("is for products that there are, in a transaction", async () => {
      await expect(alone.database.transaction(() => products.hold(["prod_none"]))).rejects.toMatchObject({
        code: "resource.not_found",
      })
      await expect(products.hold([])).rejects.toThrow(TypeError)
      await expect(products.holdNamed([], [])).rejects.toThrow(TypeError)
    })
  })

  describe("deleting", () => {
    it("takes what belongs to a product with it and brings it back, but not what was deleted before", async () => {
      const shirt = await products.create(aShirt())
      await alone.variants.delete(shirt.variants[0]!.id)
      const before = await products.get(shirt.id)
      // The instant says what was deleted together, in milliseconds.
      await alone.database.run(
        `update "product"."product_variant" set deleted_at = deleted_at - interval '1 second' where deleted_at is not null`,
      )

      await products.delete(shirt.id)
      const gone = await Promise.all([
        products.list(),
        alone.variants.list(),
        alone.options.list(),
        alone.query.listAny("product_image", { fields: { id: true } }),
      ])
      const restored = await products.restore(shirt.id)

      expect(gone.map(({ count }) => count)).toEqual([0, 0, 0, 0])
      expect(restored).toEqual(before)
      expect(await sent("product.deleted")).toEqual([shirt.id])
      expect(await sent("product.restored")).toEqual([shirt.id])
      await expect(products.restore(shirt.id)).rejects.toMatchObject({ code: "resource.not_found" })
    })

    it("tells which variants go", async () => {
      const shirt = await products.create(aShirt())
      const [first, second] = shirt.variants.map(({ id }) => id)
      await alone.variants.delete(first!)
      const { id } = await products.create(aProduct())

      expect(await products.deleteMany([shirt.id, id])).toEqual([second])
    })

    it("frees handle and SKU, and does not come back over those who took them", async () => {
      const shirt = await products.create(aShirt())
      await products.delete(shirt.id)

      const second = await products.create(aShirt())
      expect(second.handle).toBe("shirt")
      await expect(products.restore(shirt.id)).rejects.toEqual(new HandleTaken("shirt"))
      await products.update(second.id, { handle: "other" })
      await expect(products.restore(shirt.id)).rejects.toThrow(SkuTaken)
      await products.delete(second.id)
      expect((await products.restore(shirt.id)).id).toBe(shirt.id)
    })

    it("deletes all of many or none", async () => {
      const made = await products.createMany([aProduct(), aProduct()])

      await expect(products.deleteMany([made[0]!.id, "prod_none"])).rejects.toMatchObject({
        code: "resource.not_found",
      })
      expect((await products.list()).count).toBe(2)
      await products.deleteMany(made.map(({ id }) => id))
      expect((await products.list()).count).toBe(0)
    })
  })
})

const small = { Size: "S", Color: "Blue" }
const sizes = ["XS", "S", "M", "L", "XL"]
