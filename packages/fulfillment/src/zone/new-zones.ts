import { newId, type Database } from "@marquetry/kernel"
import type { z } from "zod"
import type { CreateServiceZones } from "./zone.schema.ts"
import { GeoZone, ServiceZone } from "./zone.entity.ts"

/** Inserts zones with their geo zones, in two statements. The sets are held, or new. @returns the ids, in order. */
export async function insertZones(db: Database, zones: z.output<typeof CreateServiceZones>): Promise<string[]> {
  const rows: Record<string, unknown>[] = []
  const geoZones: Record<string, unknown>[] = []
  for (const { fulfillmentSetId, geoZones: its, ...zone } of zones) {
    const id = newId("serzo")
    rows.push({ ...zone, id, fulfillmentSet: fulfillmentSetId })
    for (const geoZone of its) geoZones.push({ ...geoZone, serviceZone: id })
  }
  const ids = await db.insertRows(ServiceZone, rows)
  await db.insertRows(GeoZone, geoZones)
  return ids
}
