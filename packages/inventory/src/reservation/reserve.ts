import { newId, type Database } from "@marquetry/kernel"
import type { z } from "zod"
import { InsufficientInventory, VariantWithoutItems, type ShortLine } from "./reservation.errors.ts"
import type { ReserveStock } from "./reservation.schema.ts"
import { reserve } from "./reserve.sql.ts"

/** A reservation as it was made. */
export interface MadeReservation {
  readonly id: string
  readonly lineItemId: string | null
  readonly inventoryItemId: string
  readonly locationId: string
  /** Units of the item. */
  readonly quantity: number
}

interface Answer {
  readonly reservations: string | null
  readonly shortages: string | null
}

/** No item: the variant has none. */
type Shortage = Omit<ShortLine, "inventoryItemId"> & { readonly inventoryItemId: string | null }

/** Reserves all lines or none, in one statement. @throws {InsufficientInventory} {@link VariantWithoutItems} */
export async function reserveStock(db: Database, asked: z.output<typeof ReserveStock>): Promise<MadeReservation[]> {
  const [answer] = await db.sql<Answer>(reserve, valuesOf(asked))
  const { reservations, shortages } = answer as Answer
  if (shortages !== null) throw refusal(JSON.parse(shortages) as Shortage[])
  return JSON.parse(reservations ?? "[]") as MadeReservation[]
}

/** The parameters of {@link reserve}. */
function valuesOf(asked: z.output<typeof ReserveStock>): unknown[] {
  const lines = asked.lines.map((line, number) => ({
    number,
    line_item_id: line.lineItemId,
    variant_id: line.variantId,
    inventory_item_id: line.inventoryItemId,
    quantity: line.quantity,
    required_quantity: line.requiredQuantity,
    allow_backorder: line.allowBackorder,
  }))
  return [
    JSON.stringify(lines),
    [...new Set(asked.locationIds)],
    // The time, the first ten digits of a ULID; what follows is made where the number of rows is known.
    newId("resitem").slice(0, -16),
    asked.externalId,
    asked.createdBy,
    asked.description,
    asked.metadata === null ? null : JSON.stringify(asked.metadata),
    asked.expiresAt,
    new Date().toISOString(),
  ]
}

function refusal(shortages: readonly Shortage[]): Error {
  const bare = shortages.filter(({ inventoryItemId }) => inventoryItemId === null)
  if (bare.length > 0) return new VariantWithoutItems([...new Set(bare.map(({ variantId }) => variantId as string))])
  return new InsufficientInventory(shortages as ShortLine[])
}
