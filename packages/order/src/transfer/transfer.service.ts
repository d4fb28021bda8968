import { newId, NotFound, parse, type Database, type Events } from "@marquetry/kernel"
import type { z } from "zod"
import { OrderChange, OrderChangeAction, TRANSFER } from "../change/order-change.entity.ts"
import { standing } from "../order/order-status.ts"
import { Order, type OrderStatus } from "../order/order.entity.ts"
import { WrongOrderStatus } from "../order/order.errors.ts"
import { NoTransferRequested, OrderAlreadyOwned, TransferTokenInvalid } from "./transfer.errors.ts"
import {
  OrderTransferCanceled,
  OrderTransferDeclined,
  OrderTransferred,
  OrderTransferRequested,
} from "./transfer.events.ts"
import { CancelTransfer, DeclinedReason, GiveOrder, RequestTransfer, TransferToken } from "./transfer.schema.ts"
import { hashOf, newToken } from "./transfer-token.ts"

interface HeldOrder {
  status: OrderStatus
  version: number
  customer_id: string | null
  email: string | null
}

interface Accepted {
  found: boolean
  change: string | null
  previous: string | null
  customer: string | null
}

/**
 * Gives orders to other customers: one asks, whoever reads the order's e-mail accepts or declines by a token. Of several who
 * decide at once, one does.
 */
export class OrderTransferService {
  readonly #db: Database
  readonly #events: Events

  constructor(db: Database, events: Events) {
    this.#db = db
    this.#events = events
  }

