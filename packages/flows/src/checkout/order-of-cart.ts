import type { CartAddressView, CartView } from "@marquetry/cart"
import type { CreateOrder } from "@marquetry/order"

/** The order line that a cart line becomes: what reserves stock knows it before there is an order. */
export const orderLineIdOf = (cartLineId: string): string => cartLineId.replace(/^cali_/, "ordli_")

/** What is sold, as it stands in the cart. Its totals are computed anew by the same function, and so are the same. */
export function orderOf(cart: CartView, orderId: string): CreateOrder {
  const { currencyCode, email, locale, regionId, customerId, salesChannelId, metadata } = cart
  return {
    id: orderId,
    cartId: cart.id,
    currencyCode,
    email,
    locale,
    regionId,
    customerId,
    salesChannelId,
    metadata,
    shippingAddress: addressOf(cart.shippingAddress),
    billingAddress: addressOf(cart.billingAddress),
    items: cart.items.map((item) => ({ ...lineOf(item), id: orderLineIdOf(item.id) })),
    shippingMethods: cart.shippingMethods.map(shippingMethodOf),
    creditLines: cart.creditLines.map(({ amount, reference, referenceId, metadata: kept }) => {
      return { amount, reference, referenceId, metadata: kept }
    }),
  }
}

type Line = CartView["items"][number]
type Method = CartView["shippingMethods"][number]

function lineOf(item: Line) {
  return {
    title: item.title,
    subtitle: item.subtitle,
    thumbnail: item.thumbnail,
    quantity: item.quantity,
    variantId: item.variantId,
    productId: item.productId,
    productTitle: item.productTitle,
    productDescription: item.productDescription,
    productSubtitle: item.productSubtitle,
    productType: item.productType,
    productTypeId: item.productTypeId,
    productCollection: item.productCollection,
    productHandle: item.productHandle,
    variantSku: item.variantSku,
    variantBarcode: item.variantBarcode,
    variantTitle: item.variantTitle,
    variantOptionValues: item.variantOptionValues,
    requiresShipping: item.requiresShipping,
    isDiscountable: item.isDiscountable,
    isGiftcard: item.isGiftcard,
    isTaxInclusive: item.isTaxInclusive,
    isCustomPrice: item.isCustomPrice,
    unitPrice: item.unitPrice,
    compareAtUnitPrice: item.compareAtUnitPrice,
    metadata: item.metadata,
    ...partsOf(item),
  }
}

const shippingMethodOf = (method: Method) => ({
  name: method.name,
  description: method.description,
  amount: method.amount,
  isTaxInclusive: method.isTaxInclusive,
  shippingOptionId: method.shippingOptionId,
  data: method.data,
  metadata: method.metadata,
  ...partsOf(method),
})

const partsOf = ({ adjustments, taxLines }: Line | Method) => ({
  adjustments: adjustments.map(({ amount, isTaxInclusive, code, promotionId, description, providerId }) => {
    return { amount, isTaxInclusive, code, promotionId, description, providerId }
  }),
  taxLines: taxLines.map(({ rate, code, description, taxRateId, providerId }) => {
    return { rate, code, description, taxRateId, providerId }
  }),
})

function addressOf(address: CartAddressView | null): CreateOrder["shippingAddress"] {
  if (address === null) return null
  const { id: _id, createdAt: _createdAt, updatedAt: _updatedAt, ...fields } = address
  return fields
}
