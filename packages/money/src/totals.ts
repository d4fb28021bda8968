import { Amount, type AmountLike, type CurrencyDigits } from "./amount.ts"
import { amountBounds } from "./bounds.ts"
import { allocate } from "./allocate.ts"
import { NotAnAmount } from "./money.errors.ts"

/** A discount on one line. */
export interface TotalsAdjustment {
  /** Major units, not negative. */
  readonly amount: AmountLike
  /** Whether the amount contains the tax of what it reduces. */
  readonly isTaxInclusive: boolean
}

/** One line of a cart or an order; of a shipping method, the quantity is 1. */
export interface TotalsLine {
  /** Major units, not negative; may have more decimals than the currency. */
  readonly unitPrice: AmountLike
  /** A whole number, not negative. */
  readonly quantity: number
  /** Whether the unit price contains tax. */
  readonly isTaxInclusive: boolean
  readonly adjustments: readonly TotalsAdjustment[]
  /** Per cent: `{ rate: 19 }`. Rates add up. */
  readonly taxLines: readonly { readonly rate: AmountLike }[]
}

/** What {@link computeTotals} adds up. */
export interface TotalsInput {
  readonly items: readonly TotalsLine[]
  readonly shippingMethods: readonly TotalsLine[]
  /** What is paid otherwise: gift cards, store credit. Never more than there is to pay counts. */
  readonly creditLines?: readonly { readonly amount: AmountLike }[]
}

/** What {@link LineTotals} hold, in the order in which they are stated everywhere. */
export const lineTotalNames = [
  "subtotal",
  "total",
  "originalSubtotal",
  "originalTotal",
  "originalTaxTotal",
  "discountSubtotal",
  "discountTaxTotal",
  "discountTotal",
  "taxTotal",
] as const

/**
 * The totals of one line: exact decimals in major units, whole minor units of the currency.
 *
 * `subtotal` is before discounts and without tax; `total` is what is paid: `subtotal − discountSubtotal + taxTotal`.
 * What would be without discounts is `original…`. So `total = originalTotal − discountTotal`.
 */
export type LineTotals = Readonly<Record<(typeof lineTotalNames)[number], string>>

/** Totals of one part of a line: `subtotal` without tax and discounts, `total` as it counts. */
export interface PartTotals {
  readonly subtotal: string
  readonly total: string
}

/** A line with its parts. */
export interface ComputedLine {
  readonly totals: LineTotals
  /** Per adjustment: what it takes off, without and with tax. They add up to the line's discounts. */
  readonly adjustments: readonly PartTotals[]
  /** Per tax line: the tax before and after discounts. They add up to the line's taxes. */
  readonly taxLines: readonly PartTotals[]
}

/** What {@link CartTotals} hold. */
export const cartTotalNames = [
  "total",
  "subtotal",
  "taxTotal",
  "discountTotal",
  "discountSubtotal",
  "discountTaxTotal",
  "originalTotal",
  "originalSubtotal",
  "originalTaxTotal",
  "itemTotal",
  "itemSubtotal",
  "itemTaxTotal",
  "itemDiscountTotal",
  "originalItemTotal",
  "originalItemSubtotal",
  "originalItemTaxTotal",
  "shippingTotal",
  "shippingSubtotal",
  "shippingTaxTotal",
  "shippingDiscountTotal",
  "originalShippingTotal",
  "originalShippingSubtotal",
  "originalShippingTaxTotal",
  "creditLineTotal",
  "creditLineSubtotal",
  "creditLineTaxTotal",
] as const

/** The totals of a cart or an order: sums over its lines and shipping methods, less credits. */
export type CartTotals = Readonly<Record<(typeof cartTotalNames)[number], string>>

/** What {@link computeTotals} answers; lines and shipping methods in the order given. */
export interface ComputedTotals {
  readonly items: readonly ComputedLine[]
  readonly shippingMethods: readonly ComputedLine[]
  readonly totals: CartTotals
}

/**
 * The totals of a cart or an order, to the minor unit.
 *
 * Rounded, half up, are a line's subtotal (of a tax-inclusive line its gross), each of its discounts, and its tax; all
 * else is sums and differences of those, so that it adds up by construction:
 *
 * - `subtotal − discountSubtotal + taxTotal = total`, `originalTotal − discountTotal = total` and
 *   `discountSubtotal + discountTaxTotal = discountTotal`, for each line and for the whole;
 * - lines add up to the item totals, shipping methods to the shipping totals, both to the whole;
 * - adjustments and tax lines, split by largest remainder, add up to their line's discounts and tax.
 *
 * A line never goes below zero: discounts beyond its worth do not count. Without tax lines a tax-inclusive price is all
 * subtotal.
 *
 * @throws {NotAnAmount} when a price, an amount or a rate is none or is negative, or a quantity is no whole number.
 */
