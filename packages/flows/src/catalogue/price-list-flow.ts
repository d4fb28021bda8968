import { MAX_LIMIT, parse, type Database, type Query } from "@marquetry/kernel"
import { priceResource, priceSetResource, type CreateListPrice, type PriceListService } from "@marquetry/pricing"
import { z } from "zod"
import { id as Id, MAX_VARIANTS } from "./catalogue.schema.ts"
import {
  CreatePriceListInput,
  CreateVariantListPrices,
  UpdatePriceListInput,
  UpdateVariantListPrices,
  type CreateVariantListPrice,
  type UpdateVariantListPrice,
} from "./price-list.schema.ts"
import type { BatchResult } from "./product-flow.ts"
import { assertKnown, ReferenceUnknown, type References } from "../references.ts"
import { plainPrice, regionIdsOf, type VariantPrices } from "./variant-prices.ts"

export interface ListPriceBatch {
  readonly create?: readonly CreateVariantListPrice[]
  readonly update?: readonly UpdateVariantListPrice[]
  /** Ids of prices. */
  readonly delete?: readonly string[]
}

const Ids = z.array(Id).max(MAX_VARIANTS)

/** Price lists, whose prices are for variants. */
export class PriceListFlow {
  readonly #db: Database
  readonly #query: Query
  readonly #priceLists: PriceListService
  readonly #prices: VariantPrices

  constructor(db: Database, query: Query, priceLists: PriceListService, prices: VariantPrices) {
    this.#db = db
    this.#query = query
    this.#priceLists = priceLists
    this.#prices = prices
  }

  /** Makes a list with its prices. @throws {ReferenceUnknown} {@link DatesReversed} {@link PriceTaken} */
  async create(input: CreatePriceListInput): Promise<{ id: string }> {
    const { prices, ...fields } = parse(CreatePriceListInput, input)
    return this.#db.transaction(async () => {
      await assertKnown(this.#query, namedByRules(fields.rules))
      const [id] = await this.#priceLists.createMany([{ ...fields, prices: await this.#ofSets(prices) }])
      return { id: id as string }
    })
  }

  /** Changes a list, but for its prices. @throws {NotFound} {@link ReferenceUnknown} {@link DatesReversed} */
  async update(id: string, input: UpdatePriceListInput): Promise<void> {
    const { rules, ...fields } = parse(UpdatePriceListInput, input)
    await this.#db.transaction(async () => {
      await assertKnown(this.#query, namedByRules(rules ?? {}))
      await this.#priceLists.update(id, { ...fields, ...(rules !== undefined && { rules }) })
    })
  }

  /**
   * Takes the locks that come before those of prices, as {@link batch} will need them: for whoever holds prices before they
   * have them changed.
   */
  async holdNamed({ create = [], update = [], delete: deleted = [] }: ListPriceBatch): Promise<void> {
    const named = [...update.map((price) => price.id), ...deleted]
    if (named.length === 0) return
    const variantIds = create.map(({ variantId }) => variantId)
    await this.#prices.holdSets(parse(Ids, variantIds), parse(Ids, named))
  }

  /**
   * Removes, changes and adds prices of a list, in this order, all or none.
   *
   * @returns ids of prices.
   * @throws {NotFound} {@link ReferenceUnknown} {@link PriceTaken}
   */
  async batch(id: string, input: ListPriceBatch): Promise<BatchResult> {
    const create = parse(CreateVariantListPrices, input.create ?? [])
    const update = parse(UpdateVariantListPrices, input.update ?? [])
    const deleted = parse(Ids, input.delete ?? [])
    return this.#db.transaction(async () => {
      if (create.length > 0) await this.holdNamed({ create, update, delete: deleted })
      await this.#assertOfVariants(id, update)
      await assertKnown(this.#query, { region: regionIdsOf(update) })
      if (deleted.length > 0) await this.#priceLists.removePrices(id, deleted)
      const changes = update.map(changedPrice)
      if (changes.length > 0) await this.#priceLists.updatePrices(id, changes)
      const created = create.length > 0 ? await this.#priceLists.addPrices(id, await this.#ofSets(create)) : []
      return { created, updated: update.map((price) => price.id), deleted }
    })
  }

  /** Removes what a list says of products; those that it says nothing of are passed over. @throws {NotFound} */
  async removeProducts(id: string, productIds: readonly string[]): Promise<void> {
    const ids = parse(Ids, productIds)
    await this.#db.transaction(async () => {
      const read = {
        fields: { id: true },
        filter: { variant: { productId: ids }, prices: { priceListId: id } },
        limit: MAX_LIMIT,
        count: false,
      } as const
      let found: readonly string[]
      do {
        const { rows } = await this.#query.listAny(priceSetResource.name, read)
        found = rows.map((row) => row["id"] as string)
        await this.#priceLists.removePriceSets(id, found)
      } while (found.length === MAX_LIMIT)
    })
  }

  /** The same prices, of the price sets of their variants. */
  async #ofSets(prices: readonly z.output<typeof CreateVariantListPrices>[number][]): Promise<CreateListPrice[]> {
    const variantIds = [...new Set(prices.map(({ variantId }) => variantId))]
    await assertKnown(this.#query, { product_variant: variantIds, region: regionIdsOf(prices) })
    const sets = await this.#prices.setsOf(variantIds)
    return prices.map(({ variantId, ...price }) => ({
      ...plainPrice(price),
      priceSetId: sets.get(variantId) as string,
    }))
  }

  /** A price does not move to another variant: that would be another price. @throws {ReferenceUnknown} */
  async #assertOfVariants(id: string, prices: readonly z.output<typeof UpdateVariantListPrices>[number][]) {
    const named = prices.filter(({ variantId }) => variantId !== undefined)
    if (named.length === 0) return
    const { rows } = await this.#query.listAny(priceResource.name, {
      fields: { id: true, priceSet: { variant: { id: true } } },
      filter: { id: named.map((price) => price.id), priceListId: id },
      limit: MAX_LIMIT,
      count: false,
    })
    const known = rows as unknown as { id: string; priceSet: { variant: { id: string } | null } }[]
    const variants = new Map(known.map((price) => [price.id, price.priceSet.variant?.id]))
    const foreign = named.filter((price) => variants.get(price.id) !== price.variantId)
    if (foreign.length > 0)
      throw new ReferenceUnknown(
        "price",
        foreign.map((price) => price.id),
      )
  }
}

/** Of which resources rules hold ids, by their attributes. */
const ruled = new Map([
  ["customer.groups.id", "customer_group"],
  ["region_id", "region"],
])

/** Rows of other modules that the rules of a list name. */
const namedByRules = (rules: Readonly<Record<string, readonly string[]>>): References =>
  Object.fromEntries([...ruled].map(([attribute, resource]) => [resource, rules[attribute] ?? []]))

function changedPrice(price: z.output<typeof UpdateVariantListPrices>[number]) {
  const { variantId: _, ...changed } = price
  return plainPrice(changed)
}
