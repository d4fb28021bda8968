import { Migration } from "@marquetry/kernel"

export class CreateInventory extends Migration {
  override name = "20261101000000_create-inventory"

  override up(): void {
    this.#createItems()
    this.#createLevels()
    this.#createReservations()
    this.#createVariantItems()
  }

  #createItems(): void {
    this.addSql(`create table "inventory"."inventory_item" (
      "id" text not null,
      "sku" text,
      "title" text,
      "description" text,
      "thumbnail" text,
      "requires_shipping" boolean not null default true,
      "origin_country" text,
      "hs_code" text,
      "mid_code" text,
      "material" text,
      "unit_of_measure" text,
      "weight" numeric,
      "length" numeric,
      "height" numeric,
      "width" numeric,
      "metadata" jsonb,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      "deleted_at" timestamptz(3),
      primary key ("id")
    )`)
    this.addSql(
      `create unique index "inventory_item_sku_unique" on "inventory"."inventory_item" ("sku") where "deleted_at" is null`,
    )
    this.addSql(
      `create index "inventory_item_search_index" on "inventory"."inventory_item" using gin (to_tsvector('simple'::regconfig, coalesce("sku", '') || ' ' || coalesce("title", '')))`,
    )
  }

  #createLevels(): void {
    this.addSql(`create table "inventory"."inventory_level" (
      "id" text not null,
      "inventory_item_id" text not null,
      "location_id" text not null,
      "stocked_quantity" bigint not null default '0',
      "reserved_quantity" bigint not null default '0',
      "backordered_quantity" bigint not null default '0',
      "incoming_quantity" bigint not null default '0',
      "available_quantity" bigint generated always as (stocked_quantity - reserved_quantity) stored,
      "metadata" jsonb,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      "deleted_at" timestamptz(3),
      primary key ("id"),
      constraint "inventory_level_inventory_item_id_foreign" foreign key ("inventory_item_id") references "inventory"."inventory_item" ("id"),
      constraint "inventory_level_stocked_check" check (stocked_quantity >= 0 and stocked_quantity <= 1000000000000),
      constraint "inventory_level_incoming_check" check (incoming_quantity >= 0 and incoming_quantity <= 1000000000000),
      constraint "inventory_level_reserved_check" check (reserved_quantity >= 0 and reserved_quantity <= 1000000000000),
      constraint "inventory_level_backordered_check" check (backordered_quantity = greatest(reserved_quantity - stocked_quantity, 0))
    )`)
    this.addSql(
      `create unique index "inventory_level_item_location_unique" on "inventory"."inventory_level" ("inventory_item_id", "location_id") where "deleted_at" is null`,
    )
    this.addSql(
      `create index "inventory_level_location_id_index" on "inventory"."inventory_level" ("location_id") where "deleted_at" is null`,
    )
  }

  #createReservations(): void {
    this.addSql(`create table "inventory"."reservation" (
      "id" text not null,
      "inventory_item_id" text not null,
      "location_id" text not null,
      "quantity" bigint not null,
      "required_quantity" int not null default 1,
      "fulfilled_quantity" bigint not null default '0',
      "line_item_id" text,
      "allow_backorder" boolean not null default false,
      "description" text,
      "external_id" text,
      "created_by" text,
      "expires_at" timestamptz(3),
      "metadata" jsonb,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      "deleted_at" timestamptz(3),
      primary key ("id"),
      constraint "reservation_quantity_check" check (quantity > 0 and required_quantity > 0 and fulfilled_quantity >= 0)
    )`)
    this.addSql(
      `create index "reservation_item_location_index" on "inventory"."reservation" ("inventory_item_id", "location_id") where "deleted_at" is null`,
    )
    this.addSql(`create index "reservation_line_item_id_index" on "inventory"."reservation" ("line_item_id")`)
    this.addSql(
      `create index "reservation_external_id_index" on "inventory"."reservation" ("external_id") where "deleted_at" is null`,
    )
    this.addSql(
      `create index "reservation_expires_at_index" on "inventory"."reservation" ("expires_at") where "deleted_at" is null and "expires_at" is not null`,
    )
  }

  #createVariantItems(): void {
    this.addSql(`create table "inventory"."variant_inventory_item" (
      "id" text not null,
      "variant_id" text not null,
      "inventory_item_id" text not null,
      "required_quantity" int not null default 1,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      "deleted_at" timestamptz(3),
      primary key ("id"),
      constraint "variant_inventory_item_inventory_item_id_foreign" foreign key ("inventory_item_id") references "inventory"."inventory_item" ("id"),
      constraint "variant_inventory_item_required_check" check (required_quantity > 0)
    )`)
    this.addSql(
      `create unique index "variant_inventory_item_unique" on "inventory"."variant_inventory_item" ("variant_id", "inventory_item_id") where "deleted_at" is null`,
    )
    this.addSql(
      `create index "variant_inventory_item_inventory_item_id_index" on "inventory"."variant_inventory_item" ("inventory_item_id") where "deleted_at" is null`,
    )
  }

  override down(): void {
    for (const table of ["variant_inventory_item", "reservation", "inventory_level", "inventory_item"]) {
      this.addSql(`drop table "inventory"."${table}"`)
    }
  }
}
