import type Big from "big.js"
import { amountBounds } from "./bounds.ts"
import { Decimal, fractionDigitsOf, readDecimal, refusalOf } from "./decimal.ts"
import { AmountOutOfRange, DivisionByZero, NotAnAmount, NotWhole } from "./money.errors.ts"

/**
 * What is taken wherever an amount is asked for, in major units (`10.5` is ten and a half euros): an {@link Amount};
 * a string like `"-1234.50"`; a bigint; or a number that is a safe integer or has at most 15 significant digits.
 * All within {@link amountBounds}; anything else is refused with {@link NotAnAmount}.
 */
export type AmountLike = Amount | string | number | bigint

/**
 * What to do with an amount that lies exactly between two: `half_up` takes the one farther from zero (commercial
 * rounding, what invoices and tax offices expect: 0.125 → 0.13, -0.125 → -0.13), `half_even` the one with an even
 * last digit (banker's rounding: 0.125 → 0.12, 0.135 → 0.14), which is unbiased over many amounts.
 */
export type RoundingMode = "half_up" | "half_even"

/** All that arithmetic needs of a currency: a `Currency`, or a row of your own for one that ISO 4217 does not know. */
export interface CurrencyDigits {
  /** Decimals of the smallest unit that can be paid: 2 for EUR. An integer from 0 to 20. */
  readonly decimalDigits: number
}

/**
 * An exact decimal amount in major units of a currency that stands beside it, once per price, cart or order.
 *
 * It never changes: every operation answers another one. Sums, differences, products and quotients are exact as long as
 * they need at most 20 decimals, and otherwise rounded half away from zero to 20; rounding to what can be paid happens
 * only in {@link Amount.roundTo}. Methods that take an {@link AmountLike} throw {@link NotAnAmount} when it is none.
 *
 * Compare with its methods: `a < b`, `a + b` and `a == 1` throw a TypeError instead of comparing texts.
 */
export class Amount {
  /** No money at all. */
  static readonly zero: Amount = Amount.settle(new Decimal(0))

  private readonly value: Big

  private constructor(value: Big) {
    this.value = value
  }

  /** The amount that `value` writes, exactly. @throws {NotAnAmount} if it writes none within {@link amountBounds}. */
  static of(value: AmountLike): Amount {
    return value instanceof Amount ? value : Amount.settle(readDecimal(value))
  }

  /**
   * The amount of `units` minor units: `Amount.fromMinor(1050, eur)` is 10.5 euros.
   *
   * @throws {NotAnAmount} if `units` is no safe integer or bigint, or has too many digits for an amount.
   */
  static fromMinor(units: bigint | number, currency: CurrencyDigits): Amount {
    if (typeof units === "number" && !Number.isSafeInteger(units)) throw new NotAnAmount(units, "precision")
    if (typeof units !== "number" && typeof units !== "bigint") throw new NotAnAmount(units, "type")
    return Amount.settle(new Decimal(`${units}e-${digitsOf(currency)}`))
  }

  plus(other: AmountLike): Amount {
    return Amount.settle(this.value.plus(Amount.decimalOf(other)))
  }

  minus(other: AmountLike): Amount {
    return Amount.settle(this.value.minus(Amount.decimalOf(other)))
  }

  /** The product with a quantity, a rate or a factor. @throws {AmountOutOfRange} if it has over 18 integer digits. */
  times(factor: AmountLike): Amount {
    return Amount.settle(this.value.times(Amount.decimalOf(factor)))
  }

  /**
   * The quotient, rounded half away from zero to 20 decimals where it has more.
   *
   * Rounding that to a currency of up to 4 digits gives what rounding the exact quotient would, when both operands have
   * at most 12 decimals and the divisor is below 1,000: then a quotient that is no tie is over 10^-20 away from one.
   *
   * @throws {DivisionByZero}
   * @throws {AmountOutOfRange} if the quotient has more than 18 digits before the decimal point.
   */
  dividedBy(divisor: AmountLike): Amount {
    const by = Amount.decimalOf(divisor)
    if (by.c[0] === 0) throw new DivisionByZero(this.toString())
    return Amount.settle(this.value.div(by))
  }

  negated(): Amount {
    return Amount.settle(this.value.neg())
  }

  /** -1 if this is less than `other`, 0 if they are equal, 1 if it is greater: fit for `sort` and `toSorted`. */
  compare(other: AmountLike): -1 | 0 | 1 {
    return this.value.cmp(Amount.decimalOf(other))
  }

  /** Whether both are the same value, however written: 10.5 equals "10.50". */
  equals(other: AmountLike): boolean {
    return this.compare(other) === 0
  }

