import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Amount } from "./amount.ts"
import { percentOf, sum } from "./arithmetic.ts"
import { currencyOf, type Currency } from "./currency.ts"
import { AmountOutOfRange, NotAnAmount } from "./money.errors.ts"
import { aCurrency, anAmount } from "./testing.ts"
import {
  cartTotalNames,
  computeTotals,
  type ComputedTotals,
  type LineTotals,
  type TotalsInput,
  type TotalsLine,
} from "./totals.ts"

const eur = currencyOf("eur")
const aLine = (line: Partial<TotalsLine> = {}): TotalsLine => ({
  unitPrice: 100,
  quantity: 1,
  isTaxInclusive: false,
  adjustments: [],
  taxLines: [],
  ...line,
})
const ofOne = (line: Partial<TotalsLine>, currency: Currency = eur) =>
  computeTotals({ items: [aLine(line)], shippingMethods: [] }, currency)

describe("totals", () => {
  it.each([
    {
      title: "a net price with tax and a discount",
      line: { quantity: 2, taxLines: [{ rate: 19 }], adjustments: [{ amount: 20, isTaxInclusive: false }] },
      expected: {
        subtotal: "200",
        discountSubtotal: "20",
        discountTotal: "23.8",
        taxTotal: "34.2",
        total: "214.2",
        originalTotal: "238",
      },
    },
    {
      title: "a gross price with tax and a discount",
      line: {
        unitPrice: 121,
        isTaxInclusive: true,
        taxLines: [{ rate: 21 }],
        adjustments: [{ amount: "12.1", isTaxInclusive: true }],
      },
      expected: { subtotal: "100", taxTotal: "18.9", discountTotal: "12.1", total: "108.9", originalTotal: "121" },
    },
    {
      title: "a tax that is no whole number of cents",
      line: { unitPrice: "9.99", quantity: 3, taxLines: [{ rate: 19 }] },
      expected: { subtotal: "29.97", taxTotal: "5.69", total: "35.66" },
    },
    {
      title: "a gross price without a tax: all of it is subtotal",
      line: { unitPrice: 10, isTaxInclusive: true },
      expected: { subtotal: "10", taxTotal: "0", total: "10" },
    },
    {
      title: "a discount beyond the worth of the line",
      line: { unitPrice: 5, taxLines: [{ rate: 10 }], adjustments: [{ amount: 8, isTaxInclusive: false }] },
      expected: { subtotal: "5", discountSubtotal: "5", discountTotal: "5.5", taxTotal: "0", total: "0" },
    },
    {
      title: "a gross discount on a net price",
      line: { taxLines: [{ rate: 19 }], adjustments: [{ amount: "11.9", isTaxInclusive: true }] },
      expected: { subtotal: "100", discountSubtotal: "10", discountTotal: "11.9", total: "107.1" },
    },
    {
      title: "prices below a cent",
      line: { unitPrice: "0.005", quantity: 3, taxLines: [{ rate: 100 }] },
      expected: { subtotal: "0.02", taxTotal: "0.02", total: "0.04" },
    },
  ])("of $title", ({ line, expected }) => {
    const { items, totals } = ofOne(line)

    expect(items[0]?.totals).toMatchObject(expected)
    expect(totals).toMatchObject(expected)
  })

  it("of nothing are zero", () => {
    const { totals } = computeTotals({ items: [], shippingMethods: [] }, eur)

    expect(new Set(Object.values(totals))).toEqual(new Set(["0"]))
    expect(Object.keys(totals)).toEqual([...cartTotalNames])
  })

  it("split tax and discounts of a line over their parts", () => {
    const { items } = ofOne({
      unitPrice: "0.01",
      quantity: 100,
      taxLines: [{ rate: 5 }, { rate: "2.5" }],
      adjustments: [
        { amount: "0.1", isTaxInclusive: false },
        { amount: "0.2", isTaxInclusive: false },
      ],
    })

    expect(items[0]?.taxLines).toEqual([
      { subtotal: "0.05", total: "0.03" },
      { subtotal: "0.03", total: "0.02" },
    ])
    expect(items[0]?.adjustments).toEqual([
      { subtotal: "0.1", total: "0.11" },
      { subtotal: "0.2", total: "0.22" },
    ])
  })

  it("round each discount by itself, once it is converted to what the line is", () => {
    const twice = (amount: string, isTaxInclusive: boolean) => [1, 2].map(() => ({ amount, isTaxInclusive }))
    const line = { unitPrice: 10, taxLines: [{ rate: 25 }] }

    const net = ofOne({ ...line, adjustments: twice("0.335", false) }).totals
    const netFromGross = ofOne({ ...line, adjustments: twice("0.02", true) }).totals
    const gross = ofOne({ ...line, isTaxInclusive: true, adjustments: twice("0.335", true) }).totals
    const grossFromNet = ofOne({ ...line, isTaxInclusive: true, adjustments: twice("0.004", false) }).totals

    // The sums, 0.67, 0.032, 0.67 and 0.01, would make a cent less.
    expect(net.discountSubtotal).toBe("0.68")
    expect(netFromGross.discountSubtotal).toBe("0.04")
    expect(gross.discountTotal).toBe("0.68")
    expect(grossFromNet.discountTotal).toBe("0.02")
  })

  it.each([
    ["jpy", { subtotal: "30", taxTotal: "2", total: "32" }],
    ["eur", { subtotal: "30.01", taxTotal: "2.4", total: "32.41" }],
    ["kwd", { subtotal: "30.014", taxTotal: "2.401", total: "32.415" }],
  ])("are whole units of %s", (code, expected) => {
    const line = { unitPrice: "10.0045", quantity: 3, taxLines: [{ rate: 8 }] }

    expect(ofOne(line, currencyOf(code)).totals).toMatchObject(expected)
  })

  it("of shipping stand beside those of the items, and both make the whole", () => {
    const shipping = aLine({
      unitPrice: 10,
      taxLines: [{ rate: 10 }],
      adjustments: [{ amount: 4, isTaxInclusive: false }],
    })

    const { totals, shippingMethods } = computeTotals({ items: [aLine()], shippingMethods: [shipping] }, eur)

    expect(shippingMethods[0]?.totals).toMatchObject({ subtotal: "10", discountTotal: "4.4", total: "6.6" })
    expect(totals).toMatchObject({
      itemTotal: "100",
      shippingSubtotal: "10",
      shippingDiscountTotal: "4.4",
      shippingTaxTotal: "0.6",
      originalShippingTotal: "11",
      shippingTotal: "6.6",
      total: "106.6",
    })
  })

  it("leave what they are given as it is", () => {
    const given = {
      items: [aLine({ adjustments: [{ amount: 1, isTaxInclusive: true }], taxLines: [{ rate: 19 }] })],
      shippingMethods: [aLine()],
      creditLines: [{ amount: "1.005" }, { amount: "1.005" }],
    }
    const before = structuredClone(given)

    const { totals } = computeTotals(given, eur)

    expect(given).toEqual(before)
    expect(totals.creditLineTotal).toBe("2.02")
  })

  it("count credits up to what there is to pay", () => {
    const input = { items: [aLine()], shippingMethods: [] }

    const some = computeTotals({ ...input, creditLines: [{ amount: 30 }] }, eur).totals
    const more = computeTotals({ ...input, creditLines: [{ amount: 70 }, { amount: 70 }] }, eur).totals

    expect([some.total, some.creditLineTotal]).toEqual(["70", "30"])
    expect([more.total, more.creditLineTotal]).toEqual(["0", "100"])
  })

  it.each([
    [{ unitPrice: -1 }, NotAnAmount],
    [{ unitPrice: "ten" }, NotAnAmount],
    [{ quantity: 1.5 }, NotAnAmount],
    [{ quantity: -1 }, NotAnAmount],
    [{ taxLines: [{ rate: -19 }] }, NotAnAmount],
    [{ adjustments: [{ amount: -1, isTaxInclusive: false }] }, NotAnAmount],
    [{ unitPrice: "1000000000000", quantity: 10 ** 9 }, AmountOutOfRange],
  ])("refuse %j", (line, error) => {
    expect(() => ofOne(line)).toThrow(error)
    expect(() => computeTotals({ items: [], shippingMethods: [aLine(line)] }, eur)).toThrow(error)
  })

  it("refuse credits that are negative, and say which", () => {
    const refused = () => computeTotals({ items: [], shippingMethods: [], creditLines: [{ amount: "-0.5" }] }, eur)

    expect(refused).toThrow(expect.objectContaining({ details: { value: '"-0.5"', reason: "negative" } }) as Error)
  })
})

