import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { allocate, allocateAmount } from "./allocate.ts"
import { sum } from "./arithmetic.ts"
import { currencyOf } from "./currency.ts"
import { NotAllocatable, NotAnAmount, NotWhole } from "./money.errors.ts"
import { aCurrency, anAmount } from "./testing.ts"

describe("splitting minor units", () => {
  it.each([
    [100, [1, 1, 1], [34, 33, 33]],
    [101, [1, 1, 1], [34, 34, 33]],
    [5, [3, 7], [2, 3]],
    [10, [2, 1], [7, 3]],
    [1, [1, 1], [1, 0]],
    [1, [1, 2], [0, 1]],
    [0, [1, 2], [0, 0]],
    [7, [0, 1, 0], [0, 7, 0]],
    [3, [1, 1, 1, 1, 1], [1, 1, 1, 0, 0]],
    [-100, [1, 1, 1], [-34, -33, -33]],
    // Exact shares 4.9, 3.1 and 2.
    [10, [490, 310, 200], [5, 3, 2]],
    // Products beyond the safe integers.
    [Number.MAX_SAFE_INTEGER, [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER], [4503599627370496, 4503599627370495]],
  ])("gives %j in proportion %j as %j", (total, weights, parts) => {
    expect(allocate(total, weights)).toEqual(parts)
    expect(allocate(BigInt(total), weights.map(BigInt))).toEqual(parts.map(BigInt))
  })

  it("has no negative zero among the parts of a debt", () => {
    expect(allocate(-1, [0, 1])).toEqual([0, -1])
  })

  it.each([
    [100, [], "no_weight"],
    [100, [0, 0], "no_weight"],
    [0, [0], "no_weight"],
    [100, [2, -1], "negative_weight"],
    [1.5, [1], "not_an_integer"],
    [2 ** 53, [1], "not_an_integer"],
    [Number.NaN, [1], "not_an_integer"],
    [100, [1, 0.5], "not_an_integer"],
    [100, [Number.POSITIVE_INFINITY], "not_an_integer"],
  ])("refuses to split %s in proportion %j: %s", (total, weights, reason) => {
    expect(() => allocate(total, weights)).toThrow(NotAllocatable)
    expect(() => allocate(total, weights)).toThrow(
      expect.objectContaining({ code: "money.not_allocatable", details: { total: String(total), reason } }),
    )
  })

  const someWeights = fc.array(fc.oneof(fc.bigInt(0n, 10n), fc.bigInt(0n, 10n ** 12n)), { minLength: 1, maxLength: 20 })
  const aSplit = fc
    .tuple(fc.oneof(fc.bigInt(-100n, 100n), fc.bigInt(-(10n ** 15n), 10n ** 15n)), someWeights)
    .filter(([, weights]) => weights.some((weight) => weight > 0n))

  it("neither loses nor invents a minor unit", () => {
    fc.assert(
      fc.property(aSplit, ([total, weights]) => {
        expect(add(allocate(total, weights))).toBe(total)
      }),
    )
  })

  it("gives each part less than one unit more or less than its exact share, and nothing for no weight", () => {
    fc.assert(
      fc.property(aSplit, ([total, weights]) => {
        const whole = add(weights)
        for (const [index, part] of allocate(total, weights).entries()) {
          // For no weight this says that the part is zero.
          expect(sizeOf(part * whole - total * weights[index]!)).toBeLessThan(whole)
        }
      }),
    )
  })

  it("rounds up the parts with the largest remainders, and of equal ones the earlier", () => {
    fc.assert(
      fc.property(aSplit, ([total, weights]) => {
        const whole = add(weights)
        const size = sizeOf(total)
        const shares = allocate(total, weights).map((part, index) => {
          const product = size * weights[index]!
          return { index, roundedUp: sizeOf(part) > product / whole, remainder: product % whole }
        })
        for (const up of shares.filter(({ roundedUp }) => roundedUp)) {
          for (const down of shares.filter(({ roundedUp }) => !roundedUp)) {
            expect(
              up.remainder > down.remainder || (up.remainder === down.remainder && up.index < down.index),
              `part ${up.index} before part ${down.index}`,
            ).toBe(true)
          }
        }
      }),
    )
  })

  it("splits a debt like a credit", () => {
    fc.assert(
      fc.property(aSplit, ([total, weights]) => {
        expect(allocate(-total, weights)).toEqual(allocate(total, weights).map((part) => -part))
      }),
    )
  })

  it("depends on the proportion of the weights alone", () => {
    fc.assert(
      fc.property(aSplit, fc.bigInt(1n, 1000n), ([total, weights], factor) => {
        expect(
          allocate(
            total,
            weights.map((weight) => weight * factor),
          ),
        ).toEqual(allocate(total, weights))
      }),
    )
  })
})

describe("splitting amounts", () => {
  it.each([
    ["10", ["1", "1", "1"], "eur", ["3.34", "3.33", "3.33"]],
    ["10", ["19.99", "5.01"], "eur", ["8", "2"]],
    ["-10", ["1", "1", "1"], "eur", ["-3.34", "-3.33", "-3.33"]],
    ["1000", ["1", "1", "1"], "jpy", ["334", "333", "333"]],
    ["1", ["1", "1", "1"], "kwd", ["0.334", "0.333", "0.333"]],
    ["0.01", ["0.001", "0.002"], "eur", ["0", "0.01"]],
    ["0", ["5", "7.5"], "eur", ["0", "0"]],
  ])("gives %s in proportion %j of %s as %j", (total, weights, code, parts) => {
    expect(allocateAmount(total, weights, currencyOf(code)).map(String)).toEqual(parts)
  })

  it("adds up to the total in every currency, in parts that can be paid", () => {
    const weights = fc.array(anAmount({ min: 0, max: 1000, decimalDigits: 4 }), { minLength: 1, maxLength: 10 })
    fc.assert(
      fc.property(anAmount({ decimalDigits: 4 }), weights, aCurrency(), (amount, weights, currency) => {
        fc.pre(weights.some((weight) => weight.isPositive()))
        const total = amount.roundTo(currency)

        const parts = allocateAmount(total, weights, currency)

        expect(sum(parts)).toEqual(total)
        expect(parts.every((part) => part.isWhole(currency))).toBe(true)
        expect(parts).toHaveLength(weights.length)
      }),
    )
  })

  it("refuses what cannot be split", () => {
    const eur = currencyOf("eur")

    expect(() => allocateAmount("0.005", [1], eur)).toThrow(NotWhole)
    expect(() => allocateAmount(1, [], eur)).toThrow(NotAllocatable)
    expect(() => allocateAmount(1, [1, "-0.5"], eur)).toThrow(NotAllocatable)
    expect(() => allocateAmount(1, ["x"], eur)).toThrow(NotAnAmount)
  })
})

function add(values: readonly bigint[]): bigint {
  return values.reduce((a, b) => a + b, 0n)
}

function sizeOf(value: bigint): bigint {
  return value < 0n ? -value : value
}
