import { Amount, findCurrency, isAmountLike, type AmountLike } from "@marquetry/money"
import { z } from "zod"

/** ISO 4217, in any case; kept in lower case. */
export const currencyCode = z
  .string()
  .trim()
  .toLowerCase()
  .refine((code) => findCurrency(code) !== null, "an ISO 4217 currency code")

/** Major units, zero or more. */
export const amount = z
  .custom<AmountLike>(isAmountLike, "a decimal number")
  .transform((value) => Amount.of(value))
  .refine((value) => !value.isNegative(), "an amount that is not negative")

/** Major units, above zero. */
export const positiveAmount = amount.refine((value) => value.isPositive(), "an amount above zero")

export const metadataField = z.record(z.string(), z.unknown()).nullable()
/** Plain JSON. */
export const dataField = z.record(z.string(), z.unknown())
export const idField = z.string().min(1).max(200)
