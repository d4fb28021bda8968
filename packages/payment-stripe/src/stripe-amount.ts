import { Amount, currencyOf } from "@marquetry/money"

/** Currencies that Stripe counts in whole units. ISO 4217 knows a minor unit for the ariary all the same. */
const WHOLE = new Set([
  "bif",
  "clp",
  "djf",
  "gnf",
  "jpy",
  "kmf",
  "krw",
  "mga",
  "pyg",
  "rwf",
  "vnd",
  "vuv",
  "xaf",
  "xof",
  "xpf",
])

/** Currencies of whole units that Stripe counts in hundredths for the sake of its oldest users. */
const WHOLE_IN_HUNDREDTHS = new Set(["isk", "ugx"])

interface Scale {
  /** Digits of Stripe's unit. */
  readonly unit: number
  /** Digits that can be charged: those beyond must be zero. */
  readonly charged: number
}

function scaleOf(currencyCode: string): Scale {
  if (WHOLE.has(currencyCode)) return { unit: 0, charged: 0 }
  if (WHOLE_IN_HUNDREDTHS.has(currencyCode)) return { unit: 2, charged: 0 }
  // Of thousandths the last digit must be zero.
  const { decimalDigits } = currencyOf(currencyCode)
  return decimalDigits >= 3 ? { unit: 3, charged: 2 } : { unit: 2, charged: 2 }
}

/** How Stripe writes an amount, rounded to what it can charge in the currency. */
export function toStripe(amount: Amount, currencyCode: string): number {
  const { unit, charged } = scaleOf(currencyCode)
  return Number(amount.roundTo({ decimalDigits: charged }).toMinor({ decimalDigits: unit }))
}

/** The amount that Stripe wrote. */
export function fromStripe(units: number, currencyCode: string): Amount {
  return Amount.fromMinor(units, { decimalDigits: scaleOf(currencyCode).unit })
}
