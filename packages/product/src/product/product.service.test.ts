import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest"
import {
  BarcodeTaken,
  ChoiceTaken,
  HandleTaken,
  OptionExclusive,
  OptionTitleTaken,
  OptionUnknown,
  OptionValueMissing,
  OptionValueUnknown,
  SkuTaken,
  startProduct,
  type CreateProduct,
  type ProductView,
} from "../index.ts"
import { aProduct, aShirt, aVariant } from "../testing.ts"

type Catalogue = Awaited<ReturnType<typeof startProduct>>

const choicesOf = ({ variants }: ProductView) => variants.map(({ options }) => options.map(({ value }) => value).sort())

describe("products", () => {
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

  describe("creating", () => {
    it("keeps everything that it was given, in order", async () => {
      const [tag] = await alone.tags.upsertMany(["new"])
      const [type] = await alone.types.upsertMany(["shirt"])
      const collection = await alone.collections.create({ title: "Summer" })
      const category = await alone.categories.create({ name: "Clothing" })

      const shirt = await products.create(
        aShirt({
          title: "Été & Soleil",
          weight: "0.1",
          length: 30,
          metadata: { washable: true },
          tagIds: [tag!.id, tag!.id],
          typeId: type!.id,
          collectionId: collection.id,
          categoryIds: [category.id],
        }),
      )

      expect(shirt).toMatchObject({
        handle: "ete-and-soleil",
        status: "published",
        isGiftcard: false,
        discountable: true,
        weight: "0.1",
        length: "30",
        thumbnail: "https://cdn.test/front.png",
        metadata: { washable: true },
        deletedAt: null,
        type: { value: "shirt" },
        collection: { handle: "summer" },
        tags: [{ value: "new" }],
        categories: [{ id: category.id, mpath: category.id }],
      })
      expect(shirt.images.map(({ url, rank }) => [url, rank])).toEqual([
        ["https://cdn.test/front.png", 0],
        ["/static/back.png", 1],
      ])
      expect(shirt.options.map(({ title, values }) => [title, ...values.map(({ value }) => value)])).toEqual([
        ["Size", "S", "M"],
        ["Color", "Blue", "Red"],
      ])
      expect(shirt.variants.map(({ title, variantRank }) => [title, variantRank])).toEqual([
        ["S / Blue", 0],
        ["M / Red", 1],
      ])
      expect(choicesOf(shirt)).toEqual([
        ["Blue", "S"],
        ["M", "Red"],
      ])
      expect(shirt.variants[0]).not.toHaveProperty("optionKey")
      expect(await products.get(shirt.id)).toEqual(shirt)
      expect(await products.findByHandle("ete-and-soleil")).toEqual(shirt)
    })

    it("answers on the wire as the contract has it", async () => {
      await products.create(aShirt({ weight: 0.5 }))

      const { rows } = await alone.query.listRaw("product", {
        fields: {
          weight: true,
          collection_id: true,
          is_giftcard: true,
          type: true,
          variants: { variant_rank: true, allow_backorder: true, options: { option: { title: true } }, images: true },
          options: { is_exclusive: true, values: { value: true, option_id: true } },
          images: { variants: true, product: { title: true } },
        },
        names: "wire",
      })

      const [row] = JSON.parse(rows) as Record<string, unknown>[]
      expect(row).toMatchObject({
        weight: 0.5,
        collection_id: null,
        is_giftcard: false,
        type: null,
        variants: [
          { variant_rank: 0, allow_backorder: false, options: [{ option: { title: "Size" } }, {}], images: [] },
          {},
        ],
        options: [{ is_exclusive: true, values: [{ value: "S" }, { value: "M" }] }, {}],
        images: [{ variants: [], product: { title: "Shirt" } }, {}],
      })
    })

    it("gives each of many that are called the same a handle of its own", async () => {
      const made = await Promise.all(Array.from({ length: 20 }, () => products.create(aProduct())))

      const handles = made.map(({ handle }) => handle)
      const numbered = Array.from({ length: 19 }, (_, index) => `shirt-${index + 2}`)
      expect(handles.sort()).toEqual(["shirt", ...numbered].sort())
    })

    it("steers made handles around those that are asked for, in one call and in others", async () => {
      await products.create(aProduct({ title: "Other", handle: "shirt-2" }))

      const made = await products.createMany([
        aProduct(),
        aProduct({ title: "Third", handle: "shirt-3" }),
        aProduct(),
        aProduct({ title: "Shirt 2" }),
        aProduct({ handle: "" }),
      ])

      expect(made.map(({ handle }) => handle)).toEqual(["shirt", "shirt-3", "shirt-4", "shirt-2-2", "shirt-5"])
    })

    it("refuses a handle that was asked for and is taken, and writes nothing", async () => {
      await products.create(aProduct())

      const second = products.createMany([aProduct({ title: "Free" }), aProduct({ title: "New", handle: "shirt" })])

      await expect(second).rejects.toEqual(new HandleTaken("shirt"))
      expect((await products.list()).count).toBe(1)
    })

    it("lets one of many have the SKU that all want", async () => {
      const results = await Promise.allSettled(
        Array.from({ length: 8 }, () => products.create(aProduct({ variants: [aVariant({ sku: "ONE" })] }))),
      )

      const lost = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []))
      expect(lost).toHaveLength(7)
      expect(lost).toEqual(lost.map(() => new SkuTaken("ONE")))
      expect((await products.list()).count).toBe(1)
    })

    it("lets one of many have a list of SKUs, in whatever order they want them", async () => {
      const skus = Array.from({ length: 50 }, (_, index) => `SKU-${index}`)
      const wanting = (list: readonly string[]) => list.map((sku) => aProduct({ variants: [aVariant({ sku })] }))

      const results = await Promise.allSettled(
        [skus, skus.toReversed(), skus, skus.toReversed()].map((list, index) =>
          products.createMany(wanting(list).map((product) => ({ ...product, title: `Catalogue ${"abcd"[index]}` }))),
        ),
      )

      const lost = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []))
      expect(lost.map((error) => error instanceof SkuTaken)).toEqual([true, true, true])
      expect((await products.list()).count).toBe(50)
    })

    it.each([
      ["an option that there is not", { options: { Size: "S", Color: "Blue", Fit: "Slim" } }, OptionUnknown],
      ["a value that there is not", { options: { Size: "XL", Color: "Blue" } }, OptionValueUnknown],
      ["a missing value", { options: { Size: "S" } }, OptionValueMissing],
      ["a choice that another is", { options: { Size: "S", Color: "Blue" } }, ChoiceTaken],
      ["a barcode that another has", { barcode: "1", options: { Size: "S", Color: "Red" } }, BarcodeTaken],
    ] as const)("refuses a variant with %s", async (_, variant, error) => {
      const first = { barcode: "1", options: { Size: "S", Color: "Blue" } }

      await expect(products.create(aShirt({ variants: [first, variant] }))).rejects.toThrow(error)
      expect((await products.list()).count).toBe(0)
    })

    it("lets a product without options have one variant", async () => {
      const plain = await products.create(aProduct({ variants: [{}] }))

      expect(plain.variants).toMatchObject([{ title: "Shirt", options: [] }])
      await expect(products.create(aProduct({ variants: [aVariant(), aVariant()] }))).rejects.toThrow(ChoiceTaken)
    })

    it.each([
      ["a relative image", { images: [{ url: "front.png" }] }],
      ["an image of another protocol", { images: [{ url: "javascript:alert(1)" }] }],
      ["an image of no host", { images: [{ url: "//evil.test/x.png" }] }],
      ["a handle with capitals", { handle: "Shirt" }],
      ["a negative weight", { weight: -1 }],
      ["a value twice", { options: [{ title: "Size", values: ["S", "S"] }] }],
      ["an empty title", { title: " " }],
    ] as [string, Partial<CreateProduct>][])("refuses %s", async (_, fault) => {
      await expect(products.create(aProduct(fault))).rejects.toMatchObject({ code: "input.invalid" })
    })

    it.each([
      ["product_tag", { tagIds: ["ptag_none"] }],
      ["product_type", { typeId: "ptyp_none" }],
      ["product_collection", { collectionId: "pcol_none" }],
      ["product_category", { categoryIds: ["pcat_none"] }],
      ["product_option", { options: [{ id: "opt_none" }] }],
    ] as [string, Partial<CreateProduct>][])("refuses a %s that there is not", async (resource, fault) => {
      await expect(products.create(aProduct(fault))).rejects.toMatchObject({
        code: "product.reference_unknown",
        details: { resource },
      })
    })

    it("refuses two options of one title", async () => {
      const options = [
        { title: "Size", values: ["S"] },
        { title: "Size", values: ["M"] },
      ]

      await expect(products.create(aProduct({ options }))).rejects.toThrow(OptionTitleTaken)
    })

    it("shares options, and offers the values that were chosen of them", async () => {
      const size = await alone.options.create({ title: "Size", values: ["S", "M", "L"] })
      const valueIds = size.values.slice(0, 2).map(({ id }) => id)

      const first = await products.create(
        aProduct({ options: [{ id: size.id, valueIds }], variants: [{ options: { Size: "S" } }] }),
      )
      const second = await products.create(
        aProduct({ options: [{ id: size.id }], variants: [{ options: { Size: "L" } }] }),
      )

      expect(first.options[0]?.id).toBe(second.options[0]?.id)
      await expect(alone.variants.create(first.id, { options: { Size: "L" } })).rejects.toThrow(OptionValueUnknown)
    })

    it("lets one of many products have an exclusive option", async () => {
      const size = await alone.options.create({ title: "Size", values: ["S"], isExclusive: true })

      const results = await Promise.allSettled(
        Array.from({ length: 6 }, () => products.create(aProduct({ options: [{ id: size.id }] }))),
      )

      const lost = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []))
      expect(lost).toEqual(Array.from({ length: 5 }, () => new OptionExclusive(size.id)))
    })

    it("takes as many statements for two hundred as for ten", async () => {
      const references = await everyReference()
      const batch = (from: number, count: number) =>
        Array.from({ length: count }, (_, index) => aLargeProduct(from + index, references))

      const one = await statementsOf(alone.database, () => products.create(aLargeProduct(0, references)))
      const ten = await statementsOf(alone.database, () => products.createMany(batch(10, 10)))
      const many = await statementsOf(alone.database, () => products.createMany(batch(100, 200)))

      expect(many).toEqual(ten)
      expect(one).toEqual(ten)
      expect(ten.length).toBeLessThanOrEqual(14)
      expect((await products.list()).count).toBe(211)
    })

    it("answers what many made without reading it", async () => {
      const variants = [
        { sku: "M", variantRank: 1, options: { Size: "M" } },
        { sku: "S", variantRank: 0, options: { Size: "S" } },
      ]
      const size = { title: "Size", values: ["S", "M"] }
      const make = (count: number) =>
        products.addMany(
          Array.from({ length: count }, (_, index) => {
            const own = variants.map(({ sku, ...variant }) => ({ ...variant, sku: `${sku}-${count}-${index}` }))
            return aProduct({ options: [size], variants: own })
          }),
        )

      const [made] = await make(1)
      const few = await statementsOf(alone.database, () => make(2))
      const many = await statementsOf(alone.database, () => make(100))
      const [changed] = await products.changeMany([
        { id: made!.id, options: [{ ...size, values: ["S", "M", "L"] }], variants: [{ options: { Size: "L" } }] },
      ])

      expect(made?.newVariants.map(({ title }) => title)).toEqual(["M", "S"])
      expect(changed).toEqual({
        id: made!.id,
        newVariants: [{ id: expect.stringMatching(/^variant_/), title: "L" }],
        // In the order in which they were shown.
        deletedVariantIds: made!.newVariants.map(({ id }) => id).toReversed(),
      })
      expect((await products.get(made!.id)).variants.map(({ id }) => id)).toEqual([changed?.newVariants[0]?.id])
      expect(many).toEqual(few)
      expect(many.some((text) => text.includes("json_agg"))).toBe(false)
    })

    it("tells what was made, once", async () => {
      const shirt = await products.create(aShirt())
      const draft = await products.create(aProduct({ status: "draft" }))

      expect(await sent("product.created")).toEqual([shirt.id, draft.id])
      expect(await sent("product.published")).toEqual([shirt.id])
      expect(await sent("product-variant.created")).toEqual(shirt.variants.map(({ id }) => id))
    })
  })

  describe("reading", () => {
    it("lists fifty with everything in one statement", async () => {
      const references = await everyReference()
      await products.createMany(Array.from({ length: 60 }, (_, index) => aLargeProduct(index, references)))

      const sent = await statementsOf(alone.database, async () => {
        const { rows, count } = await products.list({ filter: { status: "published" } })
        expect(rows).toHaveLength(50)
        expect(count).toBe(60)
        expect(rows[0]?.variants).toHaveLength(5)
      })

      expect(sent).toHaveLength(1)
    })

    it("finds the few among many without reading the many", async () => {
      const { tagIds, categoryIds, collectionId } = await everyReference()
      const { id, options } = await products.create(aShirt({ tagIds, categoryIds, collectionId, externalId: "erp-1" }))
      await alone.database.run(
        `insert into "product"."product" (id, title, handle, status, created_at, updated_at)
         select 'prod_' || n, 'Filler', 'filler-' || n, 'published', now(), now() from generate_series(1, 5000) n`,
      )
      await alone.database.run(
        `insert into "product"."product_variant" (id, title, sku, option_key, product_id, created_at, updated_at)
         select 'variant_' || n, 'Filler', 'F-' || n, '', 'prod_' || n, now(), now() from generate_series(1, 5000) n`,
      )
      await alone.database.run("analyze")
      const filters = [
        { handle: "shirt" },
        { tags: tagIds[0] as string },
        { categories: categoryIds },
        { collectionId },
        { externalId: "erp-1" },
        { options: options[0]?.id as string },
        { variants: { sku: "S-B" } },
      ]

      for (const filter of filters) {
        const sent = vi.spyOn(alone.database, "sql")
        const { rows } = await products.list({ filter })
        const [text, values] = sent.mock.calls[0] ?? [""]
        sent.mockRestore()
        const plan = await alone.database.sql(`explain ${text}`, values)

        expect(rows.map((row) => row.id)).toEqual([id])
        expect(JSON.stringify(plan)).not.toMatch(/Seq Scan on (product|product_variant) t/)
      }
    })

    it.each(["Blou", "light wear", "cotton", "BL-1", "400638"])("finds by %s", async (q) => {
      await products.create(aProduct())
      await products.create(
        aProduct({
          title: "Blouse",
          subtitle: "Light wear",
          description: "All cotton",
          variants: [aVariant({ sku: "BL-1", barcode: "4006381333931" })],
        }),
      )

      const { rows } = await products.list({ q })

      expect(rows.map(({ title }) => title)).toEqual(["Blouse"])
    })
  })

  async function everyReference() {
    const tags = await alone.tags.upsertMany(["a", "b", "c"])
    const [type] = await alone.types.upsertMany(["t"])
    const collection = await alone.collections.create({ title: "C" })
    const categories = await alone.categories.createMany([{ name: "X" }, { name: "Y" }])
    return {
      tagIds: tags.map(({ id }) => id),
      typeId: type!.id,
      collectionId: collection.id,
      categoryIds: categories.map(({ id }) => id),
    }
  }
})

const sizes = ["XS", "S", "M", "L", "XL"]

const aLargeProduct = (index: number, references: Partial<CreateProduct>) =>
  aProduct({
    ...references,
    options: [
      { title: "Size", values: sizes },
      { title: "Color", values: ["Blue"] },
    ],
    variants: sizes.map((Size) => ({ sku: `${index}-${Size}`, options: { Size, Color: "Blue" } })),
    images: [{ url: "/1.png" }, { url: "/2.png" }],
  })
