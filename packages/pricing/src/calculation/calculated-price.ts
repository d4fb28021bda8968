import type { PriceListType } from "../price/price.types.ts"
import type { Candidate, Choice } from "./choose-price.ts"

/** The price row behind an amount. */
export interface ChosenPrice {
  readonly id: string
  readonly priceListId: string | null
  readonly priceListType: PriceListType | null
  readonly minQuantity: string | null
  readonly maxQuantity: string | null
}

/** What one unit costs. Amounts are decimals in major units, as they were written. */
export interface CalculatedPrice {
  /** Of the price set. */
  readonly id: string
  /** What is paid. */
  readonly calculatedAmount: string
  /** What would be paid without sale lists. */
  readonly originalAmount: string
  readonly currencyCode: string
  readonly isCalculatedPricePriceList: boolean
  readonly isOriginalPricePriceList: boolean
  readonly isCalculatedPriceTaxInclusive: boolean
  readonly isOriginalPriceTaxInclusive: boolean
  readonly calculatedPrice: ChosenPrice
  readonly originalPrice: ChosenPrice
}

/** A price row on the wire. */
export interface WireChosenPrice {
  readonly id: string
  readonly price_list_id: string | null
  readonly price_list_type: PriceListType | null
  readonly min_quantity: number | null
  readonly max_quantity: number | null
}

/** `calculated_price` of the Store API, without the amounts that need tax rates. Whoever has those adds them. */
export interface WireCalculatedPrice {
  id: string
  calculated_amount: number
  original_amount: number
  currency_code: string
  is_calculated_price_price_list: boolean
  is_original_price_price_list: boolean
  is_calculated_price_tax_inclusive: boolean
  is_original_price_tax_inclusive: boolean
  calculated_price: WireChosenPrice
  original_price: WireChosenPrice
}

/** Whether prices contain tax, as far as preferences say so. */
export interface TaxPreferences {
  /** Of the currency asked for, for prices without a rule on the region. */
  readonly currency: boolean
  /** Of the region asked for, for prices with one. */
  readonly region: boolean
}

/** A choice as one of the two shapes that callers want. */
export type Present<Shape> = (priceSetId: string, choice: Choice, preferences: TaxPreferences) => Shape

export const presentPrice: Present<CalculatedPrice> = (id, { calculated, original }, preferences) => ({
  id,
  calculatedAmount: calculated.amount,
  originalAmount: original.amount,
  currencyCode: calculated.currencyCode,
  isCalculatedPricePriceList: calculated.list !== null,
  isOriginalPricePriceList: original.list !== null,
  isCalculatedPriceTaxInclusive: isTaxInclusive(calculated, preferences),
  isOriginalPriceTaxInclusive: isTaxInclusive(original, preferences),
  calculatedPrice: chosen(calculated),
  originalPrice: chosen(original),
})

export const presentForWire: Present<WireCalculatedPrice> = (id, { calculated, original }, preferences) => ({
  id,
  calculated_amount: Number(calculated.amount),
  original_amount: Number(original.amount),
  currency_code: calculated.currencyCode,
  is_calculated_price_price_list: calculated.list !== null,
  is_original_price_price_list: original.list !== null,
  is_calculated_price_tax_inclusive: isTaxInclusive(calculated, preferences),
  is_original_price_tax_inclusive: isTaxInclusive(original, preferences),
  calculated_price: chosenForWire(calculated),
  original_price: chosenForWire(original),
})

/** A price with a rule on the region is one of the region's, and contains tax if the region's prices do. */
function isTaxInclusive({ rules }: Candidate, { currency, region }: TaxPreferences): boolean {
  for (const { attribute } of rules) if (attribute === "region_id") return region
  return currency
}

const chosen = ({ id, list, minQuantity, maxQuantity }: Candidate): ChosenPrice => ({
  id,
  priceListId: list === null ? null : list.id,
  priceListType: list === null ? null : list.type,
  minQuantity,
  maxQuantity,
})

const chosenForWire = ({ id, list, minQuantity, maxQuantity }: Candidate): WireChosenPrice => ({
  id,
  price_list_id: list === null ? null : list.id,
  price_list_type: list === null ? null : list.type,
  min_quantity: minQuantity === null ? null : Number(minQuantity),
  max_quantity: maxQuantity === null ? null : Number(maxQuantity),
})
