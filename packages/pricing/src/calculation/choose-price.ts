import { compareDecimals } from "../price/compare-decimals.ts"
import type { ListRule, PriceListStatus, PriceListType, PriceRule } from "../price/price.types.ts"
import { isListRuleMet, isRuleMet, type Attributes } from "./match-rules.ts"

/** A price that may be the one, as the choice sees it. */
export interface Candidate {
  readonly id: string
  readonly currencyCode: string
  /** A decimal in plain notation, as are the quantities. */
  readonly amount: string
  readonly minQuantity: string | null
  readonly maxQuantity: string | null
  readonly rules: readonly PriceRule[]
  /** The price list that it is in; `null` for a base price. */
  readonly list: CandidateList | null
}

export interface CandidateList {
  readonly id: string
  readonly type: PriceListType
  readonly status: PriceListStatus
  /** ISO 8601 in UTC with milliseconds, so that they compare as texts. Both inclusive. */
  readonly startsAt: string | null
  readonly endsAt: string | null
  readonly rules: readonly ListRule[]
}

/** What a price is chosen for. */
export interface Situation {
  readonly currencyCode: string
  readonly quantity: string
  readonly attributes: Attributes
  /** ISO 8601 in UTC with milliseconds. */
  readonly at: string
}

/** Why a price does not apply at all. */
export type Refusal =
  | { readonly code: "other_currency" }
  | { readonly code: "outside_quantities" }
  | { readonly code: "rule_not_met"; readonly rule: PriceRule }
  | { readonly code: "list_not_active" }
  | { readonly code: "list_not_started" }
  | { readonly code: "list_ended" }
  | { readonly code: "list_rule_not_met"; readonly rule: ListRule }

export interface Choice {
  /** What is paid. */
  readonly calculated: Candidate
  /** What would be paid without sale lists. */
  readonly original: Candidate
}

/** The best price that applies of the base prices, and of each list. */
export interface Standings {
  base: Candidate | undefined
  readonly overrides: Map<string, Candidate>
  readonly sales: Map<string, Candidate>
}

/**
 * Chooses among the prices of one set.
 *
 * Of the base prices, and of the prices of each list, the one with most rules wins, then the lowest, then the one with
 * the lowest id. Override lists replace the base price; of several, the cheapest. A sale list is what is paid if it is
 * lower than that; of several, the cheapest. A sale without anything to be lower than is the original price too.
 *
 * The order of `candidates` does not matter, nor do those that do not apply.
 */
export function choosePrice(candidates: readonly Candidate[], situation: Situation): Choice | null {
  return decide(standingsOf(candidates, situation))
}

export function standingsOf(candidates: readonly Candidate[], situation: Situation): Standings {
  const standings: Standings = { base: undefined, overrides: new Map(), sales: new Map() }
  for (const candidate of candidates) {
    if (refusalOf(candidate, situation) !== null) continue
    const { list } = candidate
    if (list === null) standings.base = better(standings.base, candidate)
    else {
      const best = list.type === "sale" ? standings.sales : standings.overrides
      best.set(list.id, better(best.get(list.id), candidate))
    }
  }
  return standings
}

export function decide({ base, overrides, sales }: Standings): Choice | null {
  const original = cheapest(overrides.values()) ?? base
  const sale = cheapest(sales.values())
  if (sale === undefined) return original === undefined ? null : { calculated: original, original }
  if (original === undefined) return { calculated: sale, original: sale }
  return { calculated: compareDecimals(sale.amount, original.amount) < 0 ? sale : original, original }
}

/** The first reason why a price does not apply; `null` when it does. */
export function refusalOf(candidate: Candidate, situation: Situation): Refusal | null {
  const { minQuantity, maxQuantity, rules, list } = candidate
  if (candidate.currencyCode !== situation.currencyCode) return { code: "other_currency" }
  if (minQuantity !== null && compareDecimals(situation.quantity, minQuantity) < 0)
    return { code: "outside_quantities" }
  if (maxQuantity !== null && compareDecimals(situation.quantity, maxQuantity) > 0)
    return { code: "outside_quantities" }
  for (const rule of rules) if (!isRuleMet(rule, situation.attributes)) return { code: "rule_not_met", rule }
  return list === null ? null : listRefusalOf(list, situation)
}

function listRefusalOf(list: CandidateList, { at, attributes }: Situation): Refusal | null {
  if (list.status !== "active") return { code: "list_not_active" }
  if (list.startsAt !== null && at < list.startsAt) return { code: "list_not_started" }
  if (list.endsAt !== null && at > list.endsAt) return { code: "list_ended" }
  for (const rule of list.rules) if (!isListRuleMet(rule, attributes)) return { code: "list_rule_not_met", rule }
  return null
}

function better(best: Candidate | undefined, candidate: Candidate): Candidate {
  if (best === undefined) return candidate
  return (candidate.rules.length - best.rules.length || compareByAmount(best, candidate)) > 0 ? candidate : best
}

function cheapest(candidates: Iterable<Candidate>): Candidate | undefined {
  let best: Candidate | undefined
  for (const candidate of candidates) {
    if (best === undefined || compareByAmount(candidate, best) < 0) best = candidate
  }
  return best
}

/** Lowest amount first; equal amounts by id, so that the choice is the same every time. */
function compareByAmount(a: Candidate, b: Candidate): number {
  return compareDecimals(a.amount, b.amount) || (a.id < b.id ? -1 : 1)
}
