import {
  NotFound,
  parse,
  rethrow,
  type Database,
  type Events,
  type Filter,
  type ListOptions,
  type Page,
  type Query,
  type Selected,
} from "@marquetry/kernel"
import { Rbac } from "./rbac.entity.ts"
import { HandleTaken } from "./rbac.errors.ts"
import { RbacCreated, RbacDeleted, RbacUpdated } from "./rbac.events.ts"
import { rbacResource } from "./rbac.resources.ts"
import { CreateRbac, CreateRbacs, UpdateRbac } from "./rbac.schema.ts"

const view = { "*": true } as const

/** Rbac with all its fields. */
export type RbacView = Selected<Rbac, typeof view>

/** Rbacs. */
export class RbacService {
  readonly #db: Database
  readonly #events: Events
  readonly #query: Query

  constructor(db: Database, events: Events, query: Query) {
    this.#db = db
    this.#events = events
    this.#query = query
  }

  /** @throws {HandleTaken} {@link InvalidInput} */
  async create(input: CreateRbac): Promise<RbacView> {
    const [made] = await this.createMany([parse(CreateRbac, input)])
    return made as RbacView
  }

  /**
   * All of them or none, in three statements whatever their number; answered in order.
   *
   * @throws {HandleTaken} {@link InvalidInput}
   */
  async createMany(inputs: CreateRbacs): Promise<RbacView[]> {
    const data = parse(CreateRbacs, inputs)
    if (data.length === 0) return []
    return this.#db.transaction(async () => {
      // The unique index decides, not a query before the insert: two callers may race.
      const ids = await this.#db.insertRows(Rbac, data).catch(taken(data.map(({ handle }) => handle)))
      await this.#events.emitMany(
        RbacCreated,
        ids.map((id) => ({ id })),
      )
      // Ids rise as they are made, and rows come ordered by id: the order of the input.
      const { rows } = await this.list({ filter: { id: ids }, limit: ids.length, count: false })
      return rows
    })
  }

  /** @throws {NotFound} {@link HandleTaken} {@link InvalidInput} */
  async update(id: string, input: UpdateRbac): Promise<RbacView> {
    const data = parse(UpdateRbac, input)
    return this.#db.transaction(async (em) => {
      const changed = await em
        .nativeUpdate(Rbac, { id, deletedAt: null }, { ...data, updatedAt: new Date() })
        .catch(taken(data.handle === undefined ? [] : [data.handle]))
      if (changed === 0) throw new NotFound("Rbac", id)
      await this.#events.emit(RbacUpdated, { id })
      return this.get(id)
    })
  }

  /** Deletes it; its handle is free for others. @throws {NotFound} */
  async delete(id: string): Promise<void> {
    const now = new Date()
    await this.#db.transaction(async (em) => {
      const deleted = await em.nativeUpdate(Rbac, { id, deletedAt: null }, { deletedAt: now, updatedAt: now })
      if (deleted === 0) throw new NotFound("Rbac", id)
      await this.#events.emit(RbacDeleted, { id })
    })
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<RbacView> {
    return this.#query.get(rbacResource, id, { fields: view })
  }

  async list(options: ListOptions & { filter?: Filter<Rbac> } = {}): Promise<Page<RbacView>> {
    return this.#query.list(rbacResource, { ...options, fields: view })
  }
}

const taken = (handles: string[]) => rethrow(Error, () => new HandleTaken(handles), "rbac_handle_unique")
