import Medusa from "@medusajs/js-sdk"
import { apiKeyResource } from "@marquetry/api-key"
import { createBackend, readEnvironment } from "@marquetry/framework"
import { createTestDatabase } from "@marquetry/kernel/testing"
import { configure } from "../marquetry.config.ts"
import { ensureDemoShop } from "../src/demo-shop.ts"
import { JWT_SECRET } from "./process.ts"

export type Sdk = InstanceType<typeof Medusa.default>
// Types and tools disagree about what a CommonJS module's default is; Node gives the module.
const Client = ("default" in Medusa ? Medusa.default : Medusa) as unknown as new (options: object) => Sdk

/** The demo shop on a Postgres of its own, listening in this process. */
export async function openDemo() {
  const database = await createTestDatabase()
  const variables = { DATABASE_URL: database.url, JWT_SECRET, LOG_LEVEL: "silent", PORT: "0", RATE_LIMIT: "off" }
  const backend = await createBackend(configure(readEnvironment(variables)))
  await ensureDemoShop(backend.composition)
  const address = await backend.listen()
  const key = await backend.composition.query.find(apiKeyResource, { fields: { token: true }, filter: {} })
  const publishableKey = key?.token as string
  return {
    backend,
    address,
    /** A client of the storefront, or of none. */
    client: (options: object = { publishableKey }): Sdk =>
      new Client({ baseUrl: address, auth: { type: "jwt", jwtTokenStorageMethod: "memory" }, ...options }),
    drop: async () => {
      await backend.close()
      await database.drop()
    },
  }
}

export type Demo = Awaited<ReturnType<typeof openDemo>>