export function computeTotals(input: TotalsInput, currency: CurrencyDigits): ComputedTotals {
  const format = (units: bigint) => Amount.fromMinor(units, currency).toString()
  const unit = 10n ** BigInt(currency.decimalDigits)
  const items = input.items.map((line) => computeLine(line, unit))
  const methods = input.shippingMethods.map((line) => computeLine(line, unit))
  const credit = (input.creditLines ?? []).reduce((total, { amount }) => total + minorOf(amount, unit), 0n)
  return {
    items: items.map((line) => presentLine(line, format)),
    shippingMethods: methods.map((line) => presentLine(line, format)),
    totals: presentAll(
      sumOf(items.map(({ totals }) => totals)),
      sumOf(methods.map(({ totals }) => totals)),
      credit,
      format,
    ),
  }
}

type Units = Readonly<Record<(typeof lineTotalNames)[number], bigint>>
interface UnitPart {
  readonly subtotal: bigint
  readonly total: bigint
}
interface UnitLine {
  readonly totals: Units
  readonly adjustments: readonly UnitPart[]
  readonly taxLines: readonly UnitPart[]
}

/** Amounts and rates are read as whole numbers of this part of one. */
const SCALE = 10n ** BigInt(amountBounds.fractionDigits)
const finest: CurrencyDigits = { decimalDigits: amountBounds.fractionDigits }
/** A factor of one, for rates in per cent. */
const WHOLE = 100n * SCALE

function computeLine(line: TotalsLine, unit: bigint): UnitLine {
  if (!Number.isSafeInteger(line.quantity) || line.quantity < 0) throw new NotAnAmount(line.quantity, "precision")
  const rates = line.taxLines.map(({ rate }) => scaled(rate))
  const rate = rates.reduce((total, one) => total + one, 0n)
  const price = divide(scaled(line.unitPrice) * BigInt(line.quantity) * unit, SCALE)
  const totals = line.isTaxInclusive ? inclusive(line, price, rate, unit) : exclusive(line, price, rate, unit)
  return { totals, adjustments: splitDiscounts(line, totals, rate), taxLines: splitTax(rates, totals) }
}

/** From the net price: tax is added to what is left after discounts. */
function exclusive({ adjustments }: TotalsLine, subtotal: bigint, rate: bigint, unit: bigint): Units {
  const net = ({ amount, isTaxInclusive }: TotalsAdjustment) =>
    isTaxInclusive ? [scaled(amount) * unit * WHOLE, SCALE * (WHOLE + rate)] : [scaled(amount) * unit, SCALE]
  const discountSubtotal = least(roundedSum(adjustments.map(net)), subtotal)
  const originalTaxTotal = divide(subtotal * rate, WHOLE)
  const taxTotal = divide((subtotal - discountSubtotal) * rate, WHOLE)
  return settled({ subtotal, originalTaxTotal, discountSubtotal, taxTotal })
}

/** From the gross price: tax is taken out of what is left after discounts. */
function inclusive({ adjustments }: TotalsLine, originalTotal: bigint, rate: bigint, unit: bigint): Units {
  const gross = ({ amount, isTaxInclusive }: TotalsAdjustment) =>
    isTaxInclusive ? [scaled(amount) * unit, SCALE] : [scaled(amount) * unit * (WHOLE + rate), SCALE * WHOLE]
  const total = originalTotal - least(roundedSum(adjustments.map(gross)), originalTotal)
  const net = (of: bigint) => divide(of * WHOLE, WHOLE + rate)
  const [subtotal, discounted] = [net(originalTotal), net(total)]
  const discountSubtotal = subtotal - discounted
  return settled({
    subtotal,
    originalTaxTotal: originalTotal - subtotal,
    discountSubtotal,
    taxTotal: total - discounted,
  })
}

/** What follows from the four that are rounded. */
function settled(of: Pick<Units, "subtotal" | "originalTaxTotal" | "discountSubtotal" | "taxTotal">): Units {
  const discountTaxTotal = of.originalTaxTotal - of.taxTotal
  return {
    subtotal: of.subtotal,
    total: of.subtotal - of.discountSubtotal + of.taxTotal,
    originalSubtotal: of.subtotal,
    originalTotal: of.subtotal + of.originalTaxTotal,
    originalTaxTotal: of.originalTaxTotal,
    discountSubtotal: of.discountSubtotal,
    discountTaxTotal,
    discountTotal: of.discountSubtotal + discountTaxTotal,
    taxTotal: of.taxTotal,
  }
}

