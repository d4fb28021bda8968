import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Amount, type RoundingMode } from "./amount.ts"
import { currencyOf } from "./currency.ts"
import { aCurrency, anAmount } from "./testing.ts"

describe("rounding to a currency", () => {
  it.each([
    // amount, code, half up, half even
    ["5.6943", "eur", "5.69", "5.69"],
    ["0.124", "eur", "0.12", "0.12"],
    ["0.125", "eur", "0.13", "0.12"],
    ["0.135", "eur", "0.14", "0.14"],
    ["-0.125", "eur", "-0.13", "-0.12"],
    ["-0.135", "eur", "-0.14", "-0.14"],
    ["1.005", "eur", "1.01", "1"],
    ["0.005", "eur", "0.01", "0"],
    ["-0.005", "eur", "-0.01", "0"],
    ["0.0050001", "eur", "0.01", "0.01"],
    ["0.00499999999999999999", "eur", "0", "0"],
    ["-0.004", "eur", "0", "0"],
    ["9.995", "eur", "10", "10"],
    ["99.99", "eur", "99.99", "99.99"],
    ["0.5", "jpy", "1", "0"],
    ["1.5", "jpy", "2", "2"],
    ["2.5", "jpy", "3", "2"],
    ["-2.5", "jpy", "-3", "-2"],
    ["1199.4999", "jpy", "1199", "1199"],
    ["0.0005", "kwd", "0.001", "0"],
    ["1.2345", "kwd", "1.235", "1.234"],
    ["-1.2355", "kwd", "-1.236", "-1.236"],
    ["0.00005", "clf", "0.0001", "0"],
  ])("%s %s is %s half up and %s half even", (text, code, halfUp, halfEven) => {
    const amount = Amount.of(text)
    const currency = currencyOf(code)

    expect(amount.roundTo(currency)).toEqual(Amount.of(halfUp))
    expect(amount.roundTo(currency, "half_up")).toEqual(Amount.of(halfUp))
    expect(amount.roundTo(currency, "half_even")).toEqual(Amount.of(halfEven))
  })

  const aMode = fc.constantFrom<RoundingMode>("half_up", "half_even")
  const fine = anAmount({ min: -1000, max: 1000, decimalDigits: 6 })

  it("gives a whole number of minor units, at most half a unit away", () => {
    fc.assert(
      fc.property(fine, aCurrency(), aMode, (amount, currency, mode) => {
        const rounded = amount.roundTo(currency, mode)
        const half = Amount.fromMinor(1, currency).dividedBy(2)

        expect(rounded.isWhole(currency)).toBe(true)
        expect(rounded.minus(amount).atMost(half)).toBe(true)
        expect(amount.minus(rounded).atMost(half)).toBe(true)
      }),
    )
  })

  it("changes nothing the second time", () => {
    fc.assert(
      fc.property(fine, aCurrency(), aMode, (amount, currency, mode) => {
        const rounded = amount.roundTo(currency, mode)

        expect(rounded.roundTo(currency, mode)).toBe(rounded)
      }),
    )
  })

  it("keeps the order of amounts", () => {
    fc.assert(
      fc.property(fine, fine, aCurrency(), aMode, (a, b, currency, mode) => {
        fc.pre(a.lessThan(b))

        expect(a.roundTo(currency, mode).atMost(b.roundTo(currency, mode))).toBe(true)
      }),
    )
  })

  it("treats a debt like a credit", () => {
    fc.assert(
      fc.property(fine, aCurrency(), aMode, (amount, currency, mode) => {
        expect(amount.negated().roundTo(currency, mode)).toEqual(amount.roundTo(currency, mode).negated())
      }),
    )
  })

  it("takes ties away from zero half up, and to the even unit half even", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), aCurrency(), (below, currency) => {
        const tie = Amount.fromMinor(2 * below + 1, currency).dividedBy(2)

        expect(tie.roundTo(currency).toMinor(currency)).toBe(BigInt(below + 1))
        expect(tie.roundTo(currency, "half_even").toMinor(currency)).toBe(BigInt(below + (below % 2)))
      }),
    )
  })

  it("rounds a quotient as if it had not been rounded before", () => {
    const aDivisor = fc.oneof(
      fc.bigInt(1n, 1000n * 10n ** 12n).map((units) => Amount.fromMinor(units, { decimalDigits: 12 })),
      fc.integer({ min: 1, max: 999 }).map((units) => Amount.fromMinor(units, { decimalDigits: 2 })),
    )
    const aDividend = fc.oneof(fine, anAmount({ min: -10, max: 10, decimalDigits: 12 }))
    fc.assert(
      fc.property(aDividend, aDivisor, aCurrency(), (dividend, divisor, currency) => {
        const numerator = dividend.toMinor({ decimalDigits: 20 }) * 10n ** BigInt(currency.decimalDigits)
        const denominator = divisor.toMinor({ decimalDigits: 20 })

        expect(dividend.dividedBy(divisor).roundTo(currency).toMinor(currency)).toBe(nearest(numerator, denominator))
      }),
      { numRuns: 1000 },
    )
  })
})

/** The nearest integer to a fraction with a positive denominator, ties away from zero. */
function nearest(numerator: bigint, denominator: bigint): bigint {
  const size = numerator < 0n ? -numerator : numerator
  const rounded = (2n * size + denominator) / (2n * denominator)
  return numerator < 0n ? -rounded : rounded
}
