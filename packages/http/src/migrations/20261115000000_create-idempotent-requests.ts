import { Migration } from "@marquetry/kernel"

export class CreateIdempotentRequests extends Migration {
  override name = "20261115000000_create-idempotent-requests"

  override up(): void {
    this.addSql(`create table "http"."idempotent_request" (
      "id" text not null,
      "request" text not null,
      "claim" text not null,
      "leased_until" timestamptz(3) not null,
      "status" int,
      "answer" text,
      "created_at" timestamptz(3) not null default now(),
      primary key ("id")
    )`)
    this.addSql(`create index "idempotent_request_created_at_index" on "http"."idempotent_request" ("created_at")`)
  }

  override down(): void {
    this.addSql(`drop table "http"."idempotent_request"`)
  }
}
