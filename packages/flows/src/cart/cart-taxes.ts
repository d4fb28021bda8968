import { setLineTaxLines, setShippingTaxLines, type CartView } from "@marquetry/cart"
import type { TaxCalculator, TaxLine, TaxLines } from "@marquetry/tax"
import { groupIdsOf, type Situation } from "./situation.ts"
import { AskTaxesFirst, type TaxAnswers } from "./tax-answers.ts"

/**
 * Gives lines and shipping methods their taxes, where the region computes them by itself and it is known where the goods
 * go. One statement.
 *
 * @param always also in regions that do not compute taxes by themselves.
 * @throws {AskTaxesFirst} when a provider outside makes the lines and has not been asked for these.
 */
export async function applyTaxes(
  taxes: TaxCalculator,
  cart: CartView,
  situation: Situation,
  { always, answers }: { readonly always: boolean; readonly answers: TaxAnswers },
): Promise<void> {
  const countryCode = cart.shippingAddress?.countryCode ?? null
  if (countryCode === null || countryCode === "") {
    writeTaxes(cart, null)
    return
  }
  // By hand or not at all: then taxes that were computed once stay.
  if (!situation.region.automaticTaxes && !always) return
  const basis = await taxes.rates(requestOf(cart, situation, countryCode))
  const known = answers.find(basis)
  if (known === undefined && taxes.asksOutside(basis)) throw new AskTaxesFirst(basis)
  writeTaxes(cart, known ?? (await taxes.lines(basis)))
}

/** Writes tax lines over those of a cart. */
function writeTaxes(cart: CartView, lines: TaxLines | null): void {
  for (const item of cart.items) setLineTaxLines(item, (lines?.items.get(item.id) ?? []).map(toTaxLine))
  for (const method of cart.shippingMethods) {
    setShippingTaxLines(method, (lines?.shippingMethods.get(method.id) ?? []).map(toTaxLine))
  }
}

const toTaxLine = ({ rate, code, name, providerId, taxRateId }: TaxLine) => ({
  rate,
  code,
  description: name,
  providerId,
  taxRateId,
})

function requestOf(cart: CartView, situation: Situation, countryCode: string): Parameters<TaxCalculator["rates"]>[0] {
  const { province, city, postalCode, address1, address2 } = cart.shippingAddress as NonNullable<
    CartView["shippingAddress"]
  >
  const { customer } = situation
  return {
    address: { countryCode, provinceCode: province, city, postalCode, address1, address2 },
    currencyCode: cart.currencyCode,
    customer: customer === null ? null : { id: customer.id, email: cart.email, groupIds: groupIdsOf(situation) },
    items: cart.items.map(({ id, productId, productTypeId, quantity, unitPrice, isTaxInclusive }) => ({
      id,
      productId,
      productTypeId,
      quantity,
      unitPrice,
      isTaxInclusive,
    })),
    shippingMethods: cart.shippingMethods.map(({ id, shippingOptionId, amount, isTaxInclusive }) => ({
      id,
      shippingOptionId,
      amount,
      isTaxInclusive,
    })),
  }
}
