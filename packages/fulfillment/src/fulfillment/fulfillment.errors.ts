import { ModuleError } from "@marquetry/kernel"

/** `withdrawing`: the provider is being told to forget it. */
export type FulfillmentState = "open" | "withdrawing" | "shipped" | "delivered" | "canceled"

/** What was asked for is not possible in the state that a fulfillment is in. Nothing changed. */
export class FulfillmentStateRefused extends ModuleError {
  readonly code = "fulfillment.state_refused"
  // The wire's contract answers 400.
  readonly kind = "invalid"
  override readonly details: { id: string; action: string; state: FulfillmentState }
  constructor(id: string, action: string, state: FulfillmentState) {
    super(`The fulfillment ${id} is ${state}: it is not possible to ${action} it`)
    this.details = { id, action, state }
  }
}
