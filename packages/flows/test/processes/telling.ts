import { subscribe } from "@marquetry/kernel"
import { OrderPlaced } from "@marquetry/order"
import { CheckoutFlow, type Shopper } from "../../src/index.ts"
import { resolverOf } from "../shop.ts"
import { shopOf, work } from "./work.ts"

// Completes a cart, and is killed in the moment in which it would tell of the order.
const [, , url, payments, shopper = ""] = process.argv
const shop = await shopOf(url, payments, {
  subscribers: [subscribe(OrderPlaced, "listener", () => void process.kill(process.pid, "SIGKILL"))],
  events: { timeout: 50 },
})
await work(shop, async (cartId: string) => {
  await resolverOf(shop)(CheckoutFlow).complete(cartId, JSON.parse(shopper) as Shopper)
  await shop.relay.settled()
})
