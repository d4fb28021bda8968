import { authModule } from "@marquetry/auth"
import { testOptions } from "@marquetry/auth/testing"
import { cartModule } from "@marquetry/cart"
import { customerModule } from "@marquetry/customer"
import {
  fulfillmentModule,
  FulfillmentSetService,
  ShippingOptionService,
  ShippingProfileService,
} from "@marquetry/fulfillment"
import {
  InventoryItemService,
  InventoryLevelService,
  inventoryModule,
  VariantInventoryItemService,
} from "@marquetry/inventory"
import {
  locationFulfillmentSet,
  productShippingProfile,
  regionPaymentProvider,
  salesChannelStockLocation,
  shippingOptionPriceSet,
} from "@marquetry/flows"
import { Links, type DependencyContainer } from "@marquetry/kernel"
import { notificationModule } from "@marquetry/notification"
import { recordingProvider } from "@marquetry/notification/testing"
import { orderModule } from "@marquetry/order"
import { paymentModule } from "@marquetry/payment"
import { PriceSetService } from "@marquetry/pricing"
import { promotionModule } from "@marquetry/promotion"
import { stockLocationModule, StockLocationService } from "@marquetry/stock-location"
import { taxModule, TaxRegionService } from "@marquetry/tax"

/** Where mail of the shops of these tests goes. */
export const mail = recordingProvider(["email"])

/** What a shop has besides a catalogue, once it sells. */
export const sellingModules = [
  stockLocationModule,
  inventoryModule,
  customerModule,
  authModule(testOptions()),
  promotionModule,
  taxModule(),
  fulfillmentModule(),
  paymentModule(),
  notificationModule({ providers: [mail] }),
  cartModule,
  orderModule,
]

interface Sold {
  readonly web: string
  readonly europe: string
  readonly shirt: { readonly id: string; readonly variants: readonly { readonly id: string }[] }
  readonly lamp: { readonly id: string; readonly variants: readonly { readonly id: string }[] }
}

/** Lets a shop sell: 10 pieces of each variant in a warehouse, parcels for 5 euros, German VAT, payment by hand. */
export async function sell(container: DependencyContainer, { web, europe, shirt, lamp }: Sold) {
  const links = container.resolve(Links)
  const location = await container.resolve(StockLocationService).create({ name: "Warehouse" })
  const profile = await container.resolve(ShippingProfileService).create({ name: "Parcel", type: "default" })
  const set = await container.resolve(FulfillmentSetService).create({
    name: "Parcels",
    type: "shipping",
    serviceZones: [
      {
        name: "Europe",
        geoZones: [
          { type: "country", countryCode: "de" },
          { type: "country", countryCode: "fr" },
        ],
      },
    ],
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
  await container
    .resolve(TaxRegionService)
    .create({ countryCode: "de", defaultTaxRate: { name: "VAT", code: "vat", rate: 19 } })
  await links.add(salesChannelStockLocation, [[web, location.id]])
  await links.add(locationFulfillmentSet, [[location.id, set.id]])
  await links.add(shippingOptionPriceSet, [[option.id, price as string]])
  await links.add(regionPaymentProvider, [[europe, "pp_system_default"]])
  await links.add(
    productShippingProfile,
    [shirt, lamp].map(({ id }) => [id, profile.id] as const),
  )
  const variants = [...shirt.variants, ...lamp.variants]
  const items = await container
    .resolve(InventoryItemService)
    .createMany(variants.map(({ id }) => ({ sku: `stock-${id}` })))
  await container
    .resolve(InventoryLevelService)
    .setMany(items.map(({ id }) => ({ inventoryItemId: id, locationId: location.id, stockedQuantity: 10 })))
  await container.resolve(VariantInventoryItemService).setForVariants(
    variants.map(({ id }, index) => ({
      variantId: id,
      items: [{ inventoryItemId: items[index]?.id as string, requiredQuantity: 1 }],
    })),
  )
  return { location: location.id, shippingOption: option.id, shippingProfile: profile.id }
}
