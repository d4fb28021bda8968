import { keyOf, type NewPrice, type PriceFields, type PriceRow } from "../price/price-rows.ts"
import { PriceTaken } from "../price/price.errors.ts"

/** What to write so that sets have the prices that they shall have. */
export interface PriceDifference {
  readonly added: NewPrice[]
  /** As they shall be. */
  readonly changed: PriceRow[]
  readonly removed: PriceRow[]
  readonly unchanged: number
}

interface Wanted {
  readonly priceSetId: string
  readonly prices: readonly PriceFields[]
}

/**
 * Compares prices that are with prices that shall be. A price of the same currency, quantities and rules is the same
 * one: it keeps its id, whatever happens to its amount and title.
 *
 * @throws {PriceTaken} when one set shall have the same price twice.
 */
export function comparePrices(current: readonly PriceRow[], wanted: readonly Wanted[]): PriceDifference {
  const left = new Map(current.map((row) => [`${row.priceSetId} ${keyOf(row)}`, row]))
  const seen = new Set<string>()
  const difference: PriceDifference = { added: [], changed: [], removed: [], unchanged: 0 }
  let unchanged = 0
  for (const { priceSetId, prices } of wanted) {
    for (const price of prices) {
      const key = `${priceSetId} ${keyOf(price)}`
      if (seen.has(key)) throw new PriceTaken()
      seen.add(key)
      const row = left.get(key)
      left.delete(key)
      if (row === undefined) difference.added.push({ ...price, priceSetId })
      else if (isSame(row, price)) unchanged++
      else difference.changed.push({ ...row, ...price })
    }
  }
  difference.removed.push(...left.values())
  return { ...difference, unchanged }
}

/** Of prices with the same key: whether the rest is the same too. Priorities of rules are all that rules can differ in. */
const isSame = (row: PriceRow, price: PriceFields): boolean =>
  row.amount === price.amount &&
  row.title === price.title &&
  row.rules.every(({ priority }, index) => priority === price.rules[index]?.priority)
