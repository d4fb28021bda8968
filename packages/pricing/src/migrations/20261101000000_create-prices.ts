import { Migration } from "@marquetry/kernel"

export class CreatePrices extends Migration {
  override name = "20261101000000_create-prices"

  override up(): void {
    this.addSql(`create table "pricing"."price_set" (
      "id" text not null,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      "deleted_at" timestamptz(3),
      primary key ("id")
    )`)
    this.#createPriceLists()
    this.#createPrices()
    this.#createRules()
    this.#createPreferences()
  }

  #createPriceLists(): void {
    this.addSql(`create table "pricing"."price_list" (
      "id" text not null,
      "title" text not null,
      "description" text not null default '',
      "type" text not null default 'sale',
      "status" text not null default 'draft',
      "starts_at" timestamptz(3),
      "ends_at" timestamptz(3),
      "rules" jsonb not null default '[]',
      "rules_count" int generated always as (jsonb_array_length(rules)) stored,
      "metadata" jsonb,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      "deleted_at" timestamptz(3),
      primary key ("id"),
      constraint "price_list_type_check" check ("type" in ('sale', 'override')),
      constraint "price_list_status_check" check ("status" in ('draft', 'active')),
      constraint "price_list_dates_check" check (starts_at <= ends_at)
    )`)
    this.addSql(
      `create index "price_list_search_index" on "pricing"."price_list" using gin (to_tsvector('simple'::regconfig, coalesce("title", '') || ' ' || coalesce("description", '')))`,
    )
  }

  #createPrices(): void {
    this.addSql(`create table "pricing"."price" (
      "id" text not null,
      "price_set_id" text not null,
      "price_list_id" text,
      "currency_code" text not null,
      "amount" numeric not null,
      "min_quantity" numeric,
      "max_quantity" numeric,
      "title" text,
      "rules" jsonb not null default '[]',
      "rules_count" int generated always as (jsonb_array_length(rules)) stored,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      "deleted_at" timestamptz(3),
      primary key ("id"),
      constraint "price_price_set_id_foreign" foreign key ("price_set_id") references "pricing"."price_set" ("id") on delete cascade,
      constraint "price_price_list_id_foreign" foreign key ("price_list_id") references "pricing"."price_list" ("id") on delete cascade,
      constraint "price_currency_code_check" check (currency_code ~ '^[a-z]{3}$'),
      constraint "price_amount_check" check (amount >= 0 and amount < 1000000000000000000),
      constraint "price_min_quantity_check" check (min_quantity > 0),
      constraint "price_max_quantity_check" check (max_quantity > 0 and max_quantity >= min_quantity)
    )`)
    this.addSql(`create unique index "price_key_unique" on "pricing"."price" ("price_set_id", "currency_code",
      coalesce("price_list_id", ''), coalesce("min_quantity", 0), coalesce("max_quantity", 0),
      md5(jsonb_path_query_array("rules", '$[*].keyvalue() ? (@.key != "priority").value')::text)) where "deleted_at" is null`)
    this.addSql(
      `create index "price_price_list_id_index" on "pricing"."price" ("price_list_id") where "price_list_id" is not null`,
    )
  }

  /** The rules of prices and lists as rows: views, because they are written with what they belong to. */
  #createRules(): void {
    this.addSql(`create view "pricing"."price_rule" as
      select 'prule_' || substr(price.id, 7) || '_' || rule.position as id, price.id as price_id,
        rule.value ->> 'attribute' as attribute, rule.value ->> 'operator' as operator, rule.value -> 'value' as value,
        (rule.value ->> 'priority')::int as priority, price.created_at, price.updated_at, price.deleted_at
      from pricing.price, lateral jsonb_array_elements(price.rules) with ordinality rule (value, position)`)
    this.addSql(`create view "pricing"."price_list_rule" as
      select 'plrule_' || substr(price_list.id, 7) || '_' || rule.position as id, price_list.id as price_list_id,
        rule.value ->> 'attribute' as attribute, rule.value -> 'value' as value,
        price_list.created_at, price_list.updated_at, price_list.deleted_at
      from pricing.price_list, lateral jsonb_array_elements(price_list.rules) with ordinality rule (value, position)`)
  }

  #createPreferences(): void {
    this.addSql(`create table "pricing"."price_preference" (
      "id" text not null,
      "attribute" text not null,
      "value" text not null,
      "is_tax_inclusive" boolean not null default false,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      "deleted_at" timestamptz(3),
      primary key ("id"),
      constraint "price_preference_attribute_check" check ("attribute" in ('currency_code', 'region_id'))
    )`)
    this.addSql(
      `create index "price_preference_search_index" on "pricing"."price_preference" using gin (to_tsvector('simple'::regconfig, coalesce("attribute", '') || ' ' || coalesce("value", '')))`,
    )
    this.addSql(
      `create unique index "price_preference_key_unique" on "pricing"."price_preference" ("attribute", "value") where "deleted_at" is null`,
    )
  }

  override down(): void {
    for (const view of ["price_rule", "price_list_rule"]) this.addSql(`drop view "pricing"."${view}"`)
    for (const table of ["price_preference", "price", "price_list", "price_set"])
      this.addSql(`drop table "pricing"."${table}"`)
  }
}
