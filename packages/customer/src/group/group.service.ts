import {
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
import { findGroupIds } from "../customer/buyer.ts"
import { CustomerGroup } from "../customer/customer.entity.ts"
import { customerGroupResource } from "../customer/customer.resources.ts"
import { GroupNameTaken } from "./group.errors.ts"
import {
  CustomerGroupCreated,
  CustomerGroupDeleted,
  CustomerGroupUpdated,
  CustomersAddedToGroup,
  CustomersRemovedFromGroup,
} from "./group.events.ts"
import { CreateCustomerGroup, CreateCustomerGroups, MemberIds, UpdateCustomerGroup } from "./group.schema.ts"
import { addMembers, removeMembers, type MembershipChange } from "./membership.ts"

const view = { "*": true } as const

/** A group with all its fields, without its customers. */
export type CustomerGroupView = Selected<CustomerGroup, typeof view>

/** Groups of customers, and who is in which. */
export class CustomerGroupService {
  readonly #db: Database
  readonly #events: Events
  readonly #query: Query

  constructor(db: Database, events: Events, query: Query) {
    this.#db = db
    this.#events = events
    this.#query = query
  }

  /** @throws {GroupNameTaken} {@link InvalidInput} */
  async create(input: CreateCustomerGroup): Promise<CustomerGroupView> {
    const [made] = await this.createMany([parse(CreateCustomerGroup, input)])
    return made as CustomerGroupView
  }

  /**
   * All of them or none, in three statements whatever their number; answered in order.
   *
   * @throws {GroupNameTaken} {@link InvalidInput}
   */
  async createMany(inputs: CreateCustomerGroups): Promise<CustomerGroupView[]> {
    const data = parse(CreateCustomerGroups, inputs)
    if (data.length === 0) return []
    return this.#db.transaction(async () => {
      const ids = await this.#db.insertRows(CustomerGroup, data).catch(taken(data.map(({ name }) => name)))
      await this.#events.emitMany(
        CustomerGroupCreated,
        ids.map((id) => ({ id })),
      )
      // Ids rise as they are made, and rows come ordered by id: the order of the input.
      const { rows } = await this.list({ filter: { id: ids }, limit: ids.length, count: false })
      return rows
    })
  }

  /** @throws {NotFound} {@link GroupNameTaken} {@link InvalidInput} */
  async update(id: string, input: UpdateCustomerGroup): Promise<CustomerGroupView> {
    const data = parse(UpdateCustomerGroup, input)
    return this.#db.transaction(async (em) => {
      const changed = await em
        .nativeUpdate(CustomerGroup, { id, deletedAt: null }, { ...data, updatedAt: new Date() })
        .catch(taken(data.name === undefined ? [] : [data.name]))
      if (changed === 0) throw new NotFound("Customer group", id)
      await this.#events.emit(CustomerGroupUpdated, { id })
      return this.get(id)
    })
  }

  /** Deletes a group; its name is free again, and nobody is in it any more. @throws {NotFound} */
  async delete(id: string): Promise<void> {
    const now = new Date()
    await this.#db.transaction(async (em) => {
      const deleted = await em.nativeUpdate(CustomerGroup, { id, deletedAt: null }, { deletedAt: now, updatedAt: now })
      if (deleted === 0) throw new NotFound("Customer group", id)
      await this.#events.emit(CustomerGroupDeleted, { id })
    })
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<CustomerGroupView> {
    return this.#query.get(customerGroupResource, id, { fields: view })
  }

  async list(options: ListOptions & { filter?: Filter<CustomerGroup> } = {}): Promise<Page<CustomerGroupView>> {
    return this.#query.list(customerGroupResource, { ...options, fields: view })
  }

  /** Puts customers into a group; who is in it already stays. @throws {NotFound} {@link InvalidInput} */
  async addCustomers(id: string, customerIds: readonly string[]): Promise<void> {
    const customers = parse(MemberIds, customerIds)
    await this.#db.transaction(async () =>
      this.#tell(CustomersAddedToGroup, await addMembers(this.#db, [id], customers)),
    )
  }

  /** Takes customers out of a group; who is not in it is passed over. @throws {NotFound} {@link InvalidInput} */
  async removeCustomers(id: string, customerIds: readonly string[]): Promise<void> {
    const customers = parse(MemberIds, customerIds)
    await this.#db.transaction(async () =>
      this.#tell(CustomersRemovedFromGroup, await removeMembers(this.#db, [id], customers)),
    )
  }

  /** Puts a customer into groups: {@link addCustomers} from the other side. @throws {NotFound} {@link InvalidInput} */
  async addGroupsTo(customerId: string, groupIds: readonly string[]): Promise<void> {
    const groups = parse(MemberIds, groupIds)
    await this.#db.transaction(async () =>
      this.#tell(CustomersAddedToGroup, await addMembers(this.#db, groups, [customerId])),
    )
  }

  /** Takes a customer out of groups: {@link removeCustomers} from the other side. @throws {NotFound} {@link InvalidInput} */
  async removeGroupsFrom(customerId: string, groupIds: readonly string[]): Promise<void> {
    const groups = parse(MemberIds, groupIds)
    await this.#db.transaction(async () =>
      this.#tell(CustomersRemovedFromGroup, await removeMembers(this.#db, groups, [customerId])),
    )
  }

  /** Ids of the groups that a customer is in, in order; one statement. None for a customer that there is not. */
  async groupIdsOf(customerId: string): Promise<string[]> {
    const rows = await this.#db.sql<{ id: string }>(findGroupIds, [customerId])
    return rows.map(({ id }) => id)
  }

  #tell(event: typeof CustomersAddedToGroup, changes: readonly MembershipChange[]): Promise<void> {
    return this.#events.emitMany(event, changes)
  }
}

const taken = (names: string[]) => rethrowConstraint({ customer_group_name_unique: () => new GroupNameTaken(names) })
