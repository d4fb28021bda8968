import { compose } from "../../src/index.ts"
import { libraryModule } from "../shop.ts"
import { bookLent } from "../events.ts"

// Prints each event that it is given; now and then a handler fails first.
const [, , database, name] = process.argv
let calls = 0
const shop = await compose({
  database,
  modules: [libraryModule],
  subscribers: [
    {
      name: "lender",
      event: bookLent.name,
      handle: ({ aggregateId, payload }) => {
        if (++calls % 7 === 0) throw new Error("Not now")
        console.log(`${aggregateId} ${(payload as { reader: number }).reader} ${String(name)}`)
      },
    },
  ],
  events: { pollInterval: 20, backoff: 1, maxAttempts: 100 },
})
await shop.assertMigrated()
console.log("ready")
process.on("SIGTERM", () => void shop.close().then(() => process.exit(0)))
