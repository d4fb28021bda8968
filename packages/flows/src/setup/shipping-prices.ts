import { shippingOptionResource } from "@marquetry/fulfillment"
import { MAX_LIMIT, type AnyFilter, type Links, type Query } from "@marquetry/kernel"
import type { CreatePrice, PriceSetService, PriceSetView } from "@marquetry/pricing"
import type { RegionService } from "@marquetry/region"
import { shippingOptionPriceSet } from "../links.ts"
import { ReferenceUnknown } from "../references.ts"
import type { WantedShippingPrice } from "./shipping-option.schema.ts"

type PriceRow = PriceSetView["prices"][number]
type Rules = NonNullable<CreatePrice["rules"]>

/** What shipping options cost: each has a price set of its own. */
export class ShippingPrices {
  readonly #query: Query
  readonly #links: Links
  readonly #priceSets: PriceSetService
  readonly #regions: RegionService

  constructor(query: Query, links: Links, priceSets: PriceSetService, regions: RegionService) {
    this.#query = query
    this.#links = links
    this.#priceSets = priceSets
    this.#regions = regions
  }

  /**
   * Gives an option, which the caller holds, the prices that it shall have. What is so already is not written.
   *
   * @throws {PriceTaken}
   * @throws {ReferenceUnknown} without a region that is named, or a price by the id.
   */
  async set(optionId: string, wanted: readonly WantedShippingPrice[]): Promise<void> {
    const currencies = await this.#currenciesOf(wanted.flatMap(({ regionId }) => regionId ?? []))
    const [pair] = await this.#links.of(shippingOptionPriceSet, [optionId])
    if (pair === undefined) {
      const prices = wanted.map((price) => completed(price, new Map(), currencies))
      const [made] = await this.#priceSets.createMany([{ prices }])
      await this.#links.add(shippingOptionPriceSet, [[optionId, made as string]])
      return
    }
    const [, priceSetId] = pair
    const { prices: current } = await this.#priceSets.get(priceSetId)
    const known = new Map(current.map((price) => [price.id, price]))
    const prices = wanted.map((price) => completed(price, known, currencies))
    await this.#priceSets.setPrices([{ priceSetId, prices }])
  }

  /** Deletes what deleted options cost. They are found by what they still have: whoever deletes need not know which they are. */
  async removeOfDeleted(filter: AnyFilter): Promise<void> {
    const read = {
      fields: { id: true, priceSet: { id: true } },
      filter: { $and: [filter, { deletedAt: { $ne: null }, priceSet: { id: { $ne: null } } }] },
      withDeleted: true,
      limit: MAX_LIMIT,
      count: false,
    } as const
    let found: { id: string; priceSet: { id: string } }[]
    do {
      found = (await this.#query.listAny(shippingOptionResource.name, read)).rows as never
      if (found.length === 0) return
      await this.#priceSets.deleteMany(found.map(({ priceSet }) => priceSet.id))
      await this.#links.removeAllOf(
        shippingOptionPriceSet,
        found.map(({ id }) => id),
      )
    } while (found.length === MAX_LIMIT)
  }

  async #currenciesOf(regionIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const wanted = [...new Set(regionIds)]
    if (wanted.length === 0) return new Map()
    const { rows } = await this.#regions.list({ filter: { id: wanted }, limit: wanted.length, count: false })
    const currencies = new Map(rows.map(({ id, currencyCode }) => [id, currencyCode]))
    const missing = wanted.filter((id) => !currencies.has(id))
    if (missing.length > 0) throw new ReferenceUnknown("region", missing)
    return currencies
  }
}

/** A price as the pricing module takes it, with the fields that were not named as they are. */
function completed(
  { id, currencyCode, regionId, amount, rules }: WantedShippingPrice,
  known: ReadonlyMap<string, PriceRow>,
  currencies: ReadonlyMap<string, string>,
): CreatePrice {
  const current = id === undefined ? undefined : known.get(id)
  if (id !== undefined && current === undefined) throw new ReferenceUnknown("price", [id])
  const [placed, others] = rulesOf(current)
  const region: Rules = regionId === undefined ? [] : [{ attribute: "region_id", operator: "eq", value: regionId }]
  // Without an id, a price states its amount and its place: the schema says so.
  return {
    ...(current && { title: current.title, minQuantity: current.minQuantity, maxQuantity: current.maxQuantity }),
    currencyCode: currencyCode ?? currencies.get(regionId ?? "") ?? (current?.currencyCode as string),
    amount: amount ?? (current?.amount as string),
    rules: [...(currencyCode === undefined && regionId === undefined ? placed : region), ...(rules ?? others)],
  }
}

/** The rule that says for which region a price is, and the others. */
function rulesOf(price: PriceRow | undefined): [placed: Rules, others: Rules] {
  const rules = (price?.priceRules ?? []).map(({ attribute, operator, value, priority }) => {
    return { attribute, operator, value, priority }
  }) as Rules
  const isPlace = ({ attribute }: Rules[number]) => attribute === "region_id"
  return [rules.filter(isPlace), rules.filter((rule) => !isPlace(rule))]
}
