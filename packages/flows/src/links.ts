import { apiKeyResource } from "@marquetry/api-key"
import { cartLineItemResource, cartResource, cartShippingMethodResource } from "@marquetry/cart"
import { customerResource } from "@marquetry/customer"
import {
  fulfillmentProviderResource,
  fulfillmentResource,
  fulfillmentSetResource,
  shippingOptionResource,
  shippingProfileResource,
} from "@marquetry/fulfillment"
import { variantInventoryItemResource } from "@marquetry/inventory"
import { checkoutAttemptResource } from "./checkout/checkout-attempt.entity.ts"
import { link, linkByColumn } from "@marquetry/kernel"
import { orderLineItemResource, orderResource, orderShippingMethodResource } from "@marquetry/order"
import { accountHolderResource, paymentCollectionResource, paymentProviderResource } from "@marquetry/payment"
import { priceSetResource } from "@marquetry/pricing"
import { productResource, variantResource } from "@marquetry/product"
import { promotionResource } from "@marquetry/promotion"
import { regionResource } from "@marquetry/region"
import { salesChannelResource } from "@marquetry/sales-channel"
import { stockLocationResource } from "@marquetry/stock-location"
import { storeResource } from "@marquetry/store"

type Row = { id: string }

declare module "@marquetry/kernel" {
  interface LinkedFields {
    product: { salesChannels: Row[]; shippingProfile: Row | null }
    product_variant: {
      priceSet: Row | null
      calculated_price: unknown
      inventory_quantity: unknown
      prices: unknown
      inventoryItems: { inventoryId: string; requiredQuantity: number }[]
    }
    price_set: { variant: Row | null; shippingOption: Row | null }
    sales_channel: { products: Row[]; apiKeys: Row[]; stockLocations: Row[] }
    api_key: { salesChannels: { id: string; isDisabled: boolean }[] }
    store: { defaultRegion: Row | null }
    stock_location: { salesChannels: Row[]; fulfillmentSets: Row[]; fulfillmentProviders: Row[] }
    fulfillment_set: { location: Row | null }
    shipping_option: { priceSet: Row | null }
    shipping_profile: { products: Row[] }
    region: { paymentProviders: Row[]; is_tax_inclusive: boolean }
    store_currency: { is_tax_inclusive: boolean }
    payment_provider: { regions: Row[] }
    cart: {
      region: Row | null
      customer: Row | null
      salesChannel: Row | null
      promotions: Row[]
      paymentCollection: Row | null
      checkoutAttempt: Row | null
    }
    cart_line_item: { variant: Row | null; product: Row | null }
    cart_shipping_method: { shippingOption: Row | null }
    customer: { orders: Row[]; accountHolders: Row[] }
    account_holder: { customer: Row | null }
    payment_collection: { cart: Row | null; order: Row | null }
    order: {
      region: Row | null
      customer: Row | null
      salesChannel: Row | null
      promotions: Row[]
      paymentCollections: Row[]
      fulfillments: Row[]
    }
    order_line_item: { variant: Row | null; product: Row | null }
    order_shipping_method: { shippingOption: Row | null }
    fulfillment: { order: Row | null }
  }
}

/** Where a product is sold. */
export const productSalesChannel = link(productResource, salesChannelResource, {
  as: "sales_channels",
  inverse: "products",
})

/** What a variant costs. */
export const variantPriceSet = link(variantResource, priceSetResource, {
  as: "price_set",
  inverse: "variant",
  left: "one",
  right: "one",
})

/** What a storefront with a publishable key sells. */
export const apiKeySalesChannel = link(apiKeyResource, salesChannelResource, {
  as: "sales_channels",
  inverse: "api_keys",
})

/** How a product is sent. */
export const productShippingProfile = link(productResource, shippingProfileResource, {
  as: "shipping_profile",
  inverse: "products",
  left: "one",
})

/** Where goods of a channel are kept. */
export const salesChannelStockLocation = link(salesChannelResource, stockLocationResource, {
  as: "stock_locations",
  inverse: "sales_channels",
})

