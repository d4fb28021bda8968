import { ModuleError } from "@marquetry/kernel"

/** The customer has the order already. */
export class OrderAlreadyOwned extends ModuleError {
  readonly code = "order.already_owned"
  readonly kind = "invalid"
  override readonly details: { id: string; customerId: string }
  constructor(id: string, customerId: string) {
    super(`Order ${id} belongs to customer ${customerId} already`)
    this.details = { id, customerId }
  }
}

/** The token opens no transfer of the order: it is another one's, or was used, replaced or called off. */
export class TransferTokenInvalid extends ModuleError {
  readonly code = "order.transfer_token_invalid"
  readonly kind = "invalid"
  override readonly details: { id: string }
  constructor(id: string) {
    super("The token is not that of a requested transfer")
    this.details = { id }
  }
}

/** Nobody, or not this customer, has asked for the order. */
export class NoTransferRequested extends ModuleError {
  readonly code = "order.no_transfer_requested"
  readonly kind = "invalid"
  override readonly details: { id: string }
  constructor(id: string) {
    super(`No transfer of order ${id} is requested`)
    this.details = { id }
  }
}
