import { newId } from "@marquetry/kernel"
import type { z } from "zod"
import type { CreateServiceZones } from "./zone.schema.ts"

/** Zones and their geo zones as rows to insert, in order. */
export function rowsOfZones(inputs: z.output<typeof CreateServiceZones>) {
  const made = inputs.map(({ fulfillmentSetId, geoZones, ...zone }) => {
    return { zone: { ...zone, id: newId("serzo"), fulfillmentSet: fulfillmentSetId }, geoZones }
  })
  return {
    zones: made.map(({ zone }) => zone),
    geoZones: made.flatMap(({ zone, geoZones }) => geoZones.map((geoZone) => ({ ...geoZone, serviceZone: zone.id }))),
  }
}
