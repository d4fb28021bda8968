import { expect, it } from "vitest"
import type { Candidate, CandidateList, Situation } from "./choose-price.ts"
import { explainPrices, type Verdict } from "./explain-price.ts"

const rule = { attribute: "region_id", operator: "eq", value: "reg_de", priority: 0 } as const
const other = { ...rule, value: "reg_fr" } as const
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
const situation: Situation = {
  currencyCode: "eur",
  quantity: "1",
  attributes: new Map([["region_id", ["reg_de"]]]),
  at: "2026-06-15T12:00:00.000Z",
}
const german = price("german", "10", { rules: [rule] })
const sale = list("plist_sale")
const override = list("plist_override", { type: "override" })
const listRule = { attribute: "customer.groups.id", value: ["cusgroup_1"] }

it.each<[string, Candidate[], Candidate, Verdict]>([
  ["chosen", [], german, { code: "chosen" }],
  ["in another currency", [german], price("x", "1", { currencyCode: "usd" }), { code: "other_currency" }],
  ["outside its quantities", [german], price("x", "1", { minQuantity: "2" }), { code: "outside_quantities" }],
  ["for another region", [german], price("x", "1", { rules: [other] }), { code: "rule_not_met", rule: other }],
  ["less specific", [german], price("x", "1"), { code: "less_specific_than", priceId: "german" }],
  ["dearer", [german], price("x", "11", { rules: [rule] }), { code: "dearer_than", priceId: "german" }],
  [
    "as dear, with a higher id",
    [german],
    price("x", "10.0", { rules: [rule] }),
    { code: "as_dear_as", priceId: "german" },
  ],
  ["in a draft", [german], price("x", "1", { list: list("l", { status: "draft" }) }), { code: "list_not_active" }],
  [
    "in a list to come",
    [german],
    price("x", "1", { list: list("l", { startsAt: "2027-01-01T00:00:00.000Z" }) }),
    { code: "list_not_started" },
  ],
  [
    "in a list of the past",
    [german],
    price("x", "1", { list: list("l", { endsAt: "2026-01-01T00:00:00.000Z" }) }),
    { code: "list_ended" },
  ],
  [
    "in a list for others",
    [german],
    price("x", "1", { list: list("l", { rules: [listRule] }) }),
    { code: "list_rule_not_met", rule: listRule },
  ],
  ["the original of a sale", [price("sale", "8", { list: sale })], german, { code: "chosen" }],
  ["a sale that is dearer", [german], price("x", "12", { list: sale }), { code: "dearer_than", priceId: "german" }],
  ["a sale that saves nothing", [german], price("x", "10", { list: sale }), { code: "as_dear_as", priceId: "german" }],
  [
    "a sale beside a cheaper one",
    [german, price("y", "7", { list: list("l") })],
    price("x", "8", { list: sale }),
    { code: "dearer_than", priceId: "y" },
  ],
  ["replaced", [price("over", "12", { list: override })], german, { code: "replaced_by", priceId: "over" }],
  [
    "an override beside a cheaper one",
    [price("over", "12", { list: override })],
    price("x", "13", { list: list("l", { type: "override" }) }),
    { code: "dearer_than", priceId: "over" },
  ],
  [
    "less specific than another of its list",
    [price("over", "12", { list: override, rules: [rule] })],
    price("x", "1", { list: override }),
    { code: "less_specific_than", priceId: "over" },
  ],
])("says of a price that is %s", (_, others, candidate, verdict) => {
  const explained = explainPrices([...others, candidate], situation)

  expect(explained.at(-1)?.verdict).toEqual(verdict)
})
