import { isDeepStrictEqual } from "node:util"
import { newId, NotFound, type Selected } from "@marquetry/kernel"
import { cartTotalNames, lineTotalNames, type CartTotals, type LineTotals } from "@marquetry/money"
import type { z } from "zod"
import type { Cart } from "./cart.entity.ts"
import { QuantityTooLarge, TooManyLines } from "./cart.errors.ts"
import {
  MAX_LINES,
  MAX_QUANTITY,
  type CartAddressInput,
  type CartAdjustmentInput,
  type CartTaxLineInput,
  type CreateCart,
  type NewCartCreditLine,
  type NewCartLineItem,
  type NewCartShippingMethod,
  type UpdateCartLineItem,
} from "./cart.schema.ts"

const all = { "*": true } as const
const line = { ...all, adjustments: all, taxLines: all } as const

/** Everything that belongs to a cart. */
export const wholeCart = {
  ...all,
  shippingAddress: all,
  billingAddress: all,
  items: line,
  shippingMethods: line,
  creditLines: all,
} as const

/** A cart with its lines, addresses, shipping methods and totals. Amounts are decimal texts in major units. */
export type CartView = Selected<Cart, typeof wholeCart>
export type CartLineView = CartView["items"][number]
export type CartShippingMethodView = CartView["shippingMethods"][number]
export type CartAddressView = NonNullable<CartView["shippingAddress"]>
type AdjustmentView = CartLineView["adjustments"][number]
type TaxLineView = CartLineView["taxLines"][number]

/** What was checked, with its defaults. */
type Checked<Schema extends z.ZodType> = z.output<Schema>

const zeros = <Names extends string>(names: readonly Names[]) =>
  Object.fromEntries(names.map((name) => [name, "0"])) as Record<Names, string>
const noLineTotals: LineTotals = zeros(lineTotalNames)
const noCartTotals: CartTotals = zeros(cartTotalNames)

const born = () => {
  const now = new Date().toISOString()
  return { createdAt: now, updatedAt: now }
}

/** A cart that is not in the database yet. */
export function newCart({ items, shippingAddress, billingAddress, ...data }: Checked<typeof CreateCart>): CartView {
  const cart: CartView = {
    id: newId("cart"),
    ...data,
    completedAt: null,
    deletedAt: null,
    ...noCartTotals,
    ...born(),
    shippingAddressId: null,
    billingAddressId: null,
    shippingAddress: null,
    billingAddress: null,
    items: [],
    shippingMethods: [],
    creditLines: [],
  }
  setAddress(cart, "shippingAddress", shippingAddress)
  setAddress(cart, "billingAddress", billingAddress)
  for (const item of items) addLine(cart, item)
  return cart
}

/** Gives a cart another address, in the row of the one before. */
export function setAddress(
  cart: CartView,
  kind: "shippingAddress" | "billingAddress",
  address: Checked<typeof CartAddressInput> | null,
): void {
  const before = cart[kind]
  cart[kind] = address === null ? null : { ...(before ?? { id: newId("caaddr"), ...born() }), ...address }
  cart[`${kind}Id`] = cart[kind]?.id ?? null
}

/**
 * Adds a line; pieces of a variant that is there already, at no price of its own and with equal metadata, go to its line.
 *
 * @returns the line.
 * @throws {TooManyLines} {@link QuantityTooLarge}
 */
export function addLine(cart: CartView, input: Checked<typeof NewCartLineItem>): CartLineView {
  const twin = cart.items.find((item) => isSame(item, input))
  if (twin !== undefined) {
    const quantity = twin.quantity + input.quantity
    if (quantity > MAX_QUANTITY) throw new QuantityTooLarge(MAX_QUANTITY, quantity)
    twin.quantity = quantity
    return twin
  }
  if (cart.items.length >= MAX_LINES) throw new TooManyLines(MAX_LINES)
  const { adjustments, taxLines, ...data } = input
  const made: CartLineView = {
    id: newId("cali"),
    cartId: cart.id,
    ...data,
    ...noLineTotals,
    ...born(),
    adjustments: [],
    taxLines: [],
  }
  setLineAdjustments(made, adjustments)
  setLineTaxLines(made, taxLines)
  cart.items.push(made)
  return made
}

