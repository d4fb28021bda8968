import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Amount, type AmountLike, isAmount, isAmountLike, parseAmount } from "./amount.ts"
import { currencyOf } from "./currency.ts"
import { AmountOutOfRange, DivisionByZero, NotAnAmount, NotWhole } from "./money.errors.ts"

const eur = currencyOf("eur")
const jpy = currencyOf("jpy")
const kwd = currencyOf("kwd")

describe("reading an amount", () => {
  it.each<[AmountLike, string]>([
    ["10.5", "10.5"],
    ["10.50", "10.5"],
    ["-0.01", "-0.01"],
    ["0", "0"],
    ["-0", "0"],
    ["-0.000", "0"],
    ["999999999999999999.99999999999999999999", "999999999999999999.99999999999999999999"],
    ["10.50000000000000000000", "10.5"],
    [0, "0"],
    [-0, "0"],
    [19.99, "19.99"],
    [-0.1, "-0.1"],
    [1e-7, "0.0000001"],
    [1e-20, "0.00000000000000000001"],
    [123456789012.345, "123456789012.345"],
    [0.000123456789012345, "0.000123456789012345"],
    [Number.MAX_SAFE_INTEGER, "9007199254740991"],
    [12n, "12"],
    [-(10n ** 18n) + 1n, "-999999999999999999"],
    [Amount.of("7.25"), "7.25"],
  ])("takes %s as %s", (value, text) => {
    expect(Amount.of(value).toString()).toBe(text)
    expect(parseAmount(value).toString()).toBe(text)
    expect(isAmountLike(value)).toBe(true)
  })

  it.each([
    ["", "notation"],
    [" 1", "notation"],
    ["1 ", "notation"],
    ["1\n", "notation"],
    ["1,50", "notation"],
    ["1_000", "notation"],
    ["1e3", "notation"],
    ["1e999", "notation"],
    ["0x10", "notation"],
    ["+1", "notation"],
    [".5", "notation"],
    ["5.", "notation"],
    ["007", "notation"],
    ["--1", "notation"],
    ["-", "notation"],
    ["1.2.3", "notation"],
    ["NaN", "notation"],
    ["Infinity", "notation"],
    ["١", "notation"],
    ["1000000000000000000", "digits"],
    ["0.000000000000000000001", "digits"],
    [10n ** 18n, "digits"],
    [-(10n ** 18n), "digits"],
    [1e-21, "digits"],
    [1.23456789012345e-10, "digits"],
    [5e-324, "digits"],
    [0.1 + 0.2, "precision"],
    [1.1 * 1.1, "precision"],
    [1 / 3, "precision"],
    [4.35 * 100, "precision"],
    [Number.MAX_SAFE_INTEGER + 1, "precision"],
    [1e21, "precision"],
    [Number.MAX_VALUE, "precision"],
    [Number.NaN, "notation"],
    [Number.POSITIVE_INFINITY, "notation"],
    [Number.NEGATIVE_INFINITY, "notation"],
    [null, "type"],
    [undefined, "type"],
    [true, "type"],
    [[1], "type"],
    [{ value: "1" }, "type"],
    [new Date(0), "type"],
    [Symbol("1"), "type"],
  ])("refuses %s because of its %s", (value, reason) => {
    expect(() => parseAmount(value)).toThrow(NotAnAmount)
    expect(() => parseAmount(value)).toThrow(
      expect.objectContaining({ code: "money.not_an_amount", details: expect.objectContaining({ reason }) }),
    )
    expect(isAmountLike(value)).toBe(false)
  })

  it("says in a refusal what was given and what to do", () => {
    expect(() => Amount.of("1,50")).toThrow(
      '"1,50" is not an amount: write digits with a point before the decimals and nothing else, like "-1234.50"',
    )
  })

  it("keeps a refusal short, however long the input", () => {
    const refusal = new NotAnAmount("9".repeat(1_000_000), "digits")

    expect(refusal.message.length).toBeLessThan(200)
    expect(refusal.details.value.length).toBeLessThan(60)
  })

  it("refuses operands as it refuses amounts", () => {
    expect(() => Amount.of(1).plus("1,50")).toThrow(NotAnAmount)
    expect(() => Amount.of(1).times(Number.NaN)).toThrow(NotAnAmount)
    expect(() => Amount.of(1).compare("")).toThrow(NotAnAmount)
  })

  it("knows an amount from what only looks like one", () => {
    expect(isAmount(Amount.of(1))).toBe(true)
    expect(isAmount("1")).toBe(false)
    expect(isAmount({ value: "1" })).toBe(false)
  })
})

