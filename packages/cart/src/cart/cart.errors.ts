import { ModuleError } from "@marquetry/kernel"

/** The cart has become an order: what was bought does not change. */
export class CartAlreadyCompleted extends ModuleError {
  readonly code = "cart.completed"
  readonly kind = "invalid"
  override readonly details: { id: string }
  constructor(id: string) {
    super(`Cart ${id} is already completed: make another one`)
    this.details = { id }
  }
}

/** A cart holds so many lines at most. */
export class TooManyLines extends ModuleError {
  readonly code = "cart.too_many_lines"
  readonly kind = "invalid"
  override readonly details: { limit: number }
  constructor(limit: number) {
    super(`A cart holds at most ${limit} lines`)
    this.details = { limit }
  }
}

/** A line holds so many pieces at most. */
export class QuantityTooLarge extends ModuleError {
  readonly code = "cart.quantity_too_large"
  readonly kind = "invalid"
  override readonly details: { limit: number; quantity: number }
  constructor(limit: number, quantity: number) {
    super(`A line holds at most ${limit} pieces, not ${quantity}`)
    this.details = { limit, quantity }
  }
}

/** A price or a total has more digits than an amount may have. */
export class CartTotalTooLarge extends ModuleError {
  readonly code = "cart.total_too_large"
  readonly kind = "invalid"
  constructor(options?: ErrorOptions) {
    super("The total of the cart is too large to be charged", options)
  }
}
