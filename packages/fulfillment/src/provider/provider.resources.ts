import { defineResource } from "@marquetry/kernel"
import { FulfillmentProviderRow } from "./provider.entity.ts"

export const fulfillmentProviderResource = defineResource("fulfillment_provider", FulfillmentProviderRow, {
  search: ["id"],
})
