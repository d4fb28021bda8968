import type { CustomerService } from "@marquetry/customer"
import { NotFound, type Database, type Query } from "@marquetry/kernel"
import type { NotificationService } from "@marquetry/notification"
import { orderResource, type OrderTransferService } from "@marquetry/order"
import { CustomerWithoutAccount } from "./order-transfer.errors.ts"

/** What a customer may say of a transfer. */
export interface TransferWish {
  readonly description?: string | undefined
  /** Whether the order shall have the customer's e-mail address from then on. */
  readonly updateOrderEmail?: boolean | undefined
}

/** What people of the shop may say of one. */
export interface ShopTransferWish extends TransferWish {
  readonly internalNote?: string | undefined
}

interface Asked {
  readonly description?: string | null | undefined
  readonly internalNote?: string | null | undefined
  readonly customerId: string
  readonly requestedBy: string | null
  readonly updateOrderEmail: string | null
}

/** Hands orders to the customers whose they are. */
export class OrderTransferFlow {
  readonly #db: Database
  readonly #query: Query
  readonly #customers: CustomerService
  readonly #transfers: OrderTransferService
  readonly #notifications: NotificationService

  constructor(
    db: Database,
    query: Query,
    customers: CustomerService,
    transfers: OrderTransferService,
    notifications: NotificationService,
  ) {
    this.#db = db
    this.#query = query
    this.#customers = customers
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
    const updateOrderEmail = wish.updateOrderEmail === true ? await this.#emailOf(customerId) : null
    await this.#ask(orderId, order, { ...wish, customerId, requestedBy: customerId, updateOrderEmail })
  }

  /**
   * Asks for any order, on behalf of a customer with an account. Whoever reads the order's e-mail decides, as above.
   *
   * @param by who of the shop asks.
   * @throws {NotFound} {@link CustomerWithoutAccount} {@link OrderAlreadyOwned} {@link WrongOrderStatus}
   */
  async requestFor(orderId: string, customerId: string, wish: ShopTransferWish, by: string | null): Promise<void> {
    const [order, customer] = await Promise.all([
      this.#query.find(orderResource, { fields: { email: true, displayId: true }, filter: { id: orderId } }),
      this.#customers.findBuyer(customerId),
    ])
    if (order === null) throw new NotFound("Order", orderId)
    if (customer === null) throw new NotFound("Customer", customerId)
    if (!customer.hasAccount) throw new CustomerWithoutAccount(customerId)
    const updateOrderEmail = wish.updateOrderEmail === true ? customer.email : null
    await this.#ask(orderId, order, { ...wish, customerId, requestedBy: by, updateOrderEmail })
  }

  /**
   * Gives an order to the guest with an e-mail address, at once; it has that address from then on. The guest is made if
   * there is none.
   *
   * @throws {NotFound} {@link OrderAlreadyOwned} {@link WrongOrderStatus} {@link InvalidInput}
   */
  async giveToGuest(
    orderId: string,
    email: string,
    wish: Omit<ShopTransferWish, "updateOrderEmail">,
    by: string | null,
  ): Promise<void> {
    const { description = null, internalNote = null } = wish
    await this.#db.transaction(async () => {
      const { id: customerId } = await this.#customers.guestOf(email)
      await this.#transfers.give(orderId, { customerId, updateOrderEmail: email, description, internalNote, by })
    })
  }

  /** Records the request, and sends its token to the order's e-mail address, which nobody else may learn. */
  async #ask(
    orderId: string,
    order: { readonly email: string | null; readonly displayId: number },
    { description = null, internalNote = null, customerId, requestedBy, updateOrderEmail }: Asked,
  ): Promise<void> {
    const input = { customerId, requestedBy, description, internalNote, updateOrderEmail }
    const { token, orderChangeId } = await this.#transfers.request(orderId, input)
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
