import { newId, type Database } from "@marquetry/kernel"
import type { z } from "zod"
import type { CreateStore } from "./store.schema.ts"

type Lists = z.output<typeof CreateStore>

/**
 * Replaces the currencies of a store; those that stay keep their rows. Two statements. The caller holds the store's row,
 * so that of two lists that come at once one stays, and not a mixture.
 */
export async function replaceCurrencies(
  db: Database,
  storeId: string,
  currencies: Lists["supportedCurrencies"],
): Promise<void> {
  const codes = currencies.map(({ currencyCode }) => currencyCode)
  const standard = currencies.find(({ isDefault }) => isDefault)?.currencyCode
  // The old default steps back first: the unique index allows no moment with two.
  await db.run(
    `with dropped as (delete from "store"."store_currency" where store_id = $1 and currency_code <> all($2::text[]))
     update "store"."store_currency" set is_default = false, updated_at = $4::timestamptz
     where store_id = $1 and currency_code = any($2::text[]) and is_default and currency_code is distinct from $3::text`,
    [storeId, codes, standard ?? null, new Date().toISOString()],
  )
  const rows = currencies.map(({ currencyCode, isDefault }, rank) => ({
    id: newId("stocur"),
    code: currencyCode,
    standard: isDefault,
    rank,
  }))
  await db.run(
    `insert into "store"."store_currency" as old (id, store_id, currency_code, is_default, rank, created_at, updated_at)
     select id, $1, code, standard, rank, $3::timestamptz, $3::timestamptz
     from json_to_recordset($2::json) as row (id text, code text, standard boolean, rank int)
     on conflict (store_id, currency_code) do update
     set is_default = excluded.is_default, rank = excluded.rank, updated_at = excluded.updated_at
     where (old.is_default, old.rank) is distinct from (excluded.is_default, excluded.rank)`,
    [storeId, JSON.stringify(rows), new Date().toISOString()],
  )
}

/** Replaces the locales of a store, in the same way. Two statements. */
export async function replaceLocales(db: Database, storeId: string, locales: Lists["supportedLocales"]): Promise<void> {
  const codes = locales.map(({ localeCode }) => localeCode)
  await db.run(`delete from "store"."store_locale" where store_id = $1 and locale_code <> all($2::text[])`, [
    storeId,
    codes,
  ])
  const rows = codes.map((code, rank) => ({ id: newId("stoloc"), code, rank }))
  await db.run(
    `insert into "store"."store_locale" as old (id, store_id, locale_code, rank, created_at, updated_at)
     select id, $1, code, rank, $3::timestamptz, $3::timestamptz
     from json_to_recordset($2::json) as row (id text, code text, rank int)
     on conflict (store_id, locale_code) do update set rank = excluded.rank, updated_at = excluded.updated_at
     where old.rank <> excluded.rank`,
    [storeId, JSON.stringify(rows), new Date().toISOString()],
  )
}
