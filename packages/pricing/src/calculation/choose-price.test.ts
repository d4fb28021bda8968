import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { PriceRule } from "../price/price.types.ts"
import { choosePrice, type Candidate, type CandidateList, type Situation } from "./choose-price.ts"
import { aCandidates, aSituation, referenceChoice } from "../../test/reference.ts"
import { explainPrices } from "./explain-price.ts"

const rule = (attribute: string, value: string, operator: PriceRule["operator"] = "eq"): PriceRule => ({
  attribute,
  operator,
  value,
  priority: 0,
})
const german = rule("region_id", "reg_de")
const vip = rule("customer.groups.id", "cusgroup_vip")

const price = (id: string, amount: string, overrides: Partial<Candidate> = {}): Candidate => ({
  id,
  amount,
  currencyCode: "eur",
  minQuantity: null,
  maxQuantity: null,
  rules: [],
  list: null,
  ...overrides,
})
const list = (id: string, overrides: Partial<CandidateList> = {}): CandidateList => ({
  id,
  type: "sale",
  status: "active",
  startsAt: null,
  endsAt: null,
  rules: [],
  ...overrides,
})
const sale = list("plist_sale")
const override = list("plist_override", { type: "override" })

const at = "2026-06-15T12:00:00.000Z"
const situation = (overrides: Partial<Situation> = {}): Situation => ({
  currencyCode: "eur",
  quantity: "1",
  attributes: new Map([
    ["region_id", ["reg_de"]],
    ["customer.groups.id", ["cusgroup_vip", "cusgroup_staff"]],
  ]),
  at,
  ...overrides,
})
const guest = situation({ attributes: new Map([["region_id", ["reg_fr"]]]) })

const chosen = (candidates: readonly Candidate[], where: Situation = situation()) => {
  const choice = choosePrice(candidates, where)
  return choice && [choice.calculated.id, choice.original.id]
}

describe("choosing among base prices", () => {
  const base = price("base", "10")
  const region = price("region", "12", { rules: [german] })
  const group = price("group", "9", { rules: [vip] })
  const both = price("both", "15", { rules: [german, vip] })

  it.each([
    ["the base price where there is no other", [base], situation(), "base"],
    ["the price of the region over the base price, though it is dearer", [base, region], situation(), "region"],
    ["the cheaper of two that are equally specific", [region, group], situation(), "group"],
    ["the one with most rules, though it is the dearest", [base, region, group, both], situation(), "both"],
    ["the base price for those who meet no rule", [base, region, group, both], guest, "base"],
    ["a price of nothing", [price("free", "0"), base], situation(), "free"],
    [
      "the lower of two amounts that differ in their last digit",
      [price("a", "0.1000000000000000001"), price("b", "0.1")],
      situation(),
      "b",
    ],
    ["the number, not the text, that is lower", [price("a", "10"), price("b", "9")], situation(), "b"],
    ["the lower id of two that are equal in everything", [price("b", "10"), price("a", "10.0")], situation(), "a"],
  ] as const)("takes %s", (_, candidates, where, expected) => {
    expect(chosen(candidates, where)).toEqual([expected, expected])
  })

  const tiers = [
    price("one", "10", { maxQuantity: "9" }),
    price("ten", "8", { minQuantity: "10", maxQuantity: "99.5" }),
    price("hundred", "7", { minQuantity: "99.75" }),
  ]
  it.each([
    ["0.5", "one"],
    ["9", "one"],
    ["10", "ten"],
    ["10.0", "ten"],
    ["99.5", "ten"],
    ["99.75", "hundred"],
    ["100000", "hundred"],
  ])("takes, for a quantity of %s, the tier that it is in", (quantity, expected) => {
    expect(chosen(tiers, situation({ quantity }))).toEqual([expected, expected])
  })

  it.each([
    ["no price at all", []],
    ["only prices in other currencies", [price("usd", "1", { currencyCode: "usd" })]],
    ["only prices for other quantities", [price("ten", "1", { minQuantity: "10" })]],
    ["only prices for others", [price("fr", "1", { rules: [rule("region_id", "reg_fr")] })]],
  ])("answers null where there is %s", (_, candidates) => {
    expect(choosePrice(candidates, situation())).toBeNull()
  })

  it("never takes a price in another currency, however cheap", () => {
    expect(chosen([base, price("usd", "1", { currencyCode: "usd", rules: [german] })])).toEqual(["base", "base"])
  })
})

