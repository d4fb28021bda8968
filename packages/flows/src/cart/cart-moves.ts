import { setAddress, type CartView } from "@marquetry/cart"
import type { Storefront } from "../storefronts.ts"
import { isOffered } from "./add-lines.ts"
import { homeOf, isWithin } from "./cart-address.ts"
import type { CartOffers, ChannelFacts, RegionFacts } from "./cart-facts.ts"
import { ChannelNotOffered, RegionUnknown, VariantsNotOffered } from "./cart-flow.errors.ts"
import type { Situation } from "./situation.ts"

/**
 * Moves a cart to another region, and into its currency. An address outside of it goes: a region of one country puts that
 * in its place, as for a new cart.
 *
 * @throws {RegionUnknown}
 */
export function moveTo(cart: CartView, situation: Situation, region: RegionFacts | undefined, regionId: string): void {
  if (region === undefined) throw new RegionUnknown(regionId)
  situation.region = region
  cart.regionId = region.id
  cart.currencyCode = region.currencyCode
  const isHere = cart.shippingAddress !== null && isWithin(region, cart.shippingAddress)
  if (!isHere) setAddress(cart, "shippingAddress", homeOf(region))
}

/**
 * Moves a cart to another sales channel of the storefront.
 *
 * @throws {ChannelNotOffered}
 * @throws {VariantsNotOffered} when it holds what is not sold there.
 */
export function sellIn(
  cart: CartView,
  situation: Situation,
  channel: ChannelFacts | undefined,
  channelId: string,
  { salesChannelIds, offers }: Pick<Storefront, "salesChannelIds"> & { readonly offers: CartOffers },
): void {
  if (channel === undefined || !salesChannelIds.includes(channelId)) throw new ChannelNotOffered(channelId)
  situation.channel = channel
  cart.salesChannelId = channel.id
  const held = offers.items.flatMap(({ variant }) => (variant === null ? [] : [variant]))
  const missing = held.filter((variant) => !isOffered(variant, cart)).map(({ id }) => id)
  if (missing.length > 0) throw new VariantsNotOffered(missing)
}
