import fc from "fast-check"
import { expect, it } from "vitest"
import { Amount } from "./amount.ts"
import { aCurrency, anAmount } from "./testing.ts"

it("makes amounts within the bounds that were asked for, and no finer", () => {
  fc.assert(
    fc.property(anAmount({ min: "-0.005", max: 7, decimalDigits: 3 }), (amount) => {
      expect(amount.atLeast("-0.005") && amount.atMost(7)).toBe(true)
      expect(amount.isWhole({ decimalDigits: 3 })).toBe(true)
    }),
  )
})

it("makes both bounds, and shrinks to zero", () => {
  const seen = new Set(fc.sample(anAmount({ min: 0, max: "0.02" }), 200).map(String))
  const failed = fc.check(fc.property(anAmount(), () => false))

  expect([...seen].toSorted()).toEqual(["0", "0.01", "0.02"])
  expect(failed.counterexample).toEqual([Amount.zero])
})

it("makes currencies of 0, 2, 3 and 4 digits", () => {
  const digits = new Set(fc.sample(aCurrency(), 200).map(({ decimalDigits }) => decimalDigits))

  expect(digits).toEqual(new Set([0, 2, 3, 4]))
})
