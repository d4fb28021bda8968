import { Amount, type AmountLike, type CurrencyDigits } from "@marquetry/money"
import type { PromotionCart, PromotionItem, PromotionShippingMethod } from "./computation.types.ts"
import { ITEMS, lookupIn, SHIPPING_METHODS, type Lookup } from "./match-rules.ts"

/** Quantities, percentages and rates are counted in these, so that all arithmetic is that of whole numbers. */
const finest: CurrencyDigits = { decimalDigits: 20 }
export const ONE = 10n ** 20n
export const HUNDRED = 100n * ONE
export const scaled = (value: AmountLike): bigint => Amount.of(value).toMinor(finest)

/** A line or a shipping method while promotions take from it. Money is in minor units, in the line's own terms. */
export interface Line {
  readonly id: string
  /** Before any discount. */
  readonly value: bigint
  /** What earlier promotions have left of it. Never below zero. */
  left: bigint
  /** In parts of {@link ONE}, above zero. */
  readonly quantity: bigint
  readonly isTaxInclusive: boolean
  /** Per cent, in parts of {@link ONE}. */
  readonly taxRate: bigint
  readonly isDiscountable: boolean
  readonly lookup: Lookup
}

export interface Lines {
  readonly items: readonly Line[]
  readonly shippingMethods: readonly Line[]
}

/** By id, so that the order of what was given does not matter. Lines of no quantity are none. */
export function linesOf(cart: PromotionCart): Lines {
  const items = cart.items.map((item) =>
    lineOf(cart.currency, item, item.subtotal, scaled(item.quantity), item.isDiscountable, ITEMS),
  )
  const methods = cart.shippingMethods.map((method) =>
    lineOf(cart.currency, method, method.amount, ONE, true, SHIPPING_METHODS),
  )
  return { items: items.filter(({ quantity }) => quantity > 0n).sort(byId), shippingMethods: methods.sort(byId) }
}

function lineOf(
  currency: CurrencyDigits,
  { id, isTaxInclusive, taxRate, attributes }: PromotionItem | PromotionShippingMethod,
  subtotal: AmountLike,
  quantity: bigint,
  isDiscountable: boolean,
  prefix: string,
): Line {
  const exact = scaled(subtotal)
  const unit = 10n ** BigInt(finest.decimalDigits - currency.decimalDigits)
  const value = exact > 0n ? divideHalfUp(exact, unit) : 0n
  const rate = taxRate === undefined ? 0n : scaled(taxRate)
  return {
    id,
    value,
    left: value,
    quantity,
    isTaxInclusive,
    taxRate: rate > 0n ? rate : 0n,
    isDiscountable,
    lookup: lookupIn(attributes, prefix),
  }
}

const byId = (a: Line, b: Line): number => (a.id < b.id ? -1 : Number(a.id > b.id))

/** Cheapest unit first; of equal ones the lower id. */
export function byUnitPrice(a: Line, b: Line): number {
  const [left, right] = [a.value * b.quantity, b.value * a.quantity]
  if (left !== right) return left < right ? -1 : 1
  return byId(a, b)
}

/** For a dividend that is not negative: ties up. */
export const divideHalfUp = (dividend: bigint, divisor: bigint): bigint => (2n * dividend + divisor) / (2n * divisor)
/** For a dividend that is not negative. */
export const divideUp = (dividend: bigint, divisor: bigint): bigint => (dividend + divisor - 1n) / divisor
