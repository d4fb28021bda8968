import { compareDecimals } from "../price/compare-decimals.ts"
import {
  decide,
  refusalOf,
  standingsOf,
  type Candidate,
  type Choice,
  type Refusal,
  type Situation,
  type Standings,
} from "./choose-price.ts"

/** Why a price was chosen, or was not. */
export type Verdict =
  | Refusal
  | { readonly code: "chosen" }
  /** It applies, and so does another base price, or another of its list, with more rules. */
  | { readonly code: "less_specific_than"; readonly priceId: string }
  | { readonly code: "dearer_than"; readonly priceId: string }
  /** Both are equally good: the base price goes before a sale, and else the lower id before the higher. */
  | { readonly code: "as_dear_as"; readonly priceId: string }
  /** A base price in whose place an override list applies. */
  | { readonly code: "replaced_by"; readonly priceId: string }

export interface ExplainedPrice {
  readonly price: Candidate
  /** Whether it is what is paid, and whether it is what would be paid without sale lists. */
  readonly isCalculated: boolean
  readonly isOriginal: boolean
  readonly verdict: Verdict
}

/** Says of every price of a set what became of it, by the rules and the code of {@link choosePrice}. */
export function explainPrices(candidates: readonly Candidate[], situation: Situation): ExplainedPrice[] {
  const standings = standingsOf(candidates, situation)
  const choice = decide(standings)
  return candidates.map((candidate) => ({
    price: candidate,
    isCalculated: candidate === choice?.calculated,
    isOriginal: candidate === choice?.original,
    verdict: refusalOf(candidate, situation) ?? verdictOf(candidate, standings, choice as Choice),
  }))
}

/** @param candidate applies, so that there is a choice. */
function verdictOf(candidate: Candidate, standings: Standings, choice: Choice): Verdict {
  if (candidate === choice.calculated || candidate === choice.original) return { code: "chosen" }
  const { list } = candidate
  const peers = list?.type === "sale" ? standings.sales : standings.overrides
  const best = (list === null ? standings.base : peers.get(list.id)) as Candidate
  if (candidate !== best) return behind(candidate, best)
  if (list === null) return { code: "replaced_by", priceId: choice.original.id }
  return behind(candidate, list.type === "sale" ? choice.calculated : choice.original)
}

function behind(candidate: Candidate, winner: Candidate): Verdict {
  const rivals = candidate.list?.id === winner.list?.id
  if (rivals && candidate.rules.length < winner.rules.length) return { code: "less_specific_than", priceId: winner.id }
  const dearer = compareDecimals(candidate.amount, winner.amount) > 0
  return { code: dearer ? "dearer_than" : "as_dear_as", priceId: winner.id }
}
