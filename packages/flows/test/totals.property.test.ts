import assert from "node:assert/strict"
import { settleTotals, type CartView } from "@marquetry/cart"
import { Amount, cartTotalNames, computeTotals, currencyOf, lineTotalNames, type Currency } from "@marquetry/money"
import type { CreateOrder } from "@marquetry/order"
import type { CandidatePromotion, Rule } from "@marquetry/promotion"
import fc from "fast-check"
import { expect, it } from "vitest"
import { applyPromotions } from "../src/cart/cart-promotions.ts"
import type { Situation } from "../src/cart/situation.ts"
import { orderOf } from "../src/checkout/order-of-cart.ts"
import { aLine, aMethod, emptyCart } from "./plain-cart.ts"

/** Half a minute on one core. */
const RUNS = 100_000

const currencies = ["jpy", "eur", "kwd"].map(currencyOf)
const products = ["a", "b", "c"]
const rates = ["0", "5", "7", "8.875", "19", "25.5"]

interface Plan {
  readonly currency: Currency
  readonly lines: readonly {
    readonly quantity: number
    readonly units: number
    readonly finer: number
    readonly isTaxInclusive: boolean
    readonly isDiscountable: boolean
    readonly product: string
    readonly rates: readonly string[]
  }[]
  readonly methods: readonly {
    readonly units: number
    readonly isTaxInclusive: boolean
    readonly rates: readonly string[]
  }[]
  readonly credit: number | null
  readonly promotions: readonly CandidatePromotion[]
}

const isProduct = (...values: string[]): Rule => ({ attribute: "items.product.id", operator: "in", values })

/** Any promotion that a shop can keep: of items, shipping or the order; of money or per cent; for what is bought. */
const promotion: fc.Arbitrary<(currency: Currency, index: number) => CandidatePromotion> = fc
  .record({
    isBuyGet: fc.boolean(),
    isTaxInclusive: fc.boolean(),
    isFixed: fc.boolean(),
    targetType: fc.constantFrom("items" as const, "shipping_methods" as const, "order" as const),
    allocation: fc.constantFrom("each" as const, "across" as const, "once" as const),
    percentage: fc.constantFrom("0", "3", "12.5", "33.333", "100"),
    units: fc.nat(30_000),
    maxQuantity: fc.option(fc.integer({ min: 1, max: 5 })),
    applyToQuantity: fc.integer({ min: 1, max: 3 }),
    buyRulesMinQuantity: fc.integer({ min: 1, max: 3 }),
    targets: fc.subarray(products, { minLength: 1 }),
    bought: fc.subarray(products, { minLength: 1 }),
    limit: fc.option(fc.nat(20_000)),
  })
  .map((plan) => (currency, index) => {
    const id = `promo_${index}`
    const targetType = plan.isBuyGet ? "items" : plan.targetType
    const spent = { id: "probudg", type: "spend" as const, currencyCode: currency.code, used: "0", attribute: null }
    return {
      id,
      code: id,
      type: plan.isBuyGet ? "buyget" : "standard",
      status: "active",
      isAutomatic: false,
      isTaxInclusive: plan.isTaxInclusive,
      limit: null,
      used: 0,
      rules: [],
      campaign:
        plan.limit === null
          ? null
          : { id: "procamp", startsAt: null, endsAt: null, budget: { ...spent, limit: inUnits(plan.limit, currency) } },
      method: {
        type: plan.isFixed ? "fixed" : "percentage",
        targetType,
        allocation: plan.allocation,
        value: plan.isFixed ? inUnits(plan.units, currency) : plan.percentage,
        currencyCode: plan.isFixed ? currency.code : null,
        maxQuantity: plan.maxQuantity,
        applyToQuantity: plan.isBuyGet ? plan.applyToQuantity : null,
        buyRulesMinQuantity: plan.isBuyGet ? plan.buyRulesMinQuantity : null,
        description: null,
        targetRules: targetType === "items" ? [isProduct(...plan.targets)] : [],
        buyRules: plan.isBuyGet ? [isProduct(...plan.bought)] : [],
      },
    }
  })

const terms = { isTaxInclusive: fc.boolean(), rates: fc.subarray(rates, { maxLength: 3 }) }
const plan: fc.Arbitrary<Plan> = fc
  .record({
    currency: fc.constantFrom(...currencies),
    lines: fc.array(
      fc.record({
        quantity: fc.integer({ min: 1, max: 12 }),
        units: fc.nat(50_000),
        // Prices may be finer than the currency.
        finer: fc.constantFrom(0, 0, 0, 1, 2),
        isDiscountable: fc.nat(4).map((n) => n > 0),
        product: fc.constantFrom(...products),
        ...terms,
      }),
      { minLength: 1, maxLength: 5 },
    ),
    methods: fc.array(fc.record({ units: fc.nat(5_000), ...terms }), { maxLength: 2 }),
    credit: fc.option(fc.nat(100_000)),
    promotions: fc.array(promotion, { maxLength: 4 }),
  })
  .map(({ promotions, ...rest }) => ({
    ...rest,
    promotions: promotions.map((make, index) => make(rest.currency, index)),
  }))

const inUnits = (units: number, currency: Currency, finer = 0) =>
  Amount.fromMinor(BigInt(units), { decimalDigits: currency.decimalDigits + finer }).toString()

