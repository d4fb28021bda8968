import type { CandidateMethod } from "./computation.types.ts"
import { byUnitPrice, ONE, type Line } from "./line.ts"
import { firstUnmet } from "./match-rules.ts"

/** Units of a line, in parts of {@link ONE}. */
export type Units = ReadonlyMap<Line, bigint>

/**
 * Which units are got for those that are bought; `null` when too few are bought.
 *
 * Round by round, the units to buy are set aside and then as many of the cheapest target units as a round gives are got,
 * or what there is of them, until either are used up or `maxQuantity` units are got. A unit is bought or got, not both,
 * and once: bought are those that could not be got, then the dearest, so that the cheap ones remain to be got. Units are
 * whole; the rest of a quantity such as 2.5 counts for nothing. What is not discountable can be bought, not got.
 */
export function unitsGot(method: CandidateMethod, items: readonly Line[]): Units | null {
  const targets = items
    .filter((line) => line.isDiscountable && firstUnmet(method.targetRules, line.lookup) === undefined)
    .sort(byUnitPrice)
  const canBeGot = new Set(targets)
  const buyers = items
    .filter((line) => firstUnmet(method.buyRules, line.lookup) === undefined)
    .sort((a, b) => Number(canBeGot.has(a)) - Number(canBeGot.has(b)) || byUnitPrice(b, a))
  const free = new Map([...buyers, ...targets].map((line) => [line, line.quantity / ONE]))
  const [buy, get] = [BigInt(method.buyRulesMinQuantity ?? 1), BigInt(method.applyToQuantity ?? 1)]

  if (countFree(buyers, free) < buy) return null
  const got = new Map<Line, bigint>()
  // Without a bound there are more rounds than units.
  let open = method.maxQuantity === null ? countFree(targets, free) : BigInt(method.maxQuantity)
  while (open > 0n && countFree(buyers, free) >= buy) {
    const rounds = roundsAtOnce(buyers, targets, free, buy, get < open ? get : open, open)
    take(buyers, free, buy * rounds)
    const taken = take(targets, free, min(get * rounds, open))
    if (taken.size === 0) break
    for (const [line, units] of taken) {
      got.set(line, (got.get(line) ?? 0n) + units * ONE)
      open -= units
    }
  }
  return got
}

/**
 * As long as one line has enough to buy and one enough to get, the rounds are alike: they are taken at once, so that the
 * work grows with the number of lines, not of units.
 */
function roundsAtOnce(
  buyers: readonly Line[],
  targets: readonly Line[],
  free: ReadonlyMap<Line, bigint>,
  buy: bigint,
  get: bigint,
  open: bigint,
): bigint {
  const hasFree = (line: Line) => (free.get(line) ?? 0n) > 0n
  const [buyer, target] = [buyers.find(hasFree), targets.find(hasFree)]
  if (buyer === undefined || target === undefined) return 1n
  const [bought, got] = [free.get(buyer) ?? 0n, free.get(target) ?? 0n]
  const rounds = buyer === target ? bought / (buy + get) : min(bought / buy, got / get)
  const wanted = min(rounds, open / get)
  return wanted > 0n ? wanted : 1n
}

/** Takes so many units off the first lines that have some, or as many as there are. */
function take(lines: readonly Line[], free: Map<Line, bigint>, units: bigint): Map<Line, bigint> {
  const taken = new Map<Line, bigint>()
  let wanted = units
  for (const line of lines) {
    const part = min(free.get(line) ?? 0n, wanted)
    if (part === 0n) continue
    free.set(line, (free.get(line) ?? 0n) - part)
    taken.set(line, part)
    wanted -= part
    if (wanted === 0n) break
  }
  return taken
}

const countFree = (lines: readonly Line[], free: ReadonlyMap<Line, bigint>): bigint =>
  lines.reduce((total, line) => total + (free.get(line) ?? 0n), 0n)
const min = (a: bigint, b: bigint): bigint => (a < b ? a : b)
