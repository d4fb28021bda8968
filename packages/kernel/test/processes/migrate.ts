import { compose } from "../../src/index.ts"
import { bookShelf, libraryModule, storageModule } from "../shop.ts"

const shop = await compose({ database: process.argv[2], modules: [libraryModule, storageModule], links: [bookShelf] })
console.log(JSON.stringify(await shop.migrate()))
await shop.close()
