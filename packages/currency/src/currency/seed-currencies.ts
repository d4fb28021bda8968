import type { Database } from "@marquetry/kernel"
import { currencies } from "@marquetry/money"

/**
 * Writes the currencies of ISO 4217, and corrects those that changed since. One that left ISO 4217 stays: prices and
 * orders name it.
 */
export async function seedCurrencies(db: Database): Promise<void> {
  await db.run(
    `insert into "currency"."currency" as old (code, name, symbol, symbol_native, decimal_digits, rounding)
     select code, name, symbol, "symbolNative", "decimalDigits", rounding
     from json_to_recordset($1::json) as row
       (code text, name text, symbol text, "symbolNative" text, "decimalDigits" int, rounding numeric)
     on conflict (code) do update
     set name = excluded.name, symbol = excluded.symbol, symbol_native = excluded.symbol_native,
       decimal_digits = excluded.decimal_digits, rounding = excluded.rounding
     where (old.*) is distinct from (excluded.*)`,
    [JSON.stringify(currencies())],
  )
}
