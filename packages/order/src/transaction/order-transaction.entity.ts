import { defineEntity, id, p, timestamps } from "@marquetry/kernel"
import { Order } from "../order/order.entity.ts"
import { amount } from "../order/order-columns.ts"

const TransactionTable = defineEntity({
  name: "OrderTransaction",
  orderBy: { id: "asc" },
  // Begins with what transactions are looked up by: it is that index, too.
  uniques: [{ name: "order_transaction_reference_unique", properties: ["order", "reference", "referenceId"] }],
  checks: [{ name: "order_transaction_amount_check", expression: "amount <> 0" }],
  properties: {
    id: id("ordtrx"),
    order: () => p.manyToOne(Order).ref().deleteRule("cascade"),
    version: p.integer().default(1),
    /** Major units; negative is money given back. */
    amount: amount(),
    currencyCode: p.text(),
    /** What moved the money: `capture` or `refund`, and its id. */
    reference: p.text(),
    referenceId: p.text(),
    ...timestamps,
  },
})

/** Money that was taken for an order, or given back. */
export class OrderTransaction extends TransactionTable.class {}
TransactionTable.setClass(OrderTransaction)
