import Big from "big.js"
import { amountBounds } from "./bounds.ts"
import { NotAnAmount, type NotAnAmountReason } from "./money.errors.ts"

const { integerDigits, fractionDigits } = amountBounds

/** The decimals of big.js, in a constructor of our own: nobody else's settings change our quotients, nor ours theirs. */
export const Decimal = Big()
Decimal.DP = fractionDigits
Decimal.RM = Decimal.roundHalfUp

/** The notation of JSON without an exponent: one spelling per magnitude but for zeros at the end, as Postgres prints. */
const plain = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/
const plainWithinBounds = new RegExp(`^-?(?:0|[1-9]\\d{0,${integerDigits - 1}})(?:\\.\\d{1,${fractionDigits}})?$`)

const integerLimit = 10n ** BigInt(integerDigits)

/** Why `value` is not an amount, or `undefined` if it is one. An `Amount` is the business of `Amount` itself. */
export function refusalOf(value: unknown): NotAnAmountReason | undefined {
  switch (typeof value) {
    case "string":
      if (plainWithinBounds.test(value)) return undefined
      return plain.test(value) ? "digits" : "notation"
    case "number":
      return refusalOfNumber(value)
    case "bigint":
      return value < integerLimit && value > -integerLimit ? undefined : "digits"
    default:
      return "type"
  }
}

function refusalOfNumber(value: number): NotAnAmountReason | undefined {
  if (Number.isSafeInteger(value)) return undefined
  if (!Number.isFinite(value)) return "notation"
  if (Number.isInteger(value)) return "precision"
  // With a point or an exponent among them, 16 characters are at most 15 digits.
  if (String(value).length > 16 && Number(value.toPrecision(15)) !== value) return "precision"
  // From here up a number of 15 significant digits has at most 20 decimals, 5 of them zeros in front.
  if (Math.abs(value) >= 1e-6) return undefined
  return Number(value.toFixed(fractionDigits)) === value ? undefined : "digits"
}

/** The exact decimal that `value` writes. @throws {NotAnAmount} */
export function readDecimal(value: unknown): Big {
  const reason = refusalOf(value)
  if (reason !== undefined) throw new NotAnAmount(value, reason)
  return new Decimal(String(value))
}

/** How many digits `value` has after the decimal point; big.js keeps none that are zeros at the end. */
export function fractionDigitsOf(value: Big): number {
  return Math.max(0, value.c.length - 1 - value.e)
}
