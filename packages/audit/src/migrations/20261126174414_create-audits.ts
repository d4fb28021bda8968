import { Migration } from "@marquetry/kernel"

export class CreateAuditTable extends Migration {
  override name = "20261126174414_create-audits"

  override up(): void {
    this.addSql(`create table "audit"."audit" (
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
    this.addSql(`create unique index "audit_handle_unique" on "audit"."audit" ("handle") where "deleted_at" is null`)
    this.addSql(
      `create index "audit_search_index" on "audit"."audit" using gin (to_tsvector('simple'::regconfig, coalesce("name", '') || ' ' || coalesce("description", '')))`,
    )
  }

  override down(): void {
    this.addSql(`drop table "audit"."audit"`)
  }
}
