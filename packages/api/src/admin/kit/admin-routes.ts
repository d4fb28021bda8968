import { noBody, RawJson, routes, type Route, type RouteSchemas, type Verbs } from "@marquetry/http"
import { ResourceRegistry } from "@marquetry/kernel"
import { z } from "zod"
import type { AdminResource } from "./admin-resource.ts"
import type { Beside } from "./beside.ts"
import {
  changeRow,
  createRow,
  deletePart,
  deleteRow,
  doBatch,
  type Batch,
  type Handling,
  type Made,
  type ParameterOf,
} from "./changes.ts"
import { conditional } from "./conditions.ts"
import { oneOf, snapshotsOf, type Asking, type Row } from "./recorded.ts"
import { staff, type Staff } from "./staff.guard.ts"
import { isKnown, versionOf } from "./versions.ts"

type Body = z.ZodType | undefined

/** What a route says of itself; the rest follows from its resource. */
export interface Told<B extends Body> extends Pick<
  RouteSchemas<undefined, undefined, B>,
  "body" | "example" | "description" | "external" | "bodyLimit" | "status"
> {
  readonly summary?: string
  /** Instead of what the kind of route asks for. */
  readonly permissions?: readonly string[]
}

interface ChangeTold<B extends Body> extends Told<B> {
  readonly summary: string
  /** For the audit log; `updated` unless said. */
  readonly action?: string
}

interface First<Path extends string, B extends Body> {
  /** In the transaction, before the row is held: takes locks that come before it. */
  readonly first?: (context: Handling<Path, B>) => Promise<unknown>
}

interface BesideTold<Path extends string, B extends Body> {
  /** What the log tells beside the row: read in the transaction, before the work and after it. */
  readonly beside?: (context: Handling<Path, B>) => Promise<Beside>
}

/** The rules of a batch: what its parts are. */
interface BatchTold<Create extends z.ZodType, Update extends z.ZodType> {
  readonly summary: string
  readonly create: Create
  /** Takes the key of the row beside what is to be changed. */
  readonly update: Update
  readonly idOf: (update: z.output<Update>) => string
  readonly example?: { create?: z.input<Create>[]; update?: z.input<Update>[]; delete?: string[] }
  /** Whose rows they are, where they are not those of the path. */
  readonly resource?: AdminResource
  readonly bodyLimit?: number
  /** In the transaction, before any row is held: takes locks that come before them. */
  readonly first?: (
    context: Handling<"/", undefined>,
    batch: Batch<z.output<Create>, z.output<Update>>,
  ) => Promise<unknown>
}

/** Rows in each part of a batch. */
export const MAX_BATCH = 1_000

/** What a merchant may do with one kind of rows. */
export interface AdminVerbs {
  /** `GET /`: those that meet the filters. */
  list(): void
  /** `GET /:id`, with its version. */
  one(): void
  /**
   * `POST /`.
   *
   * @param make answers the row that was made.
   * @param ask asks what is outside, before the transaction begins. Its route is `external`.
   */
  create<B extends Body>(
    told: Told<B>,
    make: (context: Handling<"/", B>) => Promise<Made>,
    ask?: (context: Handling<"/", B>) => Promise<unknown>,
  ): void
  /** `POST /:id`. @param ask as of {@link create}. */
  update<B extends Body>(
    told: Told<B> & First<"/:id", B>,
    work: (context: Handling<"/:id", B>) => Promise<unknown>,
    ask?: (context: Handling<"/:id", B>) => Promise<unknown>,
  ): void
  /** `DELETE /:id`. */
  remove(work: (context: Handling<"/:id", undefined>) => Promise<unknown>, told?: Told<undefined>): void
  /**
   * `POST` of something else that changes the row `:id`, and answers it.
   *
   * @param finish does, after the transaction, what none can undo; gets what `work` answered. Its route is `external`.
   */
  change<Path extends `/:id${string}`, B extends Body, Begun>(
    path: Path,
    told: ChangeTold<B> & First<Path, B> & BesideTold<Path, B>,
    work: (context: Handling<Path, B>) => Promise<Begun>,
    finish?: (context: Handling<Path, B>, begun: Begun) => Promise<unknown>,
  ): void
  /** `DELETE` of a part of the row `:id`: the last parameter of the path is its id. Answers the row as `parent`. */
  removePart<Path extends `/:id/${string}:${string}`>(
    path: Path,
    told: { readonly summary: string; readonly object: string },
    work: (context: Handling<Path, undefined>) => Promise<unknown>,
  ): void
  /** `POST` of rows to make, change and delete; of parts of the row `:id` where the path has it. */
  batch<Path extends string, Create extends z.ZodType, Update extends z.ZodType>(
    path: Path,
    told: BatchTold<Create, Update>,
    work: (
      context: Handling<Path, undefined>,
      batch: Batch<z.output<Create>, z.output<Update>>,
    ) => Promise<readonly string[]>,
  ): void
  /** For routes that have none of these forms. What they write they record themselves. */
  readonly verbs: Verbs<Staff>
}

