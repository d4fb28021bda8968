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
import { Audit } from "./audit.entity.ts"
import { HandleTaken } from "./audit.errors.ts"
import { AuditCreated, AuditDeleted, AuditUpdated } from "./audit.events.ts"
import { auditResource } from "./audit.resources.ts"
import { CreateAudit, CreateAudits, UpdateAudit } from "./audit.schema.ts"

const view = { "*": true } as const

/** Audit with all its fields. */
export type AuditView = Selected<Audit, typeof view>

/** Audits. */
export class AuditService {
  readonly #db: Database
  readonly #events: Events
  readonly #query: Query

  constructor(db: Database, events: Events, query: Query) {
    this.#db = db
    this.#events = events
    this.#query = query
  }

  /** @throws {HandleTaken} {@link InvalidInput} */
  async create(input: CreateAudit): Promise<AuditView> {
    const [made] = await this.createMany([parse(CreateAudit, input)])
    return made as AuditView
  }

  /**
   * All of them or none, in three statements whatever their number; answered in order.
   *
   * @throws {HandleTaken} {@link InvalidInput}
   */
  async createMany(inputs: CreateAudits): Promise<AuditView[]> {
    const data = parse(CreateAudits, inputs)
    if (data.length === 0) return []
    return this.#db.transaction(async () => {
      // The unique index decides, not a query before the insert: two callers may race.
      const ids = await this.#db.insertRows(Audit, data).catch(taken(data.map(({ handle }) => handle)))
      await this.#events.emitMany(
        AuditCreated,
        ids.map((id) => ({ id })),
      )
      // Ids rise as they are made, and rows come ordered by id: the order of the input.
      const { rows } = await this.list({ filter: { id: ids }, limit: ids.length, count: false })
      return rows
    })
  }

  /** @throws {NotFound} {@link HandleTaken} {@link InvalidInput} */
  async update(id: string, input: UpdateAudit): Promise<AuditView> {
    const data = parse(UpdateAudit, input)
    return this.#db.transaction(async (em) => {
      const changed = await em
        .nativeUpdate(Audit, { id, deletedAt: null }, { ...data, updatedAt: new Date() })
        .catch(taken(data.handle === undefined ? [] : [data.handle]))
      if (changed === 0) throw new NotFound("Audit", id)
      await this.#events.emit(AuditUpdated, { id })
      return this.get(id)
    })
  }

  /** Deletes it; its handle is free for others. @throws {NotFound} */
  async delete(id: string): Promise<void> {
    const now = new Date()
    await this.#db.transaction(async (em) => {
      const deleted = await em.nativeUpdate(Audit, { id, deletedAt: null }, { deletedAt: now, updatedAt: now })
      if (deleted === 0) throw new NotFound("Audit", id)
      await this.#events.emit(AuditDeleted, { id })
    })
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<AuditView> {
    return this.#query.get(auditResource, id, { fields: view })
  }

  async list(options: ListOptions & { filter?: Filter<Audit> } = {}): Promise<Page<AuditView>> {
    return this.#query.list(auditResource, { ...options, fields: view })
  }
}

const taken = (handles: string[]) => rethrow(Error, () => new HandleTaken(handles), "audit_handle_unique")
