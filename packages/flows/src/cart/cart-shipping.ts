import { addShippingMethod, NewCartShippingMethod, type CartView } from "@marquetry/cart"
import {
  PriceNotCalculable,
  type EligibleOption,
  type FulfillmentProviders,
  type ShippingOptionService,
} from "@marquetry/fulfillment"
import type { AvailabilityService } from "@marquetry/inventory"
import { parse, type Links } from "@marquetry/kernel"
import type { PriceCalculator } from "@marquetry/pricing"
import { shippingOptionPriceSet } from "../links.ts"
import { ShippingOptionsNotOffered } from "./cart-flow.errors.ts"
import { itemTotalOf } from "./line-worth.ts"
import { shortVariants } from "./stock-check.ts"
import { groupIdsOf, sendersOf, servedBy, type Situation } from "./situation.ts"

/** An option that a shopper chooses, with what its provider wants to know: a parcel shop. */
export interface ShippingChoice {
  readonly optionId: string
  readonly data: Readonly<Record<string, unknown>>
}

/** What a provider outside has answered about a choice, before the cart is held. */
export interface PreparedChoice {
  readonly data: Readonly<Record<string, unknown>>
  readonly price: { readonly calculatedAmount: string; readonly isCalculatedPriceTaxInclusive: boolean } | null
}

/** A choice cannot be made while the cart is held, because its provider asks outside: ask first, then come again. */
export class AskOutsideFirst extends Error {
  readonly option: EligibleOption
  constructor(option: EligibleOption) {
    super(`Ask ${option.providerId} before the cart is held`)
    this.option = option
  }
}

/** An option with what it costs this cart; `null` where no price applies, or a provider has to be asked. */
export interface PricedOption extends EligibleOption {
  readonly amount: string | null
  readonly isTaxInclusive: boolean
  /** Whether the place that it sends from has too little of what the cart holds. */
  readonly insufficientInventory: boolean
}

/** How carts can be sent, and for how much. */
export class CartShipping {
  readonly #options: ShippingOptionService
  readonly #providers: FulfillmentProviders
  readonly #calculator: PriceCalculator
  readonly #links: Links
  readonly #availability: AvailabilityService

  constructor(
    options: ShippingOptionService,
    providers: FulfillmentProviders,
    calculator: PriceCalculator,
    links: Links,
    availability: AvailabilityService,
  ) {
    this.#options = options
    this.#providers = providers
    this.#calculator = calculator
    this.#links = links
    this.#availability = availability
  }

