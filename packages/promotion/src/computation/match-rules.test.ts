import { describe, expect, it } from "vitest"
import { aCart, aMethod, anItem, is } from "../../test/carts.ts"
import type { RuleOperator } from "../promotion/promotion.types.ts"
import { isRuleMet, ITEMS, lookupIn, lookupInCart } from "./match-rules.ts"

describe("a rule", () => {
  const attributes: Record<string, string | string[]> = {
    one: "a",
    many: ["a", "b"],
    none: [],
    total: "100.00",
    quantities: ["5", "50"],
    word: "many",
    long: "123456789012345678.5",
  }

  it.each<[boolean, string, RuleOperator, string[]]>([
    [true, "one", "eq", ["a"]],
    [false, "one", "eq", ["b"]],
    [true, "one", "in", ["b", "a"]],
    [true, "many", "eq", ["b"]],
    [false, "many", "in", ["c", "d"]],
    [false, "one", "ne", ["a"]],
    [true, "one", "ne", ["b", "c"]],
    [false, "many", "ne", ["b"]],
    [false, "none", "eq", ["a"]],
    [true, "none", "ne", ["a"]],
    [false, "unknown", "eq", ["a"]],
    [false, "unknown", "ne", ["a"]],
    [false, "constructor", "ne", ["a"]],
    [true, "total", "eq", ["100"]],
    [true, "total", "gte", ["100"]],
    [false, "total", "gt", ["100"]],
    [true, "total", "gt", ["99.99"]],
    [true, "total", "lte", ["100.0"]],
    [false, "total", "lt", ["20"]],
    [true, "quantities", "gt", ["20"]],
    [true, "quantities", "lt", ["20"]],
    [false, "none", "lt", ["20"]],
    [false, "word", "gt", ["0"]],
    [false, "total", "gt", ["few"]],
    [true, "long", "gt", ["123456789012345678.4"]],
  ])("is met (%s): %s %s %j", (met, attribute, operator, values) => {
    expect(isRuleMet({ attribute, operator, values }, lookupIn(attributes, ITEMS))).toBe(met)
  })

  it.each([
    ["items.product.id", { "items.product.id": "p" }],
    ["product.id", { "items.product.id": "p" }],
    ["items.product.id", { "product.id": "p" }],
    ["product.id", { "product.id": ["p", "q"] }],
  ])("finds %s of a line in %j", (attribute, attributes) => {
    expect(isRuleMet(is(attribute, "p"), lookupIn(attributes, ITEMS))).toBe(true)
  })
})

describe("the attributes of a cart", () => {
  const cart = aCart([anItem("a", 1, 1), anItem("b", 1, 1), anItem("c", 1, 1, { attributes: {} })], [aMethod("x", 1)], {
    customerId: "cus_1",
    email: null,
    attributes: { "region.id": "reg_1" },
  })
  const lookup = lookupInCart(cart)

  it.each([
    ["region.id", ["reg_1"]],
    ["currency_code", ["eur"]],
    ["customer.id", ["cus_1"]],
    ["email", undefined],
    ["items.product.id", ["a", "b"]],
    ["items.product.type_id", undefined],
    ["shipping_methods.shipping_option.shipping_option_type_id", ["x"]],
    ["product.id", undefined],
  ])("have %s: %j", (attribute, values) => {
    expect(lookup(attribute)).toEqual(values)
  })
})
