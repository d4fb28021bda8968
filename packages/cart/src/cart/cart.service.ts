import {
  NotFound,
  parse,
  type Database,
  type Events,
  type Filter,
  type ListOptions,
  type NamedRead,
  type Page,
  type Query,
} from "@marquetry/kernel"
import {
  addCreditLine,
  addLine,
  addShippingMethod,
  changeLine,
  lineOf,
  newCart,
  setAddress,
  wholeCart,
  type CartView,
} from "./cart-draft.ts"
import { CartStore, readOf, snapshotOf } from "./cart-store.ts"
import { settleTotals } from "./cart-totals.ts"
import type { Cart } from "./cart.entity.ts"
import { CartAlreadyCompleted } from "./cart.errors.ts"
import { CartCompleted, CartCreated, CartDeleted, CartUpdated } from "./cart.events.ts"
import { cartResource } from "./cart.resources.ts"
import {
  CreateCart,
  NewCartCreditLine,
  NewCartLineItems,
  NewCartShippingMethods,
  UpdateCart,
  UpdateCartLineItem,
  type NewCartLineItem,
  type NewCartShippingMethod,
} from "./cart.schema.ts"

/** Changes a cart that is held; what it awaits happens while the cart is locked. */
export type CartChange = (cart: CartView, found: Record<string, unknown>[][]) => Promise<void> | void

/**
 * Carts. Each change is one transaction that holds the cart, so that changes of one cart follow each other; afterwards its
 * totals are those of its lines.
 */
export class CartService {
  readonly #db: Database
  readonly #events: Events
  readonly #query: Query
  readonly #store: CartStore

  constructor(db: Database, events: Events, query: Query) {
    this.#db = db
    this.#events = events
    this.#query = query
    this.#store = new CartStore(db, query)
  }

