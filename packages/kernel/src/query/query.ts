import type { DependencyContainer } from "../module/container.ts"
import { NotFound } from "../errors.ts"
import { writeCursor } from "./cursor.ts"
import { QueryInvalid } from "./errors.ts"
import { complete } from "./fill.ts"
import { localise } from "./localise.ts"
import { columnsOf, Planner, type Plan } from "./plan.ts"
import { type AnyRead, type ListOptions, type Page, type RawPage, type ReadOptions } from "./read.ts"
import type { ResourceRegistry } from "./registry.ts"
import { Remote } from "./remote.ts"
import type { Resource } from "./resource.ts"
import { isComplete } from "./selection.ts"
import { isSpliceable, splice } from "./splice.ts"
import type { AnyFilter, Exactly, Filter, Selected, Selection } from "./types.ts"

interface Answer {
  rows: string
  count?: number
  last?: (string | null)[] | null
}

type Row = Record<string, unknown>

/** A read that is made in the same statement as another. */
export interface NamedRead {
  readonly resource: string
  readonly read: AnyRead
}

/** Reads resources of all modules of a composition: one statement per database, whatever the selection. */
export class Query {
  readonly #registry: ResourceRegistry
  readonly #container: DependencyContainer
  readonly #planner: Planner
  readonly #remote: Remote

  constructor(registry: ResourceRegistry, container: DependencyContainer) {
    this.#registry = registry
    this.#container = container
    this.#planner = new Planner(registry)
    this.#remote = new Remote(registry, (resource, read) => this.listAny(resource, read))
  }

  /** A page of rows, typed by the selection. @throws {QueryInvalid} */
  async list<Entity, Name extends string, const Chosen extends Selection<Entity, Name>>(
    resource: Resource<Entity, Name>,
    read: ListOptions & {
      readonly fields: Chosen & Exactly<NoInfer<Chosen>, NoInfer<Entity>, NoInfer<Name>>
      readonly filter?: Filter<NoInfer<Entity>> | Filter<NoInfer<Entity>, NoInfer<Name>> | undefined
    },
  ): Promise<Page<Selected<Entity, Chosen, Name>>> {
    return this.listAny(resource.name, read as AnyRead) as Promise<Page<Selected<Entity, Chosen, Name>>>
  }

  /** The first row that meets the filter, or `null`. @throws {QueryInvalid} */
  async find<Entity, Name extends string, const Chosen extends Selection<Entity, Name>>(
    resource: Resource<Entity, Name>,
    read: ReadOptions & {
      readonly fields: Chosen & Exactly<NoInfer<Chosen>, NoInfer<Entity>, NoInfer<Name>>
      readonly filter: Filter<NoInfer<Entity>, NoInfer<Name>>
    },
  ): Promise<Selected<Entity, Chosen, Name> | null> {
    const { rows } = await this.listAny(resource.name, { ...(read as AnyRead), limit: 1, count: false })
    return (rows[0] as Selected<Entity, Chosen, Name> | undefined) ?? null
  }

  /** The row of that id. @throws {NotFound} {@link QueryInvalid} */
  async get<Entity, Name extends string, const Chosen extends Selection<Entity, Name>>(
    resource: Resource<Entity, Name>,
    id: string,
    read: ReadOptions & { readonly fields: Chosen & Exactly<NoInfer<Chosen>, NoInfer<Entity>, NoInfer<Name>> },
  ): Promise<Selected<Entity, Chosen, Name>> {
    const { key } = this.#registry.resource(resource.name)
    const only = { filter: { [key]: id }, limit: 1, count: false }
    const { rows } = await this.listAny(resource.name, { ...(read as ReadOptions & Pick<AnyRead, "fields">), ...only })
    if (rows[0] === undefined) throw new NotFound(labelOf(resource), id)
    return rows[0] as Selected<Entity, Chosen, Name>
  }

  /** Like {@link list}, for resources and selections that come from outside. */
  async listAny(resource: string, read: AnyRead): Promise<Page<Row>> {
    const plan = await this.#plan(resource, read)
    return this.#parsed(plan, await this.#send(plan))
  }

  /**
   * Like {@link listAny}, as JSON. What Postgres wrote is passed on without being parsed, unless the selection has
   * computed fields of more than a key, or reaches into another database.
   */
  async listRaw(resource: string, read: AnyRead): Promise<RawPage> {
    const plan = await this.#plan(resource, read)
    return this.#raw(plan, await this.#send(plan), read.context ?? {})
  }

