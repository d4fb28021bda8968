import { setLineTaxLines, setShippingTaxLines, type CartView } from "@marquetry/cart"
import type { TaxBasis, TaxCalculator, TaxLine, TaxLines } from "@marquetry/tax"
import { groupIdsOf, type Situation } from "./situation.ts"
import { AskTaxesFirst, type TaxAnswers } from "./tax-answers.ts"

/** What is known of a cart's taxes before it is priced. */
export type TaxReading = TaxBasis | "none" | "as_they_are"

/**
 * Finds the rates of a cart, where the region computes taxes by itself and it is known where the goods go. One statement,
 * that does not depend on prices.
 *
 * @param always also in regions that do not compute taxes by themselves.
 */
export async function readTaxes(
  taxes: TaxCalculator,
  cart: CartView,
  situation: Situation,
  always: boolean,
): Promise<TaxReading> {
  const countryCode = cart.shippingAddress?.countryCode ?? null
  if (countryCode === null || countryCode === "") return "none"
  // By hand or not at all: then taxes that were computed once stay.
  if (!situation.region.automaticTaxes && !always) return "as_they_are"
  return taxes.rates(requestOf(cart, situation, countryCode))
}

/**
 * Gives lines and shipping methods their taxes.
 *
 * @throws {AskTaxesFirst} when a provider outside makes the lines and has not been asked for these.
 */
export async function applyTaxes(
  taxes: TaxCalculator,
  cart: CartView,
  situation: Situation,
  { read, answers }: { readonly read: TaxReading; readonly answers: TaxAnswers },
): Promise<void> {
  if (read === "as_they_are") return
  if (read === "none") {
    writeTaxes(cart, null)
    return
  }
  if (!taxes.asksOutside(read)) {
    writeTaxes(cart, await taxes.lines(read))
    return
  }
  // Who asks outside is told the prices, too.
  const basis = await taxes.rates(requestOf(cart, situation, cart.shippingAddress?.countryCode as string))
  const known = answers.find(basis)
  if (known === undefined) throw new AskTaxesFirst(basis)
  writeTaxes(cart, known)
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
