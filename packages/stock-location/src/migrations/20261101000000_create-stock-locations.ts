import { Migration } from "@marquetry/kernel"

export class CreateStockLocations extends Migration {
  override name = "20261101000000_create-stock-locations"

  override up(): void {
    this.addSql(`create table "stock_location"."stock_location_address" (
      "id" text not null,
      "address_1" text not null,
      "address_2" text,
      "company" text,
      "city" text,
      "country_code" text not null,
      "phone" text,
      "province" text,
      "postal_code" text,
      "metadata" jsonb,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      "deleted_at" timestamptz(3),
      primary key ("id")
    )`)
    this.addSql(`create table "stock_location"."stock_location" (
      "id" text not null,
      "name" text not null,
      "address_id" text,
      "metadata" jsonb,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      "deleted_at" timestamptz(3),
      primary key ("id"),
      constraint "stock_location_address_id_unique" unique ("address_id"),
      constraint "stock_location_address_id_foreign" foreign key ("address_id") references "stock_location"."stock_location_address" ("id") on delete set null
    )`)
    this.addSql(
      `create index "stock_location_search_index" on "stock_location"."stock_location" using gin (to_tsvector('simple'::regconfig, coalesce("name", '')))`,
    )
  }

  override down(): void {
    this.addSql(`drop table "stock_location"."stock_location"`)
    this.addSql(`drop table "stock_location"."stock_location_address"`)
  }
}
