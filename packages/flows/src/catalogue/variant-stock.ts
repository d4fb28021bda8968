import type { CreateInventoryItem, InventoryItemService, VariantInventoryItemService } from "@marquetry/inventory"
import type { WrittenVariant } from "@marquetry/product"
import type { NewVariant } from "./catalogue.schema.ts"

/** A variant that was made just now, and what was asked of it. */
export interface MadeVariant extends WrittenVariant {
  readonly input: NewVariant
}

/** What decides which items a new variant is made of. */
export interface StockedVariant extends WrittenVariant {
  readonly input: Pick<NewVariant, "manageInventory" | "inventoryItems" | ItemField>
}

/** What a variant's own item has of it. */
const itemFields = [
  "sku",
  "weight",
  "length",
  "height",
  "width",
  "hsCode",
  "originCountry",
  "midCode",
  "material",
] as const
type ItemField = (typeof itemFields)[number]

/** Titles of inventory items are no longer than that. */
const MAX_TITLE = 500

/** What variants are made of. */
export class VariantStock {
  readonly #items: InventoryItemService
  readonly #variantItems: VariantInventoryItemService

  constructor(items: InventoryItemService, variantItems: VariantInventoryItemService) {
    this.#items = items
    this.#variantItems = variantItems
  }

  /**
   * Makes new variants of the items that they name; those that are counted and name none get an item of their own. Five
   * statements.
   *
   * @throws {ItemSkuTaken} {@link NotFound}
   */
  async make(variants: readonly StockedVariant[]): Promise<void> {
    const own = variants.filter(({ input }) => input.manageInventory && input.inventoryItems.length === 0)
    const itemIds = await this.#items.addMany(own.map(itemOf))
    const kits = variants.filter(({ input }) => input.inventoryItems.length > 0)
    await this.#variantItems.setForNewVariants([
      ...own.map(({ id }, index) => ({ variantId: id, items: [{ inventoryItemId: itemIds[index] as string }] })),
      ...kits.map(({ id, input }) => ({ variantId: id, items: input.inventoryItems })),
    ])
  }

  /** Takes deleted variants apart. Items go that nothing else is made of, and that nobody waits for. */
  async remove(variantIds: readonly string[], inventoryItemIds: readonly string[]): Promise<void> {
    await this.#variantItems.setForVariants(variantIds.map((variantId) => ({ variantId, items: [] })))
    await this.#items.deleteUnused(inventoryItemIds)
  }
}

/** The item of a variant that is made of nothing else. */
function itemOf({ title, input }: StockedVariant): CreateInventoryItem {
  const own = Object.fromEntries(itemFields.map((field) => [field, input[field]]))
  // A title that is made of many option values may be longer than that of an item.
  return { ...own, title: title.length > MAX_TITLE ? null : title }
}
