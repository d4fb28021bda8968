import { productShippingProfile, shippingOptionPriceSet } from "@marquetry/flows"
import {
  FulfillmentSetService,
  ShippingOptionService,
  ShippingProfileService,
  type CreateShippingOption,
} from "@marquetry/fulfillment"
import { Links, Query, type DependencyContainer } from "@marquetry/kernel"
import { PriceSetService } from "@marquetry/pricing"
import { productResource } from "@marquetry/product"

interface Zone {
  readonly name: string
  readonly countries: readonly string[]
  readonly options: readonly Option[]
}

interface Option {
  readonly name: string
  readonly code: "standard" | "express"
  readonly description: string
  readonly eur: string
  readonly usd: string
  /** What a cart is worth for which it costs nothing, in either currency. */
  readonly freeFrom?: number
}

/** What parcels cost; European prices contain tax, American ones do not. */
const zonesOf = (europe: readonly string[], states: readonly string[]): readonly Zone[] => [
  {
    name: "Europe",
    countries: europe,
    options: [
      { name: "Standard", code: "standard", description: "In 3 to 5 days", eur: "5.90", usd: "6.50", freeFrom: 150 },
      { name: "Express", code: "express", description: "Tomorrow", eur: "14.90", usd: "16.50" },
    ],
  },
  {
    name: "United States",
    countries: states,
    options: [
      { name: "Standard", code: "standard", description: "In 8 to 12 days", eur: "18", usd: "20", freeFrom: 300 },
      { name: "Express", code: "express", description: "In 3 days", eur: "45", usd: "49" },
    ],
  },
]

/** Options are for shoppers, and for sending, not for sending back. */
const rules: NonNullable<CreateShippingOption["rules"]> = [
  { attribute: "enabled_in_store", operator: "eq", value: "true" },
  { attribute: "is_return", operator: "eq", value: "false" },
]

/**
 * Makes the ways in which parcels are sent: two for each region, at flat prices.
 *
 * @returns the fulfillment set, and the profile that parcels have.
 */
export async function makeShipping(
  container: DependencyContainer,
  countries: { readonly europe: readonly string[]; readonly states: readonly string[] },
): Promise<{ setId: string; profileId: string }> {
  const zones = zonesOf(countries.europe, countries.states)
  const profile = await container.resolve(ShippingProfileService).create({ name: "Parcels", type: "default" })
  const set = await container.resolve(FulfillmentSetService).create({
    name: "Parcels",
    type: "shipping",
    serviceZones: zones.map(({ name, countries }) => ({
      name,
      geoZones: countries.map((countryCode) => ({ type: "country" as const, countryCode })),
    })),
  })
  const idOf = new Map(set.serviceZones.map(({ name, id }) => [name, id]))
  const options = zones.flatMap((zone) =>
    zone.options.map((option) => ({ option, serviceZoneId: idOf.get(zone.name) as string })),
  )
  const made = await container.resolve(ShippingOptionService).createMany(
    options.map(({ option: { name, code, description }, serviceZoneId }) => ({
      name,
      serviceZoneId,
      shippingProfileId: profile.id,
      providerId: "manual_manual",
      type: { label: name, code, description },
      rules,
    })),
  )
  const prices = await container
    .resolve(PriceSetService)
    .createMany(options.map(({ option }) => ({ prices: pricesOf(option) })))
  await container.resolve(Links).add(
    shippingOptionPriceSet,
    made.map(({ id }, index) => [id, prices[index] as string] as const),
  )
  return { setId: set.id, profileId: profile.id }
}

const pricesOf = ({ eur, usd, freeFrom }: Option) =>
  [
    { currencyCode: "eur", amount: eur },
    { currencyCode: "usd", amount: usd },
  ].flatMap((price) =>
    freeFrom === undefined
      ? [price]
      : [
          price,
          {
            ...price,
            amount: "0",
            rules: [{ attribute: "item_total", operator: "gte" as const, value: String(freeFrom) }],
          },
        ],
  )

/** Says that all products are sent as parcels; gift cards come by e-mail. */
export async function sendAsParcels(container: DependencyContainer, profileId: string): Promise<void> {
  const { rows } = await container.resolve(Query).list(productResource, {
    fields: { id: true },
    filter: { isGiftcard: false },
    limit: 10_000,
  })
  await container.resolve(Links).add(
    productShippingProfile,
    rows.map(({ id }) => [id, profileId] as const),
  )
}
