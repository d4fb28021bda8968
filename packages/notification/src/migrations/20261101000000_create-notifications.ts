import { Migration } from "@marquetry/kernel"

export class CreateNotifications extends Migration {
  override name = "20261101000000_create-notifications"

  override up(): void {
    this.addSql(`create table "notification"."notification" (
      "id" text not null,
      "to" text not null,
      "from" text,
      "channel" text not null,
      "template" text not null,
      "data" jsonb,
      "content" jsonb,
      "trigger_type" text,
      "resource_id" text,
      "resource_type" text,
      "receiver_id" text,
      "original_notification_id" text,
      "idempotency_key" text,
      "external_id" text,
      "provider_id" text not null,
      "status" text not null default 'pending',
      "attempts" int not null default 0,
      "last_error" text,
      "next_attempt_at" timestamptz(3),
      "created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null,
      "deleted_at" timestamptz(3),
      primary key ("id"),
      constraint "notification_status_check" check ("status" in ('pending', 'success', 'failure')),
      constraint "notification_idempotency_key_unique" unique ("idempotency_key")
    )`)
    this.addSql(`create index "notification_resource_id_index" on "notification"."notification" ("resource_id")`)
    this.addSql(`create index "notification_receiver_id_index" on "notification"."notification" ("receiver_id")`)
    this.addSql(
      `create index "notification_next_attempt_at_index" on "notification"."notification" ("next_attempt_at") where "next_attempt_at" is not null`,
    )
    this.addSql(
      `create index "notification_search_index" on "notification"."notification" using gin (to_tsvector('simple'::regconfig, coalesce("to", '') || ' ' || coalesce("template", '')))`,
    )
  }

  override down(): void {
    this.addSql(`drop table "notification"."notification"`)
  }
}
