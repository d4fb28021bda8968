import { expect, it } from "vitest"
import type { AmountLike } from "./amount.ts"
import { currencyOf } from "./currency.ts"
import { format } from "./format.ts"
import { NotAnAmount } from "./money.errors.ts"

it.each<[AmountLike, string, string, string]>([
  ["1234.5", "eur", "en", "€1,234.50"],
  ["1234.5", "eur", "de", "1.234,50 €"],
  ["1234.5", "usd", "en-US", "$1,234.50"],
  ["1234.5", "jpy", "en", "¥1,235"],
  ["-2.5", "jpy", "en", "-¥3"],
  ["1.2345", "kwd", "en", "KWD 1.235"],
  ["1234.5", "idr", "en", "IDR 1,234.50"],
  ["-0.001", "eur", "en", "€0.00"],
  ["123456789012345678.91", "eur", "en", "€123,456,789,012,345,678.91"],
])("writes %s %s in %s as %s", (amount, code, locale, text) => {
  // Which kind of no-break space a locale puts in is a matter of the ICU version.
  expect(format(amount, currencyOf(code), locale).replaceAll(/\s/g, " ")).toBe(text)
})

it("writes English when no locale is named", () => {
  expect(format(5, currencyOf("gbp"))).toBe("£5.00")
})

it("keeps languages and currencies apart, however many were asked for before", () => {
  const eur = currencyOf("eur")
  for (let region = 0; region < 300; region++) format(1, eur, `de-x-${region}`)

  expect(format("1.5", eur, "de")).toContain("1,50")
  expect(format("1.5", eur, "en")).toContain("1.50")
  expect(format("1.5", currencyOf("usd"), "en")).toContain("$")
})

it("refuses what is no amount and what is no language tag", () => {
  expect(() => format("x", currencyOf("eur"))).toThrow(NotAnAmount)
  expect(() => format(1, currencyOf("eur"), "not a tag")).toThrow(RangeError)
})
