import { createTestDatabase } from "@marquetry/kernel/testing"
import { startOrder } from "../src/index.ts"

/** The module alone on a database of its own, whose relay is silent, so that only the services' statements are counted. */
export async function openOrders() {
  const database = await createTestDatabase()
  const alone = await startOrder({ database: database.url, events: { relay: false } })
  await alone.migrate()
  const close = async () => {
    await alone.close()
    await database.drop()
  }
  return { ...alone, close }
}

export type Alone = Awaited<ReturnType<typeof openOrders>>
