import { newId, type RowChanges } from "@marquetry/kernel"
import type { ComputedLine, ComputedTotals } from "@marquetry/money"
import type { z } from "zod"
import { totalsOf } from "./order-totals.ts"
import {
  Order,
  OrderAddress,
  OrderCreditLine,
  OrderLineAdjustment,
  OrderLineDetail,
  OrderLineItem,
  OrderLineTaxLine,
  OrderShippingAdjustment,
  OrderShippingMethod,
  OrderShippingTaxLine,
} from "./order.entity.ts"
import type { OrderPlaced } from "./order.events.ts"
import type { CreateOrder, NewOrderLineItem, NewOrderShippingMethod } from "./order.schema.ts"

type Row = Record<string, unknown>
type CheckedOrder = z.output<typeof CreateOrder>
type CheckedLine = z.output<typeof NewOrderLineItem> | z.output<typeof NewOrderShippingMethod>

/** An order that is not in the database yet. */
export interface NewOrder {
  readonly id: string
  /** What is told of it. */
  readonly placed: z.input<typeof OrderPlaced.payload>
  /** Its row, and those of all that belongs to it. */
  readonly rows: ReadonlyMap<RowChanges["entity"], readonly Row[]>
}

/** @throws {OrderTotalTooLarge} */
export function newOrder(data: CheckedOrder): NewOrder {
  const { items, shippingMethods, creditLines, shippingAddress, billingAddress, ...columns } = data
  const id = data.id ?? newId("order")
  const computed = totalsOf(data)
  const addresses: Row[] = []
  const keep = (address: Row | null): string | null => {
    if (address === null) return null
    const row = { ...address, id: newId("ordaddr") }
    addresses.push(row)
    return row.id
  }
  const order = {
    ...columns,
    id,
    shippingAddress: keep(shippingAddress),
    billingAddress: keep(billingAddress),
    ...computed.totals,
    placedTotal: computed.totals.total,
    itemQuantity: items.reduce((total, { quantity }) => total + quantity, 0),
  }
  const rows = new Map<RowChanges["entity"], Row[]>([
    [OrderAddress, addresses],
    [Order, [order]],
    ...lineRows(id, items, computed),
    ...shippingRows(id, shippingMethods, computed),
    [OrderCreditLine, creditLines.map((line) => ({ ...line, order: id }))],
  ])
  const { cartId, customerId, email, currencyCode } = data
  return { id, placed: { id, cartId, customerId, email, total: computed.totals.total, currencyCode }, rows }
}

function lineRows(
  order: string,
  items: CheckedOrder["items"],
  computed: ComputedTotals,
): [RowChanges["entity"], Row[]][] {
  const parts = partsOf(order, "ordli", "item", items, computed.items)
  const details = items.map(({ quantity }, index) => ({ order, item: parts.lines[index]?.["id"], quantity }))
  return [
    [OrderLineItem, parts.lines],
    [OrderLineDetail, details],
    [OrderLineAdjustment, parts.adjustments],
    [OrderLineTaxLine, parts.taxLines],
  ]
}

function shippingRows(
  order: string,
  methods: CheckedOrder["shippingMethods"],
  computed: ComputedTotals,
): [RowChanges["entity"], Row[]][] {
  const parts = partsOf(order, "ordsm", "shippingMethod", methods, computed.shippingMethods)
  return [
    [OrderShippingMethod, parts.lines],
    [OrderShippingAdjustment, parts.adjustments],
    [OrderShippingTaxLine, parts.taxLines],
  ]
}

function partsOf(
  order: string,
  prefix: string,
  owner: "item" | "shippingMethod",
  lines: readonly CheckedLine[],
  computed: readonly ComputedLine[],
) {
  const parts = { lines: [] as Row[], adjustments: [] as Row[], taxLines: [] as Row[] }
  lines.forEach(({ adjustments, taxLines, ...line }, index) => {
    const id = "id" in line && line.id !== undefined ? line.id : newId(prefix)
    const totals = computed[index] as ComputedLine
    parts.lines.push({ ...line, ...totals.totals, id, order })
    adjustments.forEach((part, at) => parts.adjustments.push({ ...part, ...totals.adjustments[at], [owner]: id }))
    taxLines.forEach((part, at) => parts.taxLines.push({ ...part, ...totals.taxLines[at], [owner]: id }))
  })
  return parts
}

/** What writes any number of new orders: one change per entity. */
export function insertsOf(orders: readonly NewOrder[]): RowChanges[] {
  const entities = orders[0] === undefined ? [] : [...orders[0].rows.keys()]
  return entities.map((entity) => ({ entity, insert: orders.flatMap(({ rows }) => rows.get(entity) ?? []) }))
}
