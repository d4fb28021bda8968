import type { Database } from "@marquetry/kernel"
import { ReferenceUnknown } from "./product.errors.ts"
import type { OptionState } from "./state.ts"

/** Ids of other rows that products name. */
export interface Named {
  readonly collectionIds: readonly string[]
  readonly typeIds: readonly string[]
  readonly tagIds: readonly string[]
  readonly categoryIds: readonly string[]
  readonly optionIds: readonly string[]
}

const kinds = [
  ["product_collection", "collectionIds"],
  ["product_type", "typeIds"],
  ["product_tag", "tagIds"],
  ["product_category", "categoryIds"],
  ["product_option", "optionIds"],
] as const

/** What one product of a call names. */
export interface Naming {
  readonly collectionId?: string | null | undefined
  readonly typeId?: string | null | undefined
  readonly tagIds?: readonly string[] | undefined
  readonly categoryIds?: readonly string[] | undefined
  readonly options?: readonly object[] | undefined
}

export function namedBy(inputs: readonly Naming[]): Named {
  const distinct = (pick: (input: Naming) => readonly (string | null | undefined)[]) =>
    [...new Set(inputs.flatMap(pick))].filter((id) => id !== null && id !== undefined).sort()
  return {
    collectionIds: distinct(({ collectionId }) => [collectionId]),
    typeIds: distinct(({ typeId }) => [typeId]),
    tagIds: distinct(({ tagIds = [] }) => tagIds),
    categoryIds: distinct(({ categoryIds = [] }) => categoryIds),
    optionIds: distinct(({ options = [] }) => options.flatMap((option) => ("id" in option ? [String(option.id)] : []))),
  }
}

/**
 * Checks that what is named is there, and keeps it from being deleted until the transaction ends.
 *
 * @returns the options, by id.
 * @throws {ReferenceUnknown}
 */
export async function resolveReferences(db: Database, named: Named): Promise<Map<string, OptionState>> {
  if (kinds.every(([, key]) => named[key].length === 0)) return new Map()
  const locked = kinds.map(
    ([table], index) =>
      `${table} as (select * from "product"."${table}" where id = any($${index + 1}::text[]) and deleted_at is null
         order by id for key share)`,
  )
  const rows = await db.sql<{ kind: string; id: string; option: string | null }>(
    `with ${locked.join(", ")}
     select 'product_collection' as kind, id, null as option from product_collection
     union all select 'product_type', id, null from product_type
     union all select 'product_tag', id, null from product_tag
     union all select 'product_category', id, null from product_category
     union all select 'product_option', o.id, json_build_object(
       'id', o.id, 'title', o.title, 'exclusive', o.is_exclusive, 'offered', null, 'values', coalesce((
         select json_agg(json_build_object('id', v.id, 'value', v.value, 'rank', v.rank) order by v.rank, v.id)
         from "product"."product_option_value" v where v.option_id = o.id and v.deleted_at is null
       ), '[]'))::text from product_option o`,
    kinds.map(([, key]) => [...named[key]]),
  )
  const found = new Set(rows.map(({ kind, id }) => `${kind}:${id}`))
  for (const [kind, key] of kinds) {
    const missing = named[key].filter((id) => !found.has(`${kind}:${id}`))
    if (missing.length > 0) throw new ReferenceUnknown(kind, missing)
  }
  const options = rows.flatMap(({ option }) => (option === null ? [] : [JSON.parse(option) as OptionState]))
  return new Map(options.map((option) => [option.id, option]))
}
