import { Migration } from "@marquetry/kernel"

/** Merchants look at those who came last. */
export class IndexCustomersByTime extends Migration {
  override name = "20261126183000_index-customers-by-time"

  override up(): void {
    this.addSql(`create index "customer_created_at_index" on "customer"."customer" ("created_at", "id")`)
  }

  override down(): void {
    this.addSql(`drop index "customer"."customer_created_at_index"`)
  }
}
