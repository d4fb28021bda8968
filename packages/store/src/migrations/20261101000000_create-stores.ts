import { Migration } from "@marquetry/kernel"

export class CreateStores extends Migration {
  override name = "20261101000000_create-stores"

  override up(): void {
    this.addSql(`create table "store"."store" (
      "id" text not null,
      "name" text not null,
      "default_sales_channel_id" text,
      "default_region_id" text,
      "default_location_id" text,
      "metadata" jsonb,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      "deleted_at" timestamptz(3),
      primary key ("id")
    )`)
    this.addSql(
      `create index "store_search_index" on "store"."store" using gin (to_tsvector('simple'::regconfig, coalesce("name", '')))`,
    )
    this.addSql(`create table "store"."store_currency" (
      "id" text not null,
      "store_id" text not null,
      "currency_code" text not null,
      "is_default" boolean not null default false,
      "rank" int not null default 0,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      "deleted_at" timestamptz(3),
      primary key ("id"),
      constraint "store_currency_store_id_foreign" foreign key ("store_id") references "store"."store" ("id") on delete cascade,
      constraint "store_currency_store_id_currency_code_unique" unique ("store_id", "currency_code")
    )`)
    this.addSql(
      `create unique index "store_currency_default_unique" on "store"."store_currency" ("store_id") where is_default`,
    )
    this.addSql(`create table "store"."store_locale" (
      "id" text not null,
      "store_id" text not null,
      "locale_code" text not null,
      "rank" int not null default 0,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      primary key ("id"),
      constraint "store_locale_store_id_foreign" foreign key ("store_id") references "store"."store" ("id") on delete cascade,
      constraint "store_locale_store_id_locale_code_unique" unique ("store_id", "locale_code")
    )`)
  }

  override down(): void {
    this.addSql(`drop table "store"."store_locale"`)
    this.addSql(`drop table "store"."store_currency"`)
    this.addSql(`drop table "store"."store"`)
  }
}
