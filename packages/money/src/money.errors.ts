import { amountBounds } from "./bounds.ts"

const { integerDigits, fractionDigits } = amountBounds

/**
 * An error of this package that a caller can react to; anything else that is thrown is a bug of the caller.
 *
 * It has the shape of the kernel's `ModuleError` without importing it, so `ModuleError.is` says yes to it.
 * `code` is public and permanent, `message` is for people and may change, `details` are plain data.
 */
export abstract class MoneyError extends Error {
  abstract readonly code: `money.${string}`
  abstract readonly details: Readonly<Record<string, unknown>>
  /** What all of them say: the input is wrong, and the same input will be refused again. */
  readonly kind = "invalid"

  constructor(message: string) {
    super(message)
    this.name = new.target.name
  }
}

/**
 * Why a value is refused as an amount: `type`, it is no string, number, bigint or Amount; `notation`, it is not written
 * as an amount; `precision`, it is a number that may already have lost digits; `digits`, it has too many;
 * `negative`, it is below zero where nothing may be.
 */
export type NotAnAmountReason = "type" | "notation" | "precision" | "digits" | "negative"

const advice: Readonly<Record<NotAnAmountReason, string>> = {
  type: "give a string, a number, a bigint or an Amount",
  notation: 'write digits with a point before the decimals and nothing else, like "-1234.50"',
  precision: "a number holds 15 significant digits safely; round it first, or give the amount as a string",
  digits: `at most ${integerDigits} digits before the decimal point and ${fractionDigits} after it`,
  negative: "here an amount is zero or more",
}

/** The value is not an amount. Nothing was computed. */
export class NotAnAmount extends MoneyError {
  readonly code = "money.not_an_amount"
  readonly details: { readonly value: string; readonly reason: NotAnAmountReason }

  constructor(value: unknown, reason: NotAnAmountReason) {
    const shown = show(value)
    super(`${shown} is not an amount: ${advice[reason]}`)
    this.details = { value: shown, reason }
  }
}

/** The result of a computation has more than 18 digits before the decimal point. */
export class AmountOutOfRange extends MoneyError {
  readonly code = "money.out_of_range"
  readonly details: { readonly value: string }

  constructor(value: string) {
    super(`${value} is too large: an amount has at most ${integerDigits} digits before the decimal point`)
    this.details = { value }
  }
}

/** An amount was divided by zero. */
export class DivisionByZero extends MoneyError {
  readonly code = "money.division_by_zero"
  readonly details: { readonly dividend: string }

  constructor(dividend: string) {
    super(`${dividend} cannot be divided by zero: check the divisor first`)
    this.details = { dividend }
  }
}

/** The amount has decimals that its currency has no coins for: round it first, with `roundTo`. */
export class NotWhole extends MoneyError {
  readonly code = "money.not_whole"
  readonly details: { readonly amount: string; readonly decimalDigits: number }

  constructor(amount: string, decimalDigits: number) {
    super(`${amount} has more than the ${decimalDigits} decimals of its currency: round it first, with roundTo`)
    this.details = { amount, decimalDigits }
  }
}

/** No currency of ISO 4217 has that code. */
export class UnknownCurrency extends MoneyError {
  readonly code = "money.unknown_currency"
  readonly details: { readonly currencyCode: string }

  constructor(code: unknown) {
    const shown = show(code)
    super(`${shown} is not the code of a currency: give three letters of ISO 4217, like "eur"`)
    this.details = { currencyCode: typeof code === "string" ? cut(code) : shown }
  }
}

/** Why nothing can be split: a total or a weight is no safe integer, a weight is negative, or none is positive. */
export type NotAllocatableReason = "not_an_integer" | "negative_weight" | "no_weight"

const allocationAdvice: Readonly<Record<NotAllocatableReason, string>> = {
  not_an_integer: "give the total and the weights as safe integers or bigints",
  negative_weight: "give weights of zero or more",
  no_weight: "give at least one weight above zero",
}

/** The total cannot be split in proportion to those weights. */
export class NotAllocatable extends MoneyError {
  readonly code = "money.not_allocatable"
  readonly details: { readonly total: string; readonly reason: NotAllocatableReason }

  constructor(total: string, reason: NotAllocatableReason) {
    super(`${total} cannot be allocated: ${allocationAdvice[reason]}`)
    this.details = { total, reason }
  }
}

/** A short text for any value, since what is refused may be of any type and of any length. */
function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(cut(value))
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") return cut(String(value))
  if (value === null) return "null"
  return typeof value === "object" ? "an object" : `a value of type ${typeof value}`
}

function cut(text: string): string {
  return text.length > 48 ? `${text.slice(0, 47)}…` : text
}
