import { Migration } from "@marquetry/kernel"

export class CreateBulkOperations extends Migration {
  override name = "20261126190000_create-bulk-operations"

  override up(): void {
    this.addSql(`create table "bulk"."bulk_operation" (
      "id" text not null,
      "kind" text not null,
      "status" text not null default 'queued',
      "file_id_in" text,
      "file_id_out" text,
      "input" jsonb not null,
      "summary" jsonb,
      "error" jsonb,
      "requested_by" text,
      "attempts" int not null default 0,
      "claim" text,
      "leased_until" timestamptz(3),
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      primary key ("id"),
      constraint "bulk_operation_kind_check" check ("kind" in ('product-import', 'product-export', 'order-export', 'inventory-export')),
      constraint "bulk_operation_status_check" check ("status" in ('awaiting_confirmation', 'queued', 'running', 'done', 'failed'))
    )`)
    this.addSql(`create index "bulk_operation_requested_by_index" on "bulk"."bulk_operation" ("requested_by")`)
    this.addSql(
      `create index "bulk_operation_due_index" on "bulk"."bulk_operation" ("id") where "status" in ('queued', 'running')`,
    )
  }

  override down(): void {
    this.addSql(`drop table "bulk"."bulk_operation"`)
  }
}
