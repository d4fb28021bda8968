import { Migration } from "@marquetry/kernel"

const statements = [
  `create table "order"."order_change" (
    "id" text not null,
    "order_id" text not null,
    "version" int not null default 1,
    "change_type" text not null,
    "status" text not null default 'pending',
    "description" text,
    "internal_note" text,
    "created_by" text,
    "requested_by" text,
    "requested_at" timestamptz(3),
    "confirmed_by" text,
    "confirmed_at" timestamptz(3),
    "declined_by" text,
    "declined_at" timestamptz(3),
    "declined_reason" text,
    "canceled_by" text,
    "canceled_at" timestamptz(3),
    "token_hash" text,
    "metadata" jsonb,
    "created_at" timestamptz(3) not null,
    "updated_at" timestamptz(3) not null,
    primary key ("id"),
    constraint "order_change_order_id_foreign" foreign key ("order_id") references "order"."order" ("id") on delete cascade,
    constraint "order_change_status_check" check ("status" in ('pending', 'requested', 'confirmed', 'declined', 'canceled'))
  )`,
  `create index "order_change_order_id_index" on "order"."order_change" ("order_id")`,
  `create unique index "order_change_open_transfer_unique" on "order"."order_change" ("order_id") where "change_type" = 'transfer' and "status" = 'requested'`,
  `create table "order"."order_change_action" (
    "id" text not null,
    "order_id" text not null,
    "order_change_id" text not null,
    "version" int not null default 1,
    "ordering" int not null,
    "action" text not null,
    "reference" text,
    "reference_id" text,
    "details" jsonb,
    "created_at" timestamptz(3) not null,
    "updated_at" timestamptz(3) not null,
    primary key ("id"),
    constraint "order_change_action_order_id_foreign" foreign key ("order_id") references "order"."order" ("id") on delete cascade,
    constraint "order_change_action_order_change_id_foreign" foreign key ("order_change_id") references "order"."order_change" ("id") on delete cascade
  )`,
  `create index "order_change_action_order_id_index" on "order"."order_change_action" ("order_id")`,
  `create index "order_change_action_order_change_id_index" on "order"."order_change_action" ("order_change_id")`,
  `create table "order"."order_transaction" (
    "id" text not null,
    "order_id" text not null,
    "version" int not null default 1,
    "amount" numeric not null,
    "currency_code" text not null,
    "reference" text not null,
    "reference_id" text not null,
    "created_at" timestamptz(3) not null,
    "updated_at" timestamptz(3) not null,
    primary key ("id"),
    constraint "order_transaction_reference_unique" unique ("order_id", "reference", "reference_id"),
    constraint "order_transaction_order_id_foreign" foreign key ("order_id") references "order"."order" ("id") on delete cascade,
    constraint "order_transaction_amount_check" check (amount <> 0)
  )`,
  `create table "order"."return_reason" (
    "id" text not null,
    "value" text not null,
    "label" text not null,
    "description" text,
    "parent_return_reason_id" text,
    "metadata" jsonb,
    "created_at" timestamptz(3) not null,
    "updated_at" timestamptz(3) not null,
    "deleted_at" timestamptz(3),
    primary key ("id"),
    constraint "return_reason_parent_return_reason_id_foreign" foreign key ("parent_return_reason_id") references "order"."return_reason" ("id") on delete set null
  )`,
  `create index "return_reason_parent_return_reason_id_index" on "order"."return_reason" ("parent_return_reason_id")`,
  `create index "return_reason_search_index" on "order"."return_reason" using gin (to_tsvector('simple'::regconfig, coalesce("value", '') || ' ' || coalesce("label", '') || ' ' || coalesce("description", '')))`,
  `create unique index "return_reason_value_unique" on "order"."return_reason" ("value") where "deleted_at" is null`,
]

export class CreateOrderChanges extends Migration {
  override name = "20261122203803_create-order-changes"

  override up(): void {
    for (const statement of statements) this.addSql(statement)
  }

  override down(): void {
    this.addSql(`drop table "order"."return_reason"`)
    this.addSql(`drop table "order"."order_transaction"`)
    this.addSql(`drop table "order"."order_change_action"`)
    this.addSql(`drop table "order"."order_change"`)
  }
}
