import type { CreateFulfillment } from "./fulfillment/fulfillment.schema.ts"
import type { CreateShippingOption } from "./shipping-option/shipping-option.schema.ts"
import type { CreateShippingProfile } from "./shipping-profile/shipping-profile.schema.ts"
import type { CreateFulfillmentSet } from "./zone/zone.schema.ts"

let made = 0

/** A set with a zone that is Germany, and with a name that no other has. */
export const aFulfillmentSet = (overrides: Partial<CreateFulfillmentSet> = {}): CreateFulfillmentSet => ({
  name: `Warehouse ${++made}`,
  type: "shipping",
  serviceZones: [{ name: "Germany", geoZones: [{ type: "country", countryCode: "de" }] }],
  ...overrides,
})

/** With a name that no other has. */
export const aShippingProfile = (overrides: Partial<CreateShippingProfile> = {}): CreateShippingProfile => ({
  name: `Parcels ${++made}`,
  type: "default",
  ...overrides,
})

/** By hand, at a price that is kept elsewhere. */
export const aShippingOption = (
  named: Pick<CreateShippingOption, "serviceZoneId" | "shippingProfileId">,
  overrides: Partial<CreateShippingOption> = {},
): CreateShippingOption => ({ ...named, name: "Standard", providerId: "manual_manual", ...overrides })

/** One shirt, to be sent by hand. */
export const aFulfillment = (overrides: Partial<CreateFulfillment> = {}): CreateFulfillment => ({
  locationId: "sloc_1",
  providerId: "manual_manual",
  items: [{ title: "Shirt", sku: "SHIRT", quantity: 1, lineItemId: "ordli_1" }],
  ...overrides,
})