  /**
   * Makes a cart.
   *
   * @param work completes the cart before it is written: prices, taxes, discounts.
   * @throws {InvalidInput} {@link QuantityTooLarge} {@link CartTotalTooLarge}
   */
  async create(input: CreateCart, work?: (cart: CartView) => Promise<void> | void): Promise<CartView> {
    const cart = newCart(parse(CreateCart, input))
    return this.#db.transaction(async () => {
      await work?.(cart)
      settleTotals(cart)
      await this.#db.endWith(this.#store.save(new Map(), cart, [this.#events.written(CartCreated, { id: cart.id })]))
      return cart
    })
  }

  /**
   * Changes a cart by any means, as the methods below do: holds it, lets `work` write over it, and saves what is different
   * then, with the totals that follow. Three statements and those of `work`. For what several steps must do as one. Giving
   * it a `completedAt` closes it.
   *
   * `work` does not call this service for the same cart: what that wrote would not be in the totals.
   *
   * @param beside reads whose rows `work` gets, made in the statement that reads the cart.
   * @throws {NotFound} {@link CartAlreadyCompleted} {@link CartTotalTooLarge}
   */
  async change(id: string, work: CartChange, beside: readonly NamedRead[] = []): Promise<void> {
    await this.#db.transaction(async () => {
      const { cart, found } = await this.#store.hold(id, beside)
      if (cart.completedAt !== null) throw new CartAlreadyCompleted(id)
      const before = snapshotOf(cart)
      await work(cart, found)
      settleTotals(cart)
      cart.updatedAt = new Date().toISOString()
      const happened = cart.completedAt === null ? CartUpdated : CartCompleted
      await this.#db.endWith(this.#store.save(before, cart, [this.#events.written(happened, { id })]))
    })
  }

  /** Changes the cart itself; lines have methods of their own. @throws as {@link change}, {@link InvalidInput} */
  async update(id: string, input: UpdateCart): Promise<CartView> {
    const data = parse(UpdateCart, input)
    return this.#changed(id, (cart) => writeOver(cart, data))
  }

  /**
   * Adds lines. Pieces of a variant that is there already, with equal metadata, go to its line.
   *
   * @throws as {@link change}, {@link InvalidInput} {@link TooManyLines} {@link QuantityTooLarge}
   */
  async addItems(id: string, items: readonly NewCartLineItem[]): Promise<CartView> {
    const lines = parse(NewCartLineItems, items)
    return this.#changed(id, (cart) => {
      for (const line of lines) addLine(cart, line)
    })
  }

  /** @throws as {@link change}, {@link NotFound} when the cart has no such line, {@link InvalidInput} */
  async updateItem(id: string, itemId: string, input: UpdateCartLineItem): Promise<CartView> {
    const data = parse(UpdateCartLineItem, input)
    return this.#changed(id, (cart) => changeLine(lineOf(cart, itemId), data))
  }

  /** @throws as {@link change}, {@link NotFound} when the cart has no such line */
  async removeItem(id: string, itemId: string): Promise<CartView> {
    return this.#changed(id, (cart) => {
      cart.items.splice(cart.items.indexOf(lineOf(cart, itemId)), 1)
    })
  }

  /** The shipping methods that the cart shall have, all of them. @throws as {@link change}, {@link InvalidInput} */
  async setShippingMethods(id: string, methods: readonly NewCartShippingMethod[]): Promise<CartView> {
    const wanted = parse(NewCartShippingMethods, methods)
    return this.#changed(id, (cart) => {
      cart.shippingMethods = []
      for (const method of wanted) addShippingMethod(cart, method)
    })
  }

  /** Lets something else pay a part: a gift card. @throws as {@link change}, {@link InvalidInput} */
  async addCreditLine(id: string, input: NewCartCreditLine): Promise<CartView> {
    const data = parse(NewCartCreditLine, input)
    return this.#changed(id, (cart) => addCreditLine(cart, data))
  }

  /**
   * Closes a cart: nothing of it changes from then on. Of several callers one closes it.
   *
   * @throws {NotFound} {@link CartAlreadyCompleted}
   */
  async complete(id: string): Promise<void> {
    await this.#db.transaction(async () => {
      const closed = await this.#db.run(
        `update "cart"."cart" set completed_at = now(), updated_at = now()
         where id = $1 and completed_at is null and deleted_at is null`,
        [id],
      )
      if (closed === 0) {
        await this.get(id)
        throw new CartAlreadyCompleted(id)
      }
      await this.#events.emit(CartCompleted, { id })
    })
  }

  /** @throws {NotFound} */
  async delete(id: string): Promise<void> {
    await this.#db.transaction(async () => {
      const deleted = await this.#db.run(
        `update "cart"."cart" set deleted_at = now(), updated_at = now() where id = $1 and deleted_at is null`,
        [id],
      )
      if (deleted === 0) throw new NotFound("Cart", id)
      await this.#events.emit(CartDeleted, { id })
    })
  }

  /** Reads a cart beside other things: its row is a {@link CartView}. See `Query.listTogether`. */
  read(id: string): NamedRead {
    return readOf(id)
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<CartView> {
    return this.#query.get(cartResource, id, { fields: wholeCart })
  }

  async list(options: ListOptions & { filter?: Filter<Cart> } = {}): Promise<Page<CartView>> {
    return this.#query.list(cartResource, { ...options, fields: wholeCart })
  }

  async #changed(id: string, work: CartChange): Promise<CartView> {
    return this.#db.transaction(async () => {
      await this.change(id, work)
      return this.get(id)
    })
  }
}

type Changes = ReturnType<typeof parse<typeof UpdateCart>>

/** Lays changes over a cart; metadata are merged. */
export function writeOver(cart: CartView, { shippingAddress, billingAddress, metadata, ...data }: Changes): void {
  Object.assign(cart, data)
  if (shippingAddress !== undefined) setAddress(cart, "shippingAddress", shippingAddress)
  if (billingAddress !== undefined) setAddress(cart, "billingAddress", billingAddress)
  if (metadata === null) cart.metadata = null
  if (metadata !== undefined && metadata !== null) {
    const merged = Object.entries({ ...cart.metadata, ...metadata }).filter(([key]) => metadata[key] !== null)
    cart.metadata = Object.fromEntries(merged)
  }
}
