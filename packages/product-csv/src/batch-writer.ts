import { productSalesChannel } from "@marquetry/flows"
import { MAX_LIMIT, type Database, type Links, type Query } from "@marquetry/kernel"
import type { PriceListService, PriceSetService } from "@marquetry/pricing"
import {
  productResource,
  type CreateProduct,
  type ProductService,
  type TagService,
  type TypeService,
  type ProductView,
  type UpdateProductById,
  type VariantService,
} from "@marquetry/product"
import {
  choiceKey,
  choiceOf,
  comparableDraft,
  comparableProduct,
  mergedMetadata,
  productMetadata,
  samePrices,
  variantImage,
  variantMetadata,
  type ExistingProduct,
  type VariantPrices,
} from "./comparable.ts"
import { PriceWriter, type PricedVariant } from "./price-writer.ts"
import type { ProductDraft, VariantDraft } from "./product-draft.ts"

export interface BatchServices {
  readonly database: Database
  readonly query: Query
  readonly links: Links
  readonly products: ProductService
  readonly variants: VariantService
  readonly types: TypeService
  readonly tags: TagService
  readonly priceSets: PriceSetService
  readonly priceLists: PriceListService
}

export interface PricedDraft {
  readonly draft: ProductDraft
  readonly prices: ReadonlyMap<string, VariantPrices>
}

export interface BatchResult {
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  readonly variants: number
}

const existingFields = {
  id: true,
  handle: true,
  title: true,
  description: true,
  status: true,
  isGiftcard: true,
  metadata: true,
  type: { value: true },
  tags: { value: true },
  images: { id: true, url: true, metadata: true },
  options: { id: true, title: true },
  variants: {
    id: true,
    sku: true,
    barcode: true,
    weight: true,
    manageInventory: true,
    allowBackorder: true,
    metadata: true,
    options: { value: true, optionId: true },
    images: { url: true },
    priceSet: {
      id: true,
      prices: {
        id: true,
        currencyCode: true,
        amount: true,
        title: true,
        minQuantity: true,
        maxQuantity: true,
        priceListId: true,
        rulesCount: true,
      },
    },
  },
  salesChannels: { id: true },
} as const

interface Work {
  readonly draft: ProductDraft
  readonly prices: ReadonlyMap<string, VariantPrices>
  readonly existing: ExistingProduct | undefined
}

/** Writes products by handle, any number in a constant number of statements. Runs inside the caller's transaction. */
export class BatchWriter {
  readonly #services: BatchServices
  readonly #prices: PriceWriter
  readonly #salesChannelIds: readonly string[]
  readonly #currencies: ReadonlySet<string>

  constructor(services: BatchServices, salesChannelIds: readonly string[], currencies: ReadonlySet<string>) {
    this.#services = services
    this.#prices = new PriceWriter(services)
    this.#salesChannelIds = salesChannelIds
    this.#currencies = currencies
  }

  async write(batch: readonly PricedDraft[]): Promise<BatchResult> {
    const scope = { saleListId: await this.#prices.findSaleList(), currencies: this.#currencies }
    const existing = await this.#existing(batch.map(({ draft }) => draft.handle))
    const work: Work[] = batch.map(({ draft, prices }) => ({
      draft,
      prices,
      existing: existing.get(draft.handle),
    }))
    const fresh = work.filter((item) => item.existing === undefined)
    const known = work.filter((item) => item.existing !== undefined)
    const before = new Map(known.map((item) => [item, comparableProduct(item.existing as ExistingProduct, scope)]))
    const differing = known.filter(
      (item) => comparableDraft(item.draft, item.prices).product !== before.get(item)?.product,
    )
    const repriced = known.filter(({ prices }, index) => isRepriced(prices, before.get(known[index] as Work)?.prices))
    const labels = await this.#labels([...fresh, ...differing])
    const made = await this.#services.products.createMany(fresh.map(({ draft }) => createInput(draft, labels)))
    const changed = await this.#services.products.updateMany(differing.map((item) => updateInput(item, labels)))
    const written = [...zip(fresh, made), ...zip(differing, changed)]
    await this.#assignImages(written)
    await this.#prices.write(
      [...written.flatMap(([item, product]) => pricedVariants(item, product)), ...untouched(repriced, differing)],
      scope,
    )
    await this.#sell([...zip(fresh, made), ...known.map((item) => [item, item.existing as ExistingProduct] as const)])
    const touched = new Set([...differing, ...repriced])
    return {
      created: fresh.length,
      updated: touched.size,
      unchanged: known.length - touched.size,
      variants: [...fresh, ...touched].reduce((sum, { draft }) => sum + draft.variants.length, 0),
    }
  }

