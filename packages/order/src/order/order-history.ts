import { isDeepStrictEqual } from "node:util"
import { newId, rowChanges, type RowChanges } from "@marquetry/kernel"
import type { z } from "zod"
import { OrderChange, OrderChangeAction, UPDATE } from "../change/order-change.entity.ts"
import { Order, OrderAddress } from "./order.entity.ts"
import { OrderCountryFixed } from "./order.errors.ts"
import { OrderAddressInput, type UpdateOrder, type UpdateOrderAddress } from "./order.schema.ts"

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
type AddressRow = Row &
  z.output<typeof OrderAddressInput> & {
    readonly id: string
  }

/**
 * What writes changes of an order: its row, its addresses (each stays in its row), and, where the customer's e-mail or an
 * address is another one, the change for its history.
 *
 * @throws {OrderCountryFixed}
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
    if (kind === "shippingAddress") assertCountry(before.id, old, wanted)
    const [from, to] = addressesOf(old, wanted)
    const id = old?.id ?? newId("ordaddr")
    row[kind] = id
    addresses.push(rowChanges(OrderAddress, old === null ? [] : [old], [{ ...to, id }]))
    note(notes, kind === "shippingAddress" ? "shipping_address" : "billing_address", from, to)
  }
  return [...together(addresses), { entity: Order, update: [row] }, ...historyOf(before, notes, by)]
}

/** An address as it was, if there was one, and as it is to be, both whole. */
function addressesOf(
  old: AddressRow | null,
  { metadata, ...fields }: z.output<typeof UpdateOrderAddress>,
): [from: Row | null, to: Row] {
  const before = old && Object.fromEntries(Object.keys(OrderAddressInput.shape).map((name) => [name, old[name]]))
  const after: Row = { ...(before ?? OrderAddressInput.parse({})), ...fields }
  if (metadata !== undefined) after["metadata"] = merged(old?.metadata ?? null, metadata)
  return [before, after]
}

/** Taxes were calculated for the country that an order is sent to. */
function assertCountry(id: string, old: AddressRow | null, { countryCode }: z.output<typeof UpdateOrderAddress>): void {
  const known = old?.countryCode ?? ""
  if (known === "" || countryCode === undefined || countryCode === known) return
  throw new OrderCountryFixed(id, known, countryCode)
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
