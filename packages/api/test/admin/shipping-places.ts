import type { BackOffice, Json, Sdk } from "./back-office.ts"

export const germany = { type: "country" as const, country_code: "de" }
let names = 0

/** A set of a new location, with one zone, and a profile. */
export async function placeOf(sdk: Sdk) {
  const name = `Place ${++names}`
  const { stock_location: location } = await sdk.admin.stockLocation.create({ name })
  await sdk.admin.stockLocation.createFulfillmentSet(location.id, { name, type: "shipping" })
  const fields = { fields: "fulfillment_sets.id" }
  const { stock_location: filled } = await sdk.admin.stockLocation.retrieve(location.id, fields)
  const set = filled.fulfillment_sets?.[0]?.id as string
  const { fulfillment_set: zoned } = await sdk.admin.fulfillmentSet.createServiceZone(set, {
    name: "Germany",
    geo_zones: [germany],
  })
  const { shipping_profile: profile } = await sdk.admin.shippingProfile.create({ name, type: "default" })
  return { location: location.id, set, zone: zoned.service_zones[0]?.id as string, profile: profile.id }
}

export type Place = Awaited<ReturnType<typeof placeOf>>

/** An option of a place, as it is posted. The client's types know less of them than the contract. */
export const optionOf = ({ zone, profile }: Pick<Place, "zone" | "profile">, fields: Json = {}) =>
  ({
    name: "Standard",
    service_zone_id: zone,
    shipping_profile_id: profile,
    provider_id: "manual_manual",
    price_type: "flat",
    prices: [],
    ...fields,
  }) as unknown as Parameters<Sdk["admin"]["shippingOption"]["create"]>[0]

/** How many price sets there are. */
export async function liveSets({ composition }: BackOffice): Promise<number> {
  const [row] = await composition.database.sql<{ sets: number }>(
    `select count(*)::int as sets from "pricing"."price_set" where deleted_at is null`,
  )
  return row?.sets as number
}
