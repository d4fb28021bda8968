import { Migration } from "@marquetry/kernel"

export class CreateRbacTable extends Migration {
  override name = "20261126174414_create-rbacs"

  override up(): void {
    this.addSql(`create table "rbac"."rbac" (
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
    this.addSql(`create unique index "rbac_handle_unique" on "rbac"."rbac" ("handle") where "deleted_at" is null`)
    this.addSql(
      `create index "rbac_search_index" on "rbac"."rbac" using gin (to_tsvector('simple'::regconfig, coalesce("name", '') || ' ' || coalesce("description", '')))`,
    )
  }

  override down(): void {
    this.addSql(`drop table "rbac"."rbac"`)
  }
}
