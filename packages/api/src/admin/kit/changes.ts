import { changesBetween } from "@marquetry/audit"
import { InvalidRequest, RawJson, type HandlerContext } from "@marquetry/http"
import { Database, DeadlockFound, ResourceRegistry } from "@marquetry/kernel"
import type { z } from "zod"
import type { AdminResource } from "./admin-resource.ts"
import type { Beside } from "./beside.ts"
import {
  answerOf,
  before,
  doneOf,
  record,
  snapshotsOf,
  snapshotsOfWritten,
  type Asking,
  type Done,
  type Row,
} from "./recorded.ts"
import { demandAny, type Staff } from "./staff.guard.ts"
import { isMeant, versionOf } from "./versions.ts"

const ATTEMPTS = 3

/**
 * Work that meets a deadlock is begun anew: it has done nothing outside of its transaction. Inside of another one it is whoever
 * began that who can.
 */
async function inTransaction<T>({ resolve }: Asking, work: () => Promise<T>): Promise<T> {
  const db = resolve<Database>(Database)
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction(work)
    } catch (error) {
      if (!(error instanceof DeadlockFound) || db.inTransaction || attempt === ATTEMPTS) throw error
    }
  }
}

/** A row that was made or changed. */
export interface Made {
  readonly id: string
  /** What its answer shows beside the row, and no later read does: a secret. In names of the wire. */
  readonly shownOnce?: Readonly<Record<string, unknown>>
}

/** Makes a row, and answers it. */
export function createRow(context: Asking, resource: AdminResource, make: () => Promise<Made>): Promise<RawJson> {
  return inTransaction(context, async () => {
    const { id, shownOnce } = await make()
    const rows = await snapshotsOf(context, resource, [id])
    await record(context, [{ action: "created", resource, id, before: null, after: rows.get(id) ?? null }])
    return answerRow(context, resource, id, rows, shownOnce)
  })
}

/** How a row is changed. */
export interface Change<Begun> {
  readonly resource: AdminResource
  readonly id: string
  /** For the audit log. */
  readonly action: string
  /** In the transaction that holds the row. */
  readonly work: () => Promise<Begun>
  /** In that transaction, before the row is held: takes locks that come before it. */
  readonly first?: (() => Promise<unknown>) | undefined
  /** What the log tells beside the row, and no version does: read before the work, and after it. */
  readonly beside?: (() => Promise<Beside>) | undefined
  /**
   * After it, for what no transaction can undo: gets what `work` answered. What it changes is recorded by itself. The version
   * is another one before it begins.
   */
  readonly finish?: ((begun: Begun) => Promise<unknown>) | undefined
}

/**
 * Changes a row, and answers it: held, at the version that is meant, recorded, all in one transaction.
 *
 * @throws {NotFound} {@link VersionOutdated}
 */
export async function changeRow<Begun>(context: Asking, change: Change<Begun>): Promise<RawJson> {
  const { resource, id, finish } = change
  const [begun, held, answer] = await inTransaction(context, async () => {
    const [result, rows] = await changeHeld(context, change)
    if (finish !== undefined) return [result, rows, undefined] as const
    const { shownOnce } = (result ?? {}) as Partial<Made>
    return [result, rows, await answerRow(context, resource, id, rows, shownOnce)] as const
  })
  if (answer !== undefined) return answer
  await finish?.(begun)
  const rows = await snapshotsOf(context, resource, [id])
  const done = doneOf(change, held, rows)
  if (isSomething(done)) await record(context, [done])
  return answerRow(context, resource, id, rows)
}

/**
 * Does the work on a row that is held, and records it; as `to_be_…` where the work has only prepared what is done after it.
 *
 * @returns what the work answered, and the row as it is then.
 */
export async function changeHeld<Begun>(
  context: Asking,
  change: Change<Begun>,
): Promise<[begun: Begun, rows: Map<string, Row>]> {
  const { resource, id, action, first, beside, work, finish } = change
  await first?.()
  const held = await before(context, resource, [id])
  const from = await beside?.()
  const result = await work()
  const rows = await snapshotsOf(context, resource, [id])
  if (finish !== undefined) await outdate(context, resource, { from: held.get(id), to: rows.get(id) })
  const done = withBeside(doneOf(change, held, rows), from, await beside?.())
  const isOnlyBegun = finish !== undefined && !isSomething(done)
  await record(context, [isOnlyBegun ? { ...done, action: `to_be_${action}` } : done])
  return [result, rows]
}

/**
 * Makes the version of a row that is held another, where the work that has begun on it did not: whoever has seen it as it was
 * before is to be refused from now on, and not only once what follows the transaction is done.
 */
async function outdate(
  context: Asking,
  resource: AdminResource,
  { from, to }: { readonly from: Row | undefined; readonly to: Row | undefined },
): Promise<void> {
  if (from === undefined || to === undefined) return
  if (!isMeant(versionOf(context, resource, from), versionOf(context, resource, to))) return
  const { resource: name } = resource.reads
  if (!("updated_at" in to)) throw new TypeError(`What is finished later has "updated_at" in its snapshot: "${name}"`)
  const { table, key } = context.resolve<ResourceRegistry>(ResourceRegistry).resource(name)
  // The clock may stand still, or go back: the version may not.
  await context.resolve<Database>(Database).run(
    `update ${table} set updated_at = greatest(clock_timestamp(), updated_at + interval '1 millisecond')
     where "${key}" = $1`,
    [from.id],
  )
}

const withBeside = (done: Done, from: Beside | undefined, to: Beside | undefined): Done => ({
  ...done,
  before: done.before && { ...done.before, ...from },
  after: done.after && { ...done.after, ...to },
})

