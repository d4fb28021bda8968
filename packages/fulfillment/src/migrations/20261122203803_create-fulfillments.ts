import { Migration } from "@marquetry/kernel"

export class CreateFulfillments extends Migration {
  override name = "20261122203803_create-fulfillments"

  override up(): void {
    this.#createFulfillmentAddress()
    this.#createFulfillmentProvider()
    this.#createFulfillmentSet()
    this.#createServiceZone()
    this.#createGeoZone()
    this.#createShippingOptionType()
    this.#createShippingProfile()
    this.#createShippingOption()
    this.#createShippingOptionRule()
    this.#createFulfillment()
    this.#createFulfillmentLabel()
    this.#createFulfillmentItem()
  }

  #createFulfillmentAddress(): void {
    this.addSql(`create table "fulfillment"."fulfillment_address" (
      "id" text not null,
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
      "metadata" jsonb,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      "deleted_at" timestamptz(3),
      primary key ("id")
    )`)
  }

  #createFulfillmentProvider(): void {
    this.addSql(`create table "fulfillment"."fulfillment_provider" (
      "id" text not null,
      "is_enabled" boolean not null default true,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      "deleted_at" timestamptz(3),
      primary key ("id")
    )`)
    this.addSql(
      `create index "fulfillment_provider_search_index" on "fulfillment"."fulfillment_provider" using gin (to_tsvector('simple'::regconfig, coalesce("id", '')))`,
    )
  }

  #createFulfillmentSet(): void {
    this.addSql(`create table "fulfillment"."fulfillment_set" (
      "id" text not null,
      "name" text not null,
      "type" text not null,
      "metadata" jsonb,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      "deleted_at" timestamptz(3),
      primary key ("id")
    )`)
    this.addSql(
      `create index "fulfillment_set_search_index" on "fulfillment"."fulfillment_set" using gin (to_tsvector('simple'::regconfig, coalesce("name", '') || ' ' || coalesce("type", '')))`,
    )
    this.addSql(
      `create unique index "fulfillment_set_name_unique" on "fulfillment"."fulfillment_set" ("name") where "deleted_at" is null`,
    )
  }

  #createServiceZone(): void {
    this.addSql(`create table "fulfillment"."service_zone" (
      "id" text not null,
      "name" text not null,
      "fulfillment_set_id" text not null,
      "metadata" jsonb,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      "deleted_at" timestamptz(3),
      primary key ("id"),
      constraint "service_zone_fulfillment_set_id_foreign" foreign key ("fulfillment_set_id") references "fulfillment"."fulfillment_set" ("id") on delete cascade
    )`)
    this.addSql(
      `create index "service_zone_fulfillment_set_id_index" on "fulfillment"."service_zone" ("fulfillment_set_id")`,
    )
    this.addSql(
      `create index "service_zone_search_index" on "fulfillment"."service_zone" using gin (to_tsvector('simple'::regconfig, coalesce("name", '')))`,
    )
  }

  #createGeoZone(): void {
    this.addSql(`create table "fulfillment"."geo_zone" (
      "id" text not null,
      "type" text not null,
      "country_code" text not null,
      "province_code" text,
      "city" text,
      "postal_expression" jsonb,
      "service_zone_id" text not null,
      "metadata" jsonb,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      "deleted_at" timestamptz(3),
      primary key ("id"),
      constraint "geo_zone_country_code_check" check (country_code ~ '^[a-z]{2}$'),
      constraint "geo_zone_province_code_check" check (starts_with(province_code, country_code || '-')),
      constraint "geo_zone_fields_check" check (case type when 'country' then num_nonnulls(province_code, city, postal_expression) = 0 when 'province' then province_code is not null and num_nonnulls(city, postal_expression) = 0 when 'city' then city is not null and postal_expression is null else postal_expression is not null end),
      constraint "geo_zone_type_check" check ("type" in ('country', 'province', 'city', 'zip')),
      constraint "geo_zone_service_zone_id_foreign" foreign key ("service_zone_id") references "fulfillment"."service_zone" ("id") on delete cascade
    )`)
    this.addSql(
      `create index "geo_zone_service_zone_id_index" on "fulfillment"."geo_zone" ("service_zone_id", "country_code")`,
    )
  }

  #createShippingOptionType(): void {
    this.addSql(`create table "fulfillment"."shipping_option_type" (
      "id" text not null,
      "label" text not null,
      "description" text,
      "code" text not null,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      "deleted_at" timestamptz(3),
      primary key ("id")
    )`)
    this.addSql(
      `create index "shipping_option_type_search_index" on "fulfillment"."shipping_option_type" using gin (to_tsvector('simple'::regconfig, coalesce("label", '') || ' ' || coalesce("code", '') || ' ' || coalesce("description", '')))`,
    )
  }

  #createShippingProfile(): void {
    this.addSql(`create table "fulfillment"."shipping_profile" (
      "id" text not null,
      "name" text not null,
      "type" text not null,
      "metadata" jsonb,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      "deleted_at" timestamptz(3),
      primary key ("id")
    )`)
    this.addSql(
      `create index "shipping_profile_search_index" on "fulfillment"."shipping_profile" using gin (to_tsvector('simple'::regconfig, coalesce("name", '') || ' ' || coalesce("type", '')))`,
    )
    this.addSql(
      `create unique index "shipping_profile_name_unique" on "fulfillment"."shipping_profile" ("name") where "deleted_at" is null`,
    )
  }

  #createShippingOption(): void {
    this.addSql(`create table "fulfillment"."shipping_option" (
      "id" text not null,
      "name" text not null,
      "price_type" text not null default 'flat',
      "service_zone_id" text not null,
      "shipping_profile_id" text not null,
      "provider_id" text not null,
      "shipping_option_type_id" text,
      "data" jsonb,
      "metadata" jsonb,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      "deleted_at" timestamptz(3),
      primary key ("id"),
      constraint "shipping_option_price_type_check" check ("price_type" in ('flat', 'calculated')),
      constraint "shipping_option_service_zone_id_foreign" foreign key ("service_zone_id") references "fulfillment"."service_zone" ("id") on delete cascade,
      constraint "shipping_option_shipping_profile_id_foreign" foreign key ("shipping_profile_id") references "fulfillment"."shipping_profile" ("id"),
      constraint "shipping_option_provider_id_foreign" foreign key ("provider_id") references "fulfillment"."fulfillment_provider" ("id"),
      constraint "shipping_option_shipping_option_type_id_foreign" foreign key ("shipping_option_type_id") references "fulfillment"."shipping_option_type" ("id") on delete restrict
    )`)
    this.addSql(
      `create index "shipping_option_service_zone_id_index" on "fulfillment"."shipping_option" ("service_zone_id")`,
    )
    this.addSql(
      `create index "shipping_option_shipping_profile_id_index" on "fulfillment"."shipping_option" ("shipping_profile_id")`,
    )
    this.addSql(`create index "shipping_option_provider_id_index" on "fulfillment"."shipping_option" ("provider_id")`)
    this.addSql(
      `create index "shipping_option_type_id_index" on "fulfillment"."shipping_option" ("shipping_option_type_id")`,
    )
    this.addSql(
      `create index "shipping_option_search_index" on "fulfillment"."shipping_option" using gin (to_tsvector('simple'::regconfig, coalesce("name", '')))`,
    )
  }

  #createShippingOptionRule(): void {
    this.addSql(`create table "fulfillment"."shipping_option_rule" (
      "id" text not null,
      "attribute" text not null,
      "operator" text not null,
      "value" jsonb not null,
      "shipping_option_id" text not null,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      "deleted_at" timestamptz(3),
      primary key ("id"),
      constraint "shipping_option_rule_operator_check" check ("operator" in ('in', 'eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'nin')),
      constraint "shipping_option_rule_shipping_option_id_foreign" foreign key ("shipping_option_id") references "fulfillment"."shipping_option" ("id") on delete cascade
    )`)
    this.addSql(
      `create index "shipping_option_rule_shipping_option_id_index" on "fulfillment"."shipping_option_rule" ("shipping_option_id")`,
    )
  }

  #createFulfillment(): void {
    this.addSql(`create table "fulfillment"."fulfillment" (
      "id" text not null,
      "location_id" text not null,
      "packed_at" timestamptz(3),
      "shipped_at" timestamptz(3),
      "delivered_at" timestamptz(3),
      "canceled_at" timestamptz(3),
      "marked_shipped_by" text,
      "created_by" text,
      "requires_shipping" boolean not null default true,
      "data" jsonb,
      "provider_id" text not null,
      "shipping_option_id" text,
      "delivery_address_id" text,
      "handed_over_at" timestamptz(3),
      "withdrawn_at" timestamptz(3),
      "metadata" jsonb,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      "deleted_at" timestamptz(3),
      primary key ("id"),
      constraint "fulfillment_canceled_check" check (canceled_at is null or (shipped_at is null and delivered_at is null)),
      constraint "fulfillment_provider_id_foreign" foreign key ("provider_id") references "fulfillment"."fulfillment_provider" ("id"),
      constraint "fulfillment_shipping_option_id_foreign" foreign key ("shipping_option_id") references "fulfillment"."shipping_option" ("id") on delete set null,
      constraint "fulfillment_delivery_address_id_foreign" foreign key ("delivery_address_id") references "fulfillment"."fulfillment_address" ("id") on delete set null
    )`)
    this.addSql(`create index "fulfillment_location_id_index" on "fulfillment"."fulfillment" ("location_id")`)
    this.addSql(`create index "fulfillment_provider_id_index" on "fulfillment"."fulfillment" ("provider_id")`)
    this.addSql(
      `create index "fulfillment_shipping_option_id_index" on "fulfillment"."fulfillment" ("shipping_option_id")`,
    )
    this.addSql(
      `create index "fulfillment_delivery_address_id_index" on "fulfillment"."fulfillment" ("delivery_address_id")`,
    )
    this.addSql(
      `create index "fulfillment_unfinished_index" on "fulfillment"."fulfillment" ("created_at") where ("handed_over_at" is null or "withdrawn_at" is not null) and "canceled_at" is null and "shipped_at" is null and "delivered_at" is null and "deleted_at" is null`,
    )
  }

  #createFulfillmentLabel(): void {
    this.addSql(`create table "fulfillment"."fulfillment_label" (
      "id" text not null,
      "tracking_number" text not null,
      "tracking_url" text not null,
      "label_url" text not null,
      "fulfillment_id" text not null,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      "deleted_at" timestamptz(3),
      primary key ("id"),
      constraint "fulfillment_label_fulfillment_id_foreign" foreign key ("fulfillment_id") references "fulfillment"."fulfillment" ("id") on delete cascade
    )`)
    this.addSql(
      `create index "fulfillment_label_fulfillment_id_index" on "fulfillment"."fulfillment_label" ("fulfillment_id")`,
    )
  }

  #createFulfillmentItem(): void {
    this.addSql(`create table "fulfillment"."fulfillment_item" (
      "id" text not null,
      "title" text not null,
      "sku" text not null default '',
      "barcode" text not null default '',
      "quantity" numeric not null,
      "line_item_id" text,
      "inventory_item_id" text,
      "fulfillment_id" text not null,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      "deleted_at" timestamptz(3),
      primary key ("id"),
      constraint "fulfillment_item_quantity_check" check (quantity > 0 and quantity < 1000000000000000000),
      constraint "fulfillment_item_fulfillment_id_foreign" foreign key ("fulfillment_id") references "fulfillment"."fulfillment" ("id") on delete cascade
    )`)
    this.addSql(
      `create index "fulfillment_item_line_item_id_index" on "fulfillment"."fulfillment_item" ("line_item_id")`,
    )
    this.addSql(
      `create index "fulfillment_item_inventory_item_id_index" on "fulfillment"."fulfillment_item" ("inventory_item_id")`,
    )
    this.addSql(
      `create index "fulfillment_item_fulfillment_id_index" on "fulfillment"."fulfillment_item" ("fulfillment_id")`,
    )
  }

  override down(): void {
    for (const table of [
      "fulfillment_item",
      "fulfillment_label",
      "fulfillment",
      "shipping_option_rule",
      "shipping_option",
      "shipping_profile",
      "shipping_option_type",
      "geo_zone",
      "service_zone",
      "fulfillment_set",
      "fulfillment_provider",
      "fulfillment_address",
    ])
      this.addSql(`drop table "fulfillment"."${table}"`)
  }
}
