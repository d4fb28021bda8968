import {
  constraintOf,
  InvalidInput,
  NotFound,
  parse,
  type Database,
  type EntityOf,
  type EventDefinition,
  type Events,
  type Filter,
  type ListOptions,
  type Page,
  type Query,
  type RowChanges,
} from "@marquetry/kernel"
import { Amount, currencyOf } from "@marquetry/money"
import type { z } from "zod"
import { OrderChange } from "../change/order-change.entity.ts"
import { orderChangeResource } from "../change/order-change.resources.ts"
import { addTransactions } from "../transaction/add-transactions.ts"
import { updatesOf } from "./order-history.ts"
import { move, movements } from "./order-quantities.ts"
import { insertsOf, newOrder } from "./order-rows.ts"
import { moveOrders, standing, transitions } from "./order-status.ts"
import { totalsOf } from "./order-totals.ts"
import { Order, OrderCreditLine, type OrderStatus } from "./order.entity.ts"
import { CreditTooHigh, OrderExists, WrongOrderStatus } from "./order.errors.ts"
import {
  OrderArchived,
  OrderCanceled,
  OrderCompleted,
  OrderDeliveryRegistered,
  OrderFulfillmentCanceled,
  OrderFulfillmentRegistered,
  OrderPlaced,
  OrderShipmentRegistered,
  OrderTransactionAdded,
  OrderUpdated,
} from "./order.events.ts"
import { orderResource } from "./order.resources.ts"
import {
  CreateOrders,
  NewOrderCreditLine,
  NewOrderTransactions,
  OrderIds,
  OrderQuantities,
  UpdateOrder,
  UpdateOrderChange,
  type CreateOrder,
  type NewOrderTransaction,
} from "./order.schema.ts"
import { wholeChange, wholeOrder, type OrderChangeView, type OrderView } from "./order.view.ts"

/** An order that nobody else can change now. Amounts are decimals in major units. */
export interface HeldOrder {
  readonly id: string
  /** `canceled` of one that was archived after it was called off, too. */
  readonly status: OrderStatus
  readonly currencyCode: string
  readonly total: string
  /** Paid, less what was given back. */
  readonly transactionTotal: string
}

/** One part of a statement, so that its text does not depend on their number. */
const together = (events: readonly RowChanges[]): RowChanges => ({
  ...(events[0] as RowChanges),
  insert: events.flatMap(({ insert = [] }) => insert),
})

/** What is told along with pieces that move. */
export type MovedPieces = Omit<z.input<typeof OrderShipmentRegistered.payload>, "id" | "items">

/** Orders: what was sold, and what became of it. */
export class OrderService {
  readonly #db: Database
  readonly #events: Events
  readonly #query: Query

  constructor(db: Database, events: Events, query: Query) {
    this.#db = db
    this.#events = events
    this.#query = query
  }

  /** @throws {OrderExists} {@link InvalidInput} {@link OrderTotalTooLarge} */
  async create(input: CreateOrder): Promise<OrderView> {
    return this.#db.transaction(async () => this.get(await this.place(input)))
  }

  /**
   * Like {@link create}, without reading the order back: for a checkout, which asks the database little. One statement.
   *
   * @returns the id.
   * @throws as {@link create}
   */
  async place(input: CreateOrder): Promise<string> {
    const [id] = await this.placeMany([input])
    return id as string
  }

