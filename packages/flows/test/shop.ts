import { apiKeyModule, ApiKeyService } from "@marquetry/api-key"
import { cartModule, CartService, type CartView } from "@marquetry/cart"
import { customerModule, CustomerService } from "@marquetry/customer"
import {
  fulfillmentModule,
  type FulfillmentProvider,
  FulfillmentProviders,
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
import { compose, Links, type Composition, type CompositionOptions, type DatabaseOptions } from "@marquetry/kernel"
import { createTestDatabase } from "@marquetry/kernel/testing"
import { notificationModule, type NotificationProvider } from "@marquetry/notification"
import { recordingProvider } from "@marquetry/notification/testing"
import { orderModule, OrderService, type OrderView } from "@marquetry/order"
import { manualPayment, paymentModule, type PaymentOptions } from "@marquetry/payment"
import { PriceSetService, pricingModule, type CreatePriceSet } from "@marquetry/pricing"
import { productModule, ProductService, type CreateProduct } from "@marquetry/product"
import { promotionModule } from "@marquetry/promotion"
import { regionModule, RegionService } from "@marquetry/region"
import { salesChannelModule, SalesChannelService } from "@marquetry/sales-channel"
import { stockLocationModule, StockLocationService } from "@marquetry/stock-location"
import { storeModule, StoreService } from "@marquetry/store"
import { taxModule, TaxRegionService, type TaxProvider } from "@marquetry/tax"
import {
  apiKeySalesChannel,
  CartFlow,
  CheckoutFlow,
  checkoutModule,
  commerceFields,
  commerceLinks,
  locationFulfillmentProvider,
  locationFulfillmentSet,
  PaymentFlow,
  productSalesChannel,
  productShippingProfile,
  regionPaymentProvider,
  registerFlows,
  salesChannelStockLocation,
  shippingOptionPriceSet,
  variantPriceSet,
  type Shopper,
} from "../src/index.ts"

export interface ShopOptions extends Partial<CompositionOptions> {
  /** Payment by hand is always there. */
  readonly payment?: PaymentOptions
  readonly taxProviders?: readonly TaxProvider[]
  readonly carriers?: readonly FulfillmentProvider[]
  /** Messages are kept, and go nowhere, unless said. */
  readonly messengers?: readonly NotificationProvider[]
}

/** A composition of everything that sells, over a database. */
export function composeShop(
  database: NonNullable<DatabaseOptions["database"]>,
  { payment = {}, taxProviders = [], carriers = [], messengers = [recordingProvider()], ...options }: ShopOptions = {},
): Promise<Composition> {
  return compose({
    database,
    modules: [
      storeModule,
      salesChannelModule,
      apiKeyModule,
      regionModule,
      productModule,
      pricingModule,
      stockLocationModule,
      inventoryModule,
      customerModule,
      promotionModule,
      taxModule({ providers: taxProviders }),
      fulfillmentModule({ providers: carriers }),
      paymentModule({ ...payment, providers: [manualPayment, ...(payment.providers ?? [])] }),
      cartModule,
      orderModule,
      checkoutModule,
      notificationModule({ providers: messengers }),
    ],
    links: commerceLinks,
    computed: commerceFields,
    register: registerFlows,
    // No relay, so that only the flows' own statements are counted.
    events: { relay: false },
    ...options,
  })
}

type Resolve = <T>(token: abstract new (...args: never[]) => T) => T

export const resolverOf =
  ({ container }: Composition): Resolve =>
  (token) =>
    container.resolve(token as never)

/** A small shop: Germany at 19 % tax, one channel with one location, standard shipping for 5 euros, payment by hand. */
export async function fillShop(composition: Composition, providerIds: readonly string[] = ["pp_system_default"]) {
  const resolve = resolverOf(composition)
  const links = resolve(Links)
  const channel = await resolve(SalesChannelService).create({ name: "Web" })
  const key = await resolve(ApiKeyService).create({ type: "publishable", title: "Storefront" })
  const region = await resolve(RegionService).create({ name: "Germany", currencyCode: "eur", countries: ["de"] })
  await resolve(StoreService).create({
    name: "Shop",
    supportedCurrencies: [{ currencyCode: "eur", isDefault: true }],
    defaultRegionId: region.id,
    defaultSalesChannelId: channel.id,
  })
  await resolve(TaxRegionService).create({ countryCode: "de", defaultTaxRate: { rate: 19, code: "vat", name: "VAT" } })
  const location = await resolve(StockLocationService).create({ name: "Warehouse" })
  const profile = await resolve(ShippingProfileService).create({ name: "Default", type: "default" })
  const set = await resolve(FulfillmentSetService).create({
    name: "Parcels",
    type: "shipping",
    serviceZones: [{ name: "Germany", geoZones: [{ type: "country", countryCode: "de" }] }],
  })
  const option = await resolve(ShippingOptionService).create({
    name: "Standard",
    serviceZoneId: set.serviceZones[0]?.id as string,
    shippingProfileId: profile.id,
    providerId: "manual_manual",
    rules: [
      { attribute: "enabled_in_store", operator: "eq", value: "true" },
      { attribute: "is_return", operator: "eq", value: "false" },
    ],
  })
  const [price] = await resolve(PriceSetService).createMany([{ prices: [{ currencyCode: "eur", amount: 5 }] }])
  await links.add(apiKeySalesChannel, [[key.id, channel.id]])
  await links.add(salesChannelStockLocation, [[channel.id, location.id]])
  await links.add(locationFulfillmentSet, [[location.id, set.id]])
  const senders = resolve(FulfillmentProviders).ids
  await links.add(
    locationFulfillmentProvider,
    senders.map((id) => [location.id, id] as const),
  )
  await links.add(shippingOptionPriceSet, [[option.id, price as string]])
  await links.add(
    regionPaymentProvider,
    providerIds.map((id) => [region.id, id] as const),
  )
  const shopper: Shopper = { storefront: { apiKeyId: key.id, salesChannelIds: [channel.id] }, customerId: null }
  return {
    token: key.token,
    keyId: key.id,
    channelId: channel.id,
    regionId: region.id,
    locationId: location.id,
    profileId: profile.id,
    zoneId: set.serviceZones[0]?.id as string,
    shippingOptionId: option.id,
    shopper,
  }
}

export type FilledShop = Awaited<ReturnType<typeof fillShop>>

export type ProductOptions = Partial<CreateProduct> & {
  /** `null`: not counted. */
  readonly stock?: number | null
  readonly prices?: CreatePriceSet["prices"]
  readonly channelId?: string
  /** `null`: is not sent. */
  readonly profileId?: string | null
  readonly allowBackorder?: boolean
}

/** A product of one variant that the shop sells. */
export async function addProduct(
  composition: Composition,
  shop: FilledShop,
  {
    stock = 100,
    prices = [{ currencyCode: "eur", amount: 10 }],
    channelId = shop.channelId,
    profileId = shop.profileId,
    allowBackorder = false,
    ...input
  }: ProductOptions = {},
) {
  const resolve = resolverOf(composition)
  const links = resolve(Links)
  const product = await resolve(ProductService).create({
    title: "Shirt",
    status: "published",
    variants: [{ title: "One", manageInventory: stock !== null, allowBackorder }],
    ...input,
  })
  const variantId = product.variants[0]?.id as string
  const [set] = await resolve(PriceSetService).createMany([{ prices }])
  await links.add(productSalesChannel, [[product.id, channelId]])
  if (profileId !== null) await links.add(productShippingProfile, [[product.id, profileId]])
  await links.add(variantPriceSet, [[variantId, set as string]])
  if (stock === null) return { product, variantId, inventoryItemId: null }
  const item = await resolve(InventoryItemService).create({ title: product.title })
  await resolve(InventoryLevelService).setMany([
    { inventoryItemId: item.id, locationId: shop.locationId, stockedQuantity: stock },
  ])
  await resolve(VariantInventoryItemService).setForVariants([
    { variantId, items: [{ inventoryItemId: item.id, requiredQuantity: 1 }] },
  ])
  return { product, variantId, inventoryItemId: item.id }
}

/** Where a cart goes, and whom it is for. */
export const berlin = {
  email: "ada@example.com",
  shippingAddress: { firstName: "Ada", city: "Berlin", postalCode: "10115", countryCode: "de" },
}

/** A shop that is open, in a database of its own, with all that tests do with it. */
export async function openShop(options: ShopOptions = {}) {
  const database = await createTestDatabase()
  const composition = await composeShop(database.url, options)
  await composition.migrate()
  const filled = await fillShop(composition, [
    "pp_system_default",
    ...(options.payment?.providers ?? []).map(({ id }) => id),
  ])
  return new Shop(database.url, composition, filled, async () => {
    await composition.close()
    await database.drop()
  })
}

/** A shop, by what shoppers do and what is in its books. */
export class Shop {
  readonly url: string
  readonly composition: Composition
  readonly filled: FilledShop
  readonly close: () => Promise<void>
  readonly resolve: Resolve
  readonly shopper: Shopper
  readonly flow: CartFlow
  readonly payments: PaymentFlow
  readonly checkout: CheckoutFlow

  constructor(url: string, composition: Composition, filled: FilledShop, close: () => Promise<void>) {
    this.url = url
    this.composition = composition
    this.filled = filled
    this.close = close
    this.resolve = resolverOf(composition)
    this.shopper = filled.shopper
    this.flow = this.resolve(CartFlow)
    this.payments = this.resolve(PaymentFlow)
    this.checkout = this.resolve(CheckoutFlow)
  }

  get db() {
    return this.composition.database
  }

  sql<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.db.sql<Row>(text, values)
  }

  addProduct(options: ProductOptions = {}) {
    return addProduct(this.composition, this.filled, options)
  }

  /** A customer who is logged in. */
  async withAccount(email: string): Promise<Shopper & { customerId: string }> {
    const { id } = await this.resolve(CustomerService).create({ email, hasAccount: true })
    return { ...this.shopper, customerId: id }
  }

  cart(id: string): Promise<CartView> {
    return this.resolve(CartService).get(id)
  }

  /** The order of a cart, if there is one. */
  orderOf(cartId: string): Promise<OrderView | null> {
    return this.resolve(OrderService).findByCart(cartId)
  }

  /** A cart that only needs to be completed. */
  async readyCart(
    variantId: string,
    { quantity = 1, providerId = "pp_system_default", promoCodes = [] as string[], email = berlin.email } = {},
  ): Promise<string> {
    const id = await this.flow.create({ items: [{ variantId, quantity }], ...berlin, email, promoCodes }, this.shopper)
    await this.flow.chooseShipping(id, [{ optionId: this.filled.shippingOptionId }], this.shopper)
    await this.pay(id, providerId)
    return id
  }

  /** Says what a cart is paid with. */
  async pay(id: string, providerId = "pp_system_default"): Promise<string> {
    const collection = await this.payments.collectionOf(id, this.shopper)
    await this.payments.choose(collection, { providerId }, this.shopper)
    return collection
  }

  complete(id: string) {
    return this.checkout.complete(id, this.shopper)
  }

  /** An order of so many pieces of each variant, that is paid for but not captured. */
  async order(quantities: Readonly<Record<string, number>>, providerId = "pp_system_default"): Promise<OrderView> {
    const items = Object.entries(quantities).map(([variantId, quantity]) => ({ variantId, quantity }))
    const id = await this.flow.create({ items, ...berlin }, this.shopper)
    await this.flow.chooseShipping(id, [{ optionId: this.filled.shippingOptionId }], this.shopper)
    await this.pay(id, providerId)
    await this.complete(id)
    return (await this.orderOf(id)) as OrderView
  }

  /** How many pieces are promised. */
  async reserved(inventoryItemId: string | null): Promise<number> {
    const [row] = await this.sql<{ reserved: string }>(
      `select reserved_quantity::text as reserved from "inventory"."inventory_level" where inventory_item_id = $1`,
      [inventoryItemId],
    )
    return Number(row?.reserved)
  }
}