  lessThan(other: AmountLike): boolean {
    return this.compare(other) < 0
  }

  /** Less than `other` or equal to it. */
  atMost(other: AmountLike): boolean {
    return this.compare(other) <= 0
  }

  greaterThan(other: AmountLike): boolean {
    return this.compare(other) > 0
  }

  /** Greater than `other` or equal to it. */
  atLeast(other: AmountLike): boolean {
    return this.compare(other) >= 0
  }

  isZero(): boolean {
    return this.value.c[0] === 0
  }

  /** Below zero; there is no negative zero. */
  isNegative(): boolean {
    return this.value.s < 0
  }

  /** Above zero. */
  isPositive(): boolean {
    return this.value.s > 0 && this.value.c[0] !== 0
  }

  /** Whether it can be paid in the currency: a whole number of its minor units. */
  isWhole(currency: CurrencyDigits): boolean {
    return fractionDigitsOf(this.value) <= digitsOf(currency)
  }

  /**
   * The nearest amount that can be paid in the currency, `half_up` unless told otherwise. It differs from this one by
   * at most half a minor unit; an amount that is whole already stays as it is.
   */
  roundTo(currency: CurrencyDigits, mode: RoundingMode = "half_up"): Amount {
    if (this.isWhole(currency)) return this
    const rounding = mode === "half_even" ? Decimal.roundHalfEven : Decimal.roundHalfUp
    return Amount.settle(this.value.round(digitsOf(currency), rounding))
  }

  /** How many minor units it is: 10.5 euros are `1050n`. @throws {NotWhole} if there is a fraction of one: round first. */
  toMinor(currency: CurrencyDigits): bigint {
    const digits = digitsOf(currency)
    if (!this.isWhole(currency)) throw new NotWhole(this.toString(), digits)
    const { c, e, s } = this.value
    const units = BigInt(c.join("").padEnd(e + 1 + digits, "0"))
    return s < 0 ? -units : units
  }

  /** Plain decimal notation, never an exponent, no zeros at the end: `"10.5"`. `Amount.of` reads it back exactly. */
  toString(): string {
    return this.value.toFixed()
  }

  /**
   * The nearest JavaScript number, for the wire. Up to 15 significant digits nothing is lost: `Amount.of` of the number
   * is this amount again. Beyond that keep the string.
   */
  toNumber(): number {
    return this.value.toNumber()
  }

  /** Amounts are JSON numbers on the wire, with the limit that {@link Amount.toNumber} states. */
  toJSON(): number {
    return this.toNumber()
  }

  /** `${amount}` is its text. Operators would compare or join texts ("9" > "10"), so they throw a TypeError. */
  [Symbol.toPrimitive](hint: string): string {
    if (hint === "string") return this.toString()
    throw new TypeError("An Amount has no operators: use plus, minus, compare, lessThan and its other methods")
  }

  /** Takes over a fresh result of big.js: no negative zero, at most 20 decimals, at most 18 digits before them. */
  private static settle(result: Big): Amount {
    const settled =
      fractionDigitsOf(result) > amountBounds.fractionDigits ? result.round(amountBounds.fractionDigits) : result
    if (settled.e >= amountBounds.integerDigits) throw new AmountOutOfRange(settled.toExponential(5))
    if (settled.c[0] === 0) settled.s = 1
    return new Amount(settled)
  }

  /** Makes no `Amount` of what is only an operand. */
  private static decimalOf(value: AmountLike): Big {
    return value instanceof Amount ? value.value : readDecimal(value)
  }
}

/** The amount that `input` writes; for values of unknown type. @throws {NotAnAmount} if it writes none. */
export function parseAmount(input: unknown): Amount {
  if (isAmountLike(input)) return Amount.of(input)
  throw new NotAnAmount(input, refusalOf(input) ?? "type")
}

/** Whether `value` is an {@link Amount} already. */
export function isAmount(value: unknown): value is Amount {
  return value instanceof Amount
}

/** Whether `Amount.of` and `parseAmount` would take `value`: for checks that report instead of throwing. */
export function isAmountLike(value: unknown): value is AmountLike {
  return value instanceof Amount || refusalOf(value) === undefined
}

/** The digits of a currency, checked: a missing or negative number would round to whole tens, unnoticed. */
function digitsOf({ decimalDigits }: CurrencyDigits): number {
  if (Number.isInteger(decimalDigits) && decimalDigits >= 0 && decimalDigits <= amountBounds.fractionDigits) {
    return decimalDigits
  }
  const bounds = `an integer from 0 to ${amountBounds.fractionDigits}`
  throw new RangeError(`decimalDigits of a currency is ${bounds}, not ${String(decimalDigits)}`)
}
