import { locationFulfillmentProvider, locationFulfillmentSet, salesChannelStockLocation } from "@marquetry/flows"
import { InventoryLevelService } from "@marquetry/inventory"
import { Links, Query, type DependencyContainer } from "@marquetry/kernel"
import { variantResource } from "@marquetry/product"
import type { VariantDraft } from "@marquetry/product-csv"
import { StockLocationService } from "@marquetry/stock-location"

const WAREHOUSE = {
  name: "Warehouse",
  address: { address1: "Dok-Noord 7", city: "Ghent", postalCode: "9000", countryCode: "be" },
}
const SHOWROOM = {
  name: "Showroom",
  address: { address1: "Kammenstraat 18", city: "Antwerp", postalCode: "2000", countryCode: "be" },
}

/** Of what there is plenty, one piece is on show. */
const PLENTY = 20

/** Where goods are kept. */
export interface Locations {
  readonly warehouse: string
  readonly showroom: string
}

/** Makes the locations of a channel; all goods are sent from the warehouse. */
export async function makeLocations(container: DependencyContainer, channelId: string): Promise<Locations> {
  const [warehouse, showroom] = (await container.resolve(StockLocationService).createMany([WAREHOUSE, SHOWROOM])).map(
    ({ id }) => id,
  ) as [string, string]
  await container.resolve(Links).add(salesChannelStockLocation, [
    [channelId, warehouse],
    [channelId, showroom],
  ])
  return { warehouse, showroom }
}

/** Lets a location send goods by these sets. */
export async function sendFrom(
  container: DependencyContainer,
  locationId: string,
  setIds: readonly string[],
): Promise<void> {
  const links = container.resolve(Links)
  await links.add(locationFulfillmentProvider, [[locationId, "manual_manual"]])
  await links.add(
    locationFulfillmentSet,
    setIds.map((id) => [locationId, id] as const),
  )
}

/** Puts into stock what the catalogue says there is of each variant that is counted. */
export async function makeStock(
  container: DependencyContainer,
  { warehouse, showroom }: Locations,
  drafts: readonly VariantDraft[],
): Promise<void> {
  const quantities = new Map(drafts.map(({ sku, inventoryQuantity }) => [sku, inventoryQuantity]))
  // The import gave each of them an item of its own.
  const { rows: variants } = await container.resolve(Query).list(variantResource, {
    fields: { sku: true, inventoryItems: { inventoryId: true } },
    filter: { manageInventory: true },
    limit: 10_000,
  })
  const levels = variants.flatMap(({ sku, inventoryItems }) => {
    const quantity = quantities.get(sku) ?? 0
    const onShow = quantity >= PLENTY ? 1 : 0
    return inventoryItems.flatMap(({ inventoryId: inventoryItemId }) => [
      { inventoryItemId, locationId: warehouse, stockedQuantity: quantity - onShow },
      ...(onShow === 0 ? [] : [{ inventoryItemId, locationId: showroom, stockedQuantity: onShow }]),
    ])
  })
  await container.resolve(InventoryLevelService).setMany(levels)
}
