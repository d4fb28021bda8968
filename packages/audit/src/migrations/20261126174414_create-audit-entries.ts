import { Migration } from "@marquetry/kernel"

export class CreateAuditEntryTable extends Migration {
  override name = "20261126174414_create-audit-entries"

  override up(): void {
    this.addSql(`create table "audit"."audit_entry" (
      "id" text not null,
      "actor_type" text not null,
      "actor_id" text not null,
      "action" text not null,
      "resource_type" text not null,
      "resource_id" text not null,
      "changes" jsonb not null,
      "request_id" text,
      "created_at" timestamptz(3) not null,
      primary key ("id")
    )`)
    this.addSql(`create index "audit_entry_created_at_index" on "audit"."audit_entry" ("created_at" desc, "id")`)
    this.addSql(
      `create index "audit_entry_resource_index" on "audit"."audit_entry" ("resource_type", "resource_id", "id")`,
    )
    this.addSql(`create index "audit_entry_actor_index" on "audit"."audit_entry" ("actor_id", "id")`)
  }

  override down(): void {
    this.addSql(`drop table "audit"."audit_entry"`)
  }
}
