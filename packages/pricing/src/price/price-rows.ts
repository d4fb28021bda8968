import { assertFound, hold, InvalidInput, rethrow, type Database } from "@marquetry/kernel"
import type { z } from "zod"
import { Price } from "./price.entity.ts"
import { priceResource, priceSetResource } from "./price.resources.ts"
import { PriceTaken } from "./price.errors.ts"
import { closedTier, tierIsOpen, type CreatePrice, type UpdatePrice } from "./price.schema.ts"
import type { PriceRule } from "./price.types.ts"

/* What price sets and price lists both do with rows of prices. Each function takes a constant number of statements and
   runs in the transaction under way. */

/** The fields of a price that are written, as they are stored. */
export type PriceFields = z.output<typeof CreatePrice>

/** A price as it is stored now. */
export interface PriceRow extends PriceFields {
  readonly id: string
  readonly priceSetId: string
}

export interface NewPrice extends PriceFields {
  readonly priceSetId: string
  /** Left out for a base price. */
  readonly priceListId?: string
}

/** Whose prices are meant: those of a list, or the base prices of sets. */
export type PriceOwner = { readonly priceListId: string } | { readonly priceSetIds: readonly string[] }

/**
 * Keeps price sets from being deleted, or (`update`) from being changed by others, until the transaction ends.
 *
 * @throws {NotFound} when one of them does not exist.
 */
export async function lockPriceSets(
  db: Database,
  ids: readonly string[],
  strength: "key share" | "update",
): Promise<void> {
  await hold(db, priceSetResource, ids, strength)
}

/** @throws {PriceTaken} @returns the ids, in order. */
export async function insertPrices(db: Database, rows: readonly NewPrice[]): Promise<string[]> {
  const prices = rows.map(({ priceSetId, priceListId = null, ...fields }) => ({
    ...fields,
    priceSet: priceSetId,
    priceList: priceListId,
  }))
  return db.insertRows(Price, prices).catch(taken)
}

/** The prices of an owner, all or those named, locked in order of id. */
export async function lockPrices(db: Database, owner: PriceOwner, ids: readonly string[] | null): Promise<PriceRow[]> {
  const [column, owners] =
    "priceListId" in owner ? ["price_list_id", [owner.priceListId]] : ["price_set_id", owner.priceSetIds]
  const base = "priceListId" in owner ? "" : "and price_list_id is null"
  const [row] = await db.sql<{ prices: string }>(
    `with locked as materialized (
       select * from "pricing"."price" where ${column} = any($1::text[]) ${base} and deleted_at is null
         and ($2::text[] is null or id = any($2::text[])) order by id for update
     )
     select coalesce(json_agg(json_build_object('id', id, 'priceSetId', price_set_id, 'currencyCode', currency_code,
       'amount', trim_scale(amount)::text, 'minQuantity', trim_scale(min_quantity)::text,
       'maxQuantity', trim_scale(max_quantity)::text, 'title', title, 'rules', rules) order by id), '[]')::text as prices
     from locked`,
    [owners, ids],
  )
  return JSON.parse((row as { prices: string }).prices) as PriceRow[]
}

/** @throws {NotFound} {@link PriceTaken} {@link InvalidInput} */
export async function updatePrices(
  db: Database,
  owner: PriceOwner,
  updates: readonly z.output<typeof UpdatePrice>[],
): Promise<void> {
  const current = new Map<string, PriceRow>()
  for (const row of await lockNamed(
    db,
    owner,
    updates.map(({ id }) => id),
  ))
    current.set(row.id, row)
  // A price that is named twice takes both changes, the later one winning.
  for (const update of updates) current.set(update.id, { ...(current.get(update.id) as PriceRow), ...update })
  for (const row of current.values()) if (!tierIsOpen(row)) throw new InvalidInput([closedTier])
  await writePrices(db, [...current.values()])
}

/** Overwrites the fields of prices that are locked. @throws {PriceTaken} */
export async function writePrices(db: Database, rows: readonly PriceRow[]): Promise<void> {
  if (rows.length === 0) return
  await db
    .run(
      `update "pricing"."price" price set currency_code = row."currencyCode", amount = row.amount,
         min_quantity = row."minQuantity", max_quantity = row."maxQuantity", title = row.title, rules = row.rules,
         updated_at = $2::timestamptz
       from json_to_recordset($1::json) as row (id text, "currencyCode" text, amount numeric, "minQuantity" numeric,
         "maxQuantity" numeric, title text, rules jsonb)
       where price.id = row.id`,
      [JSON.stringify(rows), new Date().toISOString()],
    )
    .catch(taken)
}

/** @throws {NotFound} when one of them is not the owner's: none is removed. */
export async function removePrices(db: Database, owner: PriceOwner, ids: readonly string[]): Promise<void> {
  await lockNamed(db, owner, ids)
  await deletePrices(db, ids)
}

/** Deletes prices that are locked. */
export async function deletePrices(db: Database, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await db.run(`update "pricing"."price" set deleted_at = $2::timestamptz where id = any($1::text[])`, [
    ids,
    new Date().toISOString(),
  ])
}

/** Deletes every price of sets or lists, or of sets only what one list says. */
export async function deletePricesOf(
  db: Database,
  column: "price_set_id" | "price_list_id",
  ids: readonly string[],
  priceListId: string | null = null,
): Promise<void> {
  await db.run(
    `with doomed as (
       select id from "pricing"."price" where ${column} = any($1::text[]) and deleted_at is null
         and ($3::text is null or price_list_id = $3) order by id for update
     )
     update "pricing"."price" price set deleted_at = $2::timestamptz from doomed where price.id = doomed.id`,
    [ids, new Date().toISOString(), priceListId],
  )
}

/** What makes two prices of one set and list the same one: as the unique index has it. */
export const keyOf = ({ currencyCode, minQuantity, maxQuantity, rules }: PriceFields): string =>
  `${currencyCode} ${minQuantity} ${maxQuantity} ${JSON.stringify(rules.map(conditionOf))}`

const conditionOf = ({ attribute, operator, value }: PriceRule) => [attribute, operator, value]

async function lockNamed(db: Database, owner: PriceOwner, ids: readonly string[]): Promise<PriceRow[]> {
  const rows = await lockPrices(db, owner, ids)
  assertFound(
    priceResource,
    ids,
    rows.map(({ id }) => id),
  )
  return rows
}

const taken = rethrow(Error, () => new PriceTaken(), "price_key_unique")
