import { compose } from "../../src/index.ts"
import { aBook, Book, libraryModule } from "../shop.ts"

// Works a little, closes, and has nothing left that would keep the process.
const shop = await compose({ database: process.argv[2], modules: [libraryModule] })
await shop.migrate()
await shop.database.insertRows(Book, [aBook()])
await Promise.all([shop.close(), shop.close()])
console.log("closed")
