import { Migration } from "@marquetry/kernel"

export class CreateCheckoutAttempts extends Migration {
  override name = "20261122210000_create-checkout-attempts"

  override up(): void {
    this.addSql(`create table "checkout"."checkout_attempt" (
      "cart_id" text not null,
      "id" text not null,
      "order_id" text not null,
      "payment_session_id" text not null,
      "started_at" timestamptz(3) not null,
      "leased_until" timestamptz(3) not null,
      primary key ("cart_id")
    )`)
    this.addSql(`create index "checkout_attempt_due_index" on "checkout"."checkout_attempt" ("leased_until")`)
  }

  override down(): void {
    this.addSql(`drop table "checkout"."checkout_attempt"`)
  }
}