  /**
   * The options that a cart can choose from, for the profiles of its lines. Three statements, and one per place that goods
   * are sent from.
   */
  async offered(cart: CartView, situation: Situation, isReturn = false): Promise<PricedOption[]> {
    const eligible = await this.#eligible(cart, situation, {
      isReturn,
      shippingProfileIds: profileIdsOf(cart, situation),
    })
    const priceSets = await this.#priceSetsOf(eligible.map(({ id }) => id))
    const prices = await this.#prices(cart, situation, eligible, priceSets)
    const short = await this.#shortSets(cart, situation)
    return eligible.map((option) => {
      const price = prices.get(option.id)
      const insufficientInventory = short.has(option.fulfillmentSetId)
      return {
        ...option,
        amount: price?.amount ?? null,
        isTaxInclusive: price?.isTaxInclusive ?? false,
        insufficientInventory,
      }
    })
  }

  /** Sets of places that have too little of what the cart holds. */
  async #shortSets(cart: CartView, situation: Situation): Promise<Set<string>> {
    const short = new Set<string>()
    for (const { id, fulfillmentSets = [] } of situation.channel?.stockLocations ?? []) {
      const missing = await shortVariants(this.#availability, cart, situation, [id])
      if (missing.length > 0) for (const set of fulfillmentSets) short.add(set.id)
    }
    return short
  }

  /**
   * Chooses options. One replaces another of its profile. Their prices follow with {@link refresh}.
   *
   * @param prepared answers of providers outside, by option.
   * @throws {ShippingOptionsNotOffered}
   * @throws {AskOutsideFirst}
   */
  async choose(
    cart: CartView,
    situation: Situation,
    choices: readonly ShippingChoice[],
    prepared: ReadonlyMap<string, PreparedChoice>,
  ): Promise<void> {
    const ids = choices.map(({ optionId }) => optionId)
    const eligible = await this.#eligible(cart, situation, { isReturn: false, ids })
    const missing = ids.filter((id) => !eligible.some((option) => option.id === id))
    if (missing.length > 0) throw new ShippingOptionsNotOffered(missing)
    const priceSets = await this.#priceSetsOf(ids)
    for (const choice of choices) {
      const option = eligible.find(({ id }) => id === choice.optionId) as EligibleOption
      await this.#add(cart, situation, option, choice, prepared.get(option.id))
      const priceSetId = priceSets.get(option.id)
      situation.shippingOptions.set(option.id, {
        ...option,
        priceSet: priceSetId === undefined ? null : { id: priceSetId },
      })
    }
  }

  /** What an option costs whose price its provider calculates. Hold no transaction. @throws {PriceNotCalculable} */
  async calculate(cart: CartView, situation: Situation, choice: ShippingChoice): Promise<PricedOption> {
    const [option] = await this.#eligible(cart, situation, { isReturn: false, ids: [choice.optionId] })
    if (option === undefined) throw new ShippingOptionsNotOffered([choice.optionId])
    if (option.priceType !== "calculated") throw new PriceNotCalculable(option.providerId)
    const { price } = await this.prepare(option, choice, cart)
    return {
      ...option,
      amount: price?.calculatedAmount ?? null,
      isTaxInclusive: price?.isCalculatedPriceTaxInclusive ?? false,
      insufficientInventory: (await this.#shortSets(cart, situation)).has(option.fulfillmentSetId),
    }
  }

  /** Asks a provider about a choice. Hold no transaction. */
  async prepare(option: EligibleOption, choice: ShippingChoice, cart: CartView): Promise<PreparedChoice> {
    const context = { ...cart }
    const data = await this.#providers.validateData(option, choice.data, context)
    const price = option.priceType === "calculated" ? await this.#providers.calculatePrice(option, data, context) : null
    return { data, price }
  }

  /**
   * Drops methods that do not reach the cart's address any more, or that have no price, and gives the others their price.
   * No statement for a cart without methods; else two. A calculated price stays as it was when the option was chosen.
   */
  async refresh(cart: CartView, situation: Situation): Promise<void> {
    const ids = cart.shippingMethods.flatMap(({ shippingOptionId: id }) => (id === null ? [] : [id]))
    if (ids.length === 0) return
    const eligible = await this.#eligible(cart, situation, { isReturn: false, ids })
    const priceSets = new Map(
      [...situation.shippingOptions.values()].flatMap(({ id, priceSet }) =>
        priceSet === null ? [] : [[id, priceSet.id]],
      ),
    )
    const prices = await this.#prices(cart, situation, eligible, priceSets)
    cart.shippingMethods = cart.shippingMethods.filter((method) => {
      if (method.shippingOptionId === null) return true
      const option = eligible.find(({ id }) => id === method.shippingOptionId)
      const price = prices.get(method.shippingOptionId)
      if (option?.priceType === "flat" && price !== undefined) Object.assign(method, price)
      return option !== undefined && (option.priceType === "calculated" || price !== undefined)
    })
  }

  async #add(
    cart: CartView,
    situation: Situation,
    option: EligibleOption,
    choice: ShippingChoice,
    prepared: PreparedChoice | undefined,
  ): Promise<void> {
    const isOutside = this.#providers.get(option.providerId).asksOutside || option.priceType === "calculated"
    if (isOutside && prepared === undefined) throw new AskOutsideFirst(option)
    const { data, price } = prepared ?? (await this.prepare(option, choice, cart))
    cart.shippingMethods = cart.shippingMethods.filter(({ shippingOptionId: id }) => {
      const other = id === null ? undefined : situation.shippingOptions.get(id)
      return id !== option.id && other?.shippingProfileId !== option.shippingProfileId
    })
    const method = {
      name: option.name,
      amount: price?.calculatedAmount ?? 0,
      isTaxInclusive: price?.isCalculatedPriceTaxInclusive ?? false,
      shippingOptionId: option.id,
      data: { ...data },
    }
    addShippingMethod(cart, parse(NewCartShippingMethod, method))
  }

  async #eligible(
    cart: CartView,
    situation: Situation,
    { isReturn, ...which }: { isReturn: boolean; ids?: string[]; shippingProfileIds?: string[] },
  ): Promise<EligibleOption[]> {
    const address = cart.shippingAddress
    const senders = sendersOf(situation.channel)
    const eligible = await this.#options.eligible({
      address: address && {
        countryCode: address.countryCode,
        provinceCode: address.province,
        city: address.city,
        postalCode: address.postalCode,
      },
      fulfillmentSetIds: [...senders.keys()],
      ...which,
      context: {
        enabled_in_store: "true",
        is_return: String(isReturn),
        item_total: itemTotalOf(cart),
        currency_code: cart.currencyCode,
        region_id: situation.region.id,
        "customer.groups.id": groupIdsOf(situation),
      },
    })
    return servedBy(senders, eligible)
  }

  async #prices(
    cart: CartView,
    situation: Situation,
    options: readonly EligibleOption[],
    priceSets: ReadonlyMap<string, string>,
  ): Promise<Map<string, { amount: string; isTaxInclusive: boolean }>> {
    const priced = options.filter(({ id, priceType }) => priceType === "flat" && priceSets.has(id))
    const prices = await this.#calculator.calculate(
      priced.map(({ id }) => priceSets.get(id) as string),
      {
        currencyCode: cart.currencyCode,
        regionId: situation.region.id,
        customerGroupIds: groupIdsOf(situation),
        attributes: { item_total: itemTotalOf(cart) },
      },
    )
    return new Map(
      priced.flatMap(({ id }, index) => {
        const price = prices[index]
        if (price === null || price === undefined) return []
        return [[id, { amount: price.calculatedAmount, isTaxInclusive: price.isCalculatedPriceTaxInclusive }]]
      }),
    )
  }

  async #priceSetsOf(optionIds: readonly string[]): Promise<Map<string, string>> {
    return new Map(await this.#links.of(shippingOptionPriceSet, optionIds))
  }
}

/** The profiles of the lines that are sent. */
export function profileIdsOf({ items }: CartView, { variants }: Situation): string[] {
  const ids = items
    .filter(({ requiresShipping }) => requiresShipping)
    .map(({ variantId }) => variants.get(variantId ?? "")?.product.shippingProfile?.id)
  return [...new Set(ids.filter((id) => id !== undefined))]
}
