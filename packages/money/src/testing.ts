import fc, { type Arbitrary } from "fast-check"
import { Amount, type AmountLike } from "./amount.ts"
import { currencies, type Currency } from "./currency.ts"

/** Which amounts {@link anAmount} makes; both bounds are among them. */
export interface AmountRange {
  readonly min?: AmountLike
  readonly max?: AmountLike
  /** Decimals that the amounts have at most, and the bounds too. */
  readonly decimalDigits?: number
}

/**
 * Arbitrary amounts for fast-check; unless told otherwise from minus to plus a million, with up to 2 decimals.
 * Shrinks towards zero.
 */
export function anAmount({
  min = -1_000_000,
  max = 1_000_000,
  decimalDigits = 2,
}: AmountRange = {}): Arbitrary<Amount> {
  const digits = { decimalDigits }
  return fc
    .bigInt({ min: Amount.of(min).toMinor(digits), max: Amount.of(max).toMinor(digits) })
    .map((units) => Amount.fromMinor(units, digits))
}

/** Arbitrary currencies for fast-check, those with 0, 2, 3 and 4 digits equally often. */
export function aCurrency(): Arbitrary<Currency> {
  const byDigits = Map.groupBy(currencies(), ({ decimalDigits }) => decimalDigits)
  return fc.oneof(...[...byDigits.values()].map((group) => fc.constantFrom(...group)))
}
