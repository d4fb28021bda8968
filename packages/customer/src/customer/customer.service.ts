import {
  newId,
  NotFound,
  parse,
  rethrowConstraint,
  type Database,
  type Events,
  type Filter,
  type ListOptions,
  type Page,
  type Query,
  type Selected,
} from "@marquetry/kernel"
import { findBuyer, findOrMakeGuest, type Buyer } from "./buyer.ts"
import { Customer } from "./customer.entity.ts"
import { EmailTaken } from "./customer.errors.ts"
import { CustomerCreated, CustomerDeleted, CustomerUpdated } from "./customer.events.ts"
import { customerResource } from "./customer.resources.ts"
import { CreateCustomer, CreateCustomers, Email, UpdateCustomer } from "./customer.schema.ts"

const view = { "*": true, addresses: { "*": true }, groups: { id: true, name: true } } as const

/** A customer with their addresses and groups. */
export type CustomerView = Selected<Customer, typeof view>

/** Whoever buys: people with an account, and guests. */
export class CustomerService {
  readonly #db: Database
  readonly #events: Events
  readonly #query: Query

  constructor(db: Database, events: Events, query: Query) {
    this.#db = db
    this.#events = events
    this.#query = query
  }

  /**
   * Makes a guest, or with `hasAccount` a customer who can log in, beside whom a guest of the same e-mail may be.
   *
   * @throws {EmailTaken} {@link InvalidInput}
   */
  async create(input: CreateCustomer): Promise<CustomerView> {
    const [made] = await this.createMany([parse(CreateCustomer, input)])
    return made as CustomerView
  }

  /**
   * All of them or none, in three statements whatever their number; answered in order.
   *
   * @throws {EmailTaken} {@link InvalidInput}
   */
  async createMany(inputs: CreateCustomers): Promise<CustomerView[]> {
    const data = parse(CreateCustomers, inputs)
    if (data.length === 0) return []
    return this.#db.transaction(async () => {
      const emails = data.flatMap(({ email }) => (email === null ? [] : [email]))
      // The unique index decides, not a query before the insert: two callers may race.
      const ids = await this.#db.insertRows(Customer, data).catch(taken(emails))
      await this.#events.emitMany(
        CustomerCreated,
        ids.map((id) => ({ id })),
      )
      // Ids rise as they are made, and rows come ordered by id: the order of the input.
      const { rows } = await this.list({ filter: { id: ids }, limit: ids.length, count: false })
      return rows
    })
  }

  /**
   * The guest with this e-mail address, who is made if there is none. Callers who come at once get the same. One
   * statement, and one more for the event of a guest who was made.
   *
   * @throws {InvalidInput} when it is no e-mail address.
   */
  async guestOf(email: string): Promise<Buyer> {
    const address = parse(Email, email)
    const id = newId("cus")
    return this.#db.transaction(async () => {
      const [guest] = (await this.#db.sql<Buyer>(findOrMakeGuest, [id, address])) as [Buyer]
      if (guest.id === id) await this.#events.emit(CustomerCreated, { id })
      return guest
    })
  }

  /** What prices depend on, in one statement: a customer with the ids of their groups. `null` when there is none. */
  async findBuyer(id: string): Promise<Buyer | null> {
    const [buyer] = await this.#db.sql<Buyer>(findBuyer, [id])
    return buyer ?? null
  }

  /** @throws {NotFound} {@link EmailTaken} {@link InvalidInput} */
  async update(id: string, input: UpdateCustomer): Promise<CustomerView> {
    const data = parse(UpdateCustomer, input)
    return this.#db.transaction(async (em) => {
      const changed = await em
        .nativeUpdate(Customer, { id, deletedAt: null }, { ...data, updatedAt: new Date() })
        .catch(taken(typeof data.email === "string" ? [data.email] : []))
      if (changed === 0) throw new NotFound("Customer", id)
      await this.#events.emit(CustomerUpdated, { id })
      return this.get(id)
    })
  }

  /** Deletes a customer with all addresses; the e-mail address is free again. Orders keep the id. @throws {NotFound} */
  async delete(id: string): Promise<void> {
    const now = new Date()
    await this.#db.transaction(async (em) => {
      // First the customer: whoever writes addresses holds that row.
      const deleted = await em.nativeUpdate(Customer, { id, deletedAt: null }, { deletedAt: now, updatedAt: now })
      if (deleted === 0) throw new NotFound("Customer", id)
      await this.#db.run(
        `update "customer"."customer_address" set deleted_at = $2::timestamptz, updated_at = $2::timestamptz
         where customer_id = $1 and deleted_at is null`,
        [id, now.toISOString()],
      )
      await this.#events.emit(CustomerDeleted, { id })
    })
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<CustomerView> {
    return this.#query.get(customerResource, id, { fields: view })
  }

  async list(options: ListOptions & { filter?: Filter<Customer> } = {}): Promise<Page<CustomerView>> {
    return this.#query.list(customerResource, { ...options, fields: view })
  }
}

const taken = (emails: string[]) => rethrowConstraint({ customer_email_unique: () => new EmailTaken(emails) })
