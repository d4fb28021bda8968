import type { Database } from "@marquetry/kernel"
import { InsufficientInventory } from "./reservation.errors.ts"
import { moveReserved } from "./reservation.sql.ts"

/** A reservation that is locked, as it is. */
export interface HeldRow {
  readonly inventory_item_id: string
  readonly location_id: string
  readonly quantity: number
  readonly allow_backorder: boolean
}

/** Changes what levels have reserved, from what a reservation holds to what it shall hold. @throws {InsufficientInventory} */
export async function moveReservation(
  db: Database,
  held: HeldRow,
  { quantity: wanted, locationId }: { quantity: number; locationId: string },
): Promise<void> {
  const isMoved = locationId !== held.location_id
  if (!isMoved && wanted === held.quantity) return
  const parts = isMoved
    ? [
        { location_id: held.location_id, change: -held.quantity },
        { location_id: locationId, change: wanted },
      ]
    : [{ location_id: locationId, change: wanted - held.quantity }]
  const levels = await db.sql<{ location_id: string; available: number; fits: boolean }>(moveReserved, [
    held.inventory_item_id,
    JSON.stringify(parts),
    held.allow_backorder,
    new Date().toISOString(),
  ])
  if (levels.length === parts.length && levels.every(({ fits }) => fits)) return
  const room = levels.find((level) => level.location_id === locationId)?.available ?? 0
  throw new InsufficientInventory([
    {
      lineItemId: null,
      variantId: null,
      inventoryItemId: held.inventory_item_id,
      requested: wanted,
      available: Math.max(room + (isMoved ? 0 : held.quantity), 0),
    },
  ])
}
