import {
  newId,
  parse,
  Records,
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

const kind = {
  entity: Customer,
  resource: customerResource,
  fields: view,
  created: CustomerCreated,
  updated: CustomerUpdated,
  deleted: CustomerDeleted,
  refuse: (customers: readonly { email?: string | null }[]) =>
    rethrowConstraint({ customer_email_unique: () => new EmailTaken(customers.flatMap(({ email }) => email ?? [])) }),
}

/** Whoever buys: people with an account, and guests. */
export class CustomerService {
  readonly #db: Database
  readonly #events: Events
  readonly #customers

  constructor(db: Database, events: Events, query: Query) {
    this.#db = db
    this.#events = events
    this.#customers = new Records(db, events, query, kind)
  }

  /**
   * Makes a guest, or with `hasAccount` a customer who can log in, beside whom a guest of the same e-mail may be.
   *
   * @throws {EmailTaken} {@link InvalidInput}
   */
  async create(input: CreateCustomer): Promise<CustomerView> {
    return this.#customers.insert(parse(CreateCustomer, input))
  }

  /**
   * All of them or none, in three statements whatever their number; answered in order.
   *
   * @throws {EmailTaken} {@link InvalidInput}
   */
  async createMany(inputs: CreateCustomers): Promise<CustomerView[]> {
    return this.#customers.insertMany(parse(CreateCustomers, inputs))
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
    return this.#customers.update(id, parse(UpdateCustomer, input))
  }

  /** Deletes a customer with all addresses; the e-mail address is free again. Orders keep the id. @throws {NotFound} */
  async delete(id: string): Promise<void> {
    // First the customer: whoever writes addresses holds that row.
    await this.#customers.delete(id, () =>
      this.#db.run(
        `update "customer"."customer_address" set deleted_at = $2::timestamptz, updated_at = $2::timestamptz
         where customer_id = $1 and deleted_at is null`,
        [id, new Date().toISOString()],
      ),
    )
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<CustomerView> {
    return this.#customers.get(id)
  }

  async list(options: ListOptions & { filter?: Filter<Customer> } = {}): Promise<Page<CustomerView>> {
    return this.#customers.list(options)
  }
}