function isSame(item: CartLineView, { variantId, isCustomPrice, metadata }: Checked<typeof NewCartLineItem>): boolean {
  return (
    variantId !== null &&
    item.variantId === variantId &&
    !item.isCustomPrice &&
    !isCustomPrice &&
    isDeepStrictEqual(item.metadata ?? {}, metadata ?? {})
  )
}

/** @throws {NotFound} */
export function lineOf(cart: CartView, lineId: string): CartLineView {
  const found = cart.items.find(({ id }) => id === lineId)
  if (found === undefined) throw new NotFound("Line item", lineId)
  return found
}

/** Lays changes over a line. */
export function changeLine(item: CartLineView, changes: Checked<typeof UpdateCartLineItem>): void {
  const { adjustments, taxLines, ...data } = changes
  Object.assign(item, data)
  if (adjustments !== undefined) setLineAdjustments(item, adjustments)
  if (taxLines !== undefined) setLineTaxLines(item, taxLines)
}

type Adjustment = Checked<typeof CartAdjustmentInput>
type TaxLine = Checked<typeof CartTaxLineInput>

/** The discounts that a line shall have: what it has of the same promotion keeps its row. */
export function setLineAdjustments(item: CartLineView, adjustments: readonly Adjustment[]): void {
  item.adjustments = keep(item.adjustments, adjustments, "promotionId", (data) => ({
    id: newId("caliadj"),
    itemId: item.id,
    ...newAdjustment(data),
  }))
}

/** The taxes that a line shall have. */
export function setLineTaxLines(item: CartLineView, taxLines: readonly TaxLine[]): void {
  item.taxLines = keep(item.taxLines, taxLines, "taxRateId", (data) => ({
    id: newId("calitxl"),
    itemId: item.id,
    ...newTaxLine(data),
  }))
}

/** Adds a way of sending the goods. */
export function addShippingMethod(
  cart: CartView,
  { adjustments, taxLines, ...data }: Checked<typeof NewCartShippingMethod>,
): CartShippingMethodView {
  const made: CartShippingMethodView = {
    id: newId("casm"),
    cartId: cart.id,
    ...data,
    ...noLineTotals,
    ...born(),
    adjustments: [],
    taxLines: [],
  }
  setShippingAdjustments(made, adjustments)
  setShippingTaxLines(made, taxLines)
  cart.shippingMethods.push(made)
  return made
}

export function setShippingAdjustments(method: CartShippingMethodView, adjustments: readonly Adjustment[]): void {
  method.adjustments = keep(method.adjustments, adjustments, "promotionId", (data) => ({
    id: newId("casmadj"),
    shippingMethodId: method.id,
    ...newAdjustment(data),
  }))
}

export function setShippingTaxLines(method: CartShippingMethodView, taxLines: readonly TaxLine[]): void {
  method.taxLines = keep(method.taxLines, taxLines, "taxRateId", (data) => ({
    id: newId("casmtxl"),
    shippingMethodId: method.id,
    ...newTaxLine(data),
  }))
}

/** Adds something that pays a part of the total. */
export function addCreditLine(cart: CartView, data: Checked<typeof NewCartCreditLine>): void {
  cart.creditLines.push({ id: newId("cacl"), cartId: cart.id, ...data, ...born() })
}

const noPartTotals = { subtotal: "0", total: "0" }
const newAdjustment = (data: Adjustment): Omit<AdjustmentView, "id" | "itemId"> => ({
  ...data,
  ...noPartTotals,
  metadata: null,
  ...born(),
})
const newTaxLine = (data: TaxLine): Omit<TaxLineView, "id" | "itemId"> => ({
  ...data,
  ...noPartTotals,
  data: null,
  metadata: null,
  ...born(),
})

/**
 * Rows that shall be there: those of the same key are changed, others made. What is equal is not written again. In order
 * of their ids, as they are read: cents that cannot be split evenly go to the same parts each time.
 */
function keep<Row extends { id: string }, Wanted extends object>(
  rows: readonly Row[],
  wanted: readonly Wanted[],
  key: keyof Row & keyof Wanted,
  make: (wanted: Wanted) => Row,
): Row[] {
  const free = [...rows]
  const kept = wanted.map((data) => {
    const index = free.findIndex((row) => (row[key] as unknown) === data[key])
    const [found] = index < 0 ? [] : free.splice(index, 1)
    return found === undefined ? make(data) : { ...found, ...data }
  })
  return kept.sort((one, other) => (one.id < other.id ? -1 : 1))
}
