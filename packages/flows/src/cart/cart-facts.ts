import type { NamedRead } from "@marquetry/kernel"
import type { Shopper } from "../shopper.ts"

/** A region, as a cart must know it. */
export interface RegionFacts {
  readonly id: string
  readonly currencyCode: string
  readonly automaticTaxes: boolean
  readonly countries: readonly { readonly iso2: string }[]
}

/** A sales channel, and where its goods are kept. */
export interface ChannelFacts {
  readonly id: string
  readonly stockLocations: readonly {
    readonly id: string
    /** Not read of a cart that is completed: by which sets goods are sent from there, and by whom. */
    readonly fulfillmentSets?: readonly { readonly id: string }[]
    readonly fulfillmentProviders?: readonly { readonly id: string }[]
  }[]
}

export interface CustomerFacts {
  readonly id: string
  readonly email: string | null
  readonly hasAccount: boolean
  readonly groups: readonly { readonly id: string }[]
}

/** A variant with all that pricing, discounts and taxes ask for. */
export interface VariantFacts {
  readonly id: string
  readonly manageInventory: boolean
  readonly allowBackorder: boolean
  /** Not read of a cart that is only looked at, or completed: nor is what discounts depend on. */
  readonly priceSet?: { readonly id: string } | null
  readonly product: {
    readonly id: string
    readonly collectionId?: string | null
    readonly categories?: readonly { readonly id: string }[]
    readonly tags?: readonly { readonly id: string }[]
    /** Not read of lines whose cart is only changed. */
    readonly shippingProfile?: { readonly id: string } | null
  }
}

/** Where a variant is sold. */
export interface OfferFacts {
  readonly id: string
  readonly product: { readonly status: string; readonly salesChannels: readonly { readonly id: string }[] }
}

/** What the lines of a cart are sold in. */
export interface CartOffers {
  readonly items: readonly { readonly variant: OfferFacts | null }[]
}

/** A variant with all that a new line shows, too. */
export interface NewVariantFacts extends VariantFacts {
  readonly title: string
  readonly sku: string | null
  readonly barcode: string | null
  readonly thumbnail: string | null
  readonly options: readonly { readonly value: string; readonly option: { readonly title: string } }[]
  readonly product: VariantFacts["product"] & {
    readonly status: string
    readonly typeId: string | null
    readonly salesChannels: readonly { readonly id: string }[]
    readonly shippingProfile: { readonly id: string } | null
    readonly title: string
    readonly subtitle: string | null
    readonly description: string | null
    readonly handle: string
    readonly thumbnail: string | null
    readonly discountable: boolean
    readonly isGiftcard: boolean
    readonly type: { readonly value: string } | null
    readonly collection: { readonly title: string } | null
  }
}

/** What is read of a cart besides the cart itself. */
export interface CartFacts {
  readonly region: RegionFacts | null
  readonly salesChannel: ChannelFacts | null
  readonly customer: CustomerFacts | null
  readonly items: readonly { readonly id: string; readonly variant: VariantFacts | null }[]
  readonly shippingMethods: readonly {
    readonly id: string
    readonly shippingOption: ShippingOptionFacts | null
  }[]
  readonly promotions: readonly { readonly id: string }[]
  /** The checkout that waits for its provider. */
  readonly checkoutAttempt: { readonly id: string } | null
  readonly paymentCollection: {
    readonly id: string
    readonly amount: string
    readonly currencyCode: string
  } | null
}

/** A session that pays for a cart, or might. */
export interface SessionFacts {
  readonly id: string
  readonly providerId: string
  readonly status: string
  readonly amount: string
  readonly currencyCode: string
}

/** What is read of a cart that is completed. */
export interface CheckoutFacts extends CartFacts {
  readonly paymentCollection:
    | (NonNullable<CartFacts["paymentCollection"]> & { readonly paymentSessions: readonly SessionFacts[] })
    | null
}

/** The store, as far as a cart that names no region is concerned. */
export interface StoreFacts {
  readonly defaultSalesChannelId: string | null
  readonly defaultRegion: RegionFacts | null
}

