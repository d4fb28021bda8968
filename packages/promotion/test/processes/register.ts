import { startPromotion } from "../../src/index.ts"

// Registers a promotion for many orders at once, and prints how many there was room for.
const [, , database, promotionId, name, orders] = process.argv as unknown as [0, 0, string, string, string, string]
const shop = await startPromotion({ database, events: { relay: false } })
const results = await Promise.allSettled(
  Array.from({ length: Number(orders) }, (_, index) =>
    shop.promotions.registerUsage({
      key: `order_${name}_${index}`,
      promotions: [{ promotionId, amount: 1, currencyCode: "eur" }],
    }),
  ),
)
console.log(results.filter(({ status }) => status === "fulfilled").length)
await shop.close()
