import { AuditService, changesBetween, type Changes, type NewAuditEntry } from "@marquetry/audit"
import { VersionOutdated, type HandlerContext } from "@marquetry/http"
import { allDone, Database, MAX_LIMIT, ResourceRegistry } from "@marquetry/kernel"
import type { AdminResource } from "./admin-resource.ts"
import { holdRows } from "./holding.ts"
import type { Staff } from "./staff.guard.ts"
import { isMeant, versionOf } from "./versions.ts"

/** A row as the wire shows it. */
export type Row = { readonly id: string } & Readonly<Record<string, unknown>>

export type Asking = Pick<
  HandlerContext<Staff, undefined, undefined, undefined>,
  "id" | "identity" | "resolve" | "header" | "setHeader"
> & { readonly query: unknown }

/**
 * Holds rows until the transaction ends, in order of their keys: changes of one row follow each other.
 *
 * @throws {NotFound} when one of them is not there.
 */
export function hold(
  context: Pick<Asking, "resolve">,
  { reads: { resource, singular } }: AdminResource,
  ids: readonly string[],
): Promise<void> {
  return holdRows(context, { resource, label: labelOf(singular), ids }, "no key update")
}

/** Rows as versions and the audit log look at them, by id. */
export async function snapshotsOf(
  { identity, resolve, header }: Asking,
  { snapshot }: AdminResource,
  ids: readonly string[],
): Promise<Map<string, Row>> {
  if (ids.length === 0) return new Map()
  const rows = JSON.parse(await snapshot.rows({ identity, resolve, header, query: {} }, ids)) as Row[]
  return new Map(rows.map((row) => [row.id, row]))
}

/** So many new rows make a shop another: unless Postgres knows, it reads them as if there were none. */
const MANY = 20

/** {@link snapshotsOf} rows that were written in the transaction under way. */
export async function snapshotsOfWritten(
  context: Asking,
  resource: AdminResource,
  { created, updated }: { readonly created: readonly string[]; readonly updated: readonly string[] },
): Promise<Map<string, Row>> {
  if (created.length >= MANY) await context.resolve<Database>(Database).learnSizes()
  return snapshotsOf(context, resource, [...created, ...updated])
}

/**
 * Rows that are about to be changed, held and as they are now. One that `If-Match` means must be at that version.
 *
 * @throws {NotFound} {@link VersionOutdated}
 */
export async function before(
  context: Asking,
  resource: AdminResource,
  ids: readonly string[],
): Promise<Map<string, Row>> {
  if (ids.length === 0) return new Map()
  await resource.reads.first?.(context)
  // The second statement sees what whoever held the rows before has written: it begins when the first is done.
  const [, rows] = await allDone([hold(context, resource, ids), snapshotsOf(context, resource, ids)])
  const condition = context.header("if-match")
  if (condition === undefined || ids.length > 1) return rows
  const version = versionOf(context, resource, rows.get(ids[0] as string))
  if (isMeant(condition, version)) return rows
  context.setHeader("etag", version)
  throw new VersionOutdated(version)
}

/** What was done with a row, for the audit log. */
export interface Done {
  readonly action: string
  readonly resource: AdminResource
  readonly id: string
  readonly before: Row | null
  readonly after: Row | null
}

type Rows = ReadonlyMap<string, Row>

/** What was done with a row that was so before, and is so now. */
export const doneOf = ({ action, resource, id }: Omit<Done, "before" | "after">, before: Rows, after: Rows): Done => {
  return { action, resource, id, before: before.get(id) ?? null, after: after.get(id) ?? null }
}

/** Writes what was done into the audit log, in the transaction under way. */
export async function record({ id: requestId, identity, resolve }: Asking, done: readonly Done[]): Promise<void> {
  const { actorType, actorId } = identity
  const entries = done.flatMap(({ action, resource, id, before: from, after: to }): NewAuditEntry[] => {
    const all = from === null && to !== null ? changesBetween(null, filled(to)) : changesBetween(from, to)
    const row = { actorType, actorId, action, resourceType: resource.reads.resource, resourceId: id, requestId }
    return inParts(all).map((changes) => ({ ...row, changes }))
  })
  await resolve<AuditService>(AuditService).record(entries)
}

/** What one entry tells at most; the rest of a change is told by further ones. */
const MAX_CHANGES = 1_000

function inParts(changes: Changes): Changes[] {
  const all = Object.entries(changes)
  if (all.length <= MAX_CHANGES) return [changes]
  const parts = Array.from({ length: Math.ceil(all.length / MAX_CHANGES) }, (_, index) => index * MAX_CHANGES)
  return parts.map((start) => Object.fromEntries(all.slice(start, start + MAX_CHANGES)))
}

/** What there is of a new row, at any depth: a log need not say what there is not. */
function filled<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(filled) as Value
  if (typeof value !== "object" || value === null) return value
  const there: [name: string, inner: unknown][] = []
  for (const [name, inner] of Object.entries(value)) {
    if (inner !== null && !(Array.isArray(inner) && inner.length === 0)) there.push([name, filled(inner as unknown)])
  }
  return Object.fromEntries(there) as Value
}

/** Rows as the request selects them, in JSON, from what was read already where that will do. */
export async function answerOf(
  context: Asking,
  resource: AdminResource,
  ids: readonly string[],
  read: ReadonlyMap<string, Row>,
): Promise<string> {
  const { fields } = context.query as { fields?: unknown }
  const registry = context.resolve<ResourceRegistry>(ResourceRegistry)
  if (fields === undefined) {
    const rows = ids.flatMap((id) => read.get(id) ?? [])
    return JSON.stringify(rows.map((row) => resource.shown(row, registry)))
  }
  return resource.of("answer", context.identity, registry).rows(context, ids.slice(0, MAX_LIMIT))
}

export const labelOf = (name: string): string => {
  const words = name.replaceAll("_", " ")
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`
}

/** A row with an article: `a sales channel`. */
export const oneOf = (name: string): string => `${/^[aeio]/.test(name) ? "an" : "a"} ${name.replaceAll("_", " ")}`
