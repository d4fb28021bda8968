import { isDeepStrictEqual } from "node:util"
import { newId, rowChanges, type RowChanges } from "@marquetry/kernel"
import type { z } from "zod"
import { OrderChange, OrderChangeAction, UPDATE } from "../change/order-change.entity.ts"
import { Order, OrderAddress } from "./order.entity.ts"
import type { UpdateOrder } from "./order.schema.ts"

type Row = Record<string, unknown>
type Changes = z.output<typeof UpdateOrder>

/** What a change of an order starts from. */
export interface OrderBefore {
  readonly id: string
  readonly version: number
  readonly email: string | null
  readonly metadata: Record<string, unknown> | null
  readonly shippingAddress: AddressRow | null
  readonly billingAddress: AddressRow | null
}
type AddressRow = Row & { readonly id: string }

/**
 * What writes changes of an order: its row, its addresses (each stays in its row), and, where the customer's e-mail or an
 * address is another one, the change for its history.
 */
export function updatesOf(before: OrderBefore, changes: Changes, by: string | null): RowChanges[] {
  const { shippingAddress, billingAddress, metadata, ...columns } = changes
  const row: Row = { ...columns, id: before.id }
  if (metadata !== undefined) row["metadata"] = merged(before.metadata, metadata)
  const notes: Row[] = []
  if (columns.email !== undefined) note(notes, "email", before.email, columns.email)
  const addresses: RowChanges[] = []
  for (const [kind, wanted] of Object.entries({ shippingAddress, billingAddress })) {
    if (wanted === undefined) continue
    const old = before[kind as "shippingAddress" | "billingAddress"]
    const address = { ...wanted, id: old?.id ?? newId("ordaddr") }
    row[kind] = address.id
    addresses.push(rowChanges(OrderAddress, old === null ? [] : [old], [address]))
    const fields = old && Object.fromEntries(Object.keys(wanted).map((name) => [name, old[name]]))
    note(notes, kind === "shippingAddress" ? "shipping_address" : "billing_address", fields, wanted)
  }
  return [...together(addresses), { entity: Order, update: [row] }, ...historyOf(before, notes, by)]
}

function note(notes: Row[], type: string, old: unknown, wanted: unknown): void {
  if (!isDeepStrictEqual(old, wanted)) notes.push({ type, old, new: wanted })
}

/** One change for both addresses: a row is named by one part of a statement only. */
function together(changes: readonly RowChanges[]): RowChanges[] {
  const [insert, update] = [changes.flatMap((one) => one.insert ?? []), changes.flatMap((one) => one.update ?? [])]
  return [{ entity: OrderAddress, insert, update }]
}

function historyOf(order: OrderBefore, notes: readonly Row[], by: string | null): RowChanges[] {
  if (notes.length === 0) return []
  const now = new Date()
  const id = newId("ordch")
  const change = {
    id,
    order: order.id,
    version: order.version,
    changeType: UPDATE,
    status: "confirmed",
    createdBy: by,
    confirmedBy: by,
    confirmedAt: now,
  }
  const actions = notes.map((details, index) => ({
    order: order.id,
    orderChange: id,
    version: order.version,
    ordering: index + 1,
    action: "UPDATE_ORDER_PROPERTIES",
    details,
  }))
  return [
    { entity: OrderChange, insert: [change] },
    { entity: OrderChangeAction, insert: actions },
  ]
}

/** Key by key; what is given as `null` goes. */
function merged(before: Record<string, unknown> | null, given: Record<string, unknown> | null): Row | null {
  if (given === null) return null
  return Object.fromEntries(Object.entries({ ...before, ...given }).filter(([, value]) => value !== null))
}
