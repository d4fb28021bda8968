import { setLineAdjustments, setShippingAdjustments, type CartView } from "@marquetry/cart"
import { currencyOf, sum } from "@marquetry/money"
import {
  computePromotions,
  UnknownPromotionCode,
  type Attributes,
  type CandidatePromotion,
  type PromotionCart,
  type PromotionResult,
  type PromotionService,
} from "@marquetry/promotion"
import { itemTotalOf, worthOf } from "./line-worth.ts"
import { groupIdsOf, type Situation } from "./situation.ts"

/** What promotions gave a cart: those that apply, and what each takes off. */
export interface Applied {
  readonly promotionIds: readonly string[]
  readonly result: PromotionResult
}

/**
 * Finds the promotions of a cart's codes, and automatic ones. One statement, that does not depend on prices.
 *
 * @param given codes that the shopper names just now: an unknown one among them is refused. Codes that have come to an end
 *   since they were named give nothing, and stay.
 * @throws {UnknownPromotionCode}
 */
export async function readPromotions(
  promotions: PromotionService,
  { email, customerId, promoCodes: codes }: CartView,
  given: readonly string[] = [],
): Promise<readonly CandidatePromotion[]> {
  const { promotions: candidates, unknownCodes } = await promotions.candidates({ codes, email, customerId })
  const unknown = given.filter((code) => unknownCodes.includes(code))
  // A draft is nobody's business: its code is as good as unknown.
  if (unknown.length > 0) throw new UnknownPromotionCode(unknown)
  return candidates
}

/** Gives lines and shipping methods what promotions take off them. */
export function applyPromotions(
  cart: CartView,
  situation: Situation,
  candidates: readonly CandidatePromotion[],
): Applied {
  const result = computePromotions(promotionCart(cart, situation), candidates, new Date())
  for (const item of cart.items) {
    const own = result.itemAdjustments.filter(({ itemId }) => itemId === item.id)
    setLineAdjustments(item, own.map(toAdjustment))
  }
  for (const method of cart.shippingMethods) {
    const own = result.shippingAdjustments.filter(({ shippingMethodId }) => shippingMethodId === method.id)
    setShippingAdjustments(method, own.map(toAdjustment))
  }
  const applied = result.verdicts.filter((verdict) => verdict.applied)
  return { promotionIds: applied.map(({ promotionId }) => promotionId as string), result }
}

type Adjustment = PromotionResult["itemAdjustments"][number] | PromotionResult["shippingAdjustments"][number]

const toAdjustment = ({ amount, isTaxInclusive, code, promotionId, description }: Adjustment) => ({
  amount: amount.toString(),
  isTaxInclusive,
  code,
  promotionId,
  description,
  providerId: null,
})

/** A cart as promotions see it. */
function promotionCart(cart: CartView, situation: Situation): PromotionCart {
  const currency = currencyOf(cart.currencyCode)
  return {
    currencyCode: cart.currencyCode,
    currency,
    email: cart.email,
    customerId: cart.customerId,
    attributes: stated({
      "region.id": situation.region.id,
      currency_code: cart.currencyCode,
      "customer.id": cart.customerId,
      "customer.groups.id": groupIdsOf(situation),
      sales_channel_id: cart.salesChannelId,
      "shipping_address.country_code": cart.shippingAddress?.countryCode,
      item_total: itemTotalOf(cart),
    }),
    items: cart.items.map((item) => ({
      id: item.id,
      quantity: item.quantity,
      subtotal: worthOf(item),
      isTaxInclusive: item.isTaxInclusive,
      taxRate: sum(item.taxLines.map(({ rate }) => rate)),
      isDiscountable: item.isDiscountable,
      attributes: itemAttributes(item, situation),
    })),
    shippingMethods: cart.shippingMethods.map((method) => ({
      id: method.id,
      amount: method.amount,
      isTaxInclusive: method.isTaxInclusive,
      taxRate: sum(method.taxLines.map(({ rate }) => rate)),
      attributes: stated({
        "shipping_methods.shipping_option.id": method.shippingOptionId,
        "shipping_methods.shipping_option.shipping_option_type_id": situation.shippingOptions.get(
          method.shippingOptionId ?? "",
        )?.typeId,
      }),
    })),
  }
}

function itemAttributes(item: CartView["items"][number], { variants }: Situation): Attributes {
  const product = variants.get(item.variantId ?? "")?.product
  return stated({
    "items.variant_id": item.variantId,
    "items.product.id": item.productId,
    "items.product.type_id": item.productTypeId,
    "items.product.collection_id": product?.collectionId,
    "items.product.categories.id": product?.categories?.map(({ id }) => id),
    "items.product.tags.id": product?.tags?.map(({ id }) => id),
  })
}

/** What is not known is not stated: rules on it are not met. */
function stated(attributes: Record<string, string | readonly string[] | null | undefined>): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).filter((entry): entry is [string, string | string[]] => entry[1] != null),
  )
}
