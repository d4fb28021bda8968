import { computePromotions, PromotionLimitReached, startPromotion, type PromotionView } from "@marquetry/promotion"

async function main(): Promise<void> {
  const { promotions, migrate, close } = await startPromotion({ database: process.env["DATABASE_URL"] })
  await migrate()
  const made: PromotionView = await promotions.create({
    code: "TENTH",
    type: "standard",
    status: "active",
    limit: 1,
    applicationMethod: { type: "percentage", targetType: "order", value: 10 },
  })
  const { promotions: found, unknownCodes } = await promotions.candidates({ codes: ["TENTH", "NONE"] })
  const item = { id: "a", quantity: 2, subtotal: 40, isDiscountable: true, isTaxInclusive: false, attributes: {} }
  const euro = { currencyCode: "eur", currency: { decimalDigits: 2 } }
  const cart = { ...euro, attributes: {}, items: [item], shippingMethods: [] }
  const amounts: string[] = computePromotions(cart, found, new Date()).itemAdjustments.map(({ amount }) =>
    String(amount),
  )
  const uses = [{ promotionId: made.id, amount: 4, currencyCode: "eur" }]
  await promotions.registerUsage({ key: "order_1", promotions: uses })
  const refusal: unknown = await promotions.registerUsage({ key: "order_2", promotions: uses }).catch((e) => e)
  await close()
  const answer = [...amounts, ...unknownCodes].join()
  if (answer !== "4,NONE" || !(refusal instanceof PromotionLimitReached)) throw new Error(answer)
  console.log("ok")
}

void main()