function splitDiscounts({ adjustments }: TotalsLine, totals: Units, rate: bigint): UnitPart[] {
  // By their net worth: gross and net amounts may stand beside each other.
  const weights = adjustments.map(
    ({ amount, isTaxInclusive }) => scaled(amount) * (isTaxInclusive ? WHOLE : WHOLE + rate),
  )
  return zipParts(split(totals.discountSubtotal, weights), split(totals.discountTotal, weights))
}

const splitTax = (rates: readonly bigint[], totals: Units): UnitPart[] =>
  zipParts(split(totals.originalTaxTotal, rates), split(totals.taxTotal, rates))

const zipParts = (subtotals: readonly bigint[], totals: readonly bigint[]): UnitPart[] =>
  subtotals.map((subtotal, index) => ({ subtotal, total: totals[index] as bigint }))

function split(total: bigint, weights: readonly bigint[]): bigint[] {
  if (weights.length === 1) return [total]
  return weights.some((weight) => weight > 0n) ? allocate(total, weights) : weights.map(() => 0n)
}

function roundedSum(fractions: readonly (readonly bigint[])[]): bigint {
  return fractions.reduce((total, [above = 0n, below = 1n]) => total + divide(above, below), 0n)
}

/** The quotient of two that are not negative, rounded half up. */
const divide = (above: bigint, below: bigint): bigint => (2n * above + below) / (2n * below)

const least = (one: bigint, other: bigint): bigint => (one < other ? one : other)

function scaled(value: AmountLike): bigint {
  // Whole numbers are most of what there is, and need no decimals.
  const units =
    typeof value === "number" && Number.isSafeInteger(value) ? BigInt(value) * SCALE : Amount.of(value).toMinor(finest)
  if (units < 0n) throw new NotAnAmount(value, "negative")
  return units
}

const minorOf = (value: AmountLike, unit: bigint): bigint => divide(scaled(value) * unit, SCALE)

function sumOf(lines: readonly Units[]): Units {
  const of = (name: keyof Units) => lines.reduce((total, line) => total + line[name], 0n)
  return Object.fromEntries(lineTotalNames.map((name) => [name, of(name)])) as Units
}

type Format = (units: bigint) => string

function presentLine({ totals, adjustments, taxLines }: UnitLine, format: Format): ComputedLine {
  const part = ({ subtotal, total }: UnitPart): PartTotals => ({ subtotal: format(subtotal), total: format(total) })
  return {
    totals: Object.fromEntries(lineTotalNames.map((name) => [name, format(totals[name])])) as LineTotals,
    adjustments: adjustments.map(part),
    taxLines: taxLines.map(part),
  }
}

function presentAll(items: Units, shipping: Units, credit: bigint, format: Format): CartTotals {
  const both = (name: keyof Units) => items[name] + shipping[name]
  const credited = least(credit, both("total"))
  const units: Record<(typeof cartTotalNames)[number], bigint> = {
    total: both("total") - credited,
    subtotal: both("subtotal"),
    taxTotal: both("taxTotal"),
    discountTotal: both("discountTotal"),
    discountSubtotal: both("discountSubtotal"),
    discountTaxTotal: both("discountTaxTotal"),
    originalTotal: both("originalTotal"),
    originalSubtotal: both("originalSubtotal"),
    originalTaxTotal: both("originalTaxTotal"),
    itemTotal: items.total,
    itemSubtotal: items.subtotal,
    itemTaxTotal: items.taxTotal,
    itemDiscountTotal: items.discountTotal,
    originalItemTotal: items.originalTotal,
    originalItemSubtotal: items.originalSubtotal,
    originalItemTaxTotal: items.originalTaxTotal,
    shippingTotal: shipping.total,
    shippingSubtotal: shipping.subtotal,
    shippingTaxTotal: shipping.taxTotal,
    shippingDiscountTotal: shipping.discountTotal,
    originalShippingTotal: shipping.originalTotal,
    originalShippingSubtotal: shipping.originalSubtotal,
    originalShippingTaxTotal: shipping.originalTaxTotal,
    creditLineTotal: credited,
    creditLineSubtotal: credited,
    creditLineTaxTotal: 0n,
  }
  return Object.fromEntries(cartTotalNames.map((name) => [name, format(units[name])])) as CartTotals
}
