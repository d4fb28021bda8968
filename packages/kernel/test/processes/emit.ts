import { compose, Events, subscribe } from "../../src/index.ts"
import { bookLent } from "../events.ts"
import { libraryModule } from "../shop.ts"

// Commits an event, and is killed in the moment in which it would be handled.
const shop = await compose({
  database: process.argv[2],
  modules: [libraryModule],
  subscribers: [subscribe(bookLent, "dying", () => void process.kill(process.pid, "SIGKILL"))],
  events: { timeout: 50 },
})
await shop.database.transaction(() => shop.container.resolve(Events).emit(bookLent, { id: "book", reader: 1 }))
setInterval(() => {}, 1_000)
