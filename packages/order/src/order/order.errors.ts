import { ModuleError } from "@marquetry/kernel"
import type { OrderStatus } from "./order.entity.ts"

/** A cart has become an order already: it becomes one. */
export class OrderExists extends ModuleError {
  readonly code = "order.exists_for_cart"
  readonly kind = "conflict"
  override readonly details: { cartId: string | null }
  /** @param cartId `null` where several carts were given. */
  constructor(cartId: string | null) {
    super(cartId === null ? "One of the carts has an order already" : `Cart ${cartId} has an order already`)
    this.details = { cartId }
  }
}

/** Orders are not in a status that lets this be done to them. */
export class WrongOrderStatus extends ModuleError {
  readonly code = "order.wrong_status"
  readonly kind = "invalid"
  override readonly details: { orders: { id: string; status: OrderStatus }[] }
  constructor(orders: { id: string; status: OrderStatus }[], verb: string) {
    const stand = orders.slice(0, 10).map(({ id, status }) => `${id} is ${status}`)
    super(`An order in this status cannot be ${verb}: ${stand.join(", ")}`)
    this.details = { orders }
  }
}

/** Parts of the orders were fulfilled: cancel their fulfilments first. */
export class OrderFulfilled extends ModuleError {
  readonly code = "order.fulfilled"
  readonly kind = "invalid"
  override readonly details: { ids: string[] }
  constructor(ids: string[]) {
    super(`Lines were fulfilled already, of: ${ids.slice(0, 10).join(", ")}`)
    this.details = { ids }
  }
}

/** Something else would pay more than an order costs. */
export class CreditTooHigh extends ModuleError {
  readonly code = "order.credit_exceeds_total"
  readonly kind = "invalid"
  override readonly details: { id: string; amount: string; total: string }
  constructor(id: string, amount: string, total: string) {
    super(`The order costs ${total}: no credit of ${amount} can be given for it`)
    this.details = { id, amount, total }
  }
}

/** An order would be sent to another country than its taxes were calculated for. */
export class OrderCountryFixed extends ModuleError {
  readonly code = "order.country_fixed"
  readonly kind = "invalid"
  override readonly details: { id: string; countryCode: string; wanted: string | null }
  constructor(id: string, countryCode: string, wanted: string | null) {
    super(`The taxes of the order were calculated for "${countryCode}": its shipping address keeps this country`)
    this.details = { id, countryCode, wanted }
  }
}

/** Lines do not have as many pieces as were asked for; a line of another order has none. */
export class QuantityNotAvailable extends ModuleError {
  readonly code = "order.quantity_not_available"
  readonly kind = "invalid"
  override readonly details: { lines: { itemId: string; requested: number; available: number }[] }
  constructor(lines: { itemId: string; requested: number; available: number }[]) {
    const wants = lines.slice(0, 10).map((line) => `${line.itemId} has ${line.available}, not ${line.requested}`)
    super(`Lines have fewer pieces left for this: ${wants.join(", ")}`)
    this.details = { lines }
  }
}

/** Money moved in another currency than that of the order. */
export class TransactionCurrencyMismatch extends ModuleError {
  readonly code = "order.currency_mismatch"
  readonly kind = "invalid"
  override readonly details: { orderId: string; currencyCode: string }
  constructor(orderId: string, currencyCode: string) {
    super(`Order ${orderId} is not in ${currencyCode}`)
    this.details = { orderId, currencyCode }
  }
}

/** A price or a total has more digits than an amount may have. */
export class OrderTotalTooLarge extends ModuleError {
  readonly code = "order.total_too_large"
  readonly kind = "invalid"
  constructor(options?: ErrorOptions) {
    super("The total of the order is too large to be charged", options)
  }
}
