import type { EntityOf, Selected } from "@marquetry/kernel"
import type { orderChangeResource } from "../change/order-change.resources.ts"
import type { orderResource } from "./order.resources.ts"

const all = { "*": true } as const
const line = { ...all, adjustments: all, taxLines: all } as const

/** Everything that was sold, and what was paid. */
export const wholeOrder = {
  ...all,
  shippingAddress: all,
  billingAddress: all,
  items: { ...line, detail: all },
  shippingMethods: line,
  creditLines: all,
  transactions: all,
} as const

/** An order with its lines, addresses, shipping methods, totals and transactions. Amounts are decimal texts in major units. */
export type OrderView = Selected<EntityOf<typeof orderResource>, typeof wholeOrder>

export const wholeChange = { ...all, actions: all } as const

/** A change of an order, with its steps. */
export type OrderChangeView = Selected<EntityOf<typeof orderChangeResource>, typeof wholeChange>
