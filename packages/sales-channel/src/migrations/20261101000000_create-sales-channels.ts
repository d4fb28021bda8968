import { Migration } from "@marquetry/kernel"

export class CreateSalesChannelTable extends Migration {
  override name = "20261101000000_create-sales-channels"

  override up(): void {
    this.addSql(`create table "sales_channel"."sales_channel" (
      "id" text not null,
      "name" text not null,
      "description" text,
      "is_disabled" boolean not null default false,
      "metadata" jsonb,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      "deleted_at" timestamptz(3),
      primary key ("id")
    )`)
    this.addSql(
      `create index "sales_channel_search_index" on "sales_channel"."sales_channel" using gin (to_tsvector('simple'::regconfig, coalesce("name", '') || ' ' || coalesce("description", '')))`,
    )
  }

  override down(): void {
    this.addSql(`drop table "sales_channel"."sales_channel"`)
  }
}
