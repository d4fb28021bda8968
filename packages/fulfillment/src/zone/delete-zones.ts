import type { Database, Events } from "@marquetry/kernel"
import { softDeleteOf } from "../owned-rows.ts"
import { ShippingOptionDeleted } from "../shipping-option/shipping-option.events.ts"
import { ServiceZoneDeleted } from "./zone.events.ts"

/** Deletes what belongs to zones that are deleted themselves, and tells of zones and options. */
export async function deleteZones(db: Database, events: Events, zones: readonly string[], now: string): Promise<void> {
  if (zones.length === 0) return
  await softDeleteOf(db, ["geo_zone", "service_zone_id"], zones, now)
  const options = await softDeleteOf(db, ["shipping_option", "service_zone_id"], zones, now)
  await softDeleteOf(db, ["shipping_option_rule", "shipping_option_id"], options, now)
  await events.emitMany(
    ServiceZoneDeleted,
    zones.map((id) => ({ id })),
  )
  await events.emitMany(
    ShippingOptionDeleted,
    options.map((id) => ({ id })),
  )
}
