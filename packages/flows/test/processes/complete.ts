import { CheckoutFlow, type Shopper } from "../../src/index.ts"
import { resolverOf } from "../shop.ts"
import { codeOf, shopOf, work } from "./work.ts"

// Completes the carts that it is told of, all at once. A cart may be named several times.
const [, , url, payments, shopper = ""] = process.argv
const shop = await shopOf(url, payments)
const checkout = resolverOf(shop)(CheckoutFlow)
await work(shop, (cartIds: string[]) =>
  Promise.all(
    cartIds.map((cartId) =>
      checkout
        .complete(cartId, JSON.parse(shopper) as Shopper)
        .then((result) => (result.kind === "order" ? result.orderId : result.reason), codeOf),
    ),
  ),
)
