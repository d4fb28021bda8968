import { NotFound, type Query } from "@marquetry/kernel"
import type { NotificationService } from "@marquetry/notification"
import { orderResource, type OrderTransferService } from "@marquetry/order"

/** What a customer may say of a transfer. */
export interface TransferWish {
  readonly description?: string | undefined
  /** Whether the order shall have the customer's e-mail address from then on. */
  readonly updateOrderEmail?: boolean | undefined
}

/** Hands orders that were placed without an account to the customers who placed them. */
export class OrderTransferFlow {
  readonly #query: Query
  readonly #transfers: OrderTransferService
  readonly #notifications: NotificationService

  constructor(query: Query, transfers: OrderTransferService, notifications: NotificationService) {
    this.#query = query
    this.#transfers = transfers
    this.#notifications = notifications
  }

  /**
   * Asks for an order of a guest. A token goes to the e-mail address of the order, by the notification
   * `order.transfer-requested`: whoever reads that mail accepts, or declines.
   *
   * @throws {NotFound} when there is no such order, or it is that of another account.
   * @throws {OrderAlreadyOwned} {@link WrongOrderStatus}
   */
  async request(orderId: string, customerId: string, wish: TransferWish): Promise<void> {
    const order = await this.#query.find(orderResource, {
      fields: { email: true, displayId: true, customerId: true, customer: { hasAccount: true } },
      filter: { id: orderId },
    })
    const owner = order?.customer as { hasAccount: boolean } | null | undefined
    const isForeign = owner?.hasAccount === true && order?.customerId !== customerId
    if (order === null || isForeign) throw new NotFound("Order", orderId)
    const email = wish.updateOrderEmail === true ? await this.#emailOf(customerId) : null
    const { token, orderChangeId } = await this.#transfers.request(orderId, {
      customerId,
      requestedBy: customerId,
      description: wish.description ?? null,
      updateOrderEmail: email,
    })
    if (order.email === null) return
    await this.#notifications.create({
      to: order.email,
      channel: "email",
      template: "order.transfer-requested",
      data: { order_id: orderId, display_id: order.displayId, token },
      resourceType: "order",
      resourceId: orderId,
      idempotencyKey: orderChangeId,
    })
  }

  async #emailOf(customerId: string): Promise<string | null> {
    const { rows } = await this.#query.listAny("customer", {
      fields: { email: true },
      filter: { id: customerId },
      limit: 1,
    })
    return (rows[0]?.["email"] as string | null | undefined) ?? null
  }
}
