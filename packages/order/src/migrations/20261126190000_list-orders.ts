import { Migration } from "@marquetry/kernel"

/** Orders are listed by what they cost, and by when they changed. Changes of orders say that they are not deleted. */
export class ListOrders extends Migration {
  override name = "20261126190000_list-orders"

  override up(): void {
    this.addSql(`create index "order_total_index" on "order"."order" ("total")`)
    this.addSql(`create index "order_updated_at_index" on "order"."order" ("updated_at")`)
    this.addSql(`alter table "order"."order_change" add column "deleted_at" timestamptz(3)`)
  }

  override down(): void {
    this.addSql(`alter table "order"."order_change" drop column "deleted_at"`)
    this.addSql(`drop index "order"."order_updated_at_index"`)
    this.addSql(`drop index "order"."order_total_index"`)
  }
}
