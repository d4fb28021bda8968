import { defineResource } from "@marquetry/kernel"
import { Fulfillment, FulfillmentAddress, FulfillmentItem, FulfillmentLabel } from "./fulfillment.entity.ts"

export const fulfillmentResource = defineResource("fulfillment", Fulfillment, {
  private: ["handedOverAt", "withdrawnAt"],
})
export const fulfillmentAddressResource = defineResource("fulfillment_address", FulfillmentAddress)
export const fulfillmentItemResource = defineResource("fulfillment_item", FulfillmentItem)
export const fulfillmentLabelResource = defineResource("fulfillment_label", FulfillmentLabel)
