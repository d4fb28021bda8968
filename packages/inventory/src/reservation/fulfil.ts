import type { Database } from "@marquetry/kernel"
import type { z } from "zod"
import { StockMissing, type LackingLevel, type OpenLine } from "./reservation.errors.ts"
import type { FulfilLines } from "./reservation.schema.ts"

interface Answer {
  readonly short: string | null
  readonly lacking: string | null
  readonly ids: string
}

/**
 * Lets units of lines leave or come back, all lines or none, in one statement.
 *
 * @param statement `fulfil` or `restock`.
 * @param Refusal what to throw when a line asks for more than it has.
 * @throws {StockMissing} when a level does not allow it.
 * @returns the ids of the reservations that changed.
 */
export async function carry(
  db: Database,
  statement: string,
  lines: z.output<typeof FulfilLines>,
  Refusal: new (lines: OpenLine[]) => Error,
): Promise<string[]> {
  const asked = lines.map(({ lineItemId, locationId, quantity, inventoryItemIds }) => ({
    line_item_id: lineItemId,
    location_id: locationId,
    quantity,
    inventory_item_ids: inventoryItemIds,
  }))
  const [answer] = await db.sql<Answer>(statement, [JSON.stringify(asked), new Date().toISOString()])
  const { short, lacking, ids } = answer as Answer
  if (short !== null) throw new Refusal(JSON.parse(short) as OpenLine[])
  if (lacking !== null) throw new StockMissing(JSON.parse(lacking) as LackingLevel[])
  return JSON.parse(ids) as string[]
}
