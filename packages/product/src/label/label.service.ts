import {
  constraintOf,
  hold,
  MAX_LIMIT,
  newId,
  parse,
  Records,
  type Database,
  type EventDefinition,
  type Events,
  type Filter,
  type ListOptions,
  type ModuleError,
  type Page,
  type Query,
  type Resource,
  type Selected,
} from "@marquetry/kernel"
import { z } from "zod"
import { inOrder } from "../in-order.ts"
import type { ProductTag } from "../tag/tag.entity.ts"
import { CreateLabel, LabelValues, UpdateLabel } from "./label.schema.ts"

/** Tags and types are one thing to the database, in two tables. */
type Label = ProductTag
type IdEvent = EventDefinition<z.ZodType<{ id: string }, { id: string }>>

const view = { "*": true } as const
export type LabelView = Selected<Label, typeof view>

export interface LabelKind {
  readonly entity: new () => Label
  readonly resource: Resource<Label>
  readonly prefix: string
  /** Takes it from the products that have it: `$1` is its id. */
  readonly detach: string
  readonly created: IdEvent
  readonly updated: IdEvent
  readonly deleted: IdEvent
  readonly taken: (value: string) => ModuleError
}

/** What tags and types have in common: texts, each of which there is once. */
export class LabelService {
  readonly #db: Database
  readonly #events: Events
  readonly #labels
  readonly #kind: LabelKind
  readonly #table: string

  constructor(db: Database, events: Events, query: Query, kind: LabelKind) {
    this.#db = db
    this.#events = events
    const refuse = () => (error: unknown) => this.#refuse(error)
    this.#labels = new Records(db, events, query, { ...kind, fields: view, refuse })
    this.#kind = kind
    this.#table = `"product"."${kind.resource.name}"`
  }

  /** @throws {InvalidInput} and an error of its own when there is one of that value. */
  async create(input: CreateLabel): Promise<LabelView> {
    return this.#labels.insert(parse(CreateLabel, input))
  }

  /** Adds any number in a constant number of statements: all of them or none. */
  async createMany(inputs: readonly CreateLabel[]): Promise<LabelView[]> {
    return this.#labels.insertMany(parse(z.array(CreateLabel).max(10_000), inputs))
  }

  /**
   * Makes sure that there is one of each value, in a constant number of statements. Callers may race: each value is
   * made once, and all get the same.
   *
   * @returns one per distinct value, in order of first mention.
   */
  async upsertMany(values: readonly string[]): Promise<LabelView[]> {
    const wanted = [...new Set(parse(LabelValues, values))]
    if (wanted.length === 0) return []
    return this.#db.transaction(async () => {
      const now = new Date().toISOString()
      // In order, so that two callers wait for each other and not crosswise.
      const rows = [...wanted].sort().map((value) => ({ id: newId(this.#kind.prefix), value }))
      const created = await this.#db.sql<{ id: string }>(
        `insert into ${this.#table} (id, value, created_at, updated_at)
         select id, value, $2::timestamptz, $2::timestamptz from json_to_recordset($1::json) as row (id text, value text)
         where not exists (select 1 from ${this.#table} t where t.value = row.value and t.deleted_at is null)
         on conflict (value) where deleted_at is null do nothing returning id`,
        [JSON.stringify(rows), now],
      )
      await this.#events.emitMany(this.#kind.created, created)
      const found = await this.#read(wanted)
      if (found.length === wanted.length) return found
      // One was deleted between the two statements: once more, for all.
      return this.upsertMany(wanted)
    })
  }

  /** @throws {NotFound} {@link InvalidInput} and an error of its own when there is another of that value. */
  async update(id: string, input: UpdateLabel): Promise<LabelView> {
    const data = parse(UpdateLabel, input)
    return this.#db.transaction(async () => {
      await this.#lock(id)
      return this.#labels.update(id, data)
    })
  }

  /** Deletes it; products are without it. @throws {NotFound} */
  async delete(id: string): Promise<void> {
    await this.#db.transaction(async () => {
      await this.#lock(id)
      await this.#labels.delete(id, () => this.#db.run(this.#kind.detach, [id]))
    })
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<LabelView> {
    return this.#labels.get(id)
  }

  async list(options: ListOptions & { filter?: Filter<Label> } = {}): Promise<Page<LabelView>> {
    return this.#labels.list(options)
  }

  /** Waits for those who are giving it to a product, and lets others wait. */
  async #lock(id: string): Promise<void> {
    await hold(this.#db, this.#kind.resource, [id], "update")
  }

  async #read(values: readonly string[]): Promise<LabelView[]> {
    const { rows } = await this.#labels.list({ filter: { value: values }, limit: MAX_LIMIT, count: false })
    return inOrder(rows, values, ({ value }) => value)
  }

  #refuse(error: unknown): never {
    if (constraintOf(error) !== `${this.#kind.resource.name}_value_unique`) throw error
    const { detail } = error as { detail?: unknown }
    throw this.#kind.taken(/=\((.*)\) already exists/s.exec(String(detail))?.[1] ?? "")
  }
}
