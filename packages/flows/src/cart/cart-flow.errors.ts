import { ModuleError } from "@marquetry/kernel"

abstract class CartRefusal extends ModuleError {
  readonly kind = "invalid"
}

/** The shop has no region: nothing can be sold. */
export class NoRegion extends CartRefusal {
  readonly code = "cart.no_region"
  constructor() {
    super("There is no region to sell in: make one, or name it")
  }
}

/** A cart is in the currency of its region. */
export class CurrencyDiffers extends CartRefusal {
  readonly code = "cart.currency_differs"
  override readonly details: { currencyCode: string; regionCurrencyCode: string }
  constructor(currencyCode: string, regionCurrencyCode: string) {
    super(`The region sells in ${regionCurrencyCode}, not in ${currencyCode}`)
    this.details = { currencyCode, regionCurrencyCode }
  }
}

/** The region does not sell to the country of an address. */
export class CountryOutsideRegion extends CartRefusal {
  readonly code = "cart.country_outside_region"
  override readonly details: { countryCode: string; regionId: string }
  constructor(countryCode: string, regionId: string) {
    super(`Country with code ${countryCode} is not within region ${regionId}`)
    this.details = { countryCode, regionId }
  }
}

/** The storefront does not sell for that sales channel, or for none at all. */
export class ChannelNotOffered extends CartRefusal {
  readonly code = "cart.sales_channel_not_offered"
  override readonly details: { salesChannelId: string | null }
  constructor(salesChannelId: string | null) {
    super(
      salesChannelId === null
        ? "The publishable key has no sales channel to sell in"
        : `Sales channel '${salesChannelId}' is not one of the publishable key's`,
    )
    this.details = { salesChannelId }
  }
}

/** There is no such region. */
export class RegionUnknown extends CartRefusal {
  readonly code = "cart.region_unknown"
  override readonly details: { regionId: string }
  constructor(regionId: string) {
    super(`Region with id: ${regionId} was not found`)
    this.details = { regionId }
  }
}

/** Variants that are not there, not published, or not sold in the cart's sales channel. */
export class VariantsNotOffered extends CartRefusal {
  readonly code = "cart.variants_not_offered"
  override readonly details: { variantIds: readonly string[] }
  constructor(variantIds: readonly string[]) {
    super(`These variants are not sold here: ${variantIds.join(", ")}`)
    this.details = { variantIds }
  }
}

/** Variants that have no price in the cart's region and currency. */
export class PriceMissing extends CartRefusal {
  readonly code = "cart.price_missing"
  override readonly details: { variantIds: readonly string[] }
  constructor(variantIds: readonly string[]) {
    super(`Variants with IDs ${variantIds.join(", ")} do not have a price in this region`)
    this.details = { variantIds }
  }
}

/** There is less than the cart would hold. */
export class InsufficientStock extends CartRefusal {
  readonly code = "cart.insufficient_inventory"
  override readonly details: { variants: readonly { variantId: string; asked: number; available: number }[] }
  constructor(variants: readonly { variantId: string; asked: number; available: number }[]) {
    super("Some variant does not have the required inventory")
    this.details = { variants }
  }
}

/** Shipping options that there are not, that do not reach the address, or that cost nothing known. */
export class ShippingOptionsNotOffered extends CartRefusal {
  readonly code = "cart.shipping_options_not_offered"
  override readonly details: { shippingOptionIds: readonly string[] }
  constructor(shippingOptionIds: readonly string[]) {
    super(`These shipping options are not offered for this cart: ${shippingOptionIds.join(", ")}`)
    this.details = { shippingOptionIds }
  }
}
