import type { VariantPrices as VariantPriceSets } from "@marquetry/flows"
import { MAX_LIMIT, type Database, type Query } from "@marquetry/kernel"
import {
  priceListResource,
  priceRuleResource,
  type CreatePrice,
  type PriceListService,
  type PriceRuleInput,
  type PriceSetService,
} from "@marquetry/pricing"
import { keyOfPrice, priceOfKey, type VariantPrices } from "./price-draft.ts"
import { plain, type ExistingPrice, type ExistingPriceSet } from "./shop-product.ts"

/** A variant, what it costs now, and what it shall cost. */
export interface PricedVariant {
  readonly variantId: string
  readonly priceSet: ExistingPriceSet | null
  readonly prices: VariantPrices
}

interface PriceServices {
  readonly database: Database
  readonly query: Query
  readonly variantPrices: VariantPriceSets
  readonly priceSets: PriceSetService
  readonly priceLists: PriceListService
}

/** Tells the one price list of imports from those of merchants. */
const SALE_LIST = "product-csv"

/** The list of sale prices, once there is one. */
export async function findSaleList(query: Query): Promise<string | undefined> {
  const list = await query.find(priceListResource, {
    fields: { id: true },
    filter: { metadata: { source: SALE_LIST } },
  })
  return list?.id
}

/** Writes base prices, and sale prices into one price list. */
export class PriceWriter {
  readonly #services: PriceServices

  constructor(services: PriceServices) {
    this.#services = services
  }

  /** @param saleListId the list of sale prices, if there is one. */
  async write(variants: readonly PricedVariant[], saleListId: string | undefined): Promise<void> {
    if (variants.length === 0) return
    const setIds = await this.#basePrices(variants)
    await this.#salePrices(variants, setIds, saleListId)
  }

  /** @returns the price set of each variant, in order. */
  async #basePrices(variants: readonly PricedVariant[]): Promise<string[]> {
    const { priceSets, variantPrices } = this.#services
    const fresh = variants.filter(({ priceSet }) => priceSet === null)
    const made = await variantPrices.make(
      fresh.map(({ variantId, prices }) => ({ variantId, prices: plainPrices(prices.base) })),
    )
    const known = variants.flatMap(({ priceSet, prices }) =>
      priceSet === null ? [] : [{ ...priceSet, wanted: prices }],
    )
    const others = await this.#others(known)
    await priceSets.setPrices(
      known.map(({ id, wanted }) => ({
        priceSetId: id,
        prices: [...(others.get(id) ?? []), ...plainPrices(wanted.base)],
      })),
    )
    return variants.map(({ variantId, priceSet }) => priceSet?.id ?? (made.get(variantId) as string))
  }

  /** Base prices that an import leaves alone, as they are, by price set. */
  async #others(
    sets: readonly (ExistingPriceSet & { readonly wanted: VariantPrices })[],
  ): Promise<Map<string, CreatePrice[]>> {
    const left = sets.flatMap(({ id, prices, wanted }) =>
      prices
        .filter((price) => price.priceListId === null && !isTold(price, wanted))
        .map((price) => ({ setId: id, ...price })),
    )
    const ruled = left.filter(({ rulesCount }) => rulesCount > 0).map(({ id }) => id)
    const rules = Map.groupBy(await this.#rulesOf(ruled), ({ priceId }) => priceId)
    const inputs = left.map(({ id, setId, currencyCode, amount, minQuantity, maxQuantity, title }) => {
      const own = (rules.get(id) ?? []).map(({ attribute, operator, value, priority }) => {
        return { attribute, operator, value, priority }
      })
      return { setId, price: { currencyCode, amount, minQuantity, maxQuantity, title, rules: own } }
    })
    const bySet = Map.groupBy(inputs, ({ setId }) => setId)
    return new Map([...bySet].map(([setId, items]) => [setId, items.map(({ price }) => price)]))
  }

  async #rulesOf(priceIds: readonly string[]) {
    if (priceIds.length === 0) return []
    const { rows } = await this.#services.query.list(priceRuleResource, {
      fields: { priceId: true, attribute: true, operator: true, value: true, priority: true },
      filter: { priceId: priceIds },
      limit: MAX_LIMIT,
      count: false,
    })
    return rows as (Required<PriceRuleInput> & { priceId: string })[]
  }

  async #salePrices(
    variants: readonly PricedVariant[],
    setIds: readonly string[],
    saleListId: string | undefined,
  ): Promise<void> {
    const wanted = variants.some(({ prices: { sale = {} } }) => Object.keys(sale).length > 0)
    if (saleListId === undefined && !wanted) return
    const listId = saleListId ?? (await this.#makeSaleList())
    const add: { priceSetId: string; currencyCode: string; amount: string }[] = []
    const update: { id: string; amount: string }[] = []
    const remove: string[] = []
    for (const [index, { priceSet, prices }] of variants.entries()) {
      if (prices.sale === undefined) continue
      const current = (priceSet?.prices ?? []).filter((price) => price.priceListId === listId && isTold(price, prices))
      const open = new Map(Object.entries(prices.sale))
      for (const { id, currencyCode, amount } of current) {
        const shall = open.get(currencyCode)
        open.delete(currencyCode)
        if (shall === undefined) remove.push(id)
        else if (shall !== plain(amount)) update.push({ id, amount: shall })
      }
      for (const [currencyCode, amount] of open) add.push({ priceSetId: setIds[index] as string, currencyCode, amount })
    }
    const { priceLists } = this.#services
    if (remove.length > 0) await priceLists.removePrices(listId, remove)
    if (update.length > 0) await priceLists.updatePrices(listId, update)
    if (add.length > 0) await priceLists.addPrices(listId, add)
  }

  /** Whoever comes second of two imports that both need it waits, and finds it. */
  async #makeSaleList(): Promise<string> {
    await this.#services.database.run("select pg_advisory_xact_lock(hashtextextended($1, 0))", [
      `marquetry.${SALE_LIST}.sale_list`,
    ])
    const found = await findSaleList(this.#services.query)
    if (found !== undefined) return found
    const { id } = await this.#services.priceLists.create({
      title: "Sale",
      description: "Prices of imported products that were dearer before",
      type: "sale",
      status: "active",
      metadata: { source: SALE_LIST },
    })
    return id
  }
}

const plainPrices = (amounts: Readonly<Record<string, string>>) =>
  Object.entries(amounts).map(([key, amount]) => priceOfKey(key, amount))

/** Whether the file says what a price shall be. */
function isTold(price: ExistingPrice, { base }: VariantPrices): boolean {
  const key = keyOfPrice(price)
  return key !== undefined && key in base
}
