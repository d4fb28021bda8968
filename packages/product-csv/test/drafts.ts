import fc from "fast-check"
import type { CurrencyPrice, ProductDraft, VariantDraft } from "../src/index.ts"

/** Text as it stands in a cell: no blanks around it, no NUL, and nothing that stands for broken bytes. */
const text = (maxLength = 40) =>
  fc
    .string({ unit: fc.constantFrom(..."abcXYZ09 ,\"'\n;é日\t".split("")), minLength: 1, maxLength })
    .map((value) => value.trim())
    .filter((value) => value !== "")

const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null })
const cents = fc.integer({ min: 0, max: 10_000_000 }).map((value) => String(value / 100))

const variant = (options: readonly string[]) =>
  fc
    .record({
      options: fc.tuple(...options.map(() => text(10))),
      sku: orNull(fc.stringMatching(/^[A-Z]{1,4}-\d{1,4}$/)),
      barcode: orNull(fc.stringMatching(/^\d{8}$/)),
      weight: orNull(fc.integer({ min: 1, max: 100_000 }).map((value) => String(value / 4))),
      weightUnit: orNull(fc.constantFrom("kg", "g", "lb", "oz")),
      price: orNull(cents),
      dearer: orNull(fc.integer({ min: 1, max: 1_000 })),
      manageInventory: fc.boolean(),
      allowBackorder: fc.boolean(),
      inventoryQuantity: orNull(fc.integer({ min: -5, max: 1_000 })),
      requiresShipping: fc.boolean(),
      taxable: fc.boolean(),
    })
    .map(({ dearer, ...rest }) => ({
      ...rest,
      line: 0,
      compareAtPrice:
        dearer === null || rest.price === null ? null : String((Math.round(Number(rest.price) * 100) + dearer) / 100),
      image: null as string | null,
    }))

const draft = fc
  .uniqueArray(text(8), { maxLength: 3 })
  .filter((options) => !(options.length === 1 && options[0] === "Title"))
  .chain((options) =>
    fc.record({
      line: fc.constant(0),
      handle: fc.constant(""),
      title: text(),
      description: orNull(text(200)),
      vendor: orNull(text()),
      type: orNull(text()),
      tags: fc.uniqueArray(fc.stringMatching(/^[a-z]{1,6}$/), { maxLength: 4 }),
      published: fc.boolean(),
      giftCard: fc.boolean(),
      options: fc.constant(options),
      variants: fc.uniqueArray(variant(options), {
        minLength: 1,
        maxLength: options.length === 0 ? 1 : 4,
        selector: ({ options: values }) => JSON.stringify(values),
      }),
      images: fc.uniqueArray(fc.record({ url: fc.webUrl().map((url) => url.slice(0, 500)), alt: orNull(text()) }), {
        maxLength: 3,
        selector: ({ url }) => url,
      }),
      seo: fc.record({ title: orNull(text()), description: orNull(text()) }),
    }),
  )

/** Files of what Shopify's format says. */
export const shopifyDrafts = fc.array(draft, { minLength: 1, maxLength: 5 }).map((list) =>
  list.map((item, index): ProductDraft => {
    const image = item.images[index % Math.max(item.images.length, 1)]?.url ?? null
    return { ...item, handle: `p-${index}`, variants: item.variants.map((each) => ({ ...each, image })) }
  }),
)

export const withoutLines = (list: readonly ProductDraft[]) =>
  list.map((item) => ({
    ...item,
    line: 0,
    variants: item.variants.map((each): VariantDraft => ({ ...each, line: 0 })),
  }))

/** Fields of which each one may be unsaid. */
const someOf = <Fields extends object>(fields: { [Key in keyof Fields]: fc.Arbitrary<Fields[Key]> }) =>
  fc.record(fields, { requiredKeys: [] }) as fc.Arbitrary<Partial<Fields>>

const decimal = fc.integer({ min: 0, max: 100_000 }).map((value) => String(value / 8))
const metadata = fc.dictionary(fc.stringMatching(/^[a-z_]{1,8}$/), fc.oneof(text(), fc.integer(), fc.boolean()), {
  noNullPrototype: true,
})
const measures = {
  weight: decimal,
  length: decimal,
  width: decimal,
  height: decimal,
  hsCode: text(),
  originCountry: text(),
  midCode: text(),
  material: text(),
}
const idOf = (prefix: string) => fc.stringMatching(/^[0-9A-Z]{8}$/).map((value) => `${prefix}_${value}`)
const idsOf = (prefix: string) => fc.uniqueArray(idOf(prefix), { minLength: 1, maxLength: 3 })

/** Prices are read in the order of their columns. */
const columnOf = ({ currencyCode, region }: CurrencyPrice) => `${region ?? ""} ${currencyCode}`

const medusaPrices = fc
  .uniqueArray(
    fc.record(
      {
        currencyCode: fc.constantFrom("eur", "usd", "jpy"),
        region: fc.constantFrom("europe", "north america"),
        amount: cents,
      },
      { requiredKeys: ["currencyCode", "amount"] },
    ),
    { minLength: 1, maxLength: 4, selector: ({ currencyCode, region }) => `${currencyCode} ${region}` },
  )
  .map((prices) => (prices as CurrencyPrice[]).toSorted((a, b) => (columnOf(a) < columnOf(b) ? -1 : 1)))

const medusaVariant = (options: readonly string[]) =>
  fc
    .tuple(
      fc.tuple(...options.map(() => text(10))),
      fc.record({ title: text() }),
      someOf({
        id: idOf("variant"),
        sku: text(),
        barcode: text(),
        ean: text(),
        upc: text(),
        manageInventory: fc.boolean(),
        allowBackorder: fc.boolean(),
        ...measures,
        metadata,
        prices: medusaPrices,
      }),
    )
    .map(([values, title, rest]): VariantDraft => ({ line: 0, options: values, ...title, ...rest }))

const medusaDraft = fc.uniqueArray(text(8), { maxLength: 4 }).chain((options) =>
  fc
    .tuple(
      fc.uniqueArray(medusaVariant(options), {
        minLength: options.length === 0 ? 0 : 1,
        maxLength: options.length === 0 ? 1 : 4,
        selector: ({ options: values }) => JSON.stringify(values),
      }),
      someOf({
        id: idOf("prod"),
        title: text(),
        subtitle: text(),
        description: text(200),
        status: fc.constantFrom("draft", "proposed", "published", "rejected"),
        thumbnail: text(),
        giftCard: fc.boolean(),
        discountable: fc.boolean(),
        externalId: text(),
        collectionId: idOf("pcol"),
        typeId: idOf("ptyp"),
        shippingProfileId: idOf("sp"),
        metadata,
        ...measures,
      }),
      fc.record({
        tags: fc.uniqueArray(text(), { minLength: 1, maxLength: 3 }),
        categoryIds: idsOf("pcat"),
        salesChannelIds: idsOf("sc"),
        images: fc.uniqueArray(
          fc.webUrl().map((url) => ({ url: url.slice(0, 500) })),
          { minLength: 1, maxLength: 3, selector: ({ url }) => url },
        ),
      }),
    )
    .map(([variants, fields, lists]) => ({
      line: 0,
      handle: null,
      ...fields,
      ...lists,
      ...(options.length > 0 && { options }),
      variants,
    })),
)

/** Files of what Medusa's format says. */
export const medusaDrafts = fc
  .array(medusaDraft, { minLength: 1, maxLength: 5 })
  .map((list) => list.map((item, index): ProductDraft => ({ ...item, handle: `p-${index}` }) as ProductDraft))
