import {
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

const kind = {
  entity: CustomerGroup,
  resource: customerGroupResource,
  fields: view,
  created: CustomerGroupCreated,
  updated: CustomerGroupUpdated,
  deleted: CustomerGroupDeleted,
  refuse: (groups: readonly { name?: string }[]) =>
    rethrowConstraint({
      customer_group_name_unique: () => new GroupNameTaken(groups.flatMap(({ name }) => name ?? [])),
    }),
}

/** Groups of customers, and who is in which. */
export class CustomerGroupService {
  readonly #db: Database
  readonly #events: Events
  readonly #groups

  constructor(db: Database, events: Events, query: Query) {
    this.#db = db
    this.#events = events
    this.#groups = new Records(db, events, query, kind)
  }

  /** @throws {GroupNameTaken} {@link InvalidInput} */
  async create(input: CreateCustomerGroup): Promise<CustomerGroupView> {
    return this.#groups.insert(parse(CreateCustomerGroup, input))
  }

  /**
   * All of them or none, in three statements whatever their number; answered in order.
   *
   * @throws {GroupNameTaken} {@link InvalidInput}
   */
  async createMany(inputs: CreateCustomerGroups): Promise<CustomerGroupView[]> {
    return this.#groups.insertMany(parse(CreateCustomerGroups, inputs))
  }

  /** @throws {NotFound} {@link GroupNameTaken} {@link InvalidInput} */
  async update(id: string, input: UpdateCustomerGroup): Promise<CustomerGroupView> {
    return this.#groups.update(id, parse(UpdateCustomerGroup, input))
  }

  /** Deletes a group; its name is free again, and nobody is in it any more. @throws {NotFound} */
  async delete(id: string): Promise<void> {
    await this.#groups.delete(id)
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<CustomerGroupView> {
    return this.#groups.get(id)
  }

  async list(options: ListOptions & { filter?: Filter<CustomerGroup> } = {}): Promise<Page<CustomerGroupView>> {
    return this.#groups.list(options)
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
