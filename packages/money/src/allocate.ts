import { Amount, type AmountLike, type CurrencyDigits } from "./amount.ts"
import { amountBounds } from "./bounds.ts"
import { NotAllocatable } from "./money.errors.ts"

/**
 * Splits `total` in proportion to `weights`, so that the parts add up to `total` exactly.
 *
 * Each part is rounded towards zero; the units left over go one each to the parts with the largest remainders, earlier
 * parts first (Hamilton's method for dividing seats). So a part is less than one unit away from its exact share, a
 * weight of zero gets nothing, and the parts of `-total` are those of `total`, negated.
 *
 * @param total minor units of one currency (cents for EUR): a bigint or a safe integer, of any sign.
 * @param weights one per part, of the type of `total`, not negative, not all zero; any unit.
 * @returns minor units, one per weight, in the order of `weights`.
 * @throws {NotAllocatable} when an argument is outside those bounds.
 */
export function allocate(total: bigint, weights: readonly bigint[]): bigint[]
export function allocate(total: number, weights: readonly number[]): number[]
export function allocate(total: bigint | number, weights: readonly (bigint | number)[]): (bigint | number)[] {
  if (typeof total === "bigint")
    return split(
      total,
      weights.map((weight) => integer(weight, total)),
    )
  // The products of safe integers are not safe, so both kinds are computed as bigints.
  return split(
    integer(total, total),
    weights.map((weight) => integer(weight, total)),
  ).map(Number)
}

/**
 * Splits an amount that can be paid into amounts that can be paid, as {@link allocate} splits minor units.
 *
 * @param total a whole number of minor units of `currency`, of any sign; round it first.
 * @param weights one per part, not negative, not all zero; any amounts, also with more decimals than the currency.
 * @returns amounts, one per weight, in the order of `weights`; their sum is `total`.
 * @throws {NotAnAmount} if one of them is none.
 * @throws {NotWhole} if the total is not whole.
 * @throws {NotAllocatable} if a weight is negative, or none is positive.
 */
export function allocateAmount(total: AmountLike, weights: readonly AmountLike[], currency: CurrencyDigits): Amount[] {
  const units = Amount.of(total).toMinor(currency)
  const parts = split(
    units,
    weights.map((weight) => Amount.of(weight).toMinor(finest)),
  )
  return parts.map((part) => Amount.fromMinor(part, currency))
}

/** The unit that every amount is a whole number of. */
const finest: CurrencyDigits = { decimalDigits: amountBounds.fractionDigits }

function split(total: bigint, weights: readonly bigint[]): bigint[] {
  let whole = 0n
  for (const weight of weights) {
    if (weight < 0n) throw new NotAllocatable(String(total), "negative_weight")
    whole += weight
  }
  if (whole === 0n) throw new NotAllocatable(String(total), "no_weight")

  const size = total < 0n ? -total : total
  const shares = weights.map((weight, index) => {
    const product = size * weight
    return { index, part: product / whole, remainder: product % whole }
  })
  let left = shares.reduce((rest, { part }) => rest - part, size)
  // Sorting is stable, so among equal remainders the earlier part comes first.
  for (const share of shares.toSorted((a, b) => compare(b.remainder, a.remainder))) {
    if (left === 0n) break
    share.part += 1n
    left -= 1n
  }
  return shares.map(({ part }) => (total < 0n ? -part : part))
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : Number(a > b)
}

function integer(value: bigint | number, total: bigint | number): bigint {
  if (typeof value === "bigint" || Number.isSafeInteger(value)) return BigInt(value)
  throw new NotAllocatable(String(total), "not_an_integer")
}