/** Ways of sending goods from a location. */
export const locationFulfillmentSet = link(stockLocationResource, fulfillmentSetResource, {
  as: "fulfillment_sets",
  inverse: "location",
  right: "one",
})

/** Who sends goods from a location. */
export const locationFulfillmentProvider = link(stockLocationResource, fulfillmentProviderResource, {
  as: "fulfillment_providers",
  inverse: "locations",
})

/** What a shipping option costs. */
export const shippingOptionPriceSet = link(shippingOptionResource, priceSetResource, {
  as: "price_set",
  inverse: "shipping_option",
  left: "one",
  right: "one",
})

/** Who takes payments in a region. */
export const regionPaymentProvider = link(regionResource, paymentProviderResource, {
  as: "payment_providers",
  inverse: "regions",
})

/** A customer as payment providers know them. Written by whoever makes accounts there. */
export const customerAccountHolder = link(customerResource, accountHolderResource, {
  as: "account_holders",
  inverse: "customer",
  right: "one",
})

/** Promotions that give a cart something now. */
export const cartPromotion = link(cartResource, promotionResource, { as: "promotions" })

/** What pays for a cart. */
export const cartPaymentCollection = link(cartResource, paymentCollectionResource, {
  as: "payment_collection",
  inverse: "cart",
  left: "one",
  right: "one",
})

/** Promotions that an order was placed with. */
export const orderPromotion = link(orderResource, promotionResource, { as: "promotions" })

/** What pays for an order. */
export const orderPaymentCollection = link(orderResource, paymentCollectionResource, {
  as: "payment_collections",
  inverse: "order",
  right: "one",
})

/** What was sent of an order. */
export const orderFulfillment = link(orderResource, fulfillmentResource, {
  as: "fulfillments",
  inverse: "order",
  right: "one",
})

const columnLinks = [
  linkByColumn(storeResource, regionResource, { column: "defaultRegionId", as: "default_region" }),
  linkByColumn(variantInventoryItemResource, variantResource, {
    column: "variantId",
    as: "variant",
    inverse: "inventory_items",
  }),
  linkByColumn(cartResource, regionResource, { column: "regionId", as: "region" }),
  linkByColumn(cartResource, customerResource, { column: "customerId", as: "customer" }),
  linkByColumn(cartResource, salesChannelResource, { column: "salesChannelId", as: "sales_channel" }),
  linkByColumn(checkoutAttemptResource, cartResource, {
    column: "cartId",
    as: "cart",
    inverse: "checkout_attempt",
    right: "one",
  }),
  linkByColumn(cartLineItemResource, variantResource, { column: "variantId", as: "variant" }),
  linkByColumn(cartLineItemResource, productResource, { column: "productId", as: "product" }),
  linkByColumn(cartShippingMethodResource, shippingOptionResource, {
    column: "shippingOptionId",
    as: "shipping_option",
  }),
  linkByColumn(orderResource, regionResource, { column: "regionId", as: "region" }),
  linkByColumn(orderResource, customerResource, { column: "customerId", as: "customer", inverse: "orders" }),
  linkByColumn(orderResource, salesChannelResource, { column: "salesChannelId", as: "sales_channel" }),
  linkByColumn(orderLineItemResource, variantResource, { column: "variantId", as: "variant" }),
  linkByColumn(orderLineItemResource, productResource, { column: "productId", as: "product" }),
  linkByColumn(orderShippingMethodResource, shippingOptionResource, {
    column: "shippingOptionId",
    as: "shipping_option",
  }),
]

/** What browsing and importing need, where nothing is sold. */
export const catalogueLinks = [productSalesChannel, variantPriceSet, apiKeySalesChannel]

/** The links that the flows and the HTTP API read and write; a config of a shop that sells names them all. */
export const commerceLinks = [
  ...catalogueLinks,
  productShippingProfile,
  salesChannelStockLocation,
  locationFulfillmentSet,
  locationFulfillmentProvider,
  shippingOptionPriceSet,
  regionPaymentProvider,
  customerAccountHolder,
  cartPromotion,
  cartPaymentCollection,
  orderPromotion,
  orderPaymentCollection,
  orderFulfillment,
  ...columnLinks,
]
