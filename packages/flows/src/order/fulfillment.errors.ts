import { ModuleError } from "@marquetry/kernel"

/** It is not known where the goods are: nothing of them is counted, and the order has no shipping option. Name a location. */
export class FulfillmentLocationMissing extends ModuleError {
  readonly code = "order.fulfillment_location_missing"
  readonly kind = "invalid"
  override readonly details: { orderId: string }
  constructor(orderId: string) {
    super("It is not known where the items are sent from: name a location")
    this.details = { orderId }
  }
}

/** What is in a fulfillment leaves together: something else should be shipped of it than it holds. */
export class ShipmentDiffers extends ModuleError {
  readonly code = "order.shipment_differs"
  readonly kind = "invalid"
  override readonly details: { fulfillmentId: string; items: readonly { itemId: string; quantity: number }[] }
  /** @param items what the fulfillment holds. */
  constructor(fulfillmentId: string, items: readonly { itemId: string; quantity: number }[]) {
    super("A fulfillment is shipped as a whole: name all of its items, or none")
    this.details = { fulfillmentId, items }
  }
}
