import { Amount, isAmountLike, type AmountLike } from "@marquetry/money"
import { z } from "zod"

export const id = z.string().min(1).max(100)
export const name = z.string().trim().min(1).max(200)
export const metadata = z.record(z.string(), z.unknown()).nullable()
/** What a provider wants to be told again. Never read by us. */
export const data = z.record(z.string(), z.unknown()).nullable()

export const decimal = z.custom<AmountLike>(isAmountLike, "a decimal number").transform((value) => Amount.of(value))

/** ISO 3166-1 alpha-2, in any case; kept in lower case. */
export const countryCode = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z]{2}$/, "an ISO 3166-1 alpha-2 code")

/**
 * The code of a province as it is kept, whichever way it is written: `us-ca`, `US-CA` and `CA` of `us` are all `us-ca`.
 *
 * @param country lower case.
 */
export function provinceCodeOf(country: string, province: string): string {
  const code = province.trim().toLowerCase()
  return code.startsWith(`${country}-`) ? code : `${country}-${code}`
}
