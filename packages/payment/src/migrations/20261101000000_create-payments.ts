import { Migration } from "@marquetry/kernel"

const times = `"created_at" timestamptz(3) not null,
      "updated_at" timestamptz(3) not null`
const common = `"metadata" jsonb,
      ${times},
      "deleted_at" timestamptz(3),
      primary key ("id")`
const currency = `check (currency_code ~ '^[a-z]{3}$')`
const amount = "check (amount >= 0 and amount < 1000000000000000000)"

export class CreatePayments extends Migration {
  override name = "20261101000000_create-payments"

  override up(): void {
    this.#createCollections()
    this.#createSessions()
    this.#createPayments()
    this.#createCapturesAndRefunds()
    this.#createOperations()
    this.#createProviders()
  }

  #createCollections(): void {
    this.addSql(`create table "payment"."payment_collection" (
      "id" text not null,
      "currency_code" text not null,
      "amount" numeric not null,
      "authorized_amount" numeric not null default '0',
      "captured_amount" numeric not null default '0',
      "refunded_amount" numeric not null default '0',
      "stage" text not null default 'none',
      "status" text not null generated always as (case
        when stage = 'none' then 'not_paid'
        when stage <> 'paying' then stage
        when captured_amount >= amount then 'completed'
        when captured_amount > 0 then 'partially_captured'
        when authorized_amount >= amount then 'authorized'
        else 'partially_authorized'
      end) stored,
      "completed_at" timestamptz(3),
      ${common},
      constraint "payment_collection_currency_code_check" ${currency},
      constraint "payment_collection_amount_check" ${amount},
      constraint "payment_collection_counters_check"
        check (refunded_amount >= 0 and refunded_amount <= captured_amount and captured_amount <= authorized_amount),
      constraint "payment_collection_stage_check" check ("stage" in ('none', 'awaiting', 'failed', 'paying', 'canceled')),
      constraint "payment_collection_status_check" check ("status" in ('not_paid', 'awaiting', 'authorized',
        'partially_authorized', 'canceled', 'failed', 'partially_captured', 'completed'))
    )`)
  }

  #createSessions(): void {
    this.addSql(`create table "payment"."payment_session" (
      "id" text not null,
      "payment_collection_id" text not null,
      "provider_id" text not null,
      "currency_code" text not null,
      "amount" numeric not null,
      "data" jsonb not null,
      "context" jsonb not null,
      "status" text not null default 'pending',
      "authorized_at" timestamptz(3),
      "idempotency_key" text,
      "claimed_at" timestamptz(3),
      "released_at" timestamptz(3),
      ${common},
      constraint "payment_session_currency_code_check" ${currency},
      constraint "payment_session_amount_check" ${amount},
      constraint "payment_session_status_check" check ("status" in ('pending', 'requires_more', 'authorized',
        'pending_authorization', 'captured', 'error', 'canceled')),
      constraint "payment_session_payment_collection_id_foreign" foreign key ("payment_collection_id")
        references "payment"."payment_collection" ("id")
    )`)
    this.addSql(
      `create index "payment_session_payment_collection_id_index" on "payment"."payment_session" ("payment_collection_id")`,
    )
    this.addSql(`create unique index "payment_session_open_unique" on "payment"."payment_session" ("payment_collection_id")
      where "deleted_at" is null and "status" in ('pending', 'requires_more', 'pending_authorization', 'error')`)
    this.addSql(`create index "payment_session_unreleased_index" on "payment"."payment_session" ("deleted_at")
      where "deleted_at" is not null and "released_at" is null`)
    this.addSql(`create index "payment_session_under_way_index" on "payment"."payment_session" ("claimed_at")
      where "deleted_at" is null and "status" = 'pending_authorization'`)
  }

  #createPayments(): void {
    this.addSql(`create table "payment"."payment" (
      "id" text not null,
      "payment_collection_id" text not null,
      "payment_session_id" text not null,
      "provider_id" text not null,
      "currency_code" text not null,
      "amount" numeric not null,
      "authorized_amount" numeric not null generated always as (amount) stored,
      "captured_amount" numeric not null default '0',
      "refunded_amount" numeric not null default '0',
      "capturing_amount" numeric not null default '0',
      "refunding_amount" numeric not null default '0',
      "canceling" boolean not null default false,
      "data" jsonb not null,
      "captured_at" timestamptz(3),
      "canceled_at" timestamptz(3),
      ${common},
      constraint "payment_payment_session_id_unique" unique ("payment_session_id"),
      constraint "payment_currency_code_check" ${currency},
      constraint "payment_amount_check" ${amount},
      constraint "payment_captured_check"
        check (captured_amount >= 0 and capturing_amount >= 0 and captured_amount + capturing_amount <= amount),
      constraint "payment_refunded_check"
        check (refunded_amount >= 0 and refunding_amount >= 0 and refunded_amount + refunding_amount <= captured_amount),
      constraint "payment_canceled_check"
        check (canceled_at is null and not canceling or captured_amount + capturing_amount = 0),
      constraint "payment_payment_collection_id_foreign" foreign key ("payment_collection_id")
        references "payment"."payment_collection" ("id"),
      constraint "payment_payment_session_id_foreign" foreign key ("payment_session_id")
        references "payment"."payment_session" ("id")
    )`)
    this.addSql(`create index "payment_payment_collection_id_index" on "payment"."payment" ("payment_collection_id")`)
  }

  #createCapturesAndRefunds(): void {
    this.addSql(`create table "payment"."refund_reason" (
      "id" text not null,
      "label" text not null,
      "code" text,
      "description" text,
      ${common}
    )`)
    this.addSql(
      `create index "refund_reason_search_index" on "payment"."refund_reason" using gin (to_tsvector('simple'::regconfig, coalesce("label", '') || ' ' || coalesce("code", '') || ' ' || coalesce("description", '')))`,
    )
    this.addSql(
      `create unique index "refund_reason_code_unique" on "payment"."refund_reason" ("code") where "deleted_at" is null`,
    )
    this.addSql(`create table "payment"."capture" (
      "id" text not null,
      "payment_id" text not null,
      "amount" numeric not null,
      "created_by" text,
      ${common},
      constraint "capture_amount_check" ${amount},
      constraint "capture_payment_id_foreign" foreign key ("payment_id") references "payment"."payment" ("id")
    )`)
    this.addSql(`create index "capture_payment_id_index" on "payment"."capture" ("payment_id")`)
    this.addSql(`create table "payment"."refund" (
      "id" text not null,
      "payment_id" text not null,
      "amount" numeric not null,
      "note" text,
      "refund_reason_id" text,
      "created_by" text,
      ${common},
      constraint "refund_amount_check" ${amount},
      constraint "refund_payment_id_foreign" foreign key ("payment_id") references "payment"."payment" ("id"),
      constraint "refund_refund_reason_id_foreign" foreign key ("refund_reason_id")
        references "payment"."refund_reason" ("id") on delete set null
    )`)
    this.addSql(`create index "refund_payment_id_index" on "payment"."refund" ("payment_id")`)
    this.addSql(`create index "refund_refund_reason_id_index" on "payment"."refund" ("refund_reason_id")`)
  }

  #createOperations(): void {
    this.addSql(`create table "payment"."payment_operation" (
      "id" text not null,
      "payment_id" text not null,
      "kind" text not null,
      "amount" numeric not null,
      "note" text,
      "refund_reason_id" text,
      "created_by" text,
      "claimed_at" timestamptz(3) not null,
      "metadata" jsonb,
      ${times},
      primary key ("id"),
      constraint "payment_operation_kind_check" check ("kind" in ('capture', 'refund', 'cancel')),
      constraint "payment_operation_payment_id_foreign" foreign key ("payment_id") references "payment"."payment" ("id"),
      constraint "payment_operation_refund_reason_id_foreign" foreign key ("refund_reason_id")
        references "payment"."refund_reason" ("id") on delete set null
    )`)
    this.addSql(`create index "payment_operation_payment_id_index" on "payment"."payment_operation" ("payment_id")`)
    this.addSql(`create index "payment_operation_claimed_at_index" on "payment"."payment_operation" ("claimed_at")`)
  }

  #createProviders(): void {
    this.addSql(`create table "payment"."payment_provider" (
      "id" text not null,
      "is_enabled" boolean not null default true,
      ${times},
      "deleted_at" timestamptz(3),
      primary key ("id")
    )`)
    this.addSql(`create table "payment"."account_holder" (
      "id" text not null,
      "provider_id" text not null,
      "external_id" text not null,
      "email" text,
      "data" jsonb not null,
      ${common}
    )`)
    this.addSql(
      `create unique index "account_holder_external_id_unique" on "payment"."account_holder" ("provider_id", "external_id") where "deleted_at" is null`,
    )
    this.addSql(`create table "payment"."webhook_event" (
      "id" text not null,
      "received_at" timestamptz(3) not null,
      primary key ("id")
    )`)
    this.addSql(`create index "webhook_event_received_at_index" on "payment"."webhook_event" ("received_at")`)
  }

  override down(): void {
    for (const table of [
      "webhook_event",
      "account_holder",
      "payment_provider",
      "payment_operation",
      "refund",
      "capture",
    ])
      this.addSql(`drop table "payment"."${table}"`)
    for (const table of ["refund_reason", "payment", "payment_session", "payment_collection"])
      this.addSql(`drop table "payment"."${table}"`)
  }
}
