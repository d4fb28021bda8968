import { defineResource } from "@marquetry/kernel"
import { OrderTransaction } from "./order-transaction.entity.ts"

export const orderTransactionResource = defineResource("order_transaction", OrderTransaction)
