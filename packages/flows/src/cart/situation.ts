import type { EligibleOption } from "@marquetry/fulfillment"
import type {
  CartFacts,
  ChannelFacts,
  CustomerFacts,
  NewVariantFacts,
  RegionFacts,
  ShippingOptionFacts,
  VariantFacts,
} from "./cart-facts.ts"

/** What a cart stands in: everything that its prices, discounts and taxes depend on, besides the cart. */
export interface Situation {
  region: RegionFacts
  channel: ChannelFacts | null
  customer: CustomerFacts | null
  readonly variants: Map<string, VariantFacts>
  readonly shippingOptions: Map<string, ShippingOptionFacts>
  /** Promotions that are linked to the cart now. */
  readonly promotionIds: readonly string[]
  readonly paymentCollection: CartFacts["paymentCollection"]
}

/** The situation of a cart that is there already. `null` when its region was deleted. */
export function situationOf(facts: CartFacts): Situation | null {
  if (facts.region === null) return null
  const variants = facts.items.flatMap(({ variant }) => (variant === null ? [] : [[variant.id, variant] as const]))
  const options = facts.shippingMethods.flatMap(({ shippingOption: option }) =>
    option === null ? [] : [[option.id, option] as const],
  )
  return {
    region: facts.region,
    channel: facts.salesChannel,
    customer: facts.customer,
    variants: new Map(variants),
    shippingOptions: new Map(options),
    promotionIds: facts.promotions.map(({ id }) => id),
    paymentCollection: facts.paymentCollection,
  }
}

/** Makes new variants known. */
export function addVariants(situation: Situation, variants: readonly NewVariantFacts[]): void {
  for (const variant of variants) situation.variants.set(variant.id, variant)
}

/** Where goods for the cart may be taken from. */
export const locationIdsOf = ({ channel }: Pick<Situation, "channel">): string[] =>
  (channel?.stockLocations ?? []).map(({ id }) => id)

/** Who sends from the location of each set, by the ids of sets. */
export type Senders = ReadonlyMap<string, ReadonlySet<string>>

/** By which sets, and by whom, goods may be sent from the locations of a channel. A set belongs to one location. */
export function sendersOf(channel: Pick<ChannelFacts, "stockLocations"> | null): Senders {
  const locations = channel?.stockLocations ?? []
  return new Map(
    locations.flatMap(({ fulfillmentSets = [], fulfillmentProviders = [] }) => {
      const providers = new Set(fulfillmentProviders.map(({ id }) => id))
      return fulfillmentSets.map(({ id }) => [id, providers] as const)
    }),
  )
}

/** The options whose provider sends from where they are offered. */
export const servedBy = (senders: Senders, options: readonly EligibleOption[]): EligibleOption[] =>
  options.filter(({ fulfillmentSetId, providerId }) => senders.get(fulfillmentSetId)?.has(providerId))

export const groupIdsOf = ({ customer }: Pick<Situation, "customer">): string[] =>
  (customer?.groups ?? []).map(({ id }) => id)
