import { allDone, MAX_LIMIT, type Query } from "@marquetry/kernel"
import { variantResource, type WrittenVariant } from "@marquetry/product"
import type { ChangedVariant, NewVariant, WantedPrice } from "./catalogue.schema.ts"
import type { References } from "../references.ts"
import { plainPrice, regionIdsOf, type VariantPrices } from "./variant-prices.ts"
import type { MadeVariant, StockedVariant, VariantStock } from "./variant-stock.ts"

interface DeletedVariant {
  readonly id: string
  readonly priceSet: { readonly id: string } | null
  readonly inventoryItems: readonly { readonly inventoryId: string }[]
}

/** What belongs to variants, and is in other modules: prices and stock. */
export class VariantParts {
  readonly #query: Query
  readonly #prices: VariantPrices
  readonly #stock: VariantStock

  constructor(query: Query, prices: VariantPrices, stock: VariantStock) {
    this.#query = query
    this.#prices = prices
    this.#stock = stock
  }

  /** Gives new variants their prices and items. */
  async make(variants: readonly MadeVariant[]): Promise<void> {
    await allDone([
      this.#prices.make(variants.map(({ id, input }) => ({ variantId: id, prices: input.prices.map(plainPrice) }))),
      this.#stock.make(variants),
    ])
  }

  /** Gives new variants their items only. @throws {ItemSkuTaken} {@link NotFound} */
  async makeStock(variants: readonly StockedVariant[]): Promise<void> {
    await this.#stock.make(variants)
  }

  /** Gives variants the prices that they shall have, where a change names any. */
  async setPrices(
    variants: readonly { readonly id: string; readonly prices?: readonly WantedPrice[] }[],
  ): Promise<void> {
    await this.#prices.set(
      variants.flatMap(({ id, prices }) => (prices === undefined ? [] : [{ variantId: id, prices }])),
    )
  }

  /** Takes away what belonged to variants that are deleted. */
  async removeOf(variantIds: readonly string[]): Promise<void> {
    for (let from = 0; from < variantIds.length; from += MAX_LIMIT) {
      const { rows } = await this.#query.listAny(variantResource.name, {
        fields: { id: true, priceSet: { id: true }, inventoryItems: { inventoryId: true } },
        filter: { id: variantIds.slice(from, from + MAX_LIMIT) },
        withDeleted: true,
        limit: MAX_LIMIT,
        count: false,
      })
      await this.#remove(rows as unknown as DeletedVariant[])
    }
  }

  async #remove(variants: readonly DeletedVariant[]): Promise<void> {
    const sets = variants.flatMap(({ id, priceSet }) => (priceSet === null ? [] : [[id, priceSet.id] as const]))
    const made = variants.filter(({ inventoryItems }) => inventoryItems.length > 0)
    const itemIds = made.flatMap(({ inventoryItems }) => inventoryItems.map(({ inventoryId }) => inventoryId))
    await this.#prices.remove(new Map(sets))
    await this.#stock.remove(
      made.map(({ id }) => id),
      [...new Set(itemIds)],
    )
  }
}

/** Rows of other modules that variants name. */
export function namedByVariants(variants: readonly (NewVariant | ChangedVariant)[]): References {
  return {
    inventory_item: variants.flatMap((variant) =>
      "inventoryItems" in variant ? variant.inventoryItems.map(({ inventoryItemId }) => inventoryItemId) : [],
    ),
    region: variants.flatMap(({ prices = [] }) => regionIdsOf(prices)),
  }
}

/** What the product module is told of a variant. */
export function plainVariant<Variant extends NewVariant | ChangedVariant>(variant: Variant) {
  const { prices: _, inventoryItems: __, ...fields } = variant as Variant & { inventoryItems?: unknown }
  return fields
}

/** New variants with what was asked of them, in order. */
export const madeVariants = (made: readonly WrittenVariant[], inputs: readonly NewVariant[]): MadeVariant[] =>
  made.map((variant, index) => ({ ...variant, input: inputs[index] as NewVariant }))
