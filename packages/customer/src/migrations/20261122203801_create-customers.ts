import { Migration } from "@marquetry/kernel"

export class CreateCustomerTables extends Migration {
  override name = "20261122203801_create-customers"

  override up(): void {
    this.addSql(`create table "customer"."customer" (
      "id" text not null,
      "email" text,
      "company_name" text,
      "first_name" text,
      "last_name" text,
      "phone" text,
      "has_account" boolean not null default false,
      "created_by" text,
      "metadata" jsonb,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      "deleted_at" timestamptz(3),
      primary key ("id")
    )`)
    this.addSql(
      `create unique index "customer_email_unique" on "customer"."customer" ("email", "has_account") where "deleted_at" is null`,
    )
    this.addSql(
      `create index "customer_search_index" on "customer"."customer" using gin (to_tsvector('simple'::regconfig, coalesce("email", '') || ' ' || coalesce("first_name", '') || ' ' || coalesce("last_name", '') || ' ' || coalesce("phone", '') || ' ' || coalesce("company_name", '')))`,
    )
    this.addSql(`create table "customer"."customer_address" (
      "id" text not null,
      "address_name" text,
      "is_default_shipping" boolean not null default false,
      "is_default_billing" boolean not null default false,
      "company" text,
      "first_name" text,
      "last_name" text,
      "address_1" text,
      "address_2" text,
      "city" text,
      "country_code" text,
      "province" text,
      "postal_code" text,
      "phone" text,
      "customer_id" text not null,
      "metadata" jsonb,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      "deleted_at" timestamptz(3),
      primary key ("id"),
      constraint "customer_address_customer_id_foreign" foreign key ("customer_id") references "customer"."customer" ("id") on delete cascade
    )`)
    this.addSql(`create index "customer_address_customer_id_index" on "customer"."customer_address" ("customer_id")`)
    for (const kind of ["default_shipping", "default_billing"]) {
      this.addSql(
        `create unique index "customer_address_${kind}_unique" on "customer"."customer_address" ("customer_id") where "is_${kind}" and "deleted_at" is null`,
      )
    }
    this.addSql(
      `create index "customer_address_search_index" on "customer"."customer_address" using gin (to_tsvector('simple'::regconfig, coalesce("company", '') || ' ' || coalesce("first_name", '') || ' ' || coalesce("last_name", '') || ' ' || coalesce("address_1", '') || ' ' || coalesce("city", '') || ' ' || coalesce("province", '') || ' ' || coalesce("postal_code", '')))`,
    )
    this.#createGroups()
  }

  #createGroups(): void {
    this.addSql(`create table "customer"."customer_group" (
      "id" text not null,
      "name" text not null,
      "created_by" text,
      "metadata" jsonb,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      "deleted_at" timestamptz(3),
      primary key ("id")
    )`)
    this.addSql(
      `create unique index "customer_group_name_unique" on "customer"."customer_group" ("name") where "deleted_at" is null`,
    )
    this.addSql(
      `create index "customer_group_search_index" on "customer"."customer_group" using gin (to_tsvector('simple'::regconfig, coalesce("name", '')))`,
    )
    this.addSql(`create table "customer"."customer_to_group" (
      "customer_id" text not null,
      "group_id" text not null,
      primary key ("customer_id", "group_id"),
      constraint "customer_to_group_customer_id_foreign" foreign key ("customer_id") references "customer"."customer" ("id") on update cascade on delete cascade,
      constraint "customer_to_group_group_id_foreign" foreign key ("group_id") references "customer"."customer_group" ("id") on update cascade on delete cascade
    )`)
    this.addSql(`create index "customer_to_group_group_id_index" on "customer"."customer_to_group" ("group_id")`)
  }

  override down(): void {
    this.addSql(`drop table "customer"."customer_to_group"`)
    this.addSql(`drop table "customer"."customer_group"`)
    this.addSql(`drop table "customer"."customer_address"`)
    this.addSql(`drop table "customer"."customer"`)
  }
}
