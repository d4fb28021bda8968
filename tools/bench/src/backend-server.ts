import { createBackend, readEnvironment } from "@marquetry/framework"
import { configure } from "@marquetry/backend"

/* The backend as it is deployed, but for limits and logs, which the floor has not. */

const [url] = process.argv.slice(2) as [string]
const backend = await createBackend(
  configure(readEnvironment({ DATABASE_URL: url, RATE_LIMIT: "off", LOG_LEVEL: "warn", PORT: "0", DEMO: "false" })),
)
process.on("message", () => process.send?.({ cpu: process.cpuUsage() }))
const address = await backend.listen()
process.send?.({ address })
