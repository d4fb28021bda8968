import { authModule } from "@marquetry/auth"
import { testOptions } from "@marquetry/auth/testing"
import { cartModule } from "@marquetry/cart"
import { customerModule } from "@marquetry/customer"
import {
  fulfillmentModule,
  FulfillmentProviders,
  FulfillmentSetService,
  type FulfillmentProvider,
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
  locationFulfillmentProvider,
  locationFulfillmentSet,
  productSalesChannel,
  productShippingProfile,
  regionPaymentProvider,
  salesChannelStockLocation,
  shippingOptionPriceSet,
  variantPriceSet,
} from "@marquetry/flows"
import { Links, type DependencyContainer } from "@marquetry/kernel"
import { notificationModule } from "@marquetry/notification"
import { recordingProvider } from "@marquetry/notification/testing"
import { orderModule } from "@marquetry/order"
import { manualPayment, paymentModule, type PaymentProvider } from "@marquetry/payment"
import { PriceSetService, type CreatePriceSet } from "@marquetry/pricing"
import { ProductService, type CreateProduct } from "@marquetry/product"
import { promotionModule } from "@marquetry/promotion"
import { stockLocationModule, StockLocationService } from "@marquetry/stock-location"
import { taxModule, TaxRegionService } from "@marquetry/tax"

/** Where mail of the shops of these tests goes. */
export const mail = recordingProvider(["email"])

/** A carrier that is asked outside, and says what a parcel costs: seven, and what the buyer's choice adds. */
const carrier: FulfillmentProvider = {
  id: "carrier_test",
  asksOutside: true,
  services: () => [{ id: "express" }],
  validateOption: () => true,
  validateData: (_, data) => data,
  canCalculate: () => true,
  calculatePrice: (_, { extra }) => ({
    calculatedAmount: 7 + (extra === 3 ? extra : 0),
    isCalculatedPriceTaxInclusive: false,
  }),
  createFulfillment: () => ({}),
  cancelFulfillment: () => {},
}

export interface SellingOptions {
  /** Who takes payments in Europe, besides payment by hand. */
  readonly payments?: readonly PaymentProvider[]
  /** Pieces of each variant; 10 unless said. */
  readonly stock?: number
}

/** What a shop has besides a catalogue, once it sells. */
export const sellingModules = ({ payments = [] }: SellingOptions) => [
  stockLocationModule,
  inventoryModule,
  customerModule,
  authModule(testOptions()),
  promotionModule,
  taxModule(),
  fulfillmentModule({ providers: [carrier] }),
  paymentModule({ providers: [manualPayment, ...payments] }),
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

/**
 * Lets a shop sell: pieces of each variant in a warehouse, parcels for 5 euros or by a carrier, German VAT, payment by
 * hand.
 */
export async function sell(
  container: DependencyContainer,
  { web, europe, shirt, lamp }: Sold,
  { payments = [], stock: pieces = 10 }: SellingOptions,
) {
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
  const options = container.resolve(ShippingOptionService)
  const place = { serviceZoneId: set.serviceZones[0]?.id as string, shippingProfileId: profile.id }
  const inStore = (isReturn: boolean) => [
    { attribute: "enabled_in_store", operator: "eq" as const, value: "true" },
    { attribute: "is_return", operator: "eq" as const, value: String(isReturn) },
  ]
  const option = await options.create({
    ...place,
    name: "Standard",
    providerId: "manual_manual",
    type: { label: "Standard", description: "In two days", code: "standard" },
    rules: inStore(false),
  })
  const express = await options.create({
    ...place,
    name: "Express",
    providerId: carrier.id,
    priceType: "calculated",
    rules: inStore(false),
  })
  const back = await options.create({ ...place, name: "Back", providerId: "manual_manual", rules: inStore(true) })
  const five = { prices: [{ currencyCode: "eur", amount: "5" }] }
  const [price, priceBack] = await container.resolve(PriceSetService).createMany([five, five])
  await container
    .resolve(TaxRegionService)
    .create({ countryCode: "de", defaultTaxRate: { name: "VAT", code: "vat", rate: 19 } })
  await links.add(salesChannelStockLocation, [[web, location.id]])
  await links.add(locationFulfillmentSet, [[location.id, set.id]])
  const senders = container.resolve(FulfillmentProviders).ids
  await links.add(
    locationFulfillmentProvider,
    senders.map((id) => [location.id, id] as const),
  )
  await links.add(shippingOptionPriceSet, [
    [option.id, price as string],
    [back.id, priceBack as string],
  ])
  await links.add(
    regionPaymentProvider,
    ["pp_system_default", ...payments.map(({ id }) => id)].map((id) => [europe, id] as const),
  )
  await links.add(
    productShippingProfile,
    [shirt, lamp].map(({ id }) => [id, profile.id] as const),
  )
  const variants = [...shirt.variants, ...lamp.variants]
  await stock(container, location.id, variants, pieces)
  return {
    location: location.id,
    shippingOption: option.id,
    express: express.id,
    back: back.id,
    shippingProfile: profile.id,
    serviceZone: place.serviceZoneId,
    fulfillmentSet: set.id,
  }
}

/** So many pieces of each variant. @returns the inventory items, in order. */
async function stock(
  container: DependencyContainer,
  locationId: string,
  variants: readonly { readonly id: string }[],
  stockedQuantity: number,
): Promise<string[]> {
  const items = await container
    .resolve(InventoryItemService)
    .createMany(variants.map(({ id }) => ({ sku: `stock-${id}` })))
  await container
    .resolve(InventoryLevelService)
    .setMany(items.map(({ id }) => ({ inventoryItemId: id, locationId, stockedQuantity })))
  await container.resolve(VariantInventoryItemService).setForVariants(
    variants.map(({ id }, index) => ({
      variantId: id,
      items: [{ inventoryItemId: items[index]?.id as string, requiredQuantity: 1 }],
    })),
  )
  return items.map(({ id }) => id)
}

/** Where new products of a shop are sold and kept. */
interface Selling {
  readonly container: DependencyContainer
  readonly web: string
  readonly location: string
  readonly shippingProfile: string
}

export type ProductOptions = Partial<CreateProduct> & {
  /** For each variant; 20 euros unless said. */
  readonly prices?: NonNullable<CreatePriceSet["prices"]>
  readonly stock?: number
  /** `null`: is not sent. */
  readonly profile?: string | null
  readonly channel?: string
}

/** Another product that the shop sells, of one variant unless said. */
export async function addProduct(
  shop: Selling,
  {
    prices = [{ currencyCode: "eur", amount: "20" }],
    stock: pieces = 10,
    profile = shop.shippingProfile,
    channel = shop.web,
    ...input
  }: ProductOptions = {},
) {
  const { container, location } = shop
  const links = container.resolve(Links)
  const variants = [{ title: "One" }]
  const product = await container
    .resolve(ProductService)
    .create({ title: "Thing", status: "published", variants, ...input })
  const sets = await container.resolve(PriceSetService).createMany(product.variants.map(() => ({ prices })))
  await links.add(productSalesChannel, [[product.id, channel]])
  if (profile !== null) await links.add(productShippingProfile, [[product.id, profile]])
  await links.add(
    variantPriceSet,
    product.variants.map(({ id }, index) => [id, sets[index] as string] as const),
  )
  const [inventoryItem] = await stock(container, location, product.variants, pieces)
  return {
    product,
    variants: product.variants.map(({ id }) => id),
    variant: product.variants[0]?.id as string,
    inventoryItem: inventoryItem as string,
  }
}