describe("writing an amount", () => {
  it("is a JSON number in JSON", () => {
    expect(JSON.stringify({ total: Amount.of("10.50"), tax: Amount.of("-0.0000001") })).toBe(
      '{"total":10.5,"tax":-1e-7}',
    )
  })

  it("is plain decimals in a text, without an exponent", () => {
    expect([Amount.of("0.00000001"), Amount.of("123456789012345678")].join(" ")).toBe("0.00000001 123456789012345678")
  })

  it("reads back every number of up to 15 significant digits that it gave", () => {
    const upTo15Digits = fc.tuple(fc.bigInt(-(10n ** 15n) + 1n, 10n ** 15n - 1n), fc.nat(20))
    fc.assert(
      fc.property(upTo15Digits, ([units, decimalDigits]) => {
        const amount = Amount.fromMinor(units, { decimalDigits })

        expect(Amount.of(amount.toNumber())).toEqual(amount)
      }),
    )
  })

  it("has no operators, which would compare or join texts", () => {
    const [nine, ten] = [Amount.of(9), Amount.of(10)]

    expect(() => nine < ten).toThrow(TypeError)
    // @ts-expect-error -- the compiler refuses this one already
    expect(() => nine + 1).toThrow(TypeError)
    expect(() => Number(nine)).toThrow(TypeError)
    expect(String(nine)).toBe("9")
  })

  it("differs for the deep equality of test runners when the value differs", () => {
    expect(Amount.of("1.0")).toEqual(Amount.of(1))
    expect(Amount.of(1)).not.toEqual(Amount.of(2))
    expect(Amount.of(0).negated()).toEqual(Amount.zero)
    expect(Amount.of(-1).times(0)).toEqual(Amount.zero)
  })
})

describe("computing", () => {
  it.each<[string, Amount, string]>([
    ["0.1 + 0.2", Amount.of("0.1").plus("0.2"), "0.3"],
    ["0.1 × 3", Amount.of("0.1").times(3), "0.3"],
    ["1 - 0.9", Amount.of(1).minus(0.9), "0.1"],
    ["3 × 9.99 × 0.19", Amount.of(9.99).times(3).times("0.19"), "5.6943"],
    ["121 / 1.21", Amount.of(121).dividedBy("1.21"), "100"],
    ["1 / 3", Amount.of(1).dividedBy(3), "0.33333333333333333333"],
    ["2 / 3", Amount.of(2).dividedBy(3), "0.66666666666666666667"],
    ["-2 / 3", Amount.of(-2).dividedBy(3), "-0.66666666666666666667"],
    ["0 / -3", Amount.of(0).dividedBy(-3), "0"],
    ["10^-20 × 0.5", Amount.of("0.00000000000000000001").times("0.5"), "0.00000000000000000001"],
    ["10^-20 × 0.4", Amount.of("0.00000000000000000001").times("0.4"), "0"],
    ["-(10^-20) × 0.4", Amount.of("-0.00000000000000000001").times("0.4"), "0"],
    ["-(5)", Amount.of(5).negated(), "-5"],
  ])("%s is exact to 20 decimals", (_, result, text) => {
    expect(result.toString()).toBe(text)
  })

  it("leaves its operands as they were", () => {
    const a = Amount.of("-12.34")
    const b = Amount.of("5.6")

    void [a.plus(b), a.minus(b), a.times(b), a.dividedBy(b), a.negated(), a.roundTo(jpy), a.compare(b), a.toMinor(eur)]

    expect([a.toString(), b.toString()]).toEqual(["-12.34", "5.6"])
  })

  it("refuses to divide by zero, and says so", () => {
    expect(() => Amount.of(5).dividedBy("0.00")).toThrow(DivisionByZero)
    expect(() => Amount.zero.dividedBy(0)).toThrow(DivisionByZero)
  })

  it.each([
    ["a sum", () => Amount.of("999999999999999999").plus(1)],
    ["a difference", () => Amount.of("-999999999999999999").minus("0.00000000000000000001").minus(1)],
    ["a product", () => Amount.of("1000000000").times("1000000000")],
    ["a quotient", () => Amount.of("100000000000000000").dividedBy("0.1")],
    [
      "a product rounded up",
      () => Amount.of("999999999999999999.99999999999999999999").times("1.00000000000000000001"),
    ],
    ["a rounding", () => Amount.of("999999999999999999.5").roundTo(jpy)],
  ])("refuses %s of more than 18 integer digits", (_, compute) => {
    expect(compute).toThrow(AmountOutOfRange)
  })
})

