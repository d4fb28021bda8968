import { Amount } from "@marquetry/money"
import { describe, expect, it } from "vitest"
import { fromStripe, toStripe } from "./stripe-amount.ts"

describe("amounts, as Stripe writes them", () => {
  it.each([
    ["eur", "10.5", 1_050, "10.5"],
    ["huf", "10.5", 1_050, "10.5"],
    ["jpy", "500", 500, "500"],
    ["mga", "500.4", 500, "500"],
    ["isk", "5", 500, "5"],
    ["ugx", "5", 500, "5"],
    ["kwd", "5.124", 5_120, "5.12"],
    ["kwd", "5.125", 5_130, "5.13"],
    ["bhd", "5.1", 5_100, "5.1"],
  ])("of %s: %s are %i", (currencyCode, amount, units, charged) => {
    expect(toStripe(Amount.of(amount), currencyCode)).toBe(units)
    expect(fromStripe(units, currencyCode).toString()).toBe(charged)
  })
})
