import { createTestDatabase } from "@marquetry/kernel/testing"
import { startInventory } from "../src/index.ts"
import { anInventoryItem } from "../src/testing.ts"

/** An inventory on a database of its own, whose relay is silent, so that only the services' statements are counted. */
export async function openShop() {
  const database = await createTestDatabase()
  const inventory = await startInventory({ database: database.url, events: { relay: false } })
  await inventory.migrate()

  /** An item with so much in stock at each location. */
  const stocked = async (stock: Readonly<Record<string, number>>): Promise<string> => {
    const locationLevels = Object.entries(stock).map(([locationId, stockedQuantity]) => ({
      locationId,
      stockedQuantity,
    }))
    const { id } = await inventory.items.create(anInventoryItem({ locationLevels }))
    return id
  }

  /** Stocked, reserved and owed, by location. */
  const levelsOf = async (inventoryItemId: string): Promise<Record<string, [number, number, number]>> => {
    const { rows } = await inventory.levels.list({ filter: { inventoryItemId } })
    const entries = rows.map((level) => [
      level.locationId,
      [level.stockedQuantity, level.reservedQuantity, level.backorderedQuantity],
    ])
    return Object.fromEntries(entries) as Record<string, [number, number, number]>
  }

  /** Names and payloads of events, oldest first, since the last call. */
  const sent = async (): Promise<[string, Record<string, unknown>][]> => {
    const rows = await inventory.database.sql<{ name: string; payload: string }>(
      `with sent as (delete from "marquetry"."outbox" returning name, payload::text as payload, sequence)
       select name, payload from sent order by sequence`,
    )
    return rows.map(({ name, payload }) => [name, JSON.parse(payload) as Record<string, unknown>])
  }

  const close = async () => {
    await inventory.close()
    await database.drop()
  }
  return { ...inventory, url: database.url, stocked, levelsOf, sent, close }
}

export type Shop = Awaited<ReturnType<typeof openShop>>

/** What came of calls that were made at once. */
export async function outcomes<T>(calls: readonly Promise<T>[]): Promise<{ done: T[]; refused: unknown[] }> {
  const settled = await Promise.allSettled(calls)
  return {
    done: settled.flatMap((result) => (result.status === "fulfilled" ? [result.value] : [])),
    refused: settled.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : [])),
  }
}
