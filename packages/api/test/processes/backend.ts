import { createBackend } from "@marquetry/framework"
import { shopConfig } from "../shop.ts"

/** A backend of the shop whose database is named, in a process of its own. It ends with whoever started it. */
const backend = await createBackend(shopConfig(process.argv[2] as string))
process.once("disconnect", () => void backend.close().finally(() => process.exit(0)))
process.send?.(await backend.listen())
