export { allocate, allocateAmount } from "./allocate.ts"
export {
  Amount,
  type AmountLike,
  type CurrencyDigits,
  isAmount,
  isAmountLike,
  parseAmount,
  type RoundingMode,
} from "./amount.ts"
export { max, min, percentOf, sum } from "./arithmetic.ts"
export { amountBounds } from "./bounds.ts"
export { currencies, type Currency, currencyOf, findCurrency } from "./currency.ts"
export { format } from "./format.ts"
export {
  AmountOutOfRange,
  DivisionByZero,
  MoneyError,
  NotAllocatable,
  type NotAllocatableReason,
  NotAnAmount,
  type NotAnAmountReason,
  NotWhole,
  UnknownCurrency,
} from "./money.errors.ts"
export {
  cartTotalNames,
  computeTotals,
  lineTotalNames,
  type CartTotals,
  type ComputedLine,
  type ComputedTotals,
  type LineTotals,
  type PartTotals,
  type TotalsAdjustment,
  type TotalsInput,
  type TotalsLine,
} from "./totals.ts"
