import { Amount } from "@marquetry/money"

/** Texts that are this short have at most 15 digits, which a JavaScript number holds exactly. */
const EXACT_LENGTH = 15

const decimal = /^-?(?:0|[1-9]\d{0,17})(?:\.\d{1,20})?$/

/** Whether a text is a decimal as amounts are written: "0123" and "1e3" are not. */
export const isDecimal = (text: string): boolean => decimal.test(text)

/** Negative, zero or positive as `a` is less than, equal to or greater than `b`. Exact, for decimals as texts. */
export function compareDecimals(a: string, b: string): number {
  if (a.length <= EXACT_LENGTH && b.length <= EXACT_LENGTH) return Number(a) - Number(b)
  return Amount.of(a).compare(b)
}
