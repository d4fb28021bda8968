import { Migration } from "@marquetry/kernel"

/** A generated column cannot be changed: it is made again. */
const made = (pending: string) =>
  `alter table "order"."order" add column "summary" jsonb generated always as (('{"current_order_total":' || (total)::text || ',"original_order_total":' || (placed_total)::text || ',"accounting_total":' || (total + credit_line_total)::text || ',"paid_total":' || (paid_total)::text || ',"refunded_total":' || (refunded_total)::text || ',"transaction_total":' || (paid_total - refunded_total)::text || ',"credit_line_total":' || (credit_line_total)::text || ',"pending_difference":' || (${pending})::text || '}')::jsonb) stored not null`

const dropped = `alter table "order"."order" drop column "summary"`
const owed = "total - paid_total + refunded_total"

/** Nothing is to be collected for an order that is canceled: there is at most something to give back. */
export class SettleCanceledOrders extends Migration {
  override name = "20261126231500_settle-canceled-orders"

  override up(): void {
    this.addSql(dropped)
    this.addSql(made(`case when canceled_at is null then ${owed} else least(refunded_total - paid_total, 0) end`))
  }

  override down(): void {
    this.addSql(dropped)
    this.addSql(made(owed))
  }
}
