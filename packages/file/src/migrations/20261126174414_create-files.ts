import { Migration } from "@marquetry/kernel"

export class CreateFileTable extends Migration {
  override name = "20261126174414_create-files"

  override up(): void {
    this.addSql(`create table "file"."file" (
      "id" text not null,
      "name" text not null,
      "handle" text not null,
      "description" text,
      "metadata" jsonb,
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      "deleted_at" timestamptz(3),
      primary key ("id")
    )`)
    this.addSql(`create unique index "file_handle_unique" on "file"."file" ("handle") where "deleted_at" is null`)
    this.addSql(
      `create index "file_search_index" on "file"."file" using gin (to_tsvector('simple'::regconfig, coalesce("name", '') || ' ' || coalesce("description", '')))`,
    )
  }

  override down(): void {
    this.addSql(`drop table "file"."file"`)
  }
}
