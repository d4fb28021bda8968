import { defineResource } from "@marquetry/kernel"
import { ShippingOption } from "../shipping-option/shipping-option.entity.ts"
import { FulfillmentSet, GeoZone, ServiceZone } from "./zone.entity.ts"

export const fulfillmentSetResource = defineResource("fulfillment_set", FulfillmentSet, { search: ["name", "type"] })
export const serviceZoneResource = defineResource("service_zone", ServiceZone, {
  search: ["name"],
  inverse: { shippingOptions: [ShippingOption, "serviceZone"] },
})
export const geoZoneResource = defineResource("geo_zone", GeoZone)
