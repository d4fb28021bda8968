import { AvailabilityService } from "@marquetry/inventory"
import { computedField, Query, type NamedRead } from "@marquetry/kernel"
import { variantResource } from "@marquetry/product"
import type { StorefrontKey } from "./storefronts.ts"

/**
 * How many of a variant can be sold at the stock locations that the context of the read names, as `locationIds`: at none
 * unless it does, at all where that is `null`. Left out for variants whose stock is not managed. Two statements for all
 * variants of an answer.
 */
export const inventoryQuantity = computedField(variantResource, {
  name: "inventory_quantity",
  key: "id",
  resolve: async (variantIds, { container, context }) => {
    const { locationIds = [] } = context as { readonly locationIds?: readonly string[] | null }
    const unmanaged = await container.resolve(Query).list(variantResource, {
      fields: { id: true },
      filter: { id: variantIds, manageInventory: false },
      limit: 10_000,
      count: false,
    })
    const ignored = new Set(unmanaged.rows.map(({ id }) => id))
    const left = await container.resolve(AvailabilityService).ofVariants(variantIds, locationIds ?? undefined)
    return left.map(({ variantId, available }) => (ignored.has(variantId) ? undefined : (available ?? 0)))
  },
})

/** Reads where a storefront's goods are kept, beside what it shows: see {@link locationIdsOfStorefront}. */
export const storefrontLocations = ({ filter }: StorefrontKey): NamedRead => ({
  resource: "sales_channel",
  read: { fields: { stockLocations: { id: true } }, filter: { isDisabled: false, apiKeys: filter }, limit: 1_000 },
})

/** What {@link storefrontLocations} has found. */
export function locationIdsOfStorefront(channels: readonly Record<string, unknown>[]): string[] {
  const locations = channels.flatMap((channel) => channel["stockLocations"] as { id: string }[])
  return [...new Set(locations.map(({ id }) => id))]
}
