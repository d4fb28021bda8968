import type { CartLineView, CartShippingMethodView, CartView } from "@marquetry/cart"
import { cartTotalNames, lineTotalNames } from "@marquetry/money"

/* Carts that were never in a database: as views, made without checking, so that a hundred thousand of them are cheap. */

const born = { createdAt: "2026-01-01T00:00:00.000Z", updatedAt: "2026-01-01T00:00:00.000Z" }
const zeros = <Names extends string>(names: readonly Names[]) =>
  Object.fromEntries(names.map((name) => [name, "0"])) as Record<Names, string>
const noLineTotals = zeros(lineTotalNames)
const noCartTotals = zeros(cartTotalNames)

export const emptyCart = (currencyCode: string): CartView => ({
  id: "cart_1",
  currencyCode,
  email: "ada@example.com",
  locale: null,
  regionId: "reg",
  customerId: null,
  salesChannelId: null,
  promoCodes: [],
  metadata: null,
  completedAt: null,
  deletedAt: null,
  ...noCartTotals,
  ...born,
  shippingAddressId: null,
  billingAddressId: null,
  shippingAddress: null,
  billingAddress: null,
  items: [],
  shippingMethods: [],
  creditLines: [],
})

const taxLinesOf = (owner: object, rates: readonly string[]) =>
  rates.map((rate, index) => ({
    id: `tax_${index}`,
    ...owner,
    rate,
    code: null,
    description: null,
    taxRateId: `txr_${index}`,
    providerId: "system",
    subtotal: "0",
    total: "0",
    data: null,
    metadata: null,
    ...born,
  }))

type LineData = Pick<CartLineView, "quantity" | "isTaxInclusive" | "isDiscountable" | "productId" | "unitPrice">

export function aLine(cart: CartView, index: number, data: LineData, rates: readonly string[]): CartLineView {
  const id = `cali_${index}`
  return {
    id,
    cartId: cart.id,
    title: "Line",
    subtitle: null,
    thumbnail: null,
    variantId: `variant_${index}`,
    productTitle: null,
    productDescription: null,
    productSubtitle: null,
    productType: null,
    productTypeId: null,
    productCollection: null,
    productHandle: null,
    variantSku: null,
    variantBarcode: null,
    variantTitle: null,
    variantOptionValues: null,
    requiresShipping: true,
    isGiftcard: false,
    isCustomPrice: false,
    compareAtUnitPrice: null,
    metadata: null,
    ...data,
    ...noLineTotals,
    ...born,
    adjustments: [],
    taxLines: taxLinesOf({ itemId: id }, rates) as CartLineView["taxLines"],
  }
}

type MethodData = Pick<CartShippingMethodView, "amount" | "isTaxInclusive">

export function aMethod(
  cart: CartView,
  index: number,
  data: MethodData,
  rates: readonly string[],
): CartShippingMethodView {
  const id = `casm_${index}`
  return {
    id,
    cartId: cart.id,
    name: "Method",
    description: null,
    shippingOptionId: `so_${index}`,
    data: null,
    metadata: null,
    ...data,
    ...noLineTotals,
    ...born,
    adjustments: [],
    taxLines: taxLinesOf({ shippingMethodId: id }, rates) as CartShippingMethodView["taxLines"],
  }
}