describe("choosing with price lists", () => {
  const base = price("base", "10")
  const listed = (id: string, amount: string, of: CandidateList, rules: PriceRule[] = []) =>
    price(id, amount, { list: of, rules })

  it.each([
    ["the sale, and the base price beside it", [base, listed("sale", "8", sale)], ["sale", "base"]],
    ["the base price where the sale is dearer", [base, listed("sale", "11", sale)], ["base", "base"]],
    ["the base price where the sale saves nothing", [listed("asale", "10", sale), base], ["base", "base"]],
    ["the sale as both where there is no base price", [listed("sale", "8", sale)], ["sale", "sale"]],
    ["the override as both, though it is dearer", [base, listed("over", "12", override)], ["over", "over"]],
    ["the override where there is no base price", [listed("over", "12", override)], ["over", "over"]],
    [
      "the sale beside the override that replaces the base price",
      [base, listed("over", "12", override), listed("sale", "11", sale)],
      ["sale", "over"],
    ],
    [
      "the cheapest of several sales",
      [base, listed("a", "9", sale), listed("b", "7", list("plist_2")), listed("c", "8", list("plist_3"))],
      ["b", "base"],
    ],
    [
      "the cheapest of several overrides",
      [base, listed("a", "12", override), listed("b", "11", list("plist_2", { type: "override" }))],
      ["b", "b"],
    ],
    [
      "the lower id of two sales that are equal",
      [base, listed("b", "7", sale), listed("a", "7", list("plist_2"))],
      ["a", "base"],
    ],
    [
      "the most specific price of a list, before lists are compared",
      [base, listed("a", "5", sale), listed("b", "9", sale, [german])],
      ["b", "base"],
    ],
    [
      "the cheaper list, though the other's price is more specific",
      [base, listed("a", "5", sale), listed("b", "9", list("plist_2"), [german])],
      ["a", "base"],
    ],
    [
      "a sale that is lower than a specific base price",
      [base, price("de", "12", { rules: [german] }), listed("sale", "11", sale)],
      ["sale", "de"],
    ],
  ] as const)("takes %s", (_, candidates, expected) => {
    expect(chosen(candidates)).toEqual(expected)
  })

  const forVips = list("plist_vip", {
    rules: [{ attribute: "customer.groups.id", value: ["cusgroup_x", "cusgroup_vip"] }],
  })
  it.each([
    ["applies to customers of one of its groups", forVips, situation(), "sale"],
    ["does not apply to others", forVips, guest, "base"],
    ["does not apply while it is a draft", list("l", { status: "draft" }), situation(), "base"],
    ["does not apply before it starts", list("l", { startsAt: "2026-06-15T12:00:00.001Z" }), situation(), "base"],
    ["applies at the moment that it starts", list("l", { startsAt: at }), situation(), "sale"],
    ["applies at the moment that it ends", list("l", { endsAt: at }), situation(), "sale"],
    ["does not apply after it has ended", list("l", { endsAt: "2026-06-15T11:59:59.999Z" }), situation(), "base"],
  ] as const)("a list %s", (_, of, where, expected) => {
    expect(chosen([base, listed("sale", "8", of)], where)).toEqual([expected, "base"])
  })
})

describe("choosing, whatever the prices are", () => {
  const anything = [aCandidates(), aSituation()] as const

  it("agrees with the slow and obvious way", () => {
    fc.assert(
      fc.property(...anything, (candidates, where) => {
        expect(chosen(candidates, where)).toEqual(referenceChoice(candidates, where))
      }),
      { numRuns: 2_000 },
    )
  })

  it("does not care for the order of prices", () => {
    fc.assert(
      fc.property(...anything, fc.infiniteStream(fc.nat()), (candidates, where, random) => {
        const shuffled = candidates
          .map((candidate) => ({ candidate, rank: random.next().value }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ candidate }) => candidate)

        expect(chosen(shuffled, where)).toEqual(chosen(candidates, where))
      }),
    )
  })

  it("does not care for prices that do not apply", () => {
    const foreign = fc.constantFrom<Partial<Candidate>>(
      { currencyCode: "jpy" },
      { minQuantity: "1000000" },
      { maxQuantity: "0.0001" },
      { rules: [rule("unheard", "of", "ne")] },
      { list: list("l", { status: "draft" }) },
      { list: list("l", { rules: [{ attribute: "unheard", value: ["of"] }] }) },
    )
    fc.assert(
      fc.property(...anything, foreign, (candidates, where, foreign) => {
        expect(chosen([...candidates, price("0", "0", foreign)], where)).toEqual(chosen(candidates, where))
      }),
    )
  })

  it("explains what it chose, and why it did not choose the others", () => {
    fc.assert(
      fc.property(...anything, (candidates, where) => {
        const explained = explainPrices(candidates, where)

        const choice = choosePrice(candidates, where)
        expect(explained.map(({ price }) => price)).toEqual(candidates)
        expect(explained.filter(({ isCalculated }) => isCalculated).map(({ price }) => price)).toEqual(
          choice === null ? [] : [choice.calculated],
        )
        expect(explained.filter(({ isOriginal }) => isOriginal).map(({ price }) => price)).toEqual(
          choice === null ? [] : [choice.original],
        )
        for (const { isCalculated, isOriginal, verdict } of explained) {
          expect(verdict.code === "chosen").toBe(isCalculated || isOriginal)
        }
      }),
    )
  })
})
