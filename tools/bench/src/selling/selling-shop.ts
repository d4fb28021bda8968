import {
  locationFulfillmentProvider,
  locationFulfillmentSet,
  productShippingProfile,
  regionPaymentProvider,
  salesChannelStockLocation,
  shippingOptionPriceSet,
} from "@marquetry/flows"
import { FulfillmentSetService, ShippingOptionService, ShippingProfileService } from "@marquetry/fulfillment"
import { InventoryItemService, InventoryLevelService, VariantInventoryItemService } from "@marquetry/inventory"
import { Links, type Composition, type DependencyContainer } from "@marquetry/kernel"
import { PriceSetService } from "@marquetry/pricing"
import { PromotionService } from "@marquetry/promotion"
import { StockLocationService } from "@marquetry/stock-location"
import { StoreService } from "@marquetry/store"
import { TaxRegionService } from "@marquetry/tax"
import { makeShop, type Shop } from "../catalogue.ts"

export interface ShopOptions {
  readonly products: number
  /** Pieces of each variant. */
  readonly stock: number
  /** Whether there is a promotion that applies by itself, to all that is bought. */
  readonly promotion: boolean
}

/** What a bench of the selling shop asks for. */
export interface SellingShop extends Shop {
  readonly productIds: readonly string[]
  readonly variantIds: readonly string[]
  readonly shippingOptionId: string
}

/** A shop of `products` × 5 variants in stock, sent for 5 euros from one place, with one tax and payment by hand. */
export async function makeSellingShop(
  composition: Composition,
  { products, stock, promotion }: ShopOptions,
): Promise<SellingShop> {
  const { container, database } = composition
  const shop = await makeShop(composition, products)
  const variants = await database.sql<{ id: string; product_id: string }>(
    "select id, product_id from product.product_variant order by id",
  )
  const variantIds = variants.map(({ id }) => id)
  const productIds = [...new Set(variants.map(({ product_id }) => product_id))]
  await container.resolve(StoreService).create({
    name: "Bench",
    supportedCurrencies: [{ currencyCode: "eur", isDefault: true }],
    defaultRegionId: shop.regionId,
    defaultSalesChannelId: shop.salesChannelId,
  })
  const location = await container.resolve(StockLocationService).create({ name: "Warehouse" })
  await container.resolve(Links).add(salesChannelStockLocation, [[shop.salesChannelId, location.id]])
  await keepInStock(container, variantIds, location.id, stock)
  const shippingOptionId = await send(container, location.id, productIds)
  await container.resolve(Links).add(regionPaymentProvider, [[shop.regionId, "pp_system_default"]])
  await container
    .resolve(TaxRegionService)
    .create({ countryCode: "de", defaultTaxRate: { name: "VAT", code: "vat", rate: 19 } })
  if (promotion) {
    await container.resolve(PromotionService).create({
      code: "TEN-PERCENT",
      type: "standard",
      status: "active",
      isAutomatic: true,
      applicationMethod: { type: "percentage", targetType: "items", allocation: "across", value: 10 },
    })
  }
  return { ...shop, productIds, variantIds, shippingOptionId }
}

async function keepInStock(
  container: DependencyContainer,
  variantIds: readonly string[],
  locationId: string,
  stockedQuantity: number,
): Promise<void> {
  const items = await container
    .resolve(InventoryItemService)
    .createMany(variantIds.map((id) => ({ sku: `stock-${id}` })))
  await container
    .resolve(InventoryLevelService)
    .setMany(items.map(({ id }) => ({ inventoryItemId: id, locationId, stockedQuantity })))
  await container.resolve(VariantInventoryItemService).setForVariants(
    variantIds.map((variantId, index) => ({
      variantId,
      items: [{ inventoryItemId: items[index]?.id as string, requiredQuantity: 1 }],
    })),
  )
}

/** @returns the shipping option. */
async function send(
  container: DependencyContainer,
  locationId: string,
  productIds: readonly string[],
): Promise<string> {
  const links = container.resolve(Links)
  const profile = await container.resolve(ShippingProfileService).create({ name: "Parcel", type: "default" })
  const set = await container.resolve(FulfillmentSetService).create({
    name: "Parcels",
    type: "shipping",
    serviceZones: [{ name: "Germany", geoZones: [{ type: "country", countryCode: "de" }] }],
  })
  const option = await container.resolve(ShippingOptionService).create({
    name: "Standard",
    serviceZoneId: set.serviceZones[0]?.id as string,
    shippingProfileId: profile.id,
    providerId: "manual_manual",
    type: { label: "Standard", description: "In two days", code: "standard" },
    rules: [
      { attribute: "enabled_in_store", operator: "eq", value: "true" },
      { attribute: "is_return", operator: "eq", value: "false" },
    ],
  })
  const [price] = await container
    .resolve(PriceSetService)
    .createMany([{ prices: [{ currencyCode: "eur", amount: "5" }] }])
  await links.add(locationFulfillmentSet, [[locationId, set.id]])
  await links.add(locationFulfillmentProvider, [[locationId, "manual_manual"]])
  await links.add(shippingOptionPriceSet, [[option.id, price as string]])
  await links.add(
    productShippingProfile,
    productIds.map((id) => [id, profile.id] as const),
  )
  return option.id
}
