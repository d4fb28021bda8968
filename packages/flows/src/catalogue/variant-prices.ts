import type { Database, Links } from "@marquetry/kernel"
import type { CreatePrice, PriceSetService, PriceSetView } from "@marquetry/pricing"
import { variantPriceSet } from "../links.ts"
import { ReferenceUnknown } from "../references.ts"
import type { WantedPrice } from "./catalogue.schema.ts"

/** What a new variant costs, or an old one from now on. */
interface Priced<Price> {
  readonly variantId: string
  readonly prices: readonly Price[]
}

/** What variants cost: each has a price set of its own. */
export class VariantPrices {
  readonly #db: Database
  readonly #links: Links
  readonly #priceSets: PriceSetService

  constructor(db: Database, links: Links, priceSets: PriceSetService) {
    this.#db = db
    this.#links = links
    this.#priceSets = priceSets
  }

  /**
   * Gives variants that have none their price sets, in four statements.
   *
   * @returns the sets, by variant.
   * @throws {PriceTaken} {@link InvalidInput}
   */
  async make(variants: readonly Priced<CreatePrice>[]): Promise<Map<string, string>> {
    if (variants.length === 0) return new Map()
    const setIds = await this.#priceSets.createMany(variants.map(({ prices }) => ({ prices: [...prices] })))
    const sets = new Map(variants.map(({ variantId }, index) => [variantId, setIds[index] as string]))
    await this.#links.add(variantPriceSet, [...sets])
    return sets
  }

  /** The price sets of variants that there are; made for those that have none. */
  async setsOf(variantIds: readonly string[]): Promise<Map<string, string>> {
    const sets = new Map(await this.#links.of(variantPriceSet, variantIds))
    if (variantIds.every((id) => sets.has(id))) return sets
    // Whoever comes second of two that miss the same one waits, and finds it.
    await this.#db.run("select pg_advisory_xact_lock(hashtextextended('marquetry.variant_price_set', 0))")
    const now = new Map(await this.#links.of(variantPriceSet, variantIds))
    const missing = [...new Set(variantIds)].filter((id) => !now.has(id))
    const made = await this.make(missing.map((variantId) => ({ variantId, prices: [] })))
    return new Map([...now, ...made])
  }

  /** Takes the locks that come before those of prices: of the price sets of variants, and of prices that there are. */
  async holdSets(variantIds: readonly string[], priceIds: readonly string[]): Promise<void> {
    const sets = variantIds.length === 0 ? [] : await this.#links.of(variantPriceSet, variantIds)
    await this.#priceSets.hold(
      sets.map(([, priceSetId]) => priceSetId),
      priceIds,
    )
  }

  /**
   * Gives variants the prices that they shall have, but for those in price lists, which stay. What is so already is not
   * written.
   *
   * @throws {PriceTaken} {@link ReferenceUnknown} when a price is named that is not the variant's.
   */
  async set(variants: readonly Priced<WantedPrice>[]): Promise<void> {
    if (variants.length === 0) return
    const sets = await this.setsOf(variants.map(({ variantId }) => variantId))
    const known = await this.#named(variants, sets)
    const wanted = variants.map(({ variantId, prices }) => {
      const priceSetId = sets.get(variantId) as string
      return { priceSetId, prices: prices.map((price) => completed(price, priceSetId, known)) }
    })
    await this.#priceSets.setPrices(wanted)
  }

  /** The sets whose prices are named by id, read only where some are. */
  async #named(
    variants: readonly Priced<WantedPrice>[],
    sets: ReadonlyMap<string, string>,
  ): Promise<ReadonlyMap<string, PriceSetView>> {
    const named = variants.filter(({ prices }) => prices.some(({ id }) => id !== undefined))
    if (named.length === 0) return new Map()
    const ids = named.map(({ variantId }) => sets.get(variantId) as string)
    const { rows } = await this.#priceSets.list({ filter: { id: ids }, limit: ids.length, count: false })
    return new Map(rows.map((set) => [set.id, set]))
  }

  /** Deletes the price sets of variants that are deleted, with what price lists say of them. */
  async remove(sets: ReadonlyMap<string, string>): Promise<void> {
    if (sets.size === 0) return
    await this.#priceSets.deleteMany([...sets.values()])
    await this.#links.removeAllOf(variantPriceSet, [...sets.keys()])
  }
}

/** A price with the fields that were not named as they are. */
function completed(
  { id, ...given }: WantedPrice,
  priceSetId: string,
  known: ReadonlyMap<string, PriceSetView>,
): CreatePrice {
  const price = plainPrice(given)
  // Without an id, a price states its currency and amount: the schema says so.
  if (id === undefined) return price as CreatePrice
  const current = known.get(priceSetId)?.prices.find((row) => row.id === id && row.priceListId === null)
  if (current === undefined) throw new ReferenceUnknown("price", [id])
  const { currencyCode, amount, minQuantity, maxQuantity, title, priceRules } = current
  const rules = priceRules.map(({ attribute, operator, value, priority }) => ({ attribute, operator, value, priority }))
  return { currencyCode, amount, minQuantity, maxQuantity, title, rules: rules as CreatePrice["rules"], ...price }
}

interface RuledPrice {
  readonly rules?: Readonly<Record<string, string>>
}

/** What the pricing module is told of a price: each rule that is given in short is one of equality. */
export function plainPrice<Price extends RuledPrice>({ rules, ...fields }: Price) {
  if (rules === undefined) return fields
  const list = Object.entries(rules).map(([attribute, value]) => ({ attribute, operator: "eq" as const, value }))
  return { ...fields, rules: list }
}

/** Regions that prices are for. */
export const regionIdsOf = (prices: readonly { readonly rules?: Readonly<Record<string, string>> }[]): string[] =>
  prices.flatMap(({ rules }) => rules?.["region_id"] ?? [])
