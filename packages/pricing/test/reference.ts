import fc from "fast-check"
import type { Candidate, CandidateList, PriceRule, Situation } from "../src/index.ts"

/* The choice of a price once more, as slow and as obvious as can be, and prices to hold it against. */

/** A decimal with up to four places as ten-thousandths. */
const scaled = (decimal: string): bigint => {
  const [whole = "0", fraction = ""] = decimal.split(".")
  return BigInt(whole + fraction.padEnd(4, "0"))
}

function meets({ attribute, operator, value }: PriceRule, attributes: Situation["attributes"]): boolean {
  if (!attributes.has(attribute)) return false
  const stated = [...(attributes.get(attribute) ?? [])]
  const named = [value].flat() as string[]
  const shared = stated.filter((one) => named.includes(one))
  if (operator === "eq" || operator === "in") return shared.length > 0
  if (operator === "ne" || operator === "nin") return shared.length === 0
  return stated.some((one) => {
    if (!/^\d+$/.test(one)) return false
    const difference = scaled(one) - scaled(named[0] as string)
    return { gt: difference > 0n, gte: difference >= 0n, lt: difference < 0n, lte: difference <= 0n }[operator]
  })
}

function applies(candidate: Candidate, situation: Situation): boolean {
  const quantity = scaled(situation.quantity)
  const at = Date.parse(situation.at)
  const { list } = candidate
  return [
    candidate.currencyCode === situation.currencyCode,
    candidate.minQuantity === null || scaled(candidate.minQuantity) <= quantity,
    candidate.maxQuantity === null || quantity <= scaled(candidate.maxQuantity),
    candidate.rules.filter((rule) => meets(rule, situation.attributes)).length === candidate.rules.length,
    list === null || list.status === "active",
    list?.startsAt == null || Date.parse(list.startsAt) <= at,
    list?.endsAt == null || at <= Date.parse(list.endsAt),
    list === null ||
      list.rules.every(({ attribute, value }) =>
        (situation.attributes.get(attribute) ?? []).some((one) => value.includes(one)),
      ),
  ].every(Boolean)
}

const lower = (a: Candidate, b: Candidate) =>
  scaled(a.amount) === scaled(b.amount) ? (a.id < b.id ? -1 : 1) : scaled(a.amount) < scaled(b.amount) ? -1 : 1
const sooner = (a: Candidate, b: Candidate) => b.rules.length - a.rules.length || lower(a, b)

/** Ids of the calculated and the original price. */
export function referenceChoice(candidates: readonly Candidate[], situation: Situation): [string, string] | null {
  const applying = candidates.filter((candidate) => applies(candidate, situation))
  const groups = Object.values(Object.groupBy(applying, ({ list }) => list?.id ?? "base")) as Candidate[][]
  const bests = groups.map((group) => group.toSorted(sooner)[0] as Candidate)
  const byType = (type: string | undefined) => bests.filter(({ list }) => list?.type === type).toSorted(lower)
  const original = byType("override")[0] ?? byType(undefined)[0]
  const sale = byType("sale")[0]
  const calculated = sale && (!original || scaled(sale.amount) < scaled(original.amount)) ? sale : original
  return calculated === undefined ? null : [calculated.id, (original ?? calculated).id]
}

const attributes = ["region_id", "item_total", "customer.groups.id"]
const values = ["1", "2", "3"]
const someValues = fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 })

const aRule = (): fc.Arbitrary<PriceRule> =>
  fc
    .record({
      attribute: fc.constantFrom(...attributes),
      operator: fc.constantFrom("eq", "ne", "gt", "gte", "lt", "lte", "in", "nin"),
      value: someValues,
    })
    .map(({ attribute, operator, value }) => {
      const listed = operator === "in" || operator === "nin"
      return { attribute, operator, value: listed ? value.toSorted() : (value[0] as string), priority: 0 }
    })

const someRules = () => fc.uniqueArray(aRule(), { maxLength: 2, selector: (rule) => JSON.stringify(rule) })
const moments = [-1, 0, 1].map((day) => new Date(Date.UTC(2026, 5, 15 + day, 12)).toISOString())

const aList = (id: string): fc.Arbitrary<CandidateList> =>
  fc.record({
    id: fc.constant(id),
    type: fc.constantFrom("sale", "override"),
    status: fc.constantFrom("active", "active", "active", "draft"),
    startsAt: fc.constantFrom(null, null, ...moments.slice(0, 2), moments[2] as string),
    endsAt: fc.constantFrom(null, null, moments[2] as string),
    rules: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      fc.record({ attribute: fc.constantFrom(...attributes), value: someValues }).map((rule) => [rule]),
    ),
  })

/** Prices of one set: few amounts and few rules, so that they often compete. */
export const aCandidates = (): fc.Arbitrary<Candidate[]> =>
  fc.tuple(aList("plist_1"), aList("plist_2"), aList("plist_3")).chain((lists) =>
    fc
      .array(
        fc.record({
          currencyCode: fc.constantFrom("eur", "eur", "eur", "usd"),
          amount: fc.constantFrom("0", "7", "9.5", "9.99", "10", "10.0001"),
          minQuantity: fc.constantFrom(null, null, "1", "2.5"),
          maxQuantity: fc.constantFrom(null, null, "2.5", "10"),
          rules: fc.oneof(fc.constant([]), someRules()),
          list: fc.constantFrom(null, null, null, ...lists),
        }),
        { maxLength: 12 },
      )
      .map((prices) => prices.map((price, index) => ({ ...price, id: `price_${index}` }))),
  )

export const aSituation = (): fc.Arbitrary<Situation> =>
  fc.record({
    currencyCode: fc.constantFrom("eur", "eur", "usd"),
    quantity: fc.constantFrom("1", "2.5", "3", "11"),
    attributes: fc
      .uniqueArray(fc.tuple(fc.constantFrom(...attributes), fc.oneof(fc.constant([]), someValues)), {
        selector: ([name]) => name,
        minLength: 1,
      })
      .map((entries) => new Map(entries)),
    at: fc.constant(moments[1] as string),
  })
