import { expect, it } from "vitest"
import { allocate } from "./allocate.ts"
import { Amount } from "./amount.ts"
import { currencyOf } from "./currency.ts"
import { MoneyError } from "./money.errors.ts"

it.each<[string, string, () => unknown]>([
  ["money.not_an_amount", "NotAnAmount", () => Amount.of("1,50")],
  ["money.out_of_range", "AmountOutOfRange", () => Amount.of("1000000000").times("1000000000")],
  ["money.division_by_zero", "DivisionByZero", () => Amount.of(1).dividedBy(0)],
  ["money.not_whole", "NotWhole", () => Amount.of("0.001").toMinor(currencyOf("eur"))],
  ["money.unknown_currency", "UnknownCurrency", () => currencyOf("xxx")],
  ["money.not_allocatable", "NotAllocatable", () => allocate(1, [])],
])("%s is thrown as %s, in the shape of the kernel's errors", (code, name, provoke) => {
  expect(provoke).toThrow(MoneyError)
  expect(provoke).toThrow(
    expect.objectContaining({ code, name, kind: "invalid", message: expect.any(String), details: expect.any(Object) }),
  )
})