  /** All of them or none, in one statement whatever their number; ids in order. @throws as {@link create} */
  async placeMany(inputs: readonly CreateOrder[]): Promise<string[]> {
    const data = parse(CreateOrders, inputs)
    if (data.length === 0) return []
    const orders = data.map(newOrder)
    return this.#db.transaction(async () => {
      const events = orders.map(({ placed }) => this.#events.written(OrderPlaced, placed))
      // The unique index decides, not a query before the insert: two callers may complete one cart.
      await this.#db.writeRows([...insertsOf(orders), together(events)]).catch((error: unknown) => {
        if (constraintOf(error) !== "order_cart_id_unique") throw error
        throw new OrderExists(data.length === 1 ? (data[0]?.cartId ?? null) : null)
      })
      return orders.map(({ id }) => id)
    })
  }

  /**
   * Holds an order to the end of the transaction under way: whoever else would change it waits. A statement by itself, because
   * one that waits for a lock reads the other tables as they were before it waited. Take it before payments and stock.
   *
   * @throws {NotFound}
   */
  async hold(id: string): Promise<HeldOrder> {
    const [held] = await this.#db.sql<HeldOrder>(
      `select id, ${standing} as status, currency_code as "currencyCode", total::text,
         (paid_total - refunded_total)::text as "transactionTotal"
       from "order"."order" where id = $1 and deleted_at is null for no key update`,
      [id],
    )
    if (held === undefined) throw new NotFound("Order", id)
    return held
  }

  /**
   * Changes plain fields and addresses, these field by field. Another e-mail or address is kept in the history of the order.
   *
   * @param by who does it, for the history.
   * @throws {NotFound} {@link InvalidInput}
   * @throws {OrderCountryFixed} the country that it is sent to stays.
   */
  async update(id: string, input: UpdateOrder, by: string | null = null): Promise<OrderView> {
    const changes = parse(UpdateOrder, input)
    return this.#db.transaction(async () => {
      await this.hold(id)
      const fields = { "*": true, shippingAddress: { "*": true }, billingAddress: { "*": true } } as const
      const before = await this.#query.get(orderResource, id, { fields })
      await this.#db.writeRows([...updatesOf(before, changes, by), this.#events.written(OrderUpdated, { id })])
      return this.get(id)
    })
  }

  /**
   * Lets something else pay a part of the total, whether that was paid already or not: then it is to be given back.
   *
   * @throws {NotFound} {@link WrongOrderStatus} {@link OrderTotalTooLarge}
   * @throws {CreditTooHigh} the total does not fall below zero.
   * @throws {InvalidInput} also of an amount that is finer than its currency.
   */
  async addCreditLine(id: string, input: NewOrderCreditLine): Promise<OrderView> {
    const line = parse(NewOrderCreditLine, input)
    return this.#db.transaction(async () => {
      const { status, currencyCode, total } = await this.hold(id)
      if (status === "canceled") throw new WrongOrderStatus([{ id, status }], "credited")
      const amount = Amount.of(line.amount)
      if (!amount.isPositive() || !amount.equals(amount.roundTo(currencyOf(currencyCode))))
        throw new InvalidInput([{ path: ["amount"], message: "an amount above zero, no finer than its currency" }])
      if (amount.greaterThan(total)) throw new CreditTooHigh(id, amount.toString(), Amount.of(total).toString())
      const order = await this.get(id)
      const { totals } = totalsOf({ ...order, creditLines: [...order.creditLines, line] })
      await this.#db.writeRows([
        { entity: Order, update: [{ id, ...totals }] },
        { entity: OrderCreditLine, insert: [{ ...line, order: id }] },
        this.#events.written(OrderUpdated, { id }),
      ])
      return this.get(id)
    })
  }

  /** Calls orders off, all or none. @throws {NotFound} {@link WrongOrderStatus} {@link OrderFulfilled} */
  async cancel(ids: readonly string[]): Promise<void> {
    await this.#transition(ids, transitions.cancel, OrderCanceled)
  }

  /** Nothing is left to be done about orders. All or none. @throws {NotFound} {@link WrongOrderStatus} */
  async complete(ids: readonly string[]): Promise<void> {
    await this.#transition(ids, transitions.complete, OrderCompleted)
  }

  /** Puts completed or canceled orders away, all or none. @throws {NotFound} {@link WrongOrderStatus} */
  async archive(ids: readonly string[]): Promise<void> {
    await this.#transition(ids, transitions.archive, OrderArchived)
  }

  /**
   * Records money that was taken or given back. What is known by its reference and id counts once, however often it is
   * told. Two statements, one if nothing is new.
   *
   * @throws {NotFound} {@link TransactionCurrencyMismatch} {@link InvalidInput}
   */
  async addTransactions(transactions: readonly NewOrderTransaction[]): Promise<void> {
    const given = parse(NewOrderTransactions, transactions)
    if (given.length === 0) return
    await this.#db.transaction(async () => {
      const added = await addTransactions(this.#db, given)
      const payloads = added.map(({ orderId, ...facts }) => ({ id: orderId, ...facts }))
      await this.#events.emitMany(OrderTransactionAdded, payloads)
    })
  }

  /**
   * Takes pieces from the shelf, to be sent; each can be taken once, however many ask at once. All or none, in one
   * statement and one that tells of it, as the three below.
   *
   * @param about is told with it.
   * @throws {NotFound} {@link WrongOrderStatus} {@link QuantityNotAvailable} {@link InvalidInput}
   */
  async registerFulfillment(orderId: string, items: OrderQuantities, about: MovedPieces = {}): Promise<void> {
    await this.#move(movements.fulfill, orderId, items, OrderFulfillmentRegistered, about)
  }

  /** Puts pieces back that were taken, and not shipped. @throws as {@link registerFulfillment} */
  async cancelFulfillment(orderId: string, items: OrderQuantities, about: MovedPieces = {}): Promise<void> {
    await this.#move(movements.unfulfill, orderId, items, OrderFulfillmentCanceled, about)
  }

  /** Pieces that were fulfilled are with a carrier. @throws as {@link registerFulfillment} */
  async registerShipment(orderId: string, items: OrderQuantities, about: MovedPieces = {}): Promise<void> {
    await this.#move(movements.ship, orderId, items, OrderShipmentRegistered, about)
  }

  /** Pieces that were shipped have reached the customer. @throws as {@link registerFulfillment} */
  async registerDelivery(orderId: string, items: OrderQuantities, about: MovedPieces = {}): Promise<void> {
    await this.#move(movements.deliver, orderId, items, OrderDeliveryRegistered, about)
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<OrderView> {
    return this.#query.get(orderResource, id, { fields: wholeOrder })
  }

  /** The order that a cart has become, if it has. */
  async findByCart(cartId: string): Promise<OrderView | null> {
    return this.#query.find(orderResource, { fields: wholeOrder, filter: { cartId } })
  }

  async list(
    options: ListOptions & { filter?: Filter<EntityOf<typeof orderResource>> } = {},
  ): Promise<Page<OrderView>> {
    return this.#query.list(orderResource, { ...options, fields: wholeOrder })
  }

  /** The history of an order, oldest first unless said. */
  async listChanges(orderId: string, options: ListOptions = {}): Promise<Page<OrderChangeView>> {
    return this.#query.list(orderChangeResource, { ...options, fields: wholeChange, filter: { orderId } })
  }

  /** @throws {NotFound} {@link InvalidInput} */
  async updateChange(id: string, input: UpdateOrderChange): Promise<OrderChangeView> {
    const said = parse(UpdateOrderChange, input)
    return this.#db.transaction(async () => {
      // Where nothing is said there is nothing to write; whether it is there is seen by reading it.
      if (Object.keys(said).length > 0) await this.#db.updateRows(OrderChange, [{ id, ...said }])
      return this.#query.get(orderChangeResource, id, { fields: wholeChange })
    })
  }

  async #transition(
    given: readonly string[],
    transition: (typeof transitions)[keyof typeof transitions],
    event: EventDefinition<typeof OrderCanceled.payload>,
  ): Promise<void> {
    const ids = [...new Set(parse(OrderIds, given))]
    if (ids.length === 0) return
    await this.#db.transaction(async () => {
      await moveOrders(this.#db, ids, transition)
      await this.#events.emitMany(
        event,
        ids.map((id) => ({ id })),
      )
    })
  }

  async #move(
    movement: string,
    orderId: string,
    given: OrderQuantities,
    event: EventDefinition<typeof OrderShipmentRegistered.payload>,
    about: MovedPieces,
  ): Promise<void> {
    const items = parse(OrderQuantities, given)
    await this.#db.transaction(async () => {
      await move(this.#db, movement, orderId, items)
      await this.#events.emit(event, { ...about, id: orderId, items })
    })
  }
}
