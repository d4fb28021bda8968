import { Migration } from "@marquetry/kernel"

/** Payments are listed by when they were made, and searched by their ids and providers. */
export class ListPayments extends Migration {
  override name = "20261126190100_list-payments"

  override up(): void {
    this.addSql(`create index "payment_created_at_index" on "payment"."payment" ("created_at")`)
    this.addSql(
      `create index "payment_search_index" on "payment"."payment" using gin (to_tsvector('simple'::regconfig, coalesce("id", '') || ' ' || coalesce("provider_id", '')))`,
    )
  }

  override down(): void {
    this.addSql(`drop index "payment"."payment_search_index"`)
    this.addSql(`drop index "payment"."payment_created_at_index"`)
  }
}
