import { productSalesChannel, productShippingProfile, type VariantParts, type VariantPrices } from "@marquetry/flows"
import { type Database, type Links, type Query, type ResourceRegistry } from "@marquetry/kernel"
import type { PriceListService, PriceSetService } from "@marquetry/pricing"
import {
  type ProductService,
  type ProductView,
  type TagService,
  type TypeService,
  type VariantService,
} from "@marquetry/product"
import type { ProductDraft, Refusal, VariantDraft } from "../product-draft.ts"
import { choiceKey, isAsDrafted, matchVariants, variantImage } from "./comparable.ts"
import { costsAsDrafted, priceDraft, type PricingRules } from "./price-draft.ts"
import { findProducts } from "./find-products.ts"
import { findSaleList, PriceWriter, type PricedVariant } from "./price-writer.ts"
import { createInput, updateInput, type Labels } from "./product-inputs.ts"
import { References, type RegionIds } from "./references.ts"
import { choiceOf, productFields, type ExistingProduct, type ExistingVariant } from "./shop-product.ts"

export interface BatchServices {
  readonly database: Database
  readonly query: Query
  readonly registry: ResourceRegistry
  readonly links: Links
  readonly products: ProductService
  readonly variants: VariantService
  readonly types: TypeService
  readonly tags: TagService
  readonly variantPrices: VariantPrices
  /** `null` in a shop that counts no stock. */
  readonly variantParts: VariantParts | null
  readonly priceSets: PriceSetService
  readonly priceLists: PriceListService
}

/** What became of the products of a batch: their ids. */
export interface WrittenBatch {
  readonly created: readonly string[]
  readonly updated: readonly string[]
}

/**
 * Looks at products before a batch is written, and at what became of them, in the transaction that writes it: for an audit
 * log.
 *
 * @param productIds those that there are; some may stay as they are.
 * @returns what is called once the batch is written.
 */
export type WatchBatch = (productIds: readonly string[]) => Promise<(written: WrittenBatch) => Promise<void>>

/** How a batch is written, besides what its drafts say. */
export interface BatchRules {
  readonly prices: PricingRules
  /** Where all products are sold from now on. */
  readonly salesChannelIds: readonly string[]
  /** Where new products are sold, unless their file says. */
  readonly newProductChannelIds: readonly string[]
  readonly watch?: WatchBatch | undefined
}

export interface BatchResult {
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  readonly variants: number
  readonly refusals: readonly Refusal[]
}

/** A draft of a product that there is. */
interface Known {
  readonly draft: ProductDraft
  readonly existing: ExistingProduct
  readonly matches: ReadonlyMap<VariantDraft, ExistingVariant>
}

interface Sorted {
  readonly fresh: readonly ProductDraft[]
  readonly known: readonly Known[]
  readonly refusals: readonly Refusal[]
}

/** Writes products, any number in a constant number of statements. Runs inside the caller's transaction. */
export class BatchWriter {
  readonly #services: BatchServices
  readonly #prices: PriceWriter
  readonly #references: References
  readonly #rules: BatchRules

  constructor(services: BatchServices, rules: BatchRules) {
    this.#services = services
    this.#prices = new PriceWriter(services)
    this.#references = new References(services.query, services.registry)
    this.#rules = rules
  }