const nowhere: Situation = {
  region: { id: "reg", currencyCode: "eur", automaticTaxes: true, countries: [] },
  channel: null,
  customer: null,
  variants: new Map(),
  shippingOptions: new Map(),
  promotionIds: [],
  paymentCollection: null,
}

/** A cart as the flow leaves it: taxed, discounted, added up. */
function cartOf({ currency, lines, methods, credit, promotions }: Plan): CartView {
  const cart = emptyCart(currency.code)
  lines.forEach((line, index) => {
    const { quantity, isTaxInclusive, isDiscountable, product } = line
    const unitPrice = inUnits(line.units, currency, line.finer)
    const data = { quantity, isTaxInclusive, isDiscountable, productId: product, unitPrice }
    cart.items.push(aLine(cart, index, data, line.rates))
  })
  methods.forEach((method, index) => {
    const data = { isTaxInclusive: method.isTaxInclusive, amount: inUnits(method.units, currency) }
    cart.shippingMethods.push(aMethod(cart, index, data, method.rates))
  })
  if (credit !== null) {
    const { createdAt, updatedAt } = cart
    const amount = inUnits(credit, currency)
    const line = { id: "cacl", cartId: cart.id, amount, reference: null, referenceId: null, metadata: null }
    cart.creditLines.push({ ...line, createdAt, updatedAt })
  }
  applyPromotions(cart, nowhere, promotions)
  settleTotals(cart)
  return cart
}

/** Minor units, as a whole number. By hand, because it is called some ten million times. */
function minorOf(amount: string, { code, decimalDigits }: Currency): bigint {
  const [whole = "", fraction = ""] = amount.split(".")
  assert.ok(fraction.length <= decimalDigits, `${amount} ${code} cannot be paid`)
  return BigInt(whole + fraction.padEnd(decimalDigits, "0"))
}

/** What must be true of every cart. */
function assertAddsUp(cart: CartView, currency: Currency): void {
  const minor = (amount: string) => minorOf(amount, currency)
  const add = (rows: readonly object[], name: string) =>
    rows.reduce((total, row) => total + minor((row as Record<string, string>)[name] as string), 0n)
  const lines = [...cart.items, ...cart.shippingMethods]
  for (const line of lines) {
    for (const name of lineTotalNames) assert.ok(minor(line[name]) >= 0n, `${name} is ${line[name]}`)
    assert.equal(minor(line.subtotal) - minor(line.discountSubtotal) + minor(line.taxTotal), minor(line.total))
    assert.equal(minor(line.originalTotal) - minor(line.discountTotal), minor(line.total))
    assert.equal(add(line.adjustments, "total"), minor(line.discountTotal))
    assert.equal(add(line.adjustments, "subtotal"), minor(line.discountSubtotal))
    assert.equal(add(line.taxLines, "total"), minor(line.taxTotal))
  }
  for (const name of cartTotalNames) assert.ok(minor(cart[name]) >= 0n, `${name} is ${cart[name]}`)
  assert.equal(add(cart.items, "total"), minor(cart.itemTotal))
  assert.equal(add(cart.shippingMethods, "total"), minor(cart.shippingTotal))
  assert.equal(minor(cart.itemTotal) + minor(cart.shippingTotal) - minor(cart.creditLineTotal), minor(cart.total))
  assert.equal(add(lines, "discountTotal"), minor(cart.discountTotal))
  assert.equal(add(lines, "taxTotal"), minor(cart.taxTotal))
  assert.equal(
    minor(cart.subtotal) - minor(cart.discountSubtotal) + minor(cart.taxTotal) - minor(cart.creditLineTotal),
    minor(cart.total),
  )
}

/** The totals of the order are computed anew, from what it is made of. */
function assertSameOrder(cart: CartView, currency: Currency): void {
  const order = orderOf(cart, "order_1")
  const shippingMethods = (order.shippingMethods ?? []).map((method) => ({
    ...partsOf(method),
    unitPrice: method.amount,
    quantity: 1,
  }))
  const items = order.items.map((item) => ({ ...partsOf(item), unitPrice: item.unitPrice, quantity: item.quantity }))
  const { totals } = computeTotals({ items, shippingMethods, creditLines: order.creditLines ?? [] }, currency)
  for (const name of cartTotalNames) assert.equal(totals[name], cart[name], name)
}

type Part = CreateOrder["items"][number] | NonNullable<CreateOrder["shippingMethods"]>[number]

const partsOf = ({ isTaxInclusive = false, adjustments = [], taxLines = [] }: Part) => ({
  isTaxInclusive,
  adjustments: adjustments.map((one) => ({ amount: one.amount, isTaxInclusive: one.isTaxInclusive ?? false })),
  taxLines,
})

it("adds up to the minor unit, whatever is in the cart and whatever is taken off it", { timeout: 300_000 }, () => {
  const seen = { discounted: 0, credited: 0, free: 0 }
  fc.assert(
    fc.property(plan, (one) => {
      const cart = cartOf(one)
      assertAddsUp(cart, one.currency)
      assertSameOrder(cart, one.currency)
      if (cart.discountTotal !== "0") seen.discounted++
      if (cart.creditLineTotal !== "0") seen.credited++
      if (cart.total === "0") seen.free++
    }),
    { numRuns: RUNS },
  )
  // Carts without any of it would prove little.
  expect(Math.min(seen.discounted, seen.credited, seen.free)).toBeGreaterThan(RUNS / 100)
})
