import {
  hold,
  InvalidInput,
  NotFound,
  parse,
  type Database,
  type Events,
  type Filter,
  type ListOptions,
  type Page,
  type Query,
  type Selected,
} from "@marquetry/kernel"
import { CustomerAddress } from "../customer/customer.entity.ts"
import { customerAddressResource, customerResource } from "../customer/customer.resources.ts"
import { AddressCreated, AddressDeleted, AddressUpdated } from "./address.events.ts"
import { CreateAddress, CreateAddresses, UpdateAddress } from "./address.schema.ts"

const view = { "*": true } as const

/** An address with all its fields. */
export type CustomerAddressView = Selected<CustomerAddress, typeof view>

interface Defaults {
  readonly isDefaultShipping?: boolean
  readonly isDefaultBilling?: boolean
}

/** Address books. Every method names the customer: an address of somebody else is not found. */
export class CustomerAddressService {
  readonly #db: Database
  readonly #events: Events
  readonly #query: Query

  constructor(db: Database, events: Events, query: Query) {
    this.#db = db
    this.#events = events
    this.#query = query
  }

  /** A new default takes the place of the old one. @throws {NotFound} no such customer. {@link InvalidInput} */
  async create(customerId: string, input: CreateAddress): Promise<CustomerAddressView> {
    const [made] = await this.createMany(customerId, [parse(CreateAddress, input)])
    return made as CustomerAddressView
  }

  /**
   * All of them or none, in five statements at most; answered in order.
   *
   * @throws {NotFound} no such customer. {@link InvalidInput} also when two of them are the default of one kind.
   */
  async createMany(customerId: string, inputs: CreateAddresses): Promise<CustomerAddressView[]> {
    const data = parse(CreateAddresses, inputs)
    if (data.length === 0) return []
    const defaults = defaultsAmong(data)
    return this.#db.transaction(async () => {
      await this.#hold(customerId)
      await this.#unset(customerId, defaults, [])
      const ids = await this.#db.insertRows(
        CustomerAddress,
        data.map((address) => ({ ...address, customer: customerId })),
      )
      await this.#events.emitMany(
        AddressCreated,
        ids.map((id) => ({ id, customerId })),
      )
      // Ids rise as they are made, and rows come ordered by id: the order of the input.
      const { rows } = await this.list(customerId, { filter: { id: ids }, limit: ids.length, count: false })
      return rows
    })
  }

  /** @throws {NotFound} {@link InvalidInput} */
  async update(customerId: string, id: string, input: UpdateAddress): Promise<CustomerAddressView> {
    const data = parse(UpdateAddress, input)
    return this.#db.transaction(async (em) => {
      await this.#hold(customerId)
      await this.#unset(customerId, data, [id])
      const own = { id, customer: customerId, deletedAt: null }
      const changed = await em.nativeUpdate(CustomerAddress, own, { ...data, updatedAt: new Date() })
      if (changed === 0) throw new NotFound("Customer address", id)
      await this.#events.emit(AddressUpdated, { id, customerId })
      return this.get(customerId, id)
    })
  }

  /** A default that is deleted has no successor. @throws {NotFound} */
  async delete(customerId: string, id: string): Promise<void> {
    const now = new Date()
    await this.#db.transaction(async (em) => {
      const own = { id, customer: customerId, deletedAt: null }
      const deleted = await em.nativeUpdate(CustomerAddress, own, { deletedAt: now, updatedAt: now })
      if (deleted === 0) throw new NotFound("Customer address", id)
      await this.#events.emit(AddressDeleted, { id, customerId })
    })
  }

  /** @throws {NotFound} */
  async get(customerId: string, id: string): Promise<CustomerAddressView> {
    const filter: Filter<CustomerAddress> = { id, customerId }
    const found = await this.#query.find(customerAddressResource, { fields: view, filter })
    if (found === null) throw new NotFound("Customer address", id)
    return found
  }

  /** None for a customer that there is not. */
  async list(
    customerId: string,
    options: ListOptions & { filter?: Filter<CustomerAddress> } = {},
  ): Promise<Page<CustomerAddressView>> {
    const filter: Filter<CustomerAddress> = { $and: [{ customerId }, options.filter ?? {}] }
    return this.#query.list(customerAddressResource, { ...options, filter, fields: view })
  }

  /** Who changes addresses of one customer at once does so one after the other, and not after its deletion. */
  async #hold(customerId: string): Promise<void> {
    await hold(this.#db, customerResource, [customerId], "no key update")
  }

  /** Makes room for new defaults. While the customer is held nobody sets another in between. */
  async #unset(customerId: string, defaults: Defaults, except: readonly string[]): Promise<void> {
    const { isDefaultShipping = false, isDefaultBilling = false } = defaults
    if (!isDefaultShipping && !isDefaultBilling) return
    await this.#db.run(
      `update "customer"."customer_address" set updated_at = clock_timestamp(),
         is_default_shipping = is_default_shipping and not $2::boolean,
         is_default_billing = is_default_billing and not $3::boolean
       where customer_id = $1 and deleted_at is null and id <> all($4::text[])
         and (is_default_shipping and $2::boolean or is_default_billing and $3::boolean)`,
      [customerId, isDefaultShipping, isDefaultBilling, [...except]],
    )
  }
}

function defaultsAmong(addresses: readonly Required<Defaults>[]): Defaults {
  const result = { isDefaultShipping: false, isDefaultBilling: false }
  for (const kind of ["isDefaultShipping", "isDefaultBilling"] as const) {
    const indexes = addresses.flatMap((address, index) => (address[kind] ? [index] : []))
    if (indexes[1] !== undefined)
      throw new InvalidInput([{ path: [indexes[1], kind], message: "one address is the default" }])
    result[kind] = indexes.length > 0
  }
  return result
}
