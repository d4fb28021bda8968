import { Migration } from "@marquetry/kernel"

export class CreateCurrencies extends Migration {
  override name = "20261101000000_create-currencies"

  override up(): void {
    this.addSql(`create table "currency"."currency" (
      "code" text not null,
      "name" text not null,
      "symbol" text not null,
      "symbol_native" text not null,
      "decimal_digits" int not null,
      "rounding" numeric not null,
      primary key ("code")
    )`)
    this.addSql(
      `create index "currency_search_index" on "currency"."currency" using gin (to_tsvector('simple'::regconfig, coalesce("code", '') || ' ' || coalesce("name", '')))`,
    )
  }

  override down(): void {
    this.addSql(`drop table "currency"."currency"`)
  }
}
