import { Amount, type AmountLike } from "./amount.ts"
import type { Currency } from "./currency.ts"

/** Making a formatter takes a thousand times as long as using it. Locales come from requests, so there is a limit. */
const formatters = new Map<string, Intl.NumberFormat>()
const formattersAtMost = 256

/**
 * The amount with its currency as people write it: `format("1234.5", eur, "de")` is `"1.234,50 €"`.
 *
 * Rounded half up to the digits of the currency; the text is for reading, not for parsing: it has no-break spaces, and
 * changes with the ICU data of the runtime.
 *
 * @param locale a BCP 47 tag; English if left out, whatever the server speaks.
 * @throws {NotAnAmount} if `amount` is none.
 * @throws {RangeError} if `locale` is no well-formed tag.
 */
export function format(
  amount: AmountLike,
  currency: Pick<Currency, "code" | "decimalDigits">,
  locale: string = "en",
): string {
  const digits = currency.decimalDigits
  // Rounded here, because Intl would write an amount that rounds to zero as minus nought.
  const rounded = Amount.of(amount).roundTo(currency).toString()
  // A string keeps the digits that a number would lose.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- toString writes such literals only.
  return formatterFor(locale, currency.code, digits).format(rounded as `${number}`)
}

function formatterFor(locale: string, code: string, digits: number): Intl.NumberFormat {
  const key = `${locale} ${code} ${digits}`
  const found = formatters.get(key)
  if (found !== undefined) return found
  const made = new Intl.NumberFormat(locale, {
    style: "currency",
    currency: code,
    // ICU knows what people use in daily life (no decimals for IDR); what is charged follows ISO 4217.
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
  if (formatters.size >= formattersAtMost) formatters.clear()
  formatters.set(key, made)
  return made
}