/** Whether it has changed anything. */
const isSomething = ({ before: from, after: to }: Done): boolean => Object.keys(changesBetween(from, to)).length > 0

/** Deletes a row. @throws {NotFound} {@link VersionOutdated} */
export function deleteRow(
  context: Asking,
  resource: AdminResource,
  id: string,
  work: () => Promise<unknown>,
): Promise<RawJson> {
  return inTransaction(context, async () => {
    const held = await before(context, resource, [id])
    await work()
    await record(context, [{ action: "deleted", resource, id, before: held.get(id) ?? null, after: null }])
    return new RawJson(JSON.stringify({ id, object: resource.object, deleted: true }))
  })
}

/** Deletes a part of a row, and answers what is left of that as `parent`. */
export function deletePart(
  context: Asking,
  part: { readonly id: string; readonly object: string },
  change: Omit<Change<unknown>, "finish">,
): Promise<RawJson> {
  const { resource, id } = change
  return inTransaction(context, async () => {
    const [, rows] = await changeHeld(context, change)
    const parent = (await answerOf(context, resource, [id], rows)).slice(1, -1)
    setVersion(context, resource, rows.get(id))
    return new RawJson(`${JSON.stringify({ ...part, deleted: true }).slice(0, -1)},"parent":${parent || "null"}}`)
  })
}

/** What a batch asks for. */
export interface Batch<Create, Update> {
  readonly create: readonly Create[]
  readonly update: readonly Update[]
  readonly delete: readonly string[]
}

/** How a batch is done. */
export interface BatchWork<Create, Update> {
  /** Of what are the rows. */
  readonly resource: AdminResource
  /** The row that they are parts of: it is held meanwhile. */
  readonly parent?: { readonly resource: AdminResource; readonly id: string } | undefined
  readonly batch: Batch<Create, Update>
  /** The key of a row that is to be updated. */
  readonly idOf: (update: Update) => string
  /** In the transaction, before any row is held: takes locks that come before them. */
  readonly first?: ((batch: Batch<Create, Update>) => Promise<unknown>) | undefined
  /** Does all of it. @returns ids of the rows that were made, in order. */
  readonly work: (batch: Batch<Create, Update>) => Promise<readonly string[]>
}

/**
 * Does a batch, all or none: `{ created, updated, deleted: { ids, object, deleted } }`. Each part takes the permission for
 * it; each row is recorded for itself.
 *
 * @throws {NotFound} {@link PermissionMissing}
 */
export async function doBatch<Create, Update>(context: Asking, todo: BatchWork<Create, Update>): Promise<RawJson> {
  const { resource, parent, batch, idOf, first, work } = todo
  demandParts(context.identity, parent?.resource.permission ?? resource.permission, batch, parent !== undefined)
  assertDistinct([...batch.update.map(idOf), ...batch.delete])
  return inTransaction(context, async () => {
    await first?.(batch)
    if (parent !== undefined) await before(context, parent.resource, [parent.id])
    const updated = batch.update.map(idOf)
    const held = await before(unconditional(context), resource, [...updated, ...batch.delete])
    const created = await work(batch)
    const rows = await snapshotsOfWritten(context, resource, { created, updated })
    const done = (action: string, ids: readonly string[]): Done[] =>
      ids.map((id) => doneOf({ action, resource, id }, held, rows))
    await record(context, [...done("created", created), ...done("updated", updated), ...done("deleted", batch.delete)])
    const answers = [created, updated].map((ids) => answerOf(context, resource, ids, rows))
    const [made, changed] = await Promise.all(answers)
    const deleted = JSON.stringify({ ids: batch.delete, object: resource.object, deleted: true })
    return new RawJson(`{"created":${made},"updated":${changed},"deleted":${deleted}}`)
  })
}

function assertDistinct(ids: readonly string[]): void {
  const twice = ids.find((id, index) => ids.indexOf(id) !== index)
  if (twice !== undefined) throw new InvalidRequest([`'${twice}' is named twice`])
}

/** The request without its condition on a version, which is meant for one row: that of the path. */
export const unconditional = ({ id, identity, resolve, setHeader, query }: Asking): Asking => {
  return { id, identity, resolve, setHeader, query, header: () => undefined }
}

/** Parts of a row belong to it: to make or delete one is to update the whole. */
function demandParts(identity: Staff, permission: string, batch: Batch<unknown, unknown>, isOfParts: boolean): void {
  for (const action of ["create", "update", "delete"] as const)
    if (batch[action].length > 0) demandAny(identity, [`${permission}:${isOfParts ? "update" : action}`])
}

function setVersion(context: Asking, resource: AdminResource, row: Row | undefined): void {
  if (row !== undefined) context.setHeader("etag", versionOf(context, resource, row))
}

async function answerRow(
  context: Asking,
  resource: AdminResource,
  id: string,
  rows: ReadonlyMap<string, Row>,
  shownOnce?: Made["shownOnce"],
): Promise<RawJson> {
  const row = (await answerOf(context, resource, [id], rows)).slice(1, -1)
  setVersion(context, resource, rows.get(id))
  const { singular } = resource.reads
  if (shownOnce === undefined) return new RawJson(`{"${singular}":${row === "" ? "null" : row}}`)
  return new RawJson(JSON.stringify({ [singular]: { ...(JSON.parse(row) as Row), ...shownOnce } }))
}

/** What a handler of a path gets. */
export type Handling<Path extends string, Body extends z.ZodType | undefined> = HandlerContext<
  Staff,
  z.ZodType<Readonly<Record<ParameterOf<Path>, string>>>,
  undefined,
  Body
>

/** The names of a path's parameters. */
export type ParameterOf<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParameterOf<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never
