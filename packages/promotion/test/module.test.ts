import { createTestDatabase, driftOf } from "@marquetry/kernel/testing"
import { currencyOf } from "@marquetry/money"
import { describe, expect, it } from "vitest"
import { computePromotions, startPromotion } from "../src/index.ts"
import { aCampaign, aPromotion } from "../src/testing.ts"

describe.each(["postgres", "pglite"])("the module alone, on %s", (kind) => {
  it("migrates an empty database to what its entities say, twice without harm, and gives a discount", async () => {
    const database = kind === "postgres" ? await createTestDatabase() : undefined
    const alone = await startPromotion({ database: database?.url })
    const { promotions } = alone

    const ran = await alone.migrate()
    const again = await alone.migrate()
    const drift = await driftOf(alone.database)
    const budget = { type: "use_by_attribute", attribute: "customer_id", limit: 1 } as const
    const { id } = await promotions.create(aPromotion({ code: "TEN", limit: 5, campaign: aCampaign({ budget }) }))
    const { promotions: found } = await promotions.candidates({ codes: ["TEN"], customerId: "cus_1" })
    const item = { id: "1", quantity: 2, subtotal: 40, isDiscountable: true, isTaxInclusive: false, attributes: {} }
    const cart = {
      currencyCode: "eur",
      currency: currencyOf("eur"),
      attributes: {},
      items: [item],
      shippingMethods: [],
    }
    const { itemAdjustments } = computePromotions(cart, found, new Date())
    const use = { promotionId: id, amount: "4", currencyCode: "eur" }
    await promotions.registerUsage({ key: "order_1", promotions: [use], customerId: "cus_1" })
    const second = promotions.registerUsage({ key: "order_2", promotions: [use], customerId: "cus_1" })
    await expect(second).rejects.toMatchObject({ code: "promotion.limit_reached" })
    await promotions.revertUsage("order_1")

    expect(ran).toContain("promotion/20261122203802_create-promotions")
    expect(again).toEqual([])
    expect(drift).toBe("")
    expect(itemAdjustments.map(({ amount }) => String(amount))).toEqual(["4"])
    expect((await promotions.get(id)).used).toBe(0)
    await alone.close()
    await database?.drop()
  })
})
