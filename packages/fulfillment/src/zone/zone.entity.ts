import { defineEntity, id, metadata, p, searchIndex, softDelete, timestamps } from "@marquetry/kernel"
import { geoZoneTypes, type PostalExpression } from "./postal-expression.ts"

const FulfillmentSetTable = defineEntity({
  name: "FulfillmentSet",
  indexes: [
    searchIndex("fulfillment", "fulfillment_set", ["name", "type"]),
    {
      name: "fulfillment_set_name_unique",
      expression: `create unique index "fulfillment_set_name_unique" on "fulfillment"."fulfillment_set" ("name") where "deleted_at" is null`,
    },
  ],
  properties: {
    id: id("fuset"),
    /** Unique among what is not deleted. */
    name: p.text(),
    /** `shipping`, `pickup` or what a shop calls it. */
    type: p.text(),
    serviceZones: () => p.oneToMany(ServiceZone).mappedBy("fulfillmentSet"),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** The ways in which one place sends goods out: which place, other modules know. */
export class FulfillmentSet extends FulfillmentSetTable.class {}
FulfillmentSetTable.setClass(FulfillmentSet)

const ServiceZoneTable = defineEntity({
  name: "ServiceZone",
  indexes: [searchIndex("fulfillment", "service_zone", ["name"])],
  properties: {
    id: id("serzo"),
    name: p.text(),
    fulfillmentSet: () =>
      p.manyToOne(FulfillmentSet).ref().deleteRule("cascade").index("service_zone_fulfillment_set_id_index"),
    geoZones: () => p.oneToMany(GeoZone).mappedBy("serviceZone"),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** A part of the world with the same shipping options. */
export class ServiceZone extends ServiceZoneTable.class {}
ServiceZoneTable.setClass(ServiceZone)

const GeoZoneTable = defineEntity({
  name: "GeoZone",
  indexes: [
    {
      name: "geo_zone_service_zone_id_index",
      expression: `create index "geo_zone_service_zone_id_index" on "fulfillment"."geo_zone" ("service_zone_id", "country_code")`,
    },
  ],
  checks: [
    { name: "geo_zone_country_code_check", expression: "country_code ~ '^[a-z]{2}$'" },
    { name: "geo_zone_province_code_check", expression: "starts_with(province_code, country_code || '-')" },
    {
      name: "geo_zone_fields_check",
      expression:
        "case type when 'country' then num_nonnulls(province_code, city, postal_expression) = 0 when 'province' then province_code is not null and num_nonnulls(city, postal_expression) = 0 when 'city' then city is not null and postal_expression is null else postal_expression is not null end",
    },
  ],
  properties: {
    id: id("fgz"),
    type: p.enum(geoZoneTypes),
    /** ISO 3166-1 alpha-2, lower case. */
    countryCode: p.text(),
    /** ISO 3166-2, lower case: `us-ca`. */
    provinceCode: p.text().strictNullable().default(null),
    city: p.text().strictNullable().default(null),
    postalExpression: p.json<PostalExpression>().strictNullable().default(null),
    serviceZone: () => p.manyToOne(ServiceZone).ref().deleteRule("cascade"),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** A country, a province, a city or some postal codes that a service zone reaches. */
export class GeoZone extends GeoZoneTable.class {}
GeoZoneTable.setClass(GeoZone)