describe("comparing", () => {
  it.each<[AmountLike, AmountLike, number]>([
    [1, "1.00", 0],
    [0, "-0", 0],
    [9, 10, -1],
    ["0.1", "0.09", 1],
    [-2, -1, -1],
    [-1, 1, -1],
  ])("orders %s and %s by value", (a, b, order) => {
    const amount = Amount.of(a)

    expect(amount.compare(b)).toBe(order)
    expect(Amount.of(b).compare(a)).toBe(order === 0 ? 0 : -order)
    expect(amount.equals(b)).toBe(order === 0)
    expect(amount.lessThan(b)).toBe(order < 0)
    expect(amount.atMost(b)).toBe(order <= 0)
    expect(amount.greaterThan(b)).toBe(order > 0)
    expect(amount.atLeast(b)).toBe(order >= 0)
  })

  it.each([
    ["0.00", { zero: true, negative: false, positive: false }],
    ["-0.01", { zero: false, negative: true, positive: false }],
    ["0.01", { zero: false, negative: false, positive: true }],
  ])("knows the sign of %s", (value, { zero, negative, positive }) => {
    const amount = Amount.of(value)

    expect([amount.isZero(), amount.isNegative(), amount.isPositive()]).toEqual([zero, negative, positive])
  })
})

describe("minor units", () => {
  it.each([
    ["10.5", eur, 1050n],
    ["-0.05", eur, -5n],
    ["0.5", eur, 50n],
    ["0", eur, 0n],
    ["1200", jpy, 1200n],
    ["1.234", kwd, 1234n],
    ["-0.001", kwd, -1n],
    ["999999999999999999", kwd, 999999999999999999000n],
  ])("%s %j are as many as they should be, and back", (text, currency, units) => {
    const amount = Amount.of(text)

    expect(amount.isWhole(currency)).toBe(true)
    expect(amount.toMinor(currency)).toBe(units)
    expect(Amount.fromMinor(units, currency)).toEqual(amount)
  })

  it.each([
    ["0.005", eur],
    ["0.5", jpy],
    ["1.2345", kwd],
  ])("refuses to count %s, which has a fraction of one", (text, currency) => {
    const amount = Amount.of(text)

    expect(amount.isWhole(currency)).toBe(false)
    expect(() => amount.toMinor(currency)).toThrow(NotWhole)
  })

  it("takes safe integers and bigints only", () => {
    expect(Amount.fromMinor(1050, eur).toString()).toBe("10.5")
    expect(() => Amount.fromMinor(10.5, eur)).toThrow(NotAnAmount)
    expect(() => Amount.fromMinor(2 ** 53, eur)).toThrow(NotAnAmount)
    // @ts-expect-error -- JavaScript callers may give anything
    expect(() => Amount.fromMinor("1050", eur)).toThrow(NotAnAmount)
    expect(() => Amount.fromMinor(10n ** 20n, eur)).toThrow(AmountOutOfRange)
  })

  it.each([-1, 1.5, 21, Number.NaN])("takes no currency of %s digits", (decimalDigits) => {
    const currency = { decimalDigits }

    expect(() => Amount.of("1.5").roundTo(currency)).toThrow(RangeError)
    expect(() => Amount.of("1.5").isWhole(currency)).toThrow(RangeError)
    expect(() => Amount.of("1.5").toMinor(currency)).toThrow(RangeError)
    expect(() => Amount.fromMinor(1n, currency)).toThrow(RangeError)
  })
  it("takes no code of a currency for the currency", () => {
    // @ts-expect-error -- JavaScript callers may give anything
    expect(() => Amount.of("1.5").roundTo("eur")).toThrow(RangeError)
  })
})