/** Declares the routes of a resource below one path. */
export function adminRoutes(
  path: `/admin/${string}`,
  resource: AdminResource,
  declare: (verbs: AdminVerbs) => void,
): Route[] {
  return routes(path, { guard: staff }, (verbs) => declare(verbsOf(resource, conditional(verbs))))
}

/** The parameters of a path, each a text. */
export function paramsOf<Path extends string>(
  path: Path,
): z.ZodType<Readonly<Record<ParameterOf<Path>, string>>, Readonly<Record<ParameterOf<Path>, string>>> {
  const parameters = [...path.matchAll(/:(\w+)/g)].map(([, name]) => [name as string, z.string().max(200)])
  return z.object(Object.fromEntries(parameters) as Record<ParameterOf<Path>, z.ZodString>) as never
}

/** Where routes are declared, and what all of them say. */
interface Place {
  readonly resource: AdminResource
  readonly verbs: Verbs<Staff>
  /** The row with an article: `a sales channel`. */
  readonly one: string
  readonly answered: Pick<RouteSchemas<undefined, z.ZodType, undefined>, "response" | "versioned"> & {
    query: z.ZodType
  }
  readonly may: (action: string) => readonly string[]
}

function verbsOf(resource: AdminResource, verbs: Verbs<Staff>): AdminVerbs {
  const { query, response } = resource.whole.answer
  const place: Place = {
    resource,
    verbs,
    one: oneOf(resource.reads.singular),
    answered: { query, response, versioned: true },
    may: (action) => [`${resource.permission}:${action}`],
  }
  return {
    verbs,
    list: () => declareList(place),
    one: () => declareOne(place),
    create: (told, make, ask) => declareCreate(place, told, make as never, ask as never),
    update: ({ first, ...told }, work, ask) =>
      declareChange(
        place,
        "/:id",
        { summary: `Updates ${place.one}`, ...told },
        { first: first as never, work: work as never, ask: ask as never },
      ),
    remove: (work, told = {}) => declareRemove(place, told, work as never),
    change: (path, { first, beside, ...told }, work, finish) => {
      const steps = { first: first as never, beside: beside as never, work: work as never, finish: finish as never }
      declareChange(place, path, told, steps)
    },
    removePart: (path, told, work) => declareRemovePart(place, path, told, work as never),
    batch: (path, told, work) => declareBatch(place, path, told, work as never),
  }
}

type Work = (context: unknown) => Promise<unknown>

/** Of a change: before, in and after its transaction. */
interface Steps {
  readonly work: Work
  readonly ask?: Work | undefined
  readonly first?: Work | undefined
  readonly beside?: ((context: unknown) => Promise<Beside>) | undefined
  readonly finish?: ((context: unknown, begun: unknown) => Promise<unknown>) | undefined
}

function declareCreate(
  { resource, verbs, one, answered, may }: Place,
  told: Told<Body>,
  make: (context: unknown) => Promise<Made>,
  ask: Work | undefined,
): void {
  const external = ask !== undefined && { external: true }
  const versioned = "answer" as const
  const schemas = {
    summary: `Creates ${one}`,
    ...answered,
    versioned,
    permissions: may("create"),
    ...external,
    ...told,
  }
  verbs.post("/", schemas, async (context) => {
    await ask?.(context)
    return createRow(context, resource, () => make(context))
  })
}

function declareChange(
  { resource, verbs, answered, may }: Place,
  path: string,
  { action = "updated", ...told }: ChangeTold<Body>,
  { work, ask, first, beside, finish }: Steps,
): void {
  const external = (ask ?? finish) !== undefined && { external: true }
  const schemas = { ...answered, permissions: may("update"), ...external, ...told, params: paramsOf(path) }
  verbs.post(path, schemas, async (context) => {
    await ask?.(context)
    return changeRow(context, {
      resource,
      id: idOf(context),
      action,
      first: first && (() => first(context)),
      beside: beside && (() => beside(context)),
      work: () => work(context),
      finish: finish && ((begun) => finish(context, begun)),
    })
  })
}

function declareRemove({ resource, verbs, one, may }: Place, told: Told<undefined>, work: Work): void {
  const schemas = {
    summary: `Deletes ${one}`,
    response: deletion,
    permissions: may("delete"),
    ...told,
    params: paramsOf("/:id"),
  }
  verbs.delete("/:id", schemas, (context) => deleteRow(context, resource, context.params.id, () => work(context)))
}

