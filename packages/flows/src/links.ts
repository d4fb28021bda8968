import { apiKeyResource } from "@marquetry/api-key"
import { link } from "@marquetry/kernel"
import { priceSetResource } from "@marquetry/pricing"
import { productResource, variantResource } from "@marquetry/product"
import { salesChannelResource } from "@marquetry/sales-channel"

declare module "@marquetry/kernel" {
  interface LinkedFields {
    product: { salesChannels: { id: string }[] }
    product_variant: { priceSet: { id: string } | null; calculated_price: unknown }
    price_set: { variant: { id: string } | null }
    sales_channel: { products: { id: string }[]; apiKeys: { id: string }[] }
    api_key: { salesChannels: { id: string; isDisabled: boolean }[] }
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

/** The links that the flows and the HTTP API read and write; a config names them all. */
export const commerceLinks = [productSalesChannel, variantPriceSet, apiKeySalesChannel]
