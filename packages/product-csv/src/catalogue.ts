import { Query, ResourceRegistry, type AnyFilter, type DependencyContainer } from "@marquetry/kernel"
import { productResource } from "@marquetry/product"
import { keyOfPrice } from "./import/price-draft.ts"
import { findSaleList } from "./import/price-writer.ts"
import { hasShippingProfiles } from "./import/references.ts"
import {
  draftOfProduct,
  plain,
  productFields,
  type ExistingProduct,
  type ExistingVariant,
} from "./import/shop-product.ts"
import type { CurrencyPrice, ProductDraft } from "./product-draft.ts"

export interface CatalogueOptions {
  /** Of products, as the query engine takes it: names may be those of the wire. All of them unless said. */
  readonly filter?: AnyFilter
  /** Free text. */
  readonly q?: string
  /** A currency whose prices are told as Shopify does: what it costs, and what it cost before it was on sale. */
  readonly currencyCode?: string
  /** Products per read; 200 unless said. */
  readonly pageSize?: number
  /** Stops it between two pages: what aborted it is thrown. */
  readonly signal?: AbortSignal
}

/**
 * The products of a shop in the terms of a file, in order of their ids, a page at a time by cursor: in steady memory, each
 * once, while others come and go.
 */
export async function* readCatalogue(
  container: DependencyContainer,
  { filter, q, currencyCode, pageSize = 200, signal }: CatalogueOptions = {},
): AsyncGenerator<ProductDraft> {
  const query = container.resolve(Query)
  const fields = productFields({
    categories: true,
    shippingProfile: hasShippingProfiles(container.resolve(ResourceRegistry)),
    priceRules: true,
  })
  const saleListId = await findSaleList(query)
  const regions = await regionNames(container)
  let after: string | null = null
  do {
    signal?.throwIfAborted()
    const page = await query.listAny(productResource.name, { fields, filter, q, after, limit: pageSize, count: false })
    for (const product of page.rows as unknown as ExistingProduct[])
      yield drafted(product, (variant) => pricesOf(variant, regions, saleListId, currencyCode?.toLowerCase()))
    after = page.next
  } while (after !== null)
}

async function regionNames(container: DependencyContainer): Promise<ReadonlyMap<string, string>> {
  if (!container.resolve(ResourceRegistry).has("region")) return new Map()
  const { rows } = await container.resolve(Query).listAny("region", {
    fields: { id: true, name: true },
    limit: 10_000,
    count: false,
  })
  return new Map((rows as unknown as { id: string; name: string }[]).map(({ id, name }) => [id, name]))
}

type Prices = Pick<ProductDraft["variants"][number], "price" | "compareAtPrice" | "prices">

function drafted(product: ExistingProduct, prices: (variant: ExistingVariant) => Prices): ProductDraft {
  const draft = draftOfProduct(product)
  return {
    ...draft,
    variants: draft.variants.map((variant, index) => ({
      ...variant,
      ...prices(product.variants[index] as ExistingVariant),
    })),
  }
}

function pricesOf(
  { priceSet }: ExistingVariant,
  regions: ReadonlyMap<string, string>,
  saleListId: string | undefined,
  currencyCode: string | undefined,
): Prices {
  const prices: CurrencyPrice[] = []
  let base: string | null = null
  let sale: string | null = null
  for (const price of priceSet?.prices ?? []) {
    const [code, regionId] = keyOfPrice(price)?.split(" ") ?? []
    if (code === undefined) continue
    const amount = plain(price.amount) as string
    const isOf = code === currencyCode && regionId === undefined
    if (isOf && saleListId !== undefined && price.priceListId === saleListId) sale = amount
    if (price.priceListId !== null) continue
    if (isOf) base = amount
    const region = regionId === undefined ? undefined : regions.get(regionId)
    if (regionId === undefined) prices.push({ currencyCode: code, amount })
    else if (region !== undefined) prices.push({ currencyCode: code, region, amount })
  }
  if (currencyCode === undefined) return { prices }
  return { price: sale ?? base, compareAtPrice: sale === null ? null : base }
}
