import { CheckoutRecovery } from "../../src/index.ts"
import { resolverOf } from "../shop.ts"
import { shopOf, work } from "./work.ts"

// Finishes what others have left.
const [, , url, payments] = process.argv
const shop = await shopOf(url, payments)
await work(shop, () => resolverOf(shop)(CheckoutRecovery).run())
