import { variantPriceSet } from "@marquetry/flows"
import type { Links } from "@marquetry/kernel"
import { priceListResource, type PriceListService, type PriceSetService } from "@marquetry/pricing"
import type { Query } from "@marquetry/kernel"
import { isPlain, type ExistingPrice, type VariantPrices } from "./comparable.ts"

/** A variant, what it costs now, and what it shall cost. */
export interface PricedVariant {
  readonly variantId: string
  readonly priceSet: { readonly id: string; readonly prices: readonly ExistingPrice[] } | null
  readonly prices: VariantPrices
}

interface PriceServices {
  readonly query: Query
  readonly links: Links
  readonly priceSets: PriceSetService
  readonly priceLists: PriceListService
}

/** Tells the one price list of imports from those of merchants. */
const SALE_LIST = "product-import"

/** Writes base prices, and sale prices into one price list. */
export class PriceWriter {
  readonly #services: PriceServices

  constructor(services: PriceServices) {
    this.#services = services
  }

  /** The list of sale prices, once there is one. */
  async findSaleList(): Promise<string | undefined> {
    const list = await this.#services.query.find(priceListResource, {
      fields: { id: true },
      filter: { metadata: { source: SALE_LIST } },
    })
    return list?.id
  }

  async write(variants: readonly PricedVariant[]): Promise<void> {
    const setIds = await this.#basePrices(variants)
    await this.#salePrices(variants, setIds)
  }

  /** @returns the price set of each variant, in order. */
  async #basePrices(variants: readonly PricedVariant[]): Promise<string[]> {
    const { priceSets, links } = this.#services
    const fresh = variants.filter(({ priceSet }) => priceSet === null)
    const made = await priceSets.createMany(fresh.map(({ prices }) => ({ prices: plainPrices(prices.base) })))
    await links.add(
      variantPriceSet,
      fresh.map(({ variantId }, index) => [variantId, made[index] as string] as const),
    )
    const known = variants.filter(({ priceSet }) => priceSet !== null)
    await priceSets.setPrices(
      known.map(({ priceSet, prices }) => ({ priceSetId: priceSet?.id as string, prices: plainPrices(prices.base) })),
    )
    const madeIds = new Map(fresh.map(({ variantId }, index) => [variantId, made[index] as string]))
    return variants.map(({ variantId, priceSet }) => priceSet?.id ?? (madeIds.get(variantId) as string))
  }

  async #salePrices(variants: readonly PricedVariant[], setIds: readonly string[]): Promise<void> {
    const found = await this.findSaleList()
    const wanted = variants.some(({ prices }) => Object.keys(prices.sale).length > 0)
    if (found === undefined && !wanted) return
    const listId = found ?? (await this.#makeSaleList())
    const add: { priceSetId: string; currencyCode: string; amount: string }[] = []
    const update: { id: string; amount: string }[] = []
    const remove: string[] = []
    for (const [index, { priceSet, prices }] of variants.entries()) {
      const current = (priceSet?.prices ?? []).filter((price) => price.priceListId === listId && isPlain(price))
      const open = new Map(Object.entries(prices.sale))
      for (const { id, currencyCode, amount } of current) {
        const shall = open.get(currencyCode)
        open.delete(currencyCode)
        if (shall === undefined) remove.push(id)
        else if (shall !== amount) update.push({ id, amount: shall })
      }
      for (const [currencyCode, amount] of open) add.push({ priceSetId: setIds[index] as string, currencyCode, amount })
    }
    const { priceLists } = this.#services
    if (remove.length > 0) await priceLists.removePrices(listId, remove)
    if (update.length > 0) await priceLists.updatePrices(listId, update)
    if (add.length > 0) await priceLists.addPrices(listId, add)
  }

  async #makeSaleList(): Promise<string> {
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
  Object.entries(amounts).map(([currencyCode, amount]) => ({ currencyCode, amount }))
