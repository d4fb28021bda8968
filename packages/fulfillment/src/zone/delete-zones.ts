import type { Database, Events } from "@marquetry/kernel"
import { ShippingOption, ShippingOptionRule } from "../shipping-option/shipping-option.entity.ts"
import { ShippingOptionDeleted } from "../shipping-option/shipping-option.events.ts"
import { GeoZone } from "./zone.entity.ts"

/** Deletes what belongs to zones that are deleted themselves, and tells of the options. */
export async function deleteInZones(db: Database, events: Events, zones: readonly string[]): Promise<void> {
  await db.softDeleteRows(GeoZone, "serviceZone", zones)
  const options = await db.softDeleteRows(ShippingOption, "serviceZone", zones)
  await db.softDeleteRows(ShippingOptionRule, "shippingOption", options)
  await events.emitMany(
    ShippingOptionDeleted,
    options.map((id) => ({ id })),
  )
}
