import { allocate, Amount, type CurrencyDigits } from "@marquetry/money"
import type { CandidatePromotion } from "./computation.types.ts"
import { byUnitPrice, divideHalfUp, divideUp, HUNDRED, ONE, scaled, type Line, type Lines } from "./line.ts"
import { firstUnmet } from "./match-rules.ts"
import { unitsGot, type Units } from "./units-got.ts"

/** What one promotion takes off one line. */
export interface Part {
  readonly line: Line
  /** Minor units, above zero. */
  readonly amount: bigint
  readonly isTaxInclusive: boolean
  /** What that is in the terms of the line, at most what is left of it. */
  readonly taken: bigint
}

/** How much a promotion takes: of a line's worth, or of each unit. */
interface Measure {
  /** In parts of a hundred times {@link ONE}; `undefined` for a fixed amount. */
  readonly percentage: bigint | undefined
  /** Minor units. */
  readonly fixed: bigint
  /** Whether the fixed amount contains tax. A percentage is the same with tax and without. */
  readonly isTaxInclusive: boolean
}

/** What a promotion takes off what is left of the lines; `null` when its buy rules are not met. Changes nothing. */
export function discountOf(promotion: CandidatePromotion, lines: Lines, currency: CurrencyDigits): Part[] | null {
  const { method } = promotion
  const measure = measureOf(promotion, currency)
  if (promotion.type === "buyget") {
    const got = unitsGot(method, lines.items)
    return got === null ? null : byUnits(measure, got)
  }
  const targets = targetsOf(promotion, lines)
  if (method.targetType === "order" || method.allocation === "across") return across(measure, targets)
  return byUnits(
    measure,
    method.allocation === "each" ? each(targets, method.maxQuantity) : once(targets, method.maxQuantity),
  )
}

function measureOf({ method, isTaxInclusive }: CandidatePromotion, currency: CurrencyDigits): Measure {
  if (method.type === "percentage") return { percentage: scaled(method.value), fixed: 0n, isTaxInclusive: false }
  return { percentage: undefined, fixed: Amount.of(method.value).roundTo(currency).toMinor(currency), isTaxInclusive }
}

function targetsOf({ method }: CandidatePromotion, { items, shippingMethods }: Lines): Line[] {
  const lines = method.targetType === "shipping_methods" ? shippingMethods : items
  return lines.filter(
    (line) => line.isDiscountable && line.left > 0n && firstUnmet(method.targetRules, line.lookup) === undefined,
  )
}

/** One discount on all lines together, shared by what is left of each. */
function across(measure: Measure, targets: readonly Line[]): Part[] {
  const worths = targets.map((line) => worthOf(line, measure))
  const worth = worths.reduce((total, part) => total + part, 0n)
  if (worth === 0n) return []
  const { percentage, fixed } = measure
  const total = percentage === undefined ? min(fixed, worth) : divideHalfUp(worth * percentage, HUNDRED)
  // A share is less than one unit from its exact part, which is at most the line's worth: no share exceeds it.
  const shares = allocate(total, worths)
  return targets.flatMap((line, index) => partOf(line, shares[index] ?? 0n, measure))
}

/** Up to so many units of each line. */
function each(targets: readonly Line[], maxQuantity: number | null): Units {
  const bound = maxQuantity === null ? undefined : BigInt(maxQuantity) * ONE
  return new Map(targets.map((line) => [line, bound === undefined ? line.quantity : min(line.quantity, bound)]))
}

/** Up to so many units of all lines together, one unless said, the cheapest first. */
function once(targets: readonly Line[], maxQuantity: number | null): Units {
  let open = BigInt(maxQuantity ?? 1) * ONE
  const units = new Map<Line, bigint>()
  for (const line of [...targets].sort(byUnitPrice)) {
    const part = min(line.quantity, open)
    if (part > 0n) units.set(line, part)
    open -= part
  }
  return units
}

/** Takes from units, each of which is worth its part of what is left of the line. */
function byUnits(measure: Measure, units: Units): Part[] {
  const { percentage, fixed } = measure
  return [...units].flatMap(([line, count]) => {
    const amount =
      percentage === undefined
        ? min(divideHalfUp(fixed * count, ONE), (worthOf(line, measure) * count) / line.quantity)
        : divideHalfUp(line.left * count * percentage, line.quantity * HUNDRED)
    return partOf(line, amount, measure)
  })
}

/** Whether the amount contains tax that the line's price does not. */
const addsTax = (line: Line, measure: Measure): boolean => measure.isTaxInclusive && !line.isTaxInclusive

/** What is left of a line, in the terms of the amount. Rounded down: what is taken never exceeds what there is. */
const worthOf = (line: Line, measure: Measure): bigint =>
  addsTax(line, measure) ? (line.left * (HUNDRED + line.taxRate)) / HUNDRED : line.left

function partOf(line: Line, amount: bigint, measure: Measure): Part[] {
  if (amount === 0n) return []
  if (!addsTax(line, measure)) return [{ line, amount, isTaxInclusive: line.isTaxInclusive, taken: amount }]
  return [{ line, amount, isTaxInclusive: true, taken: divideUp(amount * HUNDRED, HUNDRED + line.taxRate) }]
}

const min = (a: bigint, b: bigint): bigint => (a < b ? a : b)
