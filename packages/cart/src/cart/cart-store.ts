import {
  allDone,
  NotFound,
  rowChanges,
  type Database,
  type NamedRead,
  type Query,
  type RowChanges,
} from "@marquetry/kernel"
import { wholeCart, type CartLineView, type CartShippingMethodView, type CartView } from "./cart-draft.ts"
import {
  Cart,
  CartAddress,
  CartCreditLine,
  CartLineAdjustment,
  CartLineItem,
  CartLineTaxLine,
  CartShippingAdjustment,
  CartShippingMethod,
  CartShippingTaxLine,
} from "./cart.entity.ts"

/** Reads a whole cart, beside other things. */
export const readOf = (id: string): NamedRead => ({
  resource: "cart",
  read: { fields: wholeCart, filter: { id }, limit: 1 },
})

type Row = Record<string, unknown>
type Entity = RowChanges["entity"]

/** The rows of a cart, by entity; what refers to another row comes after it. */
export type CartRows = ReadonlyMap<Entity, readonly Row[]>

/** Reads and writes carts as a whole: a statement to hold one, one to read it, one to write whatever has changed. */
export class CartStore {
  readonly #db: Database
  readonly #query: Query

  constructor(db: Database, query: Query) {
    this.#db = db
    this.#query = query
  }

  /**
   * Holds a cart until the end of the transaction, and reads it as it is then.
   *
   * @param beside other reads in the same statement.
   * @throws {NotFound}
   */
  async hold(id: string, beside: readonly NamedRead[]): Promise<{ cart: CartView; found: Row[][] }> {
    // Two statements, sent together: one that waits for a lock reads the other tables as they were before it waited.
    const [held, [carts = [], ...found]] = await allDone([
      this.#db.sql(`select from "cart"."cart" where id = $1 and deleted_at is null for no key update`, [id]),
      this.#query.listTogether([readOf(id), ...beside]),
    ])
    if (held.length === 0) throw new NotFound("Cart", id)
    return { cart: carts[0] as unknown as CartView, found }
  }

  /** Writes what has changed since `before`, and what else is told, in one statement. */
  async save(before: CartRows, cart: CartView, more: readonly RowChanges[]): Promise<void> {
    const changes = [...rowsOf(cart)].map(([entity, rows]) => rowChanges(entity, before.get(entity) ?? [], rows))
    await this.#db.writeRows([...changes, ...more])
  }
}

/** The rows of a cart as they are now: no later change of the cart reaches them, nor one of what a value holds. */
export function snapshotOf(cart: CartView): CartRows {
  const snapshot = rowsOf(cart)
  for (const row of [...snapshot.values()].flat()) {
    for (const [name, value] of Object.entries(row)) {
      if (typeof value === "object" && value !== null) row[name] = structuredClone(value)
    }
  }
  return snapshot
}

function rowsOf(cart: CartView): CartRows {
  const addresses = [cart.shippingAddress, cart.billingAddress].filter((address) => address !== null)
  const inItems = partsOf(cart.items, ({ id }) => ({ item: id }))
  const inMethods = partsOf(cart.shippingMethods, ({ id }) => ({ shippingMethod: id }))
  return new Map<Entity, Row[]>([
    [CartAddress, addresses.map((address) => ({ ...address }))],
    [Cart, [cartRow(cart)]],
    [CartLineItem, inItems.lines],
    [CartLineAdjustment, inItems.adjustments],
    [CartLineTaxLine, inItems.taxLines],
    [CartShippingMethod, inMethods.lines],
    [CartShippingAdjustment, inMethods.adjustments],
    [CartShippingTaxLine, inMethods.taxLines],
    [CartCreditLine, cart.creditLines.map(({ cartId, ...row }) => ({ ...row, cart: cartId }))],
  ])
}

function cartRow(cart: CartView): Row {
  const { items: _items, shippingMethods: _methods, creditLines: _credits, ...row } = cart
  const { shippingAddressId: shippingAddress, billingAddressId: billingAddress, ...columns } = row
  return { ...columns, shippingAddress, billingAddress }
}

function partsOf(lines: readonly (CartLineView | CartShippingMethodView)[], owner: (line: { id: string }) => Row) {
  const parts = { lines: [] as Row[], adjustments: [] as Row[], taxLines: [] as Row[] }
  for (const line of lines) {
    const { adjustments, taxLines, cartId, ...row } = line
    parts.lines.push({ ...row, cart: cartId })
    for (const part of adjustments) parts.adjustments.push({ ...withoutOwner(part), ...owner(line) })
    for (const part of taxLines) parts.taxLines.push({ ...withoutOwner(part), ...owner(line) })
  }
  return parts
}

function withoutOwner(part: Row): Row {
  const { itemId: _item, shippingMethodId: _method, ...row } = part
  return row
}
