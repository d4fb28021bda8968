import type { RuleReference } from "../tax/fields.ts"

/** A rate that may apply. */
export interface CandidateRate {
  readonly id: string
  /** Per cent, a decimal in plain notation. */
  readonly rate: string | null
  readonly code: string | null
  readonly name: string
  readonly isDefault: boolean
  readonly isCombinable: boolean
  /** What it is for. Rules that name nothing of the sale may be left out. */
  readonly rules: readonly { readonly reference: RuleReference; readonly referenceId: string }[]
}

/** A rate that applies. */
export type ChosenRate = Pick<CandidateRate, "id" | "rate" | "code" | "name" | "isCombinable">

/** An item, or a shipping method, as rules name it. */
export interface Taxed {
  readonly productId?: string | null
  readonly productTypeId?: string | null
  readonly shippingOptionId?: string | null
}

/**
 * Chooses the rates of one item or shipping method.
 *
 * In each region the most specific rate applies: one with a rule for the product (or the shipping option), else one for
 * its type, else the default. Of several that are equally specific those that can be combined add up, unless one of them
 * cannot: then the oldest such one applies alone. What applies in the province applies instead of what does in the
 * country, or beside it if it can be combined.
 *
 * @param regions the rates of the province, if it is a region, and then those of the country.
 */
export function chooseRates(regions: readonly (readonly CandidateRate[])[], taxed: Taxed): CandidateRate[] {
  const chosen: CandidateRate[] = []
  for (const rates of regions) {
    const here = mostSpecific(rates, taxed)
    chosen.push(...here)
    if (here.some(({ isCombinable }) => !isCombinable)) break
  }
  return chosen
}

function mostSpecific(rates: readonly CandidateRate[], taxed: Taxed): CandidateRate[] {
  let best = 1
  let found: CandidateRate[] = []
  for (const rate of rates) {
    const rank = rankOf(rate, taxed)
    if (rank < best) continue
    if (rank > best) found = []
    best = rank
    found.push(rate)
  }
  const alone = found.filter(({ isCombinable }) => !isCombinable)
  return (alone.length > 0 ? alone : found).sort(byId).slice(0, alone.length > 0 ? 1 : undefined)
}

/** 3 for a rule on the thing itself, 2 for one on its type, 1 for a default, 0 for what does not apply. */
function rankOf({ rules, isDefault }: CandidateRate, { productId, productTypeId, shippingOptionId }: Taxed): number {
  let rank = isDefault ? 1 : 0
  for (const { reference, referenceId } of rules) {
    if (reference === "product_type") {
      if (referenceId === productTypeId) rank = Math.max(rank, 2)
    } else if (referenceId === (reference === "product" ? productId : shippingOptionId)) return 3
  }
  return rank
}

const byId = (a: CandidateRate, b: CandidateRate) => (a.id < b.id ? -1 : 1)
