import type { Constructor, EntityData, FilterQuery } from "@mikro-orm/core"
import type { z } from "zod"
import type { Database } from "./database/database.ts"
import { NotFound } from "./errors.ts"
import type { EventDefinition } from "./events/event.ts"
import type { Events } from "./events/events.ts"
import { assertFound } from "./hold.ts"
import { labelOf, type Query } from "./query/query.ts"
import type { AnyRead, ListOptions, Page } from "./query/read.ts"
import type { Resource } from "./query/resource.ts"
import type { AnySelection, Exactly, Filter, Selected, Selection } from "./query/types.ts"

type IdEvent = EventDefinition<z.ZodType<{ id: string }, { id: string }>>

/** What there is to know of the records of an entity that has `id`, `updatedAt` and `deletedAt`. */
export interface RecordKind<Entity extends object, Read, Name extends string, Chosen extends Selection<Read, Name>> {
  readonly entity: Constructor<Entity>
  readonly resource: Resource<Read, Name>
  /** What is answered of a record. */
  readonly fields: Chosen
  readonly created: IdEvent
  readonly updated: IdEvent
  readonly deleted: IdEvent
  /** Turns violations of constraints into the module's own errors; gets what was being written. */
  readonly refuse?: (rows: readonly Partial<Selected<Read, Chosen, Name>>[]) => (error: unknown) => never
}

/**
 * Records that are made, changed and deleted one like the other: what services do around rules of their own. A change
 * and its event are one transaction; a deleted record keeps its row. Input has been parsed by whoever calls.
 */
export class Records<Entity extends object, Read, Name extends string, const Chosen extends Selection<Read, Name>> {
  readonly #db: Database
  readonly #events: Events
  readonly #query: Query
  readonly #kind: RecordKind<Entity, Read, Name, Chosen>

  constructor(
    db: Database,
    events: Events,
    query: Query,
    kind: RecordKind<Entity, Read, Name, Chosen> & { readonly fields: Exactly<Chosen, NoInfer<Read>, NoInfer<Name>> },
  ) {
    this.#db = db
    this.#events = events
    this.#query = query
    this.#kind = kind
  }

  /** {@link insertMany} for one. */
  async insert(
    row: EntityData<Entity>,
    work?: (id: string) => Promise<unknown>,
  ): Promise<Selected<Read, Chosen, Name>> {
    const [made] = await this.insertMany([row], async ([id]) => work?.(id as string))
    return made as Selected<Read, Chosen, Name>
  }

  /**
   * Adds any number of records, all of them or none, in three statements and those of `work`.
   *
   * @param rows as {@link Database.insertRows} takes them.
   * @param work writes what belongs to them; gets their ids, in order.
   * @returns the records, in order.
   */
  async insertMany(
    rows: readonly EntityData<Entity>[],
    work?: (ids: readonly string[]) => Promise<unknown>,
  ): Promise<Selected<Read, Chosen, Name>[]> {
    if (rows.length === 0) return []
    return this.#db.transaction(async () => {
      const ids = await this.#db
        .insertRows(this.#kind.entity, rows as readonly Record<string, unknown>[])
        .catch(this.#refusing(rows))
      await work?.(ids)
      await this.#events.emitMany(
        this.#kind.created,
        ids.map((id) => ({ id })),
      )
      // Ids rise as they are made, and rows come ordered by id: the order of the input.
      const { rows: made } = await this.#read({ filter: { id: ids }, limit: ids.length, count: false })
      return made
    })
  }

  /**
   * Changes what is named.
   *
   * @param work changes what belongs to it. The record is held until the transaction ends: changes of one record follow
   *   each other.
   * @throws {NotFound}
   */
  async update(
    id: string,
    data: EntityData<Entity>,
    work?: () => Promise<unknown>,
  ): Promise<Selected<Read, Chosen, Name>> {
    return this.#db.transaction(async () => {
      await this.#write(id, data)
      await work?.()
      await this.#events.emit(this.#kind.updated, { id })
      return this.get(id)
    })
  }

  /**
   * Deletes a record.
   *
   * @param work deletes what belongs to it, or throws what keeps it from being deleted. The record is held.
   * @throws {NotFound}
   */
  async delete(id: string, work?: () => Promise<unknown>): Promise<void> {
    await this.#db.transaction(async () => {
      await this.#write(id, { deletedAt: new Date() })
      await work?.()
      await this.#events.emit(this.#kind.deleted, { id })
    })
  }

  /**
   * Deletes any number of records, all of them or none, in two statements and those of `work`; held in order of id.
   *
   * @param work as {@link delete} takes it; gets the ids, each once.
   * @throws {NotFound} when one of them does not exist.
   */
  async deleteMany(ids: readonly string[], work?: (ids: readonly string[]) => Promise<unknown>): Promise<void> {
    const wanted = [...new Set(ids)]
    if (wanted.length === 0) return
    const { entity, resource, deleted } = this.#kind
    await this.#db.transaction(async () => {
      assertFound(resource, wanted, await this.#db.softDeleteRows(entity, "id", wanted))
      await work?.(wanted)
      await this.#events.emitMany(
        deleted,
        wanted.map((id) => ({ id })),
      )
    })
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<Selected<Read, Chosen, Name>> {
    const { rows } = await this.#read({ filter: { id }, limit: 1, count: false })
    if (rows[0] === undefined) throw new NotFound(labelOf(this.#kind.resource), id)
    return rows[0]
  }

  /** The first record that meets the filter, or `null`. @throws {QueryInvalid} */
  async find(filter: Filter<Read>): Promise<Selected<Read, Chosen, Name> | null> {
    const { rows } = await this.list({ filter, limit: 1, count: false })
    return rows[0] ?? null
  }

  /** A page of records. @throws {QueryInvalid} */
  async list(
    options: ListOptions & { readonly filter?: Filter<Read> | undefined } = {},
  ): Promise<Page<Selected<Read, Chosen, Name>>> {
    return this.#read(options)
  }

  async #write(id: string, data: object): Promise<void> {
    const { entity, resource } = this.#kind
    const where = { id, deletedAt: null } as FilterQuery<Entity>
    const changes = { ...data, updatedAt: new Date() } as object as EntityData<Entity>
    const changed = await this.#db.transaction((em) =>
      em.nativeUpdate(entity, where, changes).catch(this.#refusing([data])),
    )
    if (changed === 0) throw new NotFound(labelOf(resource), id)
  }

  async #read(options: Omit<AnyRead, "fields">): Promise<Page<Selected<Read, Chosen, Name>>> {
    const { resource, fields } = this.#kind
    return this.#query.listAny(resource.name, { ...options, fields: fields as AnySelection }) as Promise<
      Page<Selected<Read, Chosen, Name>>
    >
  }

  #refusing(rows: readonly object[]): (error: unknown) => never {
    const { refuse } = this.#kind
    if (refuse !== undefined) return refuse(rows as readonly Partial<Selected<Read, Chosen, Name>>[])
    return (error) => {
      throw error
    }
  }
}