  async #existing(handles: readonly string[]): Promise<Map<string, ExistingProduct>> {
    const { rows } = await this.#services.query.listAny(productResource.name, {
      fields: existingFields,
      filter: { handle: handles },
      limit: MAX_LIMIT,
      count: false,
    })
    return new Map((rows as unknown as ExistingProduct[]).map((product) => [product.handle, product]))
  }

  /** Ids of the types and tags of drafts, by value. */
  async #labels(work: readonly Work[]): Promise<Labels> {
    const types = await this.#services.types.upsertMany(work.flatMap(({ draft }) => draft.type ?? []))
    const tags = await this.#services.tags.upsertMany(work.flatMap(({ draft }) => draft.tags))
    const byValue = (labels: readonly { id: string; value: string }[]) =>
      new Map(labels.map(({ id, value }) => [value, id]))
    return { types: byValue(types), tags: byValue(tags) }
  }

  async #assignImages(written: readonly (readonly [Work, ProductView])[]): Promise<void> {
    const add: { variantId: string; imageId: string }[] = []
    const remove: { variantId: string; imageId: string }[] = []
    for (const [{ draft }, product] of written) {
      const imageIds = new Map(product.images.map(({ id, url }) => [url, id]))
      for (const [variant, { id, images }] of matched(draft, product)) {
        const wanted = imageIds.get(variantImage(draft, variant) ?? "")
        for (const image of images) if (image.id !== wanted) remove.push({ variantId: id, imageId: image.id })
        if (wanted !== undefined && !images.some((image) => image.id === wanted))
          add.push({ variantId: id, imageId: wanted })
      }
    }
    if (add.length + remove.length > 0) await this.#services.variants.assignImages({ add, remove })
  }

  async #sell(products: readonly (readonly [Work, { readonly id: string }])[]): Promise<void> {
    const pairs = products.flatMap(([{ existing }, { id }]) => {
      const has = new Set(existing?.salesChannels.map((channel) => channel.id))
      return this.#salesChannelIds.filter((channel) => !has.has(channel)).map((channel) => [id, channel] as const)
    })
    await this.#services.links.add(productSalesChannel, pairs)
  }
}

interface Labels {
  readonly types: ReadonlyMap<string, string>
  readonly tags: ReadonlyMap<string, string>
}

const isRepriced = (wanted: Work["prices"], before: Work["prices"] | undefined) =>
  [...wanted].some(([key, prices]) => !samePrices(prices, before?.get(key)))

const zip = (work: readonly Work[], products: readonly ProductView[]) =>
  work.map((item, index) => [item, products[index] as ProductView] as const)

/** Each variant of a draft with the one of the product that has its option values. */
function matched(draft: ProductDraft, product: ProductView): [VariantDraft, ProductView["variants"][number]][] {
  const byChoice = new Map(product.variants.map((variant) => [choiceKey(choiceOf(product, variant)), variant]))
  return draft.variants.flatMap((variant) => {
    const found = byChoice.get(choiceKey(variant.options))
    return found === undefined ? [] : [[variant, found] as [VariantDraft, ProductView["variants"][number]]]
  })
}

function pricedVariants({ draft, prices, existing }: Work, product: ProductView): PricedVariant[] {
  const before = new Map(existing?.variants.map((variant) => [variant.id, variant.priceSet]))
  return matched(draft, product).map(([variant, { id }]) => ({
    variantId: id,
    priceSet: before.get(id) ?? null,
    prices: prices.get(choiceKey(variant.options)) as VariantPrices,
  }))
}

/** Variants of products of which only prices change. */
function untouched(repriced: readonly Work[], differing: readonly Work[]): PricedVariant[] {
  return repriced
    .filter((item) => !differing.includes(item))
    .flatMap(({ existing, prices }) =>
      (existing?.variants ?? []).flatMap((variant) => {
        const wanted = prices.get(choiceKey(choiceOf(existing as ExistingProduct, variant)))
        return wanted === undefined ? [] : [{ variantId: variant.id, priceSet: variant.priceSet, prices: wanted }]
      }),
    )
}

function createInput(draft: ProductDraft, labels: Labels): CreateProduct {
  return {
    ...plainFields(draft, labels),
    metadata: productMetadata(draft),
    handle: draft.handle,
    options: optionsOf(draft),
    variants: variantsOf(draft),
    images: imagesOf(draft),
  }
}

function updateInput({ draft, existing }: Work, labels: Labels): UpdateProductById {
  const product = existing as ExistingProduct
  const variants = new Map(product.variants.map((variant) => [choiceKey(choiceOf(product, variant)), variant]))
  const images = new Map(product.images.map((image) => [image.url, image]))
  return {
    id: product.id,
    ...plainFields(draft, labels),
    metadata: mergedMetadata(product.metadata, productMetadata(draft)),
    options: optionsOf(draft),
    variants: variantsOf(draft).map((variant, index) => {
      const before = variants.get(choiceKey(draft.variants[index]?.options ?? []))
      if (before === undefined) return variant
      return {
        ...variant,
        id: before.id,
        metadata: mergedMetadata(before.metadata, variant.metadata),
      }
    }),
    images: imagesOf(draft).map((image) => {
      const before = images.get(image.url)
      if (before === undefined) return image
      return {
        ...image,
        id: before.id,
        metadata: mergedMetadata(before.metadata, image.metadata ?? {}),
      }
    }),
  }
}

function plainFields(draft: ProductDraft, { types, tags }: Labels) {
  return {
    title: draft.title,
    description: draft.description,
    status: draft.published ? ("published" as const) : ("draft" as const),
    isGiftcard: draft.giftCard,
    typeId: draft.type === null ? null : (types.get(draft.type) ?? null),
    tagIds: draft.tags.flatMap((tag) => tags.get(tag) ?? []),
    thumbnail: draft.images[0]?.url ?? null,
  }
}

const optionsOf = (draft: ProductDraft) =>
  draft.options.map((title, index) => ({
    title,
    values: [...new Set(draft.variants.map(({ options }) => options[index] as string))],
  }))

const imagesOf = (draft: ProductDraft) =>
  draft.images.map(({ url, alt }, rank) => ({
    url,
    rank,
    metadata: alt === null ? null : { alt },
  }))

const variantsOf = (draft: ProductDraft) =>
  draft.variants.map((variant, variantRank) => ({
    title: variant.options.length === 0 ? draft.title : variant.options.join(" / "),
    sku: variant.sku,
    barcode: variant.barcode,
    weight: variant.weight,
    manageInventory: variant.manageInventory,
    allowBackorder: variant.allowBackorder,
    variantRank,
    options: Object.fromEntries(draft.options.map((title, index) => [title, variant.options[index] as string])),
    metadata: variantMetadata(variant),
  }))
