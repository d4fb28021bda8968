import { data } from "currency-codes"
import type { CurrencyDigits } from "./amount.ts"
import { UnknownCurrency } from "./money.errors.ts"

/** A currency of ISO 4217 that things can be priced in. */
export interface Currency extends CurrencyDigits {
  /** Three lower-case letters, `"eur"`: the one spelling in the database, on the wire and here. */
  readonly code: string
  /** English name, as ISO 4217 has it. */
  readonly name: string
  /** Decimals of the minor unit in ISO 4217: 2 for EUR, 0 for JPY, 3 for KWD. */
  readonly decimalDigits: number
  /** Tells it from other currencies in an English text: `"CA$"` for CAD. */
  readonly symbol: string
  /** What people at home write: `"$"` for CAD. */
  readonly symbolNative: string
  /** The step that cash is rounded to, in major units; 0, because prices and payments here know no cash. */
  readonly rounding: number
}

/** What ISO 4217 says of a currency; its symbols come from the ICU data of the runtime, when they are asked for. */
interface IsoCurrency {
  readonly name: string
  readonly decimalDigits: number
}

/**
 * Whose language shows the native symbol of a currency whose code does not begin with a country's.
 *
 * All codes with an X in front that are currencies are here; those that are not (metals, bond units, drawing rights,
 * codes for tests and for no currency) have no minor unit in ISO 4217, and are no currencies of this package.
 */
const homes: Readonly<Record<string, string>> = {
  xaf: "fr-CM",
  xcd: "en-AG",
  xcg: "nl-CW",
  xof: "fr-SN",
  xpf: "fr-PF",
}

/** What ISO 4217 has changed since the edition that currency-codes carries. */
const amendments = [
  // In force in Curaçao and Sint Maarten since 31 March 2025, in place of ANG.
  { code: "XCG", currency: "Caribbean Guilder", digits: 2 },
]

let isoCurrencies: ReadonlyMap<string, IsoCurrency> | undefined
let all: readonly Currency[] | undefined
const known = new Map<string, Currency>()

/** All currencies, sorted by code: made once, when first asked for, and frozen. */
export function currencies(): readonly Currency[] {
  all ??= Object.freeze([...iso().keys()].toSorted().map(currencyOf))
  return all
}

/**
 * The currency with that code, in any case: `currencyOf("EUR").code` is `"eur"`. Always the same frozen value.
 *
 * @throws {UnknownCurrency}
 */
export function currencyOf(code: string): Currency {
  const currency = findCurrency(code)
  if (currency === null) throw new UnknownCurrency(code)
  return currency
}

/** The currency with that code, in any case, or `null`: for checks that report instead of throwing. */
export function findCurrency(code: string): Currency | null {
  const found = known.get(code)
  if (found !== undefined) return found
  if (typeof code !== "string" || !/^[a-z]{3}$/i.test(code)) return null
  const spelled = code.toLowerCase()
  return known.get(spelled) ?? remember(spelled)
}

function remember(code: string): Currency | null {
  const listed = iso().get(code)
  if (listed === undefined) return null
  const currency = Object.freeze({
    code,
    ...listed,
    symbol: symbolIn("en", code, "symbol"),
    symbolNative: symbolIn(homeOf(code), code, "narrowSymbol"),
    rounding: 0,
  })
  known.set(code, currency)
  return currency
}

function iso(): ReadonlyMap<string, IsoCurrency> {
  isoCurrencies ??= new Map(
    [...data, ...amendments]
      .map(({ code, currency, digits }) => ({ code: code.toLowerCase(), name: currency.trim(), decimalDigits: digits }))
      .filter(({ code }) => !code.startsWith("x") || code in homes)
      .map(({ code, ...rest }) => [code, rest]),
  )
  return isoCurrencies
}

/** The language and script most used where the currency is at home. */
function homeOf(code: string): string {
  return homes[code] ?? new Intl.Locale(`und-${code.slice(0, 2)}`).maximize().toString()
}

function symbolIn(locale: string, code: string, currencyDisplay: "symbol" | "narrowSymbol"): string {
  const parts = new Intl.NumberFormat(locale, { style: "currency", currency: code, currencyDisplay }).formatToParts(0)
  return parts.find(({ type }) => type === "currency")?.value ?? code.toUpperCase()
}
