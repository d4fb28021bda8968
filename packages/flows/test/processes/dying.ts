import { CheckoutFlow, type Shopper } from "../../src/index.ts"
import { resolverOf } from "../shop.ts"
import { shopOf, work } from "./work.ts"

// Completes a cart, and is killed in the moment in which it would send its n-th statement.
const [, , url, payments, shopper = ""] = process.argv
const shop = await shopOf(url, payments)
const checkout = resolverOf(shop)(CheckoutFlow)
await work(shop, ({ cartId, statement }: { cartId: string; statement: number }) => {
  let sent = 0
  shop.database.statements.subscribe(() => {
    if (++sent === statement) process.kill(process.pid, "SIGKILL")
  })
  return checkout.complete(cartId, JSON.parse(shopper) as Shopper)
})
