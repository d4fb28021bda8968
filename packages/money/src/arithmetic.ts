import { Amount, type AmountLike } from "./amount.ts"

const hundredth = Amount.of("0.01")

/** The sum of any number of amounts, exactly; zero for none. @throws {NotAnAmount} if one of them is none. */
export function sum(amounts: Iterable<AmountLike>): Amount {
  let total = Amount.zero
  for (const amount of amounts) total = total.plus(amount)
  return total
}

/** The least of the amounts; of equal ones the first. @throws {NotAnAmount} if one of them is none. */
export function min(first: AmountLike, ...others: AmountLike[]): Amount {
  let least = Amount.of(first)
  for (const other of others) if (least.greaterThan(other)) least = Amount.of(other)
  return least
}

/** The greatest of the amounts; of equal ones the first. `max(0, x)` is x, but never below zero. @throws {NotAnAmount} */
export function max(first: AmountLike, ...others: AmountLike[]): Amount {
  let greatest = Amount.of(first)
  for (const other of others) if (greatest.lessThan(other)) greatest = Amount.of(other)
  return greatest
}

/**
 * So many per cent of an amount: `percentOf(19, 200)` is 38. Not rounded to a currency.
 *
 * @param percent 19 for 19 %, any sign, over 100 too.
 * @throws {NotAnAmount} if one of them is none.
 */
export function percentOf(percent: AmountLike, base: AmountLike): Amount {
  return Amount.of(base).times(Amount.of(percent).times(hundredth))
}
