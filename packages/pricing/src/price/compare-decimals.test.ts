import fc from "fast-check"
import { expect, it } from "vitest"
import { compareDecimals, isDecimal } from "./compare-decimals.ts"

it.each([
  ["9", "10", -1],
  ["10.0", "10", 0],
  ["0.1", "0.10000000000000000001", -1],
  ["999999999999999999", "999999999999999998", 1],
  ["-2", "1", -1],
])("compares %s with %s", (a, b, expected) => {
  expect(Math.sign(compareDecimals(a, b))).toBe(expected)
})

it("compares any two as exactly as whole numbers are", () => {
  const units = fc.bigInt({ min: 0n, max: 10n ** 22n - 10n })
  const decimal = (value: bigint) => `${value / 10_000n}.${String(value % 10_000n).padStart(4, "0")}`

  fc.assert(
    fc.property(units, fc.oneof(units, fc.constant(undefined)), fc.bigInt({ min: 0n, max: 3n }), (a, other, near) => {
      const b = other ?? a + near
      expect(Math.sign(compareDecimals(decimal(a), decimal(b)))).toBe(a < b ? -1 : a > b ? 1 : 0)
    }),
  )
})

it.each(["0123", "1e3", "", " 1", "1.", ".5", "abc", "+1", "NaN"])("takes %j for no decimal", (text) => {
  expect(isDecimal(text)).toBe(false)
})
