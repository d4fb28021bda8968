import { Amount } from "@marquetry/money"
import { anAmount } from "@marquetry/money/testing"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { areRulesMet, isRuleMet, type RuleContext, type RuleOperator } from "./match-rules.ts"

const met = (attribute: string, operator: RuleOperator, value: string | string[], context: RuleContext) =>
  isRuleMet({ attribute, operator, value }, context)

describe("a rule", () => {
  it.each<[string, RuleOperator, string | string[], RuleContext, boolean]>([
    ["a", "eq", "true", { a: "true" }, true],
    ["a", "eq", "true", { a: true }, true],
    ["a", "eq", "true", { a: false }, false],
    ["a", "eq", "false", { a: false }, true],
    ["a", "ne", "true", { a: "false" }, true],
    ["a", "ne", "true", { a: true }, false],
    ["a", "eq", "100", { a: "100.00" }, true],
    ["a", "eq", "100", { a: 100 }, true],
    ["a", "eq", "100", { a: "0100" }, false],
    ["a", "in", ["x", "y"], { a: "y" }, true],
    ["a", "in", ["x", "y"], { a: "z" }, false],
    ["a", "nin", ["x", "y"], { a: "z" }, true],
    ["a", "nin", ["x", "y"], { a: ["z", "x"] }, false],
    ["a", "eq", "x", { a: ["z", "x"] }, true],
    ["a", "gt", "9", { a: "10" }, true],
    ["a", "gt", "9", { a: Amount.of("9.01") }, true],
    ["a", "gt", "9", { a: 9 }, false],
    ["a", "gte", "9", { a: "9.0" }, true],
    ["a", "lt", "9007199254740993", { a: "9007199254740992" }, true],
    ["a", "lte", "9", { a: 9 }, true],
    ["a", "lt", "9", { a: "many" }, false],
    ["a.b", "eq", "x", { a: { b: "x" } }, true],
    ["a.b", "eq", "x", { "a.b": "x" }, true],
    ["a.b.c", "eq", "x", { a: [{ b: { c: "y" } }, { b: { c: "x" } }] }, true],
  ])("on %s that is %s %j is, in %j, met: %s", (attribute, operator, value, context, expected) => {
    expect(met(attribute, operator, value, context)).toBe(expected)
  })

  it.each<[string, RuleContext]>([
    ["stated", {}],
    ["known", { a: null }],
    ["a value", { a: { b: 1 } }],
    ["its own", Object.create({ a: "x" }) as RuleContext],
  ])("is not met by what is not %s, not even by being different", (_, context) => {
    expect(met("a", "ne", "x", context)).toBe(false)
    expect(met("a", "nin", ["x"], context)).toBe(false)
  })

  it("is met by no value where it wants none", () => {
    expect(met("a", "nin", ["x"], { a: [] })).toBe(true)
    expect(met("a", "eq", "x", { a: [] })).toBe(false)
  })

  it("takes integers of any size", () => {
    expect(met("a", "eq", "9007199254740993", { a: 9_007_199_254_740_993n })).toBe(true)
  })

  it("compares as amounts do", () => {
    fc.assert(
      fc.property(anAmount(), anAmount(), (one, other) => {
        const context = { a: one.toString() }
        expect(met("a", "gt", other.toString(), context)).toBe(one.greaterThan(other))
        expect(met("a", "lte", other.toString(), context)).toBe(one.atMost(other))
        expect(met("a", "eq", other.toString(), context)).toBe(one.equals(other))
      }),
    )
  })
})

it("has to be met with all others", () => {
  const rules = [
    { attribute: "enabled_in_store", operator: "eq", value: "true" },
    { attribute: "is_return", operator: "eq", value: "false" },
  ] as const

  expect(areRulesMet(rules, { enabled_in_store: true, is_return: false })).toBe(true)
  expect(areRulesMet(rules, { enabled_in_store: "true", is_return: "true" })).toBe(false)
  expect(areRulesMet([], {})).toBe(true)
})
