import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { chooseRates, type CandidateRate } from "./choose-rates.ts"

const rate = (id: string, fields: Partial<CandidateRate> = {}): CandidateRate => ({
  id,
  rate: "10",
  code: null,
  name: id,
  isDefault: false,
  isCombinable: false,
  rules: [],
  ...fields,
})
const fallback = (id: string, fields: Partial<CandidateRate> = {}) => rate(id, { isDefault: true, ...fields })
const forProduct = (id: string, fields: Partial<CandidateRate> = {}) =>
  rate(id, { rules: [{ reference: "product", referenceId: "prod_1" }], ...fields })
const forType = (id: string, fields: Partial<CandidateRate> = {}) =>
  rate(id, { rules: [{ reference: "product_type", referenceId: "ptyp_1" }], ...fields })
const forOption = (id: string) => rate(id, { rules: [{ reference: "shipping_option", referenceId: "so_1" }] })
const combinable = { isCombinable: true }

const shirt = { productId: "prod_1", productTypeId: "ptyp_1" }

describe("the rates of an item", () => {
  it.each<[string, CandidateRate[][], string[]]>([
    ["none where there is no region", [], []],
    ["none where the region has none", [[]], []],
    ["the default", [[fallback("a")]], ["a"]],
    ["the product's before the type's and the default", [[fallback("a"), forType("b"), forProduct("c")]], ["c"]],
    ["the type's before the default", [[fallback("a"), forType("b")]], ["b"]],
    ["no rate that is for something else", [[fallback("a"), forOption("b"), rate("c")]], ["a"]],
    ["the province's instead of the country's", [[fallback("p")], [fallback("c")]], ["p"]],
    ["both where the province's can be combined", [[fallback("p", combinable)], [fallback("c")]], ["p", "c"]],
    ["the country's where the province has none for it", [[forOption("p")], [fallback("c")]], ["c"]],
    ["the province's default before the country's for the product", [[fallback("p")], [forProduct("c")]], ["p"]],
    ["the product's of each", [[forProduct("p", combinable)], [fallback("c"), forProduct("d")]], ["p", "d"]],
    ["all of one kind that can be combined", [[forType("b", combinable), forType("a", combinable)]], ["a", "b"]],
    ["the oldest that cannot", [[forType("a", combinable), forType("c"), forType("b")]], ["b"]],
    [
      "what cannot be combined without the country's",
      [[forType("a", combinable), forType("b")], [fallback("c")]],
      ["b"],
    ],
    [
      "a default that names it, as a rate with a rule",
      [[fallback("a", { rules: forProduct("").rules }), forType("b")]],
      ["a"],
    ],
  ])("are %s", (_, regions, expected) => {
    expect(chooseRates(regions, shirt).map(({ id }) => id)).toEqual(expected)
  })

  it("are those of the type where the product is in no catalogue", () => {
    expect(chooseRates([[forProduct("a"), forType("b")]], { productId: null, productTypeId: "ptyp_1" })).toHaveLength(1)
    expect(chooseRates([[forProduct("a"), forType("b")]], { productId: null, productTypeId: null })).toEqual([])
  })
})

it("takes the rate for a shipping option before the default", () => {
  const regions = [[fallback("a"), forOption("b"), forProduct("c")]]

  expect(chooseRates(regions, { shippingOptionId: "so_1" }).map(({ id }) => id)).toEqual(["b"])
  expect(chooseRates(regions, { shippingOptionId: "so_2" }).map(({ id }) => id)).toEqual(["a"])
  expect(chooseRates(regions, { shippingOptionId: null }).map(({ id }) => id)).toEqual(["a"])
})

describe("whatever the rates", () => {
  const rules = fc.subarray([
    { reference: "product", referenceId: "prod_1" } as const,
    { reference: "product_type", referenceId: "ptyp_1" } as const,
    { reference: "product", referenceId: "prod_2" } as const,
  ])
  const rates = fc
    .uniqueArray(fc.record({ id: fc.string(), isDefault: fc.boolean(), isCombinable: fc.boolean(), rules }), {
      selector: ({ id }) => id,
    })
    .map((all) => all.map(({ id, ...fields }) => rate(id, fields)))

  it("does not depend on their order, and puts one that cannot be combined last", () => {
    fc.assert(
      fc.property(rates, rates, (province, country) => {
        const chosen = chooseRates([province, country], shirt)
        const turned = chooseRates([province.toReversed(), country.toReversed()], shirt)

        expect(turned).toEqual(chosen)
        expect(chosen.slice(0, -1).every(({ isCombinable }) => isCombinable)).toBe(true)
      }),
    )
  })

  it("taxes what a default is for, and nothing without a default or a rule", () => {
    fc.assert(
      fc.property(rates, rates, (province, country) => {
        const all = [...province, ...country]
        const applies = all.some(
          ({ isDefault, rules }) => isDefault || rules.some(({ referenceId }) => referenceId !== "prod_2"),
        )

        expect(chooseRates([province, country], shirt).length > 0).toBe(applies)
      }),
    )
  })
})
