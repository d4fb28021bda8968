import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Amount, type AmountLike } from "./amount.ts"
import { max, min, percentOf, sum } from "./arithmetic.ts"
import { AmountOutOfRange, NotAnAmount } from "./money.errors.ts"
import { anAmount } from "./testing.ts"

const prices = anAmount({ decimalDigits: 4 })
const rates = anAmount({ min: -100, max: 100, decimalDigits: 4 })

describe("laws of arithmetic", () => {
  it("adds in any order and grouping", () => {
    fc.assert(
      fc.property(prices, prices, prices, (a, b, c) => {
        expect(a.plus(b)).toEqual(b.plus(a))
        expect(a.plus(b).plus(c)).toEqual(a.plus(b.plus(c)))
      }),
    )
  })

  it("multiplies in any order and grouping, and distributes over sums", () => {
    fc.assert(
      fc.property(prices, rates, rates, (a, b, c) => {
        expect(a.times(b)).toEqual(b.times(a))
        expect(a.times(b).times(c)).toEqual(a.times(b.times(c)))
        expect(a.times(b.plus(c))).toEqual(a.times(b).plus(a.times(c)))
      }),
    )
  })

  it("has a neutral zero and one, and undoes what it did", () => {
    fc.assert(
      fc.property(prices, prices, (a, b) => {
        expect(a.plus(0)).toEqual(a)
        expect(a.times(1)).toEqual(a)
        expect(a.times(0)).toEqual(Amount.zero)
        expect(a.plus(b).minus(b)).toEqual(a)
        expect(a.minus(b)).toEqual(b.negated().plus(a))
        expect(a.negated().negated()).toEqual(a)
      }),
    )
  })

  it("agrees with integer arithmetic on the whole range", () => {
    const scale = 10n ** 20n
    const any = fc.oneof(
      fc.bigInt(-(10n ** 38n) + 1n, 10n ** 38n - 1n),
      fc.bigInt(-(10n ** 28n), 10n ** 28n),
      fc.integer({ min: -1_000_000, max: 1_000_000 }).map((cents) => BigInt(cents) * 10n ** 18n),
    )
    fc.assert(
      fc.property(any, any, (x, y) => {
        const a = Amount.fromMinor(x, finest)
        const b = Amount.fromMinor(y, finest)

        expect(units(() => a.plus(b))).toBe(inRange(x + y))
        expect(units(() => a.minus(b))).toBe(inRange(x - y))
        expect(units(() => a.times(b))).toBe(inRange(nearest(x * y, scale)))
        expect(a.compare(b)).toBe(x < y ? -1 : Number(x > y))
        fc.pre(y !== 0n)
        expect(units(() => a.dividedBy(b))).toBe(inRange(nearest(x * scale, y)))
      }),
      { numRuns: 2000 },
    )
  })

  it("prints what it can read back, over the whole range", () => {
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 38n) + 1n, 10n ** 38n - 1n), fc.nat(20), (units, decimalDigits) => {
        const amount = Amount.fromMinor(units / 10n ** BigInt(20 - decimalDigits), { decimalDigits })

        expect(amount.toString()).toMatch(/^-?(0|[1-9]\d*)(\.\d*[1-9])?$/)
        expect(Amount.of(amount.toString())).toEqual(amount)
      }),
    )
  })
})

describe("sum, min and max", () => {
  it("adds up any number of amounts", () => {
    expect(sum([]).toString()).toBe("0")
    expect(sum(["0.1", 0.2, 3n, Amount.of("-0.3")]).toString()).toBe("3")
    expect(sum(new Set([1, 2])).toString()).toBe("3")
    expect(sum(Array.from({ length: 200_000 }, () => "0.01")).toString()).toBe("2000")
  })

  it.each<[AmountLike[], string, string]>([
    [[5], "5", "5"],
    [[9, 10], "9", "10"],
    [["-1", 0, "0.5"], "-1", "0.5"],
    [["2.50", "2.5"], "2.5", "2.5"],
  ])("finds the least and the greatest of %s", ([first, ...others], least, greatest) => {
    expect(min(first!, ...others).toString()).toBe(least)
    expect(max(first!, ...others).toString()).toBe(greatest)
  })

  it("prefers the first of equal amounts", () => {
    const [a, b] = [Amount.of(1), Amount.of("1.0")]

    expect(min(a, b)).toBe(a)
    expect(max(a, b)).toBe(a)
  })

  it("refuses what is no amount", () => {
    expect(() => sum(["1", "x"])).toThrow(NotAnAmount)
    expect(() => min(1, "x")).toThrow(NotAnAmount)
    expect(() => max("x")).toThrow(NotAnAmount)
  })
})

describe("per cent", () => {
  it.each<[AmountLike, AmountLike, string]>([
    [19, 200, "38"],
    [10, "19.99", "1.999"],
    ["7.7", 100, "7.7"],
    ["8.875", "49.95", "4.4330625"],
    [100, "0.01", "0.01"],
    [250, 4, "10"],
    [-5, 10, "-0.5"],
    [0, 10, "0"],
  ])("%s %% of %s is %s", (percent, base, text) => {
    expect(percentOf(percent, base).toString()).toBe(text)
  })
})

describe("known answers", () => {
  const eur = { decimalDigits: 2 }

  it("taxes 2 × 100 at 19 % with 10 % off as in the contract", () => {
    const subtotal = Amount.of(100).times(2)
    const discount = percentOf(10, subtotal).roundTo(eur)
    const tax = percentOf(19, subtotal.minus(discount)).roundTo(eur)
    const total = subtotal.minus(discount).plus(tax)

    expect([subtotal, discount, tax, total].map(String)).toEqual(["200", "20", "34.2", "214.2"])
  })

  it("takes 21 % out of a price that includes it as in the contract", () => {
    const net = Amount.of(121).dividedBy("1.21")
    const gross = percentOf(10, 121)

    expect(net.toString()).toBe("100")
    expect(Amount.of(121).minus(gross).toString()).toBe("108.9")
    expect(percentOf(21, net.minus(gross.dividedBy("1.21"))).toString()).toBe("18.9")
  })
})

const finest = { decimalDigits: 20 }

/** What a computation answers, in units of the last decimal; or the code of the error it refuses with. */
function units(compute: () => Amount): bigint | string {
  try {
    return compute().toMinor(finest)
  } catch (error) {
    if (error instanceof AmountOutOfRange) return error.code
    throw error
  }
}

function inRange(value: bigint): bigint | string {
  return sizeOf(value) < 10n ** 38n ? value : "money.out_of_range"
}

/** The nearest integer to a fraction, ties away from zero. */
function nearest(numerator: bigint, denominator: bigint): bigint {
  const rounded = (2n * sizeOf(numerator) + sizeOf(denominator)) / (2n * sizeOf(denominator))
  return numerator < 0n === denominator < 0n ? rounded : -rounded
}

function sizeOf(value: bigint): bigint {
  return value < 0n ? -value : value
}
