import { Migration } from "@marquetry/kernel"

export class CreateTaxes extends Migration {
  override name = "20261122203803_create-taxes"

  override up(): void {
    this.#createTaxProvider()
    this.#createTaxRegion()
    this.#createTaxRate()
    this.#createTaxRateRule()
  }

  #createTaxProvider(): void {
    this.addSql(`create table "tax"."tax_provider" (
      "id" text not null,
      "is_enabled" boolean not null default true,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      "deleted_at" timestamptz(3),
      primary key ("id")
    )`)
  }

  #createTaxRegion(): void {
    this.addSql(`create table "tax"."tax_region" (
      "id" text not null,
      "country_code" text not null,
      "province_code" text,
      "parent_id" text,
      "provider_id" text,
      "created_by" text,
      "metadata" jsonb,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      "deleted_at" timestamptz(3),
      primary key ("id"),
      constraint "tax_region_country_code_check" check (country_code ~ '^[a-z]{2}$'),
      constraint "tax_region_province_code_check" check (starts_with(province_code, country_code || '-')),
      constraint "tax_region_parent_check" check ((province_code is null) = (parent_id is null)),
      constraint "tax_region_parent_id_foreign" foreign key ("parent_id") references "tax"."tax_region" ("id") on delete cascade,
      constraint "tax_region_provider_id_foreign" foreign key ("provider_id") references "tax"."tax_provider" ("id") on delete restrict
    )`)
    this.addSql(`create index "tax_region_parent_id_index" on "tax"."tax_region" ("parent_id")`)
    this.addSql(`create index "tax_region_provider_id_index" on "tax"."tax_region" ("provider_id")`)
    this.addSql(
      `create index "tax_region_search_index" on "tax"."tax_region" using gin (to_tsvector('simple'::regconfig, coalesce("country_code", '') || ' ' || coalesce("province_code", '')))`,
    )
    this.addSql(
      `create unique index "tax_region_place_unique" on "tax"."tax_region" ("country_code", coalesce("province_code", '')) where "deleted_at" is null`,
    )
  }

  #createTaxRate(): void {
    this.addSql(`create table "tax"."tax_rate" (
      "id" text not null,
      "rate" numeric,
      "code" text,
      "name" text not null,
      "is_default" boolean not null default false,
      "is_combinable" boolean not null default false,
      "tax_region_id" text not null,
      "created_by" text,
      "metadata" jsonb,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      "deleted_at" timestamptz(3),
      primary key ("id"),
      constraint "tax_rate_rate_check" check (rate >= 0 and rate <= 10000),
      constraint "tax_rate_tax_region_id_foreign" foreign key ("tax_region_id") references "tax"."tax_region" ("id") on delete cascade
    )`)
    this.addSql(`create index "tax_rate_tax_region_id_index" on "tax"."tax_rate" ("tax_region_id")`)
    this.addSql(
      `create index "tax_rate_search_index" on "tax"."tax_rate" using gin (to_tsvector('simple'::regconfig, coalesce("name", '') || ' ' || coalesce("code", '')))`,
    )
    this.addSql(
      `create unique index "tax_rate_default_unique" on "tax"."tax_rate" ("tax_region_id") where "is_default" and "deleted_at" is null`,
    )
  }

  #createTaxRateRule(): void {
    this.addSql(`create table "tax"."tax_rate_rule" (
      "id" text not null,
      "tax_rate_id" text not null,
      "reference" text not null,
      "reference_id" text not null,
      "created_by" text,
      "metadata" jsonb,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      "deleted_at" timestamptz(3),
      primary key ("id"),
      constraint "tax_rate_rule_reference_check" check ("reference" in ('product', 'product_type', 'shipping_option')),
      constraint "tax_rate_rule_tax_rate_id_foreign" foreign key ("tax_rate_id") references "tax"."tax_rate" ("id") on delete cascade
    )`)
    this.addSql(`create index "tax_rate_rule_reference_id_index" on "tax"."tax_rate_rule" ("reference_id")`)
    this.addSql(
      `create unique index "tax_rate_rule_key_unique" on "tax"."tax_rate_rule" ("tax_rate_id", "reference", "reference_id") where "deleted_at" is null`,
    )
  }

  override down(): void {
    for (const table of ["tax_rate_rule", "tax_rate", "tax_region", "tax_provider"])
      this.addSql(`drop table "tax"."${table}"`)
  }
}
