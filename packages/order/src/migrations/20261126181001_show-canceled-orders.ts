import { Migration } from "@marquetry/kernel"

const quantities = `when delivered_quantity > 0 then case when delivered_quantity = item_quantity then 'delivered' else 'partially_delivered' end
      when shipped_quantity > 0 then case when shipped_quantity = item_quantity then 'shipped' else 'partially_shipped' end
      when fulfilled_quantity > 0 then case when fulfilled_quantity = item_quantity then 'fulfilled' else 'partially_fulfilled' end
      else 'not_fulfilled' end`

/** A generated column cannot be changed: it is made again. */
const made = (expression: string, statuses: string) => `alter table "order"."order"
    add column "fulfillment_status" text generated always as (${expression}) stored not null,
    add constraint "order_fulfillment_status_check" check ("fulfillment_status" in (${statuses}))`

const dropped = `alter table "order"."order" drop column "fulfillment_status"`
const statuses = `'not_fulfilled', 'partially_fulfilled', 'fulfilled', 'partially_shipped', 'shipped', 'partially_delivered', 'delivered'`

/** The fulfilment status of an order that is canceled says so. */
export class ShowCanceledOrders extends Migration {
  override name = "20261126181001_show-canceled-orders"

  override up(): void {
    this.addSql(dropped)
    this.addSql(made(`case when canceled_at is not null then 'canceled' ${quantities}`, `${statuses}, 'canceled'`))
  }

  override down(): void {
    this.addSql(dropped)
    this.addSql(made(`case ${quantities}`, statuses))
  }
}
