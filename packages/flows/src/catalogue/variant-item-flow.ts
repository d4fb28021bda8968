import {
  AddVariantItem,
  UpdateVariantItem,
  VariantItemKey,
  type VariantInventoryItemService,
} from "@marquetry/inventory"
import { NotFound, parse, type Database, type Query } from "@marquetry/kernel"
import type { ProductService } from "@marquetry/product"
import { z } from "zod"
import { MAX_VARIANTS } from "./catalogue.schema.ts"
import { assertKnown } from "../references.ts"
import { assertVariantsOf } from "./variants-of-product.ts"

/** A change of what variants are made of. */
export const VariantItemBatch = z.strictObject({
  create: z.array(AddVariantItem).max(MAX_VARIANTS).default([]),
  update: z.array(VariantItemKey.extend(UpdateVariantItem.shape)).max(MAX_VARIANTS).default([]),
  delete: z.array(VariantItemKey).max(MAX_VARIANTS).default([]),
})
export type VariantItemBatch = z.input<typeof VariantItemBatch>

type Key = z.output<typeof VariantItemKey>

/** Kits: of which inventory items the variants of one product are made. */
export class VariantItemFlow {
  readonly #db: Database
  readonly #query: Query
  readonly #products: ProductService
  readonly #variantItems: VariantInventoryItemService

  constructor(db: Database, query: Query, products: ProductService, variantItems: VariantInventoryItemService) {
    this.#db = db
    this.#query = query
    this.#products = products
    this.#variantItems = variantItems
  }

  /**
   * Takes items out of variants, says anew how many of an item are in one, and puts others in, all or none. An item that is
   * to be taken out need not be there.
   *
   * @throws {NotFound} when a variant is not one of the product, or is not made of an item that is to be changed.
   * @throws {ReferenceUnknown} when there is no such item.
   */
  async batch(productId: string, input: VariantItemBatch): Promise<void> {
    const { create, update, delete: removed } = parse(VariantItemBatch, input)
    await this.#db.transaction(async () => {
      await this.#products.hold([productId])
      const named = [...create, ...update, ...removed].map(({ variantId }) => variantId)
      await assertVariantsOf(this.#query, productId, named)
      await assertKnown(this.#query, { inventory_item: create.map(({ inventoryItemId }) => inventoryItemId) })
      await this.#assertParts(update)
      await this.#variantItems.remove(removed)
      await this.#variantItems.addMany([...update, ...create])
    })
  }

  /** @throws {NotFound} when a variant is not made of an item. */
  async #assertParts(keys: readonly Key[]): Promise<void> {
    if (keys.length === 0) return
    const filter = { variantId: keys.map(({ variantId }) => variantId) }
    const { rows } = await this.#variantItems.list({ filter, limit: MAX_VARIANTS, count: false })
    const parts = new Set(rows.map(({ variantId, inventoryId }) => `${inventoryId} of ${variantId}`))
    const missing = keys.map(({ variantId, inventoryItemId }) => `${inventoryItemId} of ${variantId}`)
    const first = missing.find((part) => !parts.has(part))
    if (first !== undefined) throw new NotFound("Variant inventory item", first)
  }
}
