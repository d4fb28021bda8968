import type { DependencyContainer } from "@marquetry/kernel"
import type { BulkKind } from "../operation/bulk-operation.entity.ts"
import type { ClaimedOperation } from "../operation/operation-rows.ts"
import { exportInventory } from "./export-inventory.ts"
import { exportOrders } from "./export-orders.ts"
import { exportProducts } from "./export-products.ts"
import { importProducts } from "./import-products.ts"

/** What came of an operation. */
export interface Outcome {
  /** For the operation's summary. */
  readonly summary: Readonly<Record<string, unknown>>
  /** For whoever asked. */
  readonly description: string
  readonly fileIdOut?: string
}

/**
 * Does an operation of one kind, outside of any transaction. May be called again when a process died at it: to do it twice
 * is to do it once.
 *
 * @param signal aborted when the operation may be another's by now, or the process closes: throw soon then.
 */
export type Work = (
  container: DependencyContainer,
  operation: ClaimedOperation,
  signal: AbortSignal,
) => Promise<Outcome>

export interface BulkWork {
  readonly title: string
  /** Completes "Failed to …". */
  readonly task: string
  readonly run: Work
}

export const works: Readonly<Record<BulkKind, BulkWork>> = {
  "product-import": { title: "Product import", task: "import products", run: importProducts },
  "product-export": { title: "Product export", task: "export products", run: exportProducts },
  "order-export": { title: "Order export", task: "export orders", run: exportOrders },
  "inventory-export": { title: "Inventory export", task: "export inventory items", run: exportInventory },
}
