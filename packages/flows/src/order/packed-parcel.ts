import { NotFound, type Query } from "@marquetry/kernel"
import type { Pieces } from "./fulfillment-place.ts"

/** What is in a fulfillment, for whom it is. It does not change. */
export interface PackedParcel {
  /** `null` where it is of no order. */
  readonly orderId: string | null
  readonly providerId: string
  /** Of lines of the order. */
  readonly pieces: readonly Pieces[]
  /** What was taken from stock for it, and where. */
  readonly stock: { readonly lineItemId: string; readonly quantity: number; readonly locationId: string }[]
}

interface ParcelRow {
  readonly locationId: string
  readonly providerId: string
  readonly order: { readonly id: string } | null
  readonly items: readonly {
    readonly lineItemId: string | null
    readonly inventoryItemId: string | null
    readonly quantity: string
  }[]
}

const fields = {
  locationId: true,
  providerId: true,
  order: { id: true },
  items: { lineItemId: true, inventoryItemId: true, quantity: true },
} as const

/** @throws {NotFound} when there is none, or it is that of another order. */
export async function parcelOf(query: Query, orderId: string | null, fulfillmentId: string): Promise<PackedParcel> {
  const filter = { id: fulfillmentId }
  const { rows } = await query.listAny("fulfillment", { fields, filter, limit: 1, count: false })
  const row = rows[0] as unknown as ParcelRow | undefined
  const owner = row?.order?.id ?? null
  if (row === undefined || (orderId !== null && owner !== orderId)) throw new NotFound("Fulfillment", fulfillmentId)
  const piecesOf = (items: ParcelRow["items"]) =>
    summed(
      items.flatMap(({ lineItemId, quantity }) =>
        lineItemId === null ? [] : [{ itemId: lineItemId, quantity: Number(quantity) }],
      ),
    )
  const counted = row.items.filter(({ inventoryItemId }) => inventoryItemId !== null)
  const { locationId, providerId } = row
  return {
    orderId: owner,
    providerId,
    pieces: piecesOf(row.items),
    stock: piecesOf(counted).map(({ itemId, quantity }) => ({ lineItemId: itemId, quantity, locationId })),
  }
}

/** Each line once. */
export function summed(pieces: readonly Pieces[]): Pieces[] {
  const byLine = Map.groupBy(pieces, ({ itemId }) => itemId)
  return [...byLine].map(([itemId, parts]) => {
    return { itemId, quantity: parts.reduce((total, { quantity }) => total + quantity, 0) }
  })
}

/** Whether both are the same pieces, in whatever order. */
export function isSame(one: readonly Pieces[], other: readonly Pieces[]): boolean {
  const wanted = new Map(summed(other).map(({ itemId, quantity }) => [itemId, quantity]))
  const named = summed(one)
  return named.length === wanted.size && named.every(({ itemId, quantity }) => wanted.get(itemId) === quantity)
}