  /**
   * Asks for an order. A request for the same order that is open is replaced: its token opens nothing any more.
   *
   * The token is answered here and nowhere else, for the caller to send to the order's e-mail; only its hash is kept. It is in
   * no event, because events rest in the outbox, and whoever may read that could take any order. If it is lost on the way,
   * ask again. It is good until it is used, replaced or called off.
   *
   * @throws {NotFound} {@link OrderAlreadyOwned} {@link WrongOrderStatus} {@link InvalidInput}
   */
  async request(orderId: string, input: RequestTransfer): Promise<{ orderChangeId: string; token: string }> {
    const data = parse(RequestTransfer, input)
    const token = newToken()
    return this.#db.transaction(async () => {
      const order = await this.#hold(orderId, data.customerId)
      await this.#callOff(orderId, data.requestedBy)
      const id = newId("ordch")
      const { customerId } = data
      await this.#db.writeRows([
        ...rowsOf(id, orderId, order, data, hashOf(token)),
        this.#events.written(OrderTransferRequested, {
          id: orderId,
          orderChangeId: id,
          customerId,
          email: order.email,
        }),
      ])
      return { orderChangeId: id, token }
    })
  }

  /**
   * Gives the order to a customer at once, by whoever may decide for the shop. A request that is open is called off.
   *
   * @throws {NotFound} {@link OrderAlreadyOwned} {@link WrongOrderStatus} {@link InvalidInput}
   */
  async give(orderId: string, input: GiveOrder): Promise<void> {
    const { by, ...wish } = parse(GiveOrder, input)
    await this.#db.transaction(async () => {
      const order = await this.#hold(orderId, wish.customerId)
      await this.#callOff(orderId, by)
      const id = newId("ordch")
      const [change, action] = rowsOf(id, orderId, order, { ...wish, requestedBy: by }, null)
      const confirmed = { status: "confirmed", confirmedBy: by, confirmedAt: new Date() }
      const { customerId, updateOrderEmail: email } = wish
      await this.#db.writeRows([
        { ...change, insert: change.insert.map((row) => ({ ...row, ...confirmed })) },
        action,
        { entity: Order, update: [{ id: orderId, customerId, ...(email === null ? {} : { email }) }] },
        this.#events.written(OrderTransferred, {
          id: orderId,
          orderChangeId: id,
          customerId,
          previousCustomerId: order.customer_id,
        }),
      ])
    })
  }

  /** By itself, before another request is written: the unique key is free when the statement has ended. */
  async #callOff(orderId: string, by: string | null): Promise<void> {
    await this.#db.run(
      `update "order"."order_change" set status = 'canceled', canceled_by = $2, canceled_at = now(), updated_at = now(),
         token_hash = null
       where order_id = $1 and change_type = 'transfer' and status = 'requested'`,
      [orderId, by],
    )
  }

  async #hold(orderId: string, customerId: string): Promise<HeldOrder> {
    const [order] = await this.#db.sql<HeldOrder>(
      `select ${standing} as status, version, customer_id, email from "order"."order"
       where id = $1 and deleted_at is null for no key update`,
      [orderId],
    )
    if (order === undefined) throw new NotFound("Order", orderId)
    const { status } = order
    if (status === "canceled" || status === "draft") {
      throw new WrongOrderStatus([{ id: orderId, status }], "transferred")
    }
    if (order.customer_id === customerId) throw new OrderAlreadyOwned(orderId, customerId)
    return order
  }

  /** Gives the order to the customer who asked. @throws {NotFound} {@link TransferTokenInvalid} */
  async accept(orderId: string, token: string): Promise<void> {
    const hash = hashOf(parse(TransferToken, token))
    await this.#db.transaction(async () => {
      const [outcome] = await this.#db.sql<Accepted>(
        `with owner as materialized (
           select id, customer_id from "order"."order" where id = $1 and deleted_at is null for no key update
         ), taken as (
           update "order"."order_change" c
           set status = 'confirmed', confirmed_at = now(), updated_at = now(), token_hash = null
           from owner
           where c.order_id = owner.id and c.change_type = 'transfer' and c.status = 'requested' and c.token_hash = $2
           returning c.id
         ), wanted as materialized (
           select a.order_change_id, a.reference_id, a.details ->> 'update_order_email' as email
           from "order"."order_change_action" a join taken on taken.id = a.order_change_id
         ), moved as (
           update "order"."order" o
           set customer_id = wanted.reference_id, email = coalesce(wanted.email, o.email), updated_at = now()
           from owner, wanted where o.id = owner.id
         )
         select exists (select from owner) as found, (select customer_id from owner) as previous,
           (select order_change_id from wanted) as change, (select reference_id from wanted) as customer`,
        [orderId, hash],
      )
      const { found, change, previous, customer } = outcome as Accepted
      if (!found) throw new NotFound("Order", orderId)
      if (change === null || customer === null) throw new TransferTokenInvalid(orderId)
      await this.#events.emit(OrderTransferred, {
        id: orderId,
        orderChangeId: change,
        customerId: customer,
        previousCustomerId: previous,
      })
    })
  }

  /** Leaves the order where it is. @throws {NotFound} {@link TransferTokenInvalid} */
  async decline(orderId: string, token: string, reason: string | null = null): Promise<void> {
    const values = [orderId, hashOf(parse(TransferToken, token)), parse(DeclinedReason, reason)]
    await this.#db.transaction(async () => {
      const [declined] = await this.#db.sql<{ id: string }>(
        `update "order"."order_change"
         set status = 'declined', declined_at = now(), declined_reason = $3, updated_at = now(), token_hash = null
         where order_id = $1 and change_type = 'transfer' and status = 'requested' and token_hash = $2
         returning id`,
        values,
      )
      if (declined === undefined) throw await this.#missing(orderId, new TransferTokenInvalid(orderId))
      await this.#events.emit(OrderTransferDeclined, { id: orderId, orderChangeId: declined.id })
    })
  }

  /**
   * Calls a request off: any, or with `customerId` only one that this customer has asked for.
   *
   * @throws {NotFound} {@link NoTransferRequested}
   */
  async cancel(orderId: string, input: CancelTransfer = {}): Promise<void> {
    const { customerId, canceledBy } = parse(CancelTransfer, input)
    await this.#db.transaction(async () => {
      const [canceled] = await this.#db.sql<{ id: string }>(
        `update "order"."order_change" c
         set status = 'canceled', canceled_by = $3, canceled_at = now(), updated_at = now(), token_hash = null
         where order_id = $1 and change_type = 'transfer' and status = 'requested' and ($2::text is null or exists (
           select from "order"."order_change_action" a where a.order_change_id = c.id and a.reference_id = $2
         ))
         returning id`,
        [orderId, customerId, canceledBy],
      )
      if (canceled === undefined) throw await this.#missing(orderId, new NoTransferRequested(orderId))
      await this.#events.emit(OrderTransferCanceled, { id: orderId, orderChangeId: canceled.id })
    })
  }

  async #missing(orderId: string, otherwise: Error): Promise<Error> {
    const known = await this.#db.sql(`select from "order"."order" where id = $1 and deleted_at is null`, [orderId])
    return known.length === 0 ? new NotFound("Order", orderId) : otherwise
  }
}

function rowsOf(
  id: string,
  orderId: string,
  { version, email }: HeldOrder,
  data: z.output<typeof RequestTransfer>,
  tokenHash: string | null,
) {
  const { customerId, requestedBy, description, internalNote, updateOrderEmail } = data
  const change = {
    id,
    order: orderId,
    version,
    changeType: TRANSFER,
    status: "requested",
    description,
    internalNote,
    createdBy: requestedBy,
    requestedBy,
    requestedAt: new Date(),
    tokenHash,
  }
  const action = {
    order: orderId,
    orderChange: id,
    version,
    ordering: 1,
    action: "TRANSFER_CUSTOMER",
    reference: "customer",
    referenceId: customerId,
    details: { original_email: email, update_order_email: updateOrderEmail },
  }
  return [
    { entity: OrderChange, insert: [change] },
    { entity: OrderChangeAction, insert: [action] },
  ] as const
}
