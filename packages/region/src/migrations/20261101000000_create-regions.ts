import { Migration } from "@marquetry/kernel"

export class CreateRegions extends Migration {
  override name = "20261101000000_create-regions"

  override up(): void {
    this.addSql(`create table "region"."region" (
      "id" text not null,
      "name" text not null,
      "currency_code" text not null,
      "automatic_taxes" boolean not null default true,
      "metadata" jsonb,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      "deleted_at" timestamptz(3),
      primary key ("id")
    )`)
    this.addSql(
      `create index "region_search_index" on "region"."region" using gin (to_tsvector('simple'::regconfig, coalesce("name", '')))`,
    )
    this.addSql(`create table "region"."country" (
      "iso_2" text not null,
      "iso_3" text not null,
      "num_code" text not null,
      "name" text not null,
      "display_name" text not null,
      "region_id" text,
      "metadata" jsonb,
      primary key ("iso_2"),
      constraint "country_region_id_foreign" foreign key ("region_id") references "region"."region" ("id") on delete set null
    )`)
    this.addSql(`create index "country_region_id_index" on "region"."country" ("region_id")`)
  }

  override down(): void {
    this.addSql(`drop table "region"."country"`)
    this.addSql(`drop table "region"."region"`)
  }
}
