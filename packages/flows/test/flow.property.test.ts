import { Amount, sum } from "@marquetry/money"
import { PricePreferenceService } from "@marquetry/pricing"
import { PromotionService } from "@marquetry/promotion"
import { RegionService } from "@marquetry/region"
import { Links } from "@marquetry/kernel"
import { TaxRegionService } from "@marquetry/tax"
import fc from "fast-check"
import { afterAll, beforeAll, expect, it } from "vitest"
import { regionPaymentProvider } from "../src/index.ts"
import { openShop, type Shop } from "./shop.ts"

/* Whatever shoppers do with a cart: what it says, what is paid and what is ordered are one number. */

const RUNS = 200

let shop: Shop
let variants: string[]
const regions: string[] = []
const codes = ["TEN", "THREE", "SHIP", "NEVER"]

beforeAll(async () => {
  shop = await openShop()
  await shop.resolve(TaxRegionService).createMany([
    { countryCode: "jp", defaultTaxRate: { rate: 10, name: "Consumption tax" } },
    { countryCode: "kw", defaultTaxRate: { rate: "8.875", name: "Tax" } },
  ])
  const make = async (name: string, currencyCode: string, country: string) => {
    const { id } = await shop.resolve(RegionService).create({ name, currencyCode, countries: [country] })
    await shop.resolve(Links).add(regionPaymentProvider, [[id, "pp_system_default"]])
    return id
  }
  regions.push(shop.filled.regionId, await make("Japan", "jpy", "jp"), await make("Kuwait", "kwd", "kw"))
  await shop.resolve(PricePreferenceService).set({ attribute: "currency_code", value: "jpy", isTaxInclusive: true })
  const prices = (eur: string, jpy: string, kwd: string) => [
    { currencyCode: "eur", amount: eur },
    { currencyCode: "jpy", amount: jpy },
    { currencyCode: "kwd", amount: kwd },
  ]
  const kinds = [prices("10", "1501", "3.335"), prices("0.37", "49", "0.1234"), prices("33.333", "7", "99.999")]
  variants = []
  for (const [index, kind] of kinds.entries()) {
    // The last is not sent.
    const profileId = index === 2 ? null : shop.filled.profileId
    variants.push((await shop.addProduct({ title: `${index}`, stock: null, prices: kind, profileId })).variantId)
  }
  const all = { type: "standard", status: "active" } as const
  await shop.resolve(PromotionService).createMany([
    { ...all, code: "TEN", applicationMethod: { type: "percentage", targetType: "order", value: "12.5" } },
    {
      ...all,
      code: "THREE",
      isTaxInclusive: true,
      applicationMethod: {
        type: "fixed",
        targetType: "items",
        allocation: "each",
        maxQuantity: 2,
        value: 3,
        currencyCode: "eur",
      },
    },
    {
      ...all,
      code: "SHIP",
      applicationMethod: { type: "percentage", targetType: "shipping_methods", allocation: "each", value: 50 },
    },
    {
      ...all,
      code: "NEVER",
      rules: [{ attribute: "currency_code", operator: "eq", values: "usd" }],
      applicationMethod: { type: "percentage", targetType: "order", value: 100 },
    },
  ])
})
afterAll(() => shop.close())

const small = fc.nat(2)
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("add" as const), at: small, quantity: fc.integer({ min: 1, max: 40 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("change" as const), at: small, quantity: fc.nat(9) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("codes" as const), codes: fc.subarray(codes) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("region" as const), at: small }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("ship" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("pay" as const) }) },
)
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

async function take(id: string, one: Step): Promise<void> {
  const { flow, shopper } = shop
  if (one.do === "add") {
    await flow.addItems(id, [{ variantId: variants[one.at] as string, quantity: one.quantity }], shopper)
  } else if (one.do === "change") {
    const line = (await shop.cart(id)).items[one.at]
    if (line !== undefined) await flow.changeItem(id, line.id, { quantity: one.quantity }, shopper)
  } else if (one.do === "codes") await flow.update(id, { promoCodes: one.codes }, shopper)
  else if (one.do === "region") await flow.update(id, { regionId: regions[one.at] as string }, shopper)
  else if (one.do === "pay") await shop.pay(id)
  else if ((await shop.cart(id)).shippingAddress?.countryCode === "de") {
    await flow.chooseShipping(id, [{ optionId: shop.filled.shippingOptionId }], shopper)
  }
}

/** Total of the cart, amount of its collection, and of what pays for it. */
async function moneyOf(id: string) {
  const { total, items, shippingMethods } = await shop.cart(id)
  expect(sum([...items, ...shippingMethods].map((line) => line.total)).toString()).toBe(total)
  const { rows } = await shop.composition.query.listAny("cart", {
    fields: { paymentCollection: { amount: true, paymentSessions: { amount: true } } },
    filter: { id },
  })
  const collection = rows[0]?.["paymentCollection"] as { amount: string; paymentSessions: { amount: string }[] } | null
  return { total, collection }
}

it("is the same in the cart, in the payment and in the order", { timeout: 240_000 }, async () => {
  let placed = 0
  const run = fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
    const email = "ada@example.com"
    const id = await shop.flow.create(
      { email, items: [{ variantId: variants[2] as string, quantity: 1 }] },
      shop.shopper,
    )
    for (const one of steps) {
      await take(id, one)
      const { total, collection } = await moneyOf(id)
      if (collection === null) continue
      expect(Amount.of(collection.amount).equals(total)).toBe(true)
      expect(collection.paymentSessions.every(({ amount }) => Amount.of(amount).equals(total))).toBe(true)
    }
    const needsShipping = (await shop.cart(id)).items.some(({ requiresShipping }) => requiresShipping)
    if (needsShipping) {
      await shop.flow.update(id, { regionId: shop.filled.regionId }, shop.shopper)
      await shop.flow.chooseShipping(id, [{ optionId: shop.filled.shippingOptionId }], shop.shopper)
    }
    if ((await shop.cart(id)).items.length === 0) return
    await shop.pay(id)
    await shop.complete(id)

    const { total } = await moneyOf(id)
    const order = await shop.orderOf(id)
    expect(order?.total).toBe(total)
    const [payment] = await shop.sql<{ amount: string }>(
      `select trim_scale(sum(p.amount))::text as amount from "payment"."payment" p
       join "link"."order_payment_collection" l using (payment_collection_id) where l.order_id = $1`,
      [order?.id],
    )
    expect(payment?.amount).toBe(total)
    placed++
  })
  await fc.assert(run, { numRuns: RUNS })

  expect(placed).toBeGreaterThan(RUNS / 2)
})