  /**
   * Like {@link listRaw}, with other reads made beside it, all in one statement where they are in one database: what a
   * request must know of its caller costs no round trip of its own. They may lag where the first one may.
   *
   * @param settle gets the rows of the reads beside, in order, and answers the context for computed fields. What it
   *   throws is thrown, and nothing of the answer is seen.
   */
  async listRawBeside(
    resource: string,
    read: AnyRead,
    beside: readonly NamedRead[],
    settle: (rows: Row[][]) => Promise<ReadOptions["context"]> | ReadOptions["context"],
  ): Promise<RawPage> {
    const plans = await Promise.all([
      this.#plan(resource, read),
      ...beside.map((other) => this.#plan(other.resource, { count: false, ...other.read })),
    ])
    const [answer, ...others] = await this.#sendTogether(plans, read.replica ?? false)
    const pages = await Promise.all(others.map((other, index) => this.#parsed(plans[index + 1] as Plan, other)))
    const context = await settle(pages.map(({ rows }) => rows))
    return this.#raw(plans[0] as Plan, answer as Answer, context ?? {})
  }

  /** Several reads in one statement where they are in one database: the rows of each, in order, uncounted. */
  async listTogether(reads: readonly NamedRead[]): Promise<Row[][]> {
    if (reads.length === 0) return []
    const plans = await Promise.all(reads.map(({ resource, read }) => this.#plan(resource, { count: false, ...read })))
    // One that may not lag brings the others with it.
    const answers = await this.#sendTogether(
      plans,
      plans.every(({ read }) => read.replica === true),
    )
    const pages = await Promise.all(answers.map((answer, index) => this.#parsed(plans[index] as Plan, answer)))
    return pages.map(({ rows }) => rows)
  }

  async #plan(name: string, read: AnyRead): Promise<Plan> {
    if (this.#registry.isWhole) return this.#planner.plan(name, read)
    this.#planner.check(name, read)
    const filter = await this.#local(name, read.filter ?? {}, read)
    const scopes = Object.entries(read.scope ?? {}).map(async ([scoped, condition]) => {
      return [scoped, await this.#local(scoped, condition, {})] as const
    })
    const scope = Object.fromEntries(await Promise.all(scopes))
    return { ...this.#planner.plan(name, { ...read, filter, scope }), read }
  }

  #local(name: string, filter: AnyFilter, read: Pick<AnyRead, "scope" | "hidden">): Promise<AnyFilter> {
    const resource = this.#registry.resource(name)
    return localise(this.#registry, resource, filter, (relation, inner) => this.#remote.tiesOf(relation, inner, read))
  }

  async #parsed(plan: Plan, answer: Answer): Promise<Page<Row>> {
    const rows = JSON.parse(answer.rows) as Row[]
    if (!isComplete(plan.level)) await this.#complete(plan, rows, plan.read.context ?? {})
    return { rows, count: answer.count ?? 0, next: nextOf(plan, answer, rows.length) }
  }

  async #raw(plan: Plan, answer: Answer, context: NonNullable<ReadOptions["context"]>): Promise<RawPage> {
    const count = answer.count ?? 0
    if (isSpliceable(plan.level) && !plan.wantsCursor) {
      const options = { names: plan.read.names ?? "property", container: this.#container, context } as const
      return { rows: await splice(answer.rows, plan.level, options), count, next: null }
    }
    const rows = JSON.parse(answer.rows) as Row[]
    if (!isComplete(plan.level)) await this.#complete(plan, rows, context)
    return { rows: JSON.stringify(rows), count, next: nextOf(plan, answer, rows.length) }
  }

  async #complete({ level, read }: Plan, rows: Row[], context: NonNullable<ReadOptions["context"]>): Promise<void> {
    await complete(level, rows, {
      names: read.names ?? "property",
      container: this.#container,
      context,
      remote: this.#remote,
      read: { ...read, context },
    })
  }

  async #send({ database, compiled, values, read }: Plan): Promise<Answer> {
    const [answer] = await database.read<Answer>(compiled.text, values, read.replica).catch(refuse)
    return answer as Answer
  }

  async #sendTogether(plans: readonly Plan[], replica: boolean): Promise<Answer[]> {
    const { database } = plans[0] as Plan
    if (plans.length === 1 || plans.some((plan) => plan.database !== database)) {
      return Promise.all(plans.map((plan) => this.#send(plan)))
    }
    const { text } = this.#planner.merge(plans)
    const values = plans.flatMap((plan) => plan.values)
    const [row = {}] = await database.read<Row>(text, values, replica).catch(refuse)
    return plans.map((plan, index) => {
      const columns = columnsOf(plan).map((column) => [column, row[`${column}${index}`]])
      return Object.fromEntries(columns) as Answer
    })
  }
}

function nextOf({ wantsCursor, limit, order }: Plan, answer: Answer, rows: number): string | null {
  return wantsCursor && rows === limit && answer.last ? writeCursor(order, answer.last) : null
}

/** As people read it: `Sales channel`. */
export const labelOf = ({ name }: { readonly name: string }): string =>
  name
    .split("_")
    .map((word, index) => (index === 0 ? `${word.charAt(0).toUpperCase()}${word.slice(1)}` : word))
    .join(" ")

/** Values that passed our checks and that Postgres refuses all the same: a broken regular expression, a number too large. */
function refuse(error: unknown): never {
  const { code, message } = error as { code?: unknown; message?: unknown }
  if (typeof code === "string" && code.length === 5 && code.startsWith("22")) {
    throw new QueryInvalid(`The filter cannot be evaluated: ${String(message)}`, "filter")
  }
  throw error
}