  async write(batch: readonly ProductDraft[]): Promise<BatchResult> {
    const saleListId = await findSaleList(this.#services.query)
    const { drafts, refusals, regions } = await this.#references.resolve(batch)
    const { fresh, known, refusals: refused } = sorted(drafts, await this.#existing(drafts))
    const differing = known.filter(({ draft, existing, matches }) => !isAsDrafted(draft, existing, matches))
    const repriced = known.filter((item) => this.#isRepriced(item, regions, saleListId))
    const tell = await this.#rules.watch?.(known.map(({ existing }) => existing.id))
    const labels = await this.#labels([...fresh, ...differing.map(({ draft }) => draft)])
    const { products } = this.#services
    const made = await products.createMany(fresh.map((draft) => createInput(draft, labels)))
    const changed = await products.updateMany(
      differing.map(({ draft, existing, matches }) => updateInput(draft, existing, matches, labels)),
    )
    const written = [...zip(fresh.map(asNew), made), ...zip(differing, changed)]
    await this.#assignImages(written)
    await this.#stock(written)
    const untouched = repriced
      .filter((item) => !differing.includes(item))
      .flatMap((item) => this.#repricedOf(item, regions))
    await this.#prices.write(
      [...written.flatMap(([item, product]) => this.#pricedOf(item, product, regions)), ...untouched],
      saleListId,
    )
    const linked = await this.#link(zip(fresh, made), known)
    const touched = new Set([...differing, ...repriced, ...linked])
    await tell?.({
      created: made.map(({ id }) => id),
      updated: [...touched].map(({ existing }) => existing.id),
    })
    return {
      created: fresh.length,
      updated: touched.size,
      unchanged: known.length - touched.size,
      variants: [...fresh, ...[...touched].map(({ draft }) => draft)].reduce(
        (sum, { variants }) => sum + variants.length,
        0,
      ),
      refusals: [...refusals, ...refused],
    }
  }

  async #existing(drafts: readonly ProductDraft[]): Promise<ExistingProduct[]> {
    const fields = productFields({
      categories: drafts.some(({ categoryIds }) => categoryIds !== undefined),
      shippingProfile: drafts.some(({ shippingProfileId }) => shippingProfileId !== undefined),
      priceRules: drafts.some(({ variants }) =>
        variants.some(({ prices }) => prices?.some(({ region }) => region !== undefined)),
      ),
    })
    return (await findProducts(this.#services.query, drafts, fields)) as unknown as ExistingProduct[]
  }

  #isRepriced({ matches }: Known, regions: RegionIds, saleListId: string | undefined): boolean {
    return [...matches].some(
      ([variant, existing]) => !costsAsDrafted(priceDraft(variant, this.#rules.prices, regions), existing, saleListId),
    )
  }

  /** Ids of the types and tags of drafts, by value. */
  async #labels(drafts: readonly ProductDraft[]): Promise<Labels> {
    const types = await this.#services.types.upsertMany(drafts.flatMap(({ type }) => type ?? []))
    const tags = await this.#services.tags.upsertMany(drafts.flatMap((draft) => draft.tags ?? []))
    const byValue = (labels: readonly { id: string; value: string }[]) =>
      new Map(labels.map(({ id, value }) => [value, id]))
    return { types: byValue(types), tags: byValue(tags) }
  }

  async #assignImages(written: readonly (readonly [Item, ProductView])[]): Promise<void> {
    const add: { variantId: string; imageId: string }[] = []
    const remove: { variantId: string; imageId: string }[] = []
    for (const [item, product] of written) {
      const { draft } = item
      const imageIds = new Map(product.images.map(({ id, url }) => [url, id]))
      for (const [variant, { id, images }] of viewsOf(item, product)) {
        if (variant.image === undefined) continue
        const wanted = imageIds.get(variantImage(draft, variant) ?? "")
        for (const image of images) if (image.id !== wanted) remove.push({ variantId: id, imageId: image.id })
        if (wanted !== undefined && !images.some((image) => image.id === wanted))
          add.push({ variantId: id, imageId: wanted })
      }
    }
    if (add.length + remove.length > 0) await this.#services.variants.assignImages({ add, remove })
  }

  /** Takes away what belonged to variants that are gone, and gives those that are new items of their own. */
  async #stock(written: readonly (readonly [Item, ProductView])[]): Promise<void> {
    const { variantParts } = this.#services
    if (variantParts === null) return
    const before = written.flatMap(([{ existing }]) => existing?.variants ?? []).map(({ id }) => id)
    const after = written.flatMap(([, { variants }]) => variants)
    const [had, has] = [new Set(before), new Set(after.map(({ id }) => id))]
    await variantParts.removeOf(before.filter((id) => !has.has(id)))
    const made = after.filter(({ id }) => !had.has(id))
    await variantParts.makeStock(made.map((input) => ({ ...input, input: { ...input, inventoryItems: [] } })))
  }

  #pricedOf(item: Item, product: ProductView, regions: RegionIds): PricedVariant[] {
    return viewsOf(item, product).map(([variant, { id }]) => ({
      variantId: id,
      priceSet: item.matches.get(variant)?.priceSet ?? null,
      prices: priceDraft(variant, this.#rules.prices, regions),
    }))
  }

  /** Variants of a product of which only prices change. */
  #repricedOf({ matches }: Known, regions: RegionIds): PricedVariant[] {
    return [...matches].map(([variant, { id, priceSet }]) => ({
      variantId: id,
      priceSet,
      prices: priceDraft(variant, this.#rules.prices, regions),
    }))
  }

  /** @returns those known products whose own file changed where they are sold, or how they are sent. */
  async #link(fresh: readonly (readonly [ProductDraft, { id: string }])[], known: readonly Known[]): Promise<Known[]> {
    const { links } = this.#services
    const { salesChannelIds: all, newProductChannelIds } = this.#rules
    const sold = fresh.flatMap(([{ salesChannelIds = newProductChannelIds }, { id }]) =>
      [...new Set([...salesChannelIds, ...all])].map((channel) => [id, channel] as const),
    )
    const sent = fresh.flatMap(([{ shippingProfileId }, { id }]) =>
      shippingProfileId === undefined ? [] : [[id, shippingProfileId] as const],
    )
    const plans = known.map((item) => ({ item, ...linkPlan(item, all) }))
    await links.remove(
      productSalesChannel,
      plans.flatMap(({ unsold }) => unsold),
    )
    await links.add(productSalesChannel, [...sold, ...plans.flatMap((plan) => plan.sold)])
    await links.remove(
      productShippingProfile,
      plans.flatMap(({ unsent }) => unsent),
    )
    await links.add(productShippingProfile, [...sent, ...plans.flatMap((plan) => plan.sent)])
    return plans.filter(({ isChange }) => isChange).map(({ item }) => item)
  }
}

type Item = Pick<Known, "draft" | "matches"> & Partial<Pick<Known, "existing">>
type Pair = readonly [left: string, right: string]

const asNew = (draft: ProductDraft): Item => ({ draft, matches: new Map() })

const zip = <Left>(left: readonly Left[], products: readonly ProductView[]) =>
  left.map((item, index) => [item, products[index] as ProductView] as const)

/** Finds the product of each draft: by its id, else by its handle. */
function sorted(drafts: readonly ProductDraft[], existing: readonly ExistingProduct[]): Sorted {
  const byId = new Map(existing.map((product) => [product.id, product]))
  const byHandle = new Map(existing.map((product) => [product.handle, product]))
  const fresh: ProductDraft[] = []
  const known: Known[] = []
  const refusals: Refusal[] = []
  const taken = new Set<string>()
  for (const draft of drafts) {
    const { line, handle, id } = draft
    const refuse = (code: Refusal["code"], reason: string) => void refusals.push({ line, handle, code, reason })
    const found = byId.get(id ?? "") ?? byHandle.get(handle ?? "")
    if (found !== undefined && taken.has(found.id))
      refuse("import.handle_repeated", `A line before this one is of the product "${found.handle}" already`)
    else if (found !== undefined) known.push({ draft, existing: found, matches: matchVariants(draft, found) })
    else if (handle === null)
      refuse("import.product_unknown", `Product Id: the shop has no "${id}", and no handle says what to make`)
    else if (draft.title === undefined)
      refuse("import.title_missing", `There is no product "${handle}" yet, and no title to make it with`)
    else fresh.push(draft)
    if (found !== undefined) taken.add(found.id)
  }
  return { fresh, known, refusals }
}

/** Each variant of a draft as it was written: by the id that it had before, else by its option values. */
function viewsOf({ draft, matches }: Item, product: ProductView): [VariantDraft, ProductView["variants"][number]][] {
  const byId = new Map(product.variants.map((variant) => [variant.id, variant]))
  const byChoice = new Map(product.variants.map((variant) => [choiceKey(choiceOf(product, variant)), variant]))
  return draft.variants.flatMap((variant) => {
    const found = byId.get(matches.get(variant)?.id ?? "") ?? byChoice.get(choiceKey(variant.options))
    return found === undefined ? [] : [[variant, found] as [VariantDraft, ProductView["variants"][number]]]
  })
}

/** What is to be linked and parted so that a product is sold and sent as its file, and the import, say. */
function linkPlan({ draft, existing }: Known, all: readonly string[]) {
  const pair = (right: string): Pair => [existing.id, right]
  const has = existing.salesChannels.map(({ id }) => id)
  const wanted = new Set([...(draft.salesChannelIds ?? has), ...all])
  const unsold = has.filter((id) => !wanted.has(id)).map(pair)
  const sold = [...wanted].filter((id) => !has.includes(id)).map(pair)
  const isSaid = draft.salesChannelIds?.some((id) => !has.includes(id)) === true || unsold.length > 0
  const before = existing.shippingProfile?.id
  const profile = draft.shippingProfileId
  const isSent = profile === undefined || profile === before
  const unsent = isSent || before === undefined ? [] : [pair(before)]
  const sent = isSent ? [] : [pair(profile)]
  return { unsold, sold, unsent, sent, isChange: isSaid || sent.length > 0 }
}
