import { Migration } from "@mikro-orm/migrations"

export class CreateOutbox extends Migration {
  override name = "20261101000000_create-outbox"

  override up(): void {
    this.addSql(`create table "marquetry"."outbox" (
      "id" text not null,
      "sequence" bigserial not null,
      "name" text not null,
      "aggregate_id" text not null,
      "payload" jsonb not null,
      "emitted_at" timestamptz(3) not null default now(),
      "status" text not null default 'pending',
      "delivered" text[] not null default '{}',
      "failures" jsonb not null default '{}'::jsonb,
      "due_at" timestamptz(3) not null default now(),
      primary key ("id"),
      constraint "outbox_sequence_unique" unique ("sequence"),
      constraint "outbox_status_check" check ("status" in ('pending', 'done', 'dead'))
    )`)
    this.addSql(
      `create index "outbox_pending_index" on "marquetry"."outbox" ("aggregate_id", "sequence") where "status" = 'pending'`,
    )
    this.addSql(`create index "outbox_queue_index" on "marquetry"."outbox" ("sequence") where "status" = 'pending'`)
    this.addSql(
      `create index "outbox_name_index" on "marquetry"."outbox" ("name", "sequence") where "status" = 'pending'`,
    )
    this.addSql(`create index "outbox_retention_index" on "marquetry"."outbox" ("status", "emitted_at")`)
  }

  override down(): void {
    this.addSql(`drop table "marquetry"."outbox"`)
  }
}