function declareRemovePart(
  { resource, verbs, answered, may }: Place,
  path: string,
  { object, summary }: { readonly summary: string; readonly object: string },
  work: Work,
): void {
  const response = deletion.extend({ parent: z.looseObject({ id: z.string() }) })
  const schemas = { ...answered, response, summary, permissions: may("update"), params: paramsOf(path) }
  verbs.delete(path, schemas, (context) => {
    const part = Object.values(context.params).at(-1) as string
    const change = { resource, id: idOf(context), action: "updated", work: () => work(context) }
    return deletePart(context, { id: part, object }, change)
  })
}

/** The row that a path names first. */
const idOf = (context: { readonly params: unknown }): string => (context.params as { readonly id: string }).id

/** The answer to a deletion. */
export const deletion = z.object({ id: z.string(), object: z.string(), deleted: z.literal(true) })

function declareList({ resource, verbs, may }: Place): void {
  verbs.get("/", { ...resource.whole.list.schemas, permissions: may("read") }, (context) => {
    const registry = context.resolve<ResourceRegistry>(ResourceRegistry)
    return resource.of("list", context.identity, registry).handle(context)
  })
}

/** The version is read before the row, where both are not one read: at worst it is too old, and a change is refused. */
function declareOne({ resource, verbs, may }: Place): void {
  const { schemas } = resource.whole.one
  verbs.get("/:id", { ...schemas, permissions: may("read"), versioned: true }, async (context) => {
    const registry = context.resolve<ResourceRegistry>(ResourceRegistry)
    const read = () => resource.of("one", context.identity, registry).handle(context)
    const { singular } = resource.reads
    const isWhole = Object.keys(context.query as object).length === 0
    if (isWhole && resource.isPlain) {
      const answer = await read()
      const row = (JSON.parse(answer.text) as Record<string, Row>)[singular]
      return withVersion(context, versionOf(context, resource, row), answer)
    }
    const row = (await snapshotsOf(context, resource, [context.params.id])).get(context.params.id)
    const shown = isWhole && row !== undefined ? JSON.stringify({ [singular]: resource.shown(row, registry) }) : null
    const answer = shown === null ? await read() : new RawJson(shown)
    return withVersion(context, versionOf(context, resource, row), answer)
  })
}

/** An answer with the version of its row; nothing, when that is known. */
export function withVersion(
  { header, setHeader, status }: Pick<Asking, "header" | "setHeader"> & { readonly status: (code: number) => void },
  version: string,
  answer: RawJson,
): RawJson | typeof noBody {
  setHeader("etag", version)
  const known = header("if-none-match")
  if (known === undefined || !isKnown(known, version)) return answer
  status(304)
  return noBody
}

/** The body of a batch, and its answer. */
const batchOf = ({ create, update }: Pick<BatchTold<z.ZodType, z.ZodType>, "create" | "update">) =>
  z.strictObject({
    create: z.array(create).max(MAX_BATCH).default([]),
    update: z.array(update).max(MAX_BATCH).default([]),
    delete: z.array(z.string().max(200)).max(MAX_BATCH).default([]),
  })
/** The answer to a batch. */
export const batchAnswer = z.object({
  created: z.array(z.looseObject({})),
  updated: z.array(z.looseObject({})),
  deleted: z.object({ ids: z.array(z.string()), object: z.string(), deleted: z.boolean() }),
})

function declareBatch(
  { resource, verbs }: Place,
  path: string,
  told: BatchTold<z.ZodType, z.ZodType>,
  work: (context: unknown, batch: Batch<unknown, unknown>) => Promise<readonly string[]>,
): void {
  const { summary, example, bodyLimit, first } = told
  const rows = told.resource ?? resource
  const isOfParts = path.includes(":id")
  const { answer } = rows.whole
  const permissions = isOfParts
    ? [`${resource.permission}:update`]
    : ["create", "update", "delete"].map((action) => `${rows.permission}:${action}`)
  const schemas = {
    summary,
    params: paramsOf(path),
    query: answer.query,
    body: batchOf(told),
    response: batchAnswer,
    permissions,
    ...(bodyLimit !== undefined && { bodyLimit }),
    ...(example !== undefined && { example }),
  }
  verbs.post(path, schemas, (context) => {
    answer.check(context)
    return doBatch(context, {
      resource: rows,
      parent: isOfParts ? { resource, id: idOf(context) } : undefined,
      batch: context.body,
      idOf: told.idOf,
      first: first && ((batch) => first(context as never, batch)),
      work: (batch) => work(context, batch),
    })
  })
}