describe("totals of any cart", () => {
  const money = (currency: Currency, max = 100_000) => anAmount({ min: 0, max, decimalDigits: currency.decimalDigits })
  const rate = fc.constantFrom("0", "5.5", "7", "8.875", "19", "20", "25", "100")
  const line = (currency: Currency) =>
    fc.record({
      unitPrice: fc.oneof(money(currency), anAmount({ min: 0, max: 10, decimalDigits: 5 })),
      quantity: fc.oneof(fc.integer({ min: 0, max: 20 }), fc.constant(1_000_000)),
      isTaxInclusive: fc.boolean(),
      adjustments: fc.array(fc.record({ amount: money(currency, 500), isTaxInclusive: fc.boolean() }), {
        maxLength: 3,
      }),
      taxLines: fc.array(fc.record({ rate }), { maxLength: 3 }),
    })
  const aCart = aCurrency().chain((currency) =>
    fc.record({
      currency: fc.constant(currency),
      items: fc.array(line(currency), { maxLength: 5 }),
      shippingMethods: fc.array(
        line(currency).map((method) => ({ ...method, quantity: 1 })),
        { maxLength: 2 },
      ),
      creditLines: fc.array(fc.record({ amount: money(currency) }), { maxLength: 2 }),
    }),
  )
  const holds = (check: (cart: TotalsInput, computed: ComputedTotals, currency: Currency) => void) =>
    fc.assert(
      fc.property(aCart, ({ currency, ...cart }) => check(cart, computeTotals(cart, currency), currency)),
      { numRuns: 2_000 },
    )
  const add = (values: readonly string[]) => sum(values).toString()

  it("are whole minor units and never below zero", () => {
    holds((_, { items, shippingMethods, totals }, currency) => {
      const all = [totals, ...[...items, ...shippingMethods].map((one) => one.totals)].flatMap((one) =>
        Object.values(one),
      )

      expect(all.every((value) => Amount.of(value).isWhole(currency) && !Amount.of(value).isNegative())).toBe(true)
    })
  })

  it("keep the identities of each line", () => {
    holds((_, { items, shippingMethods }) => {
      for (const { totals, adjustments, taxLines } of [...items, ...shippingMethods]) {
        const { subtotal, discountSubtotal, taxTotal, total, originalTotal, discountTotal, discountTaxTotal } = totals
        expect(Amount.of(subtotal).minus(discountSubtotal).plus(taxTotal).toString()).toBe(total)
        expect(Amount.of(originalTotal).minus(discountTotal).toString()).toBe(total)
        expect(add([discountSubtotal, discountTaxTotal])).toBe(discountTotal)
        expect(add([totals.originalSubtotal, totals.originalTaxTotal])).toBe(originalTotal)
        expect(add(adjustments.map((part) => part.subtotal))).toBe(discountSubtotal)
        expect(add(adjustments.map((part) => part.total))).toBe(discountTotal)
        expect(add(taxLines.map((part) => part.subtotal))).toBe(totals.originalTaxTotal)
        expect(add(taxLines.map((part) => part.total))).toBe(taxTotal)
      }
    })
  })

  it("add up from the lines to the whole", () => {
    holds((_, { items, shippingMethods, totals }) => {
      const of = (lines: typeof items, name: keyof LineTotals) => add(lines.map((one) => one.totals[name]))
      expect(of(items, "total")).toBe(totals.itemTotal)
      expect(of(shippingMethods, "total")).toBe(totals.shippingTotal)
      expect(of([...items, ...shippingMethods], "taxTotal")).toBe(totals.taxTotal)
      expect(of([...items, ...shippingMethods], "discountTotal")).toBe(totals.discountTotal)
      expect(add([totals.total, totals.creditLineTotal])).toBe(add([totals.itemTotal, totals.shippingTotal]))
      const { subtotal, taxTotal, discountSubtotal, creditLineTotal, total } = totals
      expect(Amount.of(subtotal).plus(taxTotal).minus(discountSubtotal).minus(creditLineTotal).toString()).toBe(total)
    })
  })

  it("are within a minor unit of the exact formula", () => {
    holds((cart, { items }, currency) => {
      const unit = Amount.fromMinor(1, currency)
      cart.items.forEach((input, index) => {
        if (input.adjustments.length > 0) return
        const rates = sum(input.taxLines.map((one) => one.rate))
        // Of what the line's price is rounded to: a fraction of a unit is not taxed.
        const price = Amount.of(input.unitPrice).times(input.quantity).roundTo(currency)
        const factor = Amount.of(1).plus(percentOf(rates, 1))
        const exact = input.isTaxInclusive ? price : price.times(factor)
        const difference = Amount.of(items[index]?.totals.total ?? -1).minus(exact)
        expect(difference.greaterThan(unit) || difference.lessThan(unit.negated())).toBe(false)
      })
    })
  })

  it("are equal for a gross price and the net price of the same gross", () => {
    fc.assert(
      fc.property(aCurrency(), rate, fc.nat(10_000_000), (currency, percent, units) => {
        const taxLines = [{ rate: percent }]
        const net = ofOne({ unitPrice: Amount.fromMinor(units, currency), taxLines }, currency).totals
        const gross = ofOne({ unitPrice: net.total, isTaxInclusive: true, taxLines }, currency).totals
        expect(gross).toEqual(net)
      }),
      { numRuns: 2_000 },
    )
  })
})
