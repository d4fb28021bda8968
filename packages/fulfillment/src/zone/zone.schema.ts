import { z } from "zod"
import { countryCode, id, metadata, name, provinceCodeOf } from "../fields.ts"
import { geoZoneTypes, PostalExpression } from "./postal-expression.ts"

const text = z.string().trim().min(1).max(200)

const geoZone = {
  type: z.enum(geoZoneTypes),
  countryCode,
  /** `us-ca`, or `CA` for short. */
  provinceCode: text.nullable().default(null),
  city: text.nullable().default(null),
  postalExpression: PostalExpression.nullable().default(null),
  metadata: metadata.default(null),
}
type Zone = z.output<z.ZodObject<typeof geoZone>>

/** Which fields a type must have; it may have those before them, and none behind. */
const finest = { country: "countryCode", province: "provinceCode", city: "city", zip: "postalExpression" } as const
const order = ["countryCode", "provinceCode", "city", "postalExpression"] as const

function fitting(zone: Zone, context: z.RefinementCtx): void {
  const own = order.indexOf(finest[zone.type])
  for (const [position, field] of order.entries()) {
    const present = zone[field] !== null
    if (position === own ? present : position < own || !present) continue
    const message = position === own ? `a geo zone of type ${zone.type} has one` : `none in one of type ${zone.type}`
    context.addIssue({ code: "custom", path: [field], message })
  }
}

const withProvince = <Given extends Pick<Zone, "countryCode" | "provinceCode">>(zone: Given): Given => ({
  ...zone,
  provinceCode: zone.provinceCode === null ? null : provinceCodeOf(zone.countryCode, zone.provinceCode),
})

export const CreateGeoZone = z.strictObject(geoZone).superRefine(fitting).transform(withProvince)
const MAX_GEO_ZONES = 10_000
const CreateGeoZones = z.array(CreateGeoZone).max(MAX_GEO_ZONES)

/** With an `id`, a geo zone that there is already and that becomes what is given. */
const ReplaceGeoZone = z
  .strictObject({ ...geoZone, id: id.exactOptional() })
  .superRefine(fitting)
  .transform(withProvince)

const serviceZone = { name, metadata }
const creatable = { ...serviceZone, metadata: metadata.default(null), geoZones: CreateGeoZones.default([]) }

export const CreateServiceZone = z.strictObject({ ...creatable, fulfillmentSetId: id })
export const CreateServiceZones = z.array(CreateServiceZone).max(1_000)
/** `geoZones` is the whole list. */
export const UpdateServiceZone = z
  .strictObject({ ...serviceZone, geoZones: z.array(ReplaceGeoZone).max(MAX_GEO_ZONES) })
  .exactPartial()

const set = { name, type: name, metadata }
export const CreateFulfillmentSet = z.strictObject({
  ...set,
  metadata: metadata.default(null),
  serviceZones: z.array(z.strictObject(creatable)).max(1_000).default([]),
})
export const CreateFulfillmentSets = z.array(CreateFulfillmentSet).max(1_000)
export const UpdateFulfillmentSet = z.strictObject(set).exactPartial()

export type CreateGeoZone = z.input<typeof CreateGeoZone>
export type CreateServiceZone = z.input<typeof CreateServiceZone>
export type CreateServiceZones = z.input<typeof CreateServiceZones>
export type UpdateServiceZone = z.input<typeof UpdateServiceZone>
export type CreateFulfillmentSet = z.input<typeof CreateFulfillmentSet>
export type CreateFulfillmentSets = z.input<typeof CreateFulfillmentSets>
export type UpdateFulfillmentSet = z.input<typeof UpdateFulfillmentSet>
