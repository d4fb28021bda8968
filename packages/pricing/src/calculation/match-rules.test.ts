import { describe, expect, it } from "vitest"
import type { RuleOperator } from "../price/price.types.ts"
import { isListRuleMet, isRuleMet } from "./match-rules.ts"

describe("a rule", () => {
  it.each<[RuleOperator, string | string[], string[], boolean]>([
    ["eq", "reg_1", ["reg_1"], true],
    ["eq", "reg_1", ["reg_2", "reg_1"], true],
    ["eq", "reg_1", ["reg_2"], false],
    ["eq", "reg_1", [], false],
    ["eq", "100", ["100.00"], true],
    ["eq", "01234", ["1234"], false],
    ["ne", "reg_1", ["reg_2"], true],
    ["ne", "reg_1", ["reg_2", "reg_1"], false],
    ["ne", "reg_1", [], true],
    ["ne", "100", ["100.0"], false],
    ["in", ["a", "b"], ["c", "b"], true],
    ["in", ["a", "b"], ["c"], false],
    ["nin", ["a", "b"], ["c"], true],
    ["nin", ["a", "b"], ["c", "b"], false],
    ["nin", ["a", "b"], [], true],
    ["gt", "100", ["100"], false],
    ["gt", "100", ["100.01"], true],
    ["gte", "100", ["100.00"], true],
    ["gte", "100", ["99.999999999999999999"], false],
    ["gte", "100", ["9"], false],
    ["gte", "100", ["lots"], false],
    ["gte", "100", [], false],
    ["lt", "100", ["9"], true],
    ["lt", "100", ["100"], false],
    ["lt", "100", ["-5"], true],
    ["lte", "100", ["100"], true],
    ["lte", "100", ["100.1", "3"], true],
  ])("%s %j, held against %j: %s", (operator, value, stated, met) => {
    const rule = { attribute: "x", operator, value, priority: 0 }

    expect(isRuleMet(rule, new Map([["x", stated]]))).toBe(met)
  })

  it.each<[RuleOperator, string | string[]]>([
    ["eq", "1"],
    ["ne", "1"],
    ["lt", "1"],
    ["in", ["1"]],
    ["nin", ["1"]],
  ])("%s %j is not met by an attribute that is not stated", (operator, value) => {
    expect(isRuleMet({ attribute: "x", operator, value, priority: 0 }, new Map([["y", ["1"]]]))).toBe(false)
  })

  it("of a list is met by one of its values", () => {
    const rule = { attribute: "customer.groups.id", value: ["a", "b"] }

    expect(isListRuleMet(rule, new Map([["customer.groups.id", ["c", "b"]]]))).toBe(true)
    expect(isListRuleMet(rule, new Map([["customer.groups.id", ["c"]]]))).toBe(false)
    expect(isListRuleMet(rule, new Map())).toBe(false)
  })
})
