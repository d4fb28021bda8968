import { Amount, isAmountLike, type AmountLike } from "@marquetry/money"
import { z } from "zod"

/** What a rule of a rate can name. */
export const ruleReferences = ["product", "product_type", "shipping_option"] as const
export type RuleReference = (typeof ruleReferences)[number]

export const id = z.string().min(1).max(100)
export const metadata = z.record(z.string(), z.unknown()).nullable()
/** Who made it: the id of a user. */
export const createdBy = id.nullable()

/** ISO 3166-1 alpha-2, in any case; kept in lower case. */
export const countryCode = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z]{2}$/, "an ISO 3166-1 alpha-2 code")

/** With or without the country before it, in any case: see {@link provinceCodeOf}. */
export const province = z.string().trim().min(1).max(100)

/** How the code of a province is kept: ISO 3166-2 in lower case. */
export const isProvinceCode = (code: string): boolean => /^[a-z]{2}-[a-z0-9]+(-[a-z0-9]+)*$/.test(code)

/**
 * The code of a province as it is kept, whichever way it is written: `us-ca`, `US-CA` and `CA` of `us` are all `us-ca`.
 *
 * @param country lower case.
 * @returns `null` where no province is named.
 */
export function provinceCodeOf(country: string, name: string | null | undefined): string | null {
  const code = name?.trim().toLowerCase() ?? ""
  if (code === "") return null
  return code.startsWith(`${country}-`) ? code : `${country}-${code}`
}

export const decimal = z.custom<AmountLike>(isAmountLike, "a decimal number").transform((value) => Amount.of(value))

/** Per cent. */
export const percent = decimal
  .refine((value) => !value.isNegative() && value.atMost(10_000), "from 0 to 10,000 per cent")
  .transform(String)