export interface ShippingOptionFacts {
  readonly id: string
  readonly shippingProfileId: string
  readonly typeId: string | null
  readonly priceType: string
  readonly priceSet: { readonly id: string } | null
}

const ids = { id: true } as const
const region = { id: true, currencyCode: true, automaticTaxes: true, countries: { iso2: true } } as const
const channel = { id: true, stockLocations: { id: true, fulfillmentSets: ids, fulfillmentProviders: ids } } as const
const customer = { id: true, email: true, hasAccount: true, groups: ids } as const
const product = { id: true, collectionId: true, categories: ids, tags: ids } as const
const variant = { id: true, manageInventory: true, allowBackorder: true } as const
const newVariant = {
  ...variant,
  priceSet: ids,
  title: true,
  sku: true,
  barcode: true,
  thumbnail: true,
  options: { value: true, option: { title: true } },
  product: {
    ...product,
    status: true,
    typeId: true,
    salesChannels: ids,
    shippingProfile: ids,
    title: true,
    subtitle: true,
    description: true,
    handle: true,
    thumbnail: true,
    discountable: true,
    isGiftcard: true,
    type: { value: true },
    collection: { title: true },
  },
} as const
/** As little as can be: each relation costs, whether it holds anything or not. */
const cart = {
  region,
  salesChannel: channel,
  customer,
  items: { id: true, variant: { ...variant, priceSet: ids, product } },
  shippingMethods: {
    id: true,
    shippingOption: { id: true, shippingProfileId: true, typeId: true, priceType: true, priceSet: ids },
  },
  promotions: ids,
  checkoutAttempt: ids,
  paymentCollection: { id: true, amount: true, currencyCode: true },
} as const
const paymentSessions = { id: true, providerId: true, status: true, amount: true, currencyCode: true } as const
const sent = {
  ...cart,
  items: { id: true, variant: { ...variant, product: { id: true, shippingProfile: ids } } },
} as const
const checkout = {
  ...sent,
  salesChannel: { id: true, stockLocations: { id: true } },
  paymentCollection: { ...cart.paymentCollection, paymentSessions },
} as const
const offers = { items: { variant: { id: true, product: { status: true, salesChannels: ids } } } } as const
const store = { id: true, defaultSalesChannelId: true, defaultRegion: region } as const

const one = (resource: string, fields: NamedRead["read"]["fields"], id: string): NamedRead => ({
  resource,
  read: { fields, filter: { id }, limit: 1 },
})

/** The reads behind the facts; any of them go into one statement. */
export const factReads = {
  cart: (id: string) => one("cart", cart, id),
  /** Of a cart that is not changed: how it can be sent, and whether it is paid for. */
  sentCart: (id: string) => one("cart", sent, id),
  checkout: (id: string) => one("cart", checkout, id),
  offers: (cartId: string) => one("cart", offers, cartId),
  region: (id: string) => one("region", region, id),
  channel: (id: string) => one("sales_channel", channel, id),
  /** The channels of a storefront of which only the key is known. */
  channelsOf: ({ storefront }: Shopper): NamedRead => ({
    resource: "sales_channel",
    read: {
      fields: channel,
      filter: "filter" in storefront ? { apiKeys: storefront.filter } : { id: storefront.salesChannelIds },
      limit: 1_000,
    },
  }),
  customer: (id: string) => one("customer", customer, id),
  /** @param ids at most as many as a cart has lines. */
  variants: (ids: readonly string[]): NamedRead => ({
    resource: "product_variant",
    read: { fields: newVariant, filter: { id: ids }, limit: 10_000 },
  }),
  store: (): NamedRead => ({ resource: "store", read: { fields: store, order: { createdAt: "asc" }, limit: 1 } }),
  /** The region that is oldest: for shops that have named no default one. */
  anyRegion: (): NamedRead => ({ resource: "region", read: { fields: region, order: { createdAt: "asc" }, limit: 1 } }),
}
