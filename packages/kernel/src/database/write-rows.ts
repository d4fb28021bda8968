import { isDeepStrictEqual } from "node:util"
import type { Database } from "./database.ts"
import { insertPart, metadataOf, tableOf, type Part, type Row } from "./insert-rows.ts"
import type { EntityClass } from "./orm.ts"
import { updatePart } from "./update-rows.ts"

/** What shall become of rows of one entity. */
export interface RowChanges {
  readonly entity: EntityClass
  readonly insert?: readonly Row[]
  readonly update?: readonly Row[]
  /** Keys. */
  readonly delete?: readonly string[]
}

/**
 * What must be written so that the rows `before` become those `after`: rows are known by `id`, and only properties whose
 * values differ are written. Property names; what a row does not name stays.
 */
export function rowChanges(entity: EntityClass, before: readonly Row[], after: readonly Row[]): RowChanges {
  const known = new Map(before.map((row) => [row["id"], row]))
  const kept = new Set(after.map((row) => row["id"]))
  return {
    entity,
    insert: after.filter((row) => !known.has(row["id"])),
    update: after.flatMap((row) => changedOf(known.get(row["id"]), row)),
    delete: before.flatMap((row) => (kept.has(row["id"]) ? [] : [row["id"] as string])),
  }
}

function changedOf(before: Row | undefined, after: Row): Row[] {
  if (before === undefined) return []
  const changed = Object.entries(after).filter(([name, value]) => !isDeepStrictEqual(value, before[name]))
  return changed.length === 0 ? [] : [{ id: after["id"], ...Object.fromEntries(changed) }]
}

/** Each kind of change is one `with` part of a single statement; equal kinds of changes have equal texts. */
export async function writeRows(db: Database, changes: readonly RowChanges[]): Promise<void> {
  const parts = changes.flatMap((change) => partsOf(db, change))
  if (parts.length === 0) return
  const texts = parts.map(({ text }, index) => `w${index} as (${text(`$${index + 1}`)})`)
  await db.run(
    `with ${texts.join(", ")} select`,
    parts.map(({ value }) => value),
  )
}

function partsOf(db: Database, { entity, insert = [], update = [], delete: keys = [] }: RowChanges): Part[] {
  const meta = metadataOf(db, entity)
  const parts: (Part | undefined)[] = []
  if (keys.length > 0) {
    if (meta.primaryKeys.length > 1) throw new TypeError(`${meta.className} has a key of several columns`)
    const key = meta.properties[meta.primaryKeys[0] as never] as { fieldNames: string[] }
    parts.push({
      value: [...keys],
      text: (parameter) => `delete from ${tableOf(meta)} where "${key.fieldNames[0]}" = any(${parameter}::text[])`,
    })
  }
  if (update.length > 0) parts.push(updatePart(meta, update))
  if (insert.length > 0) parts.push(insertPart(meta, insert).part)
  return parts.filter((part) => part !== undefined)
}
