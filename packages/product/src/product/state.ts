import { NotFound, type Database } from "@marquetry/kernel"

/** What decides how a product may change, as it is now. */
export interface ProductState {
  readonly id: string
  readonly title: string
  readonly thumbnail: string | null
  readonly options: readonly OptionState[]
  readonly variants: readonly VariantState[]
  readonly images: readonly ImageState[]
}

export interface OptionState {
  readonly id: string
  readonly title: string
  readonly exclusive: boolean
  /** Ids of the values that the product offers; `null`: all. */
  readonly offered: readonly string[] | null
  readonly values: readonly ValueState[]
}

export interface ValueState {
  readonly id: string
  readonly value: string
  readonly rank: number
}

export interface VariantState {
  readonly id: string
  readonly rank: number
  readonly optionKey: string
}

export interface ImageState {
  readonly id: string
  readonly url: string
}

export interface Locked {
  readonly id: string
  readonly status: string
}

/**
 * Keeps others from changing these products, and from deleting their options, until the transaction ends.
 *
 * @throws {NotFound}
 */
export async function lockProducts(db: Database, ids: readonly string[]): Promise<Map<string, Locked>> {
  const rows = await db.sql<Locked>(
    `with locked as (
       select id, status from "product"."product" where id = any($1::text[]) and deleted_at is null
       order by id for no key update
     ), options as (
       select o.id from "product"."product_option" o where o.id in (
         select option_id from "product"."product_option_use" where product_id in (select id from locked)
       ) order by o.id for key share
     )
     select id, status, (select count(*) from options) as options from locked`,
    [ids],
  )
  const locked = new Map(rows.map((row) => [row.id, row]))
  const missing = ids.find((id) => !locked.has(id))
  if (missing !== undefined) throw new NotFound("Product", missing)
  return locked
}

/** Reads products that are locked: a statement of its own, so that it sees what was written before the lock. */
export async function readStates(db: Database, ids: readonly string[]): Promise<Map<string, ProductState>> {
  if (ids.length === 0) return new Map()
  const rows = await db.sql<{ state: string }>(
    `select json_build_object('id', p.id, 'title', p.title, 'thumbnail', p.thumbnail,
       'options', coalesce((
         select json_agg(json_build_object(
           'id', o.id, 'title', o.title, 'exclusive', o.is_exclusive, 'offered', u.value_ids, 'values', coalesce((
             select json_agg(json_build_object('id', v.id, 'value', v.value, 'rank', v.rank) order by v.rank, v.id)
             from "product"."product_option_value" v where v.option_id = o.id and v.deleted_at is null
           ), '[]')) order by o.id)
         from "product"."product_option_use" u join "product"."product_option" o on o.id = u.option_id
         where u.product_id = p.id and o.deleted_at is null
       ), '[]'),
       'variants', coalesce((
         select json_agg(json_build_object('id', v.id, 'rank', v.variant_rank, 'optionKey', v.option_key)
           order by v.variant_rank, v.id)
         from "product"."product_variant" v where v.product_id = p.id and v.deleted_at is null
       ), '[]'),
       'images', coalesce((
         select json_agg(json_build_object('id', i.id, 'url', i.url) order by i.rank, i.id)
         from "product"."product_image" i where i.product_id = p.id and i.deleted_at is null
       ), '[]'))::text as state
     from "product"."product" p where p.id = any($1::text[])`,
    [ids],
  )
  const states = rows.map(({ state }) => JSON.parse(state) as ProductState)
  return new Map(states.map((state) => [state.id, state]))
}
