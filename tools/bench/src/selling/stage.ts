import { configure } from "@marquetry/backend"
import { createBackend } from "@marquetry/framework"
import { createTestDatabase } from "@marquetry/kernel/testing"
import pg from "pg"
import { startChild, type Child } from "../child.ts"
import { environmentFor } from "../environment.ts"
import type { Machines } from "./measure.ts"
import { makeSellingShop, type SellingShop, type ShopOptions } from "./selling-shop.ts"
import { postmasterOf } from "./usage.ts"

/** A shop that is open, in a database of its own. */
export interface Stage extends Machines {
  readonly shop: SellingShop
  readonly url: string
  /** Lets Postgres learn what is in its tables now, as it does by itself within minutes: plans are made anew. */
  settle(): Promise<void>
  close(): Promise<void>
}

/** @param profiles a folder for profiles of the servers' CPU. */
export async function openStage(options: ShopOptions, processes = 1, profiles?: string): Promise<Stage> {
  const database = await createTestDatabase()
  const backend = await createBackend(configure(environmentFor(database.url)))
  const { composition } = backend
  const shop = await makeSellingShop(composition, options)
  await composition.database.sql("analyze")
  const [connection] = await composition.database.sql<{ pid: number }>("select pg_backend_pid() as pid")
  const postmaster = await postmasterOf(connection?.pid ?? 0)
  await backend.close()
  const servers: Child[] = []
  for (let index = 0; index < processes; index++) {
    servers.push(await startChild("backend-server.ts", [database.url], { profiles }))
  }
  return {
    shop,
    url: database.url,
    servers,
    postmaster,
    settle: async () => {
      const client = new pg.Client({ connectionString: database.url })
      await client.connect()
      await client.query("vacuum analyze")
      await client.end()
    },
    close: async () => {
      await Promise.all(servers.map((server) => server.stop()))
      await database.drop()
    },
  }
}
