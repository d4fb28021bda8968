import { changeLine, lineOf, setAddress, writeOver } from "@marquetry/cart"
import { NotFound, parse } from "@marquetry/kernel"
import type { Shopper } from "../shopper.ts"
import { addVariantLines } from "./add-lines.ts"
import { addressOf, assertCountry, homeOf } from "./cart-address.ts"
import type { CartChanges, CartFlowServices } from "./cart-changes.ts"
import {
  factReads,
  type CartOffers,
  type ChannelFacts,
  type CustomerFacts,
  type NewVariantFacts,
  type RegionFacts,
} from "./cart-facts.ts"
import { CurrencyDiffers } from "./cart-flow.errors.ts"
import {
  AddItems,
  type AddItem,
  ChangeCart,
  ChangeItem,
  ChooseShipping,
  NewCart,
  PromoCodes,
} from "./cart-flow.schema.ts"
import { moveTo, sellIn } from "./cart-moves.ts"
import { AskOutsideFirst, type PreparedChoice, type PricedOption, type ShippingChoice } from "./cart-shipping.ts"
import { addVariants } from "./situation.ts"
import { checkStock } from "./stock-check.ts"
import { withTaxes } from "./tax-answers.ts"

/**
 * What shoppers do with carts. Each use case is one transaction in which the cart is held, changed, priced, taxed and
 * discounted, so that what is answered is what is stored.
 *
 * A cart of a customer with an account is for nobody else: to others it is not there.
 */
export class CartFlow {
  readonly #services: CartFlowServices
  readonly #changes: CartChanges

  constructor(services: CartFlowServices, changes: CartChanges) {
    this.#services = services
    this.#changes = changes
  }

  /**
   * Makes a cart. Without a region it is the store's default one, else the oldest; without a sales channel it is the
   * storefront's. Who is logged in owns it.
   *
   * @returns its id.
   * @throws {InvalidInput} {@link NoRegion} {@link RegionUnknown} {@link CurrencyDiffers} {@link ChannelNotOffered}
   *   {@link CountryOutsideRegion} {@link VariantsNotOffered} {@link PriceMissing} {@link InsufficientStock}
   *   {@link UnknownPromotionCode}
   */
  async create(input: NewCart, shopper: Shopper): Promise<string> {
    const wanted = parse(NewCart, input)
    const { items, shippingAddress, billingAddress, currencyCode, promoCodes, ...data } = wanted
    const { situation, variants } = await this.#changes.situationOfNew(wanted, shopper)
    const { region, customer, channel } = situation
    if (currencyCode !== null && currencyCode !== region.currencyCode) {
      throw new CurrencyDiffers(currencyCode, region.currencyCode)
    }
    const email = customer?.email ?? data.email
    const shipping = await this.#changes.address(shippingAddress, shopper)
    const billing = await this.#changes.address(billingAddress, shopper)
    assertCountry(region, shipping)
    const draft = {
      ...data,
      currencyCode: region.currencyCode,
      regionId: region.id,
      salesChannelId: channel?.id ?? null,
      customerId: customer?.id ?? null,
      email,
      promoCodes: [...new Set(promoCodes)],
      shippingAddress: shipping ?? homeOf(region),
      billingAddress: billing,
    }
    return withTaxes(this.#services.taxes, async (answers) => {
      const { id } = await this.#services.carts.create(draft, async (cart) => {
        if (customer === null) await this.#changes.adopt(cart, situation, cart.email)
        addVariantLines(cart, items, variants)
        addVariants(situation, variants)
        const added = items.map(({ variantId }) => variantId)
        const check = checkStock(this.#services.availability, cart, situation, added)
        await this.#services.pricing.settle(cart, situation, { givenCodes: promoCodes, check }, answers)
      })
      return id
    })
  }

  /** Adds variants. Pieces of one that is there already, with equal metadata, go to its line. @throws as {@link create} */
  async addItems(id: string, input: readonly AddItem[], shopper: Shopper): Promise<void> {
    const items = parse(AddItems, input)
    const variantIds = items.map(({ variantId }) => variantId)
    await this.#changes.change(
      id,
      shopper,
      (cart, situation, [variants = []]) => {
        addVariantLines(cart, items, variants as unknown as NewVariantFacts[])
        addVariants(situation, variants as unknown as NewVariantFacts[])
        return { check: checkStock(this.#services.availability, cart, situation, variantIds) }
      },
      [factReads.variants(variantIds)],
    )
  }

  /** Changes a line; zero pieces remove it. @throws {NotFound} {@link InsufficientStock} {@link InvalidInput} */
  async changeItem(id: string, lineId: string, input: ChangeItem, shopper: Shopper): Promise<void> {
    const { quantity, metadata } = parse(ChangeItem, input)
    if (quantity === 0) {
      await this.removeItem(id, lineId, shopper)
      return
    }
    await this.#changes.change(id, shopper, (cart, situation) => {
      const line = lineOf(cart, lineId)
      const isMore = quantity > line.quantity
      changeLine(line, { quantity, ...(metadata !== undefined && { metadata }) })
      if (!isMore || line.variantId === null) return {}
      return { check: checkStock(this.#services.availability, cart, situation, [line.variantId]) }
    })
  }

  /** @throws {NotFound} */
  async removeItem(id: string, lineId: string, shopper: Shopper): Promise<void> {
    await this.#changes.change(id, shopper, (cart) => {
      cart.items.splice(cart.items.indexOf(lineOf(cart, lineId)), 1)
    })
  }

  /**
   * Changes region, channel, e-mail, addresses, codes or metadata. Another region prices everything anew, in its currency; an
   * address outside of it goes.
   *
   * @throws {NotFound} and as {@link create}
   */
  async update(id: string, input: ChangeCart, shopper: Shopper): Promise<void> {
    const { regionId, salesChannelId, email, shippingAddress, billingAddress, promoCodes, ...data } = parse(
      ChangeCart,
      input,
    )
    const shipping = await this.#changes.address(shippingAddress ?? null, shopper)
    const billing = await this.#changes.address(billingAddress ?? null, shopper)
    const reads = [
      ...(regionId === undefined ? [] : [factReads.region(regionId)]),
      ...(typeof salesChannelId === "string" ? [factReads.channel(salesChannelId), factReads.offers(id)] : []),
    ]
    await this.#changes.change(
      id,
      shopper,
      async (cart, situation, found, storefront) => {
        const rows = [...found]
        if (regionId !== undefined) moveTo(cart, situation, rows.shift()?.[0] as RegionFacts | undefined, regionId)
        if (typeof salesChannelId === "string") {
          const channel = rows.shift()?.[0] as ChannelFacts | undefined
          const offers = rows.shift()?.[0] as unknown as CartOffers
          sellIn(cart, situation, channel, salesChannelId, { ...storefront, offers })
        }
        writeOver(cart, data)
        if (shipping !== null) setAddress(cart, "shippingAddress", addressOf(shipping, cart.shippingAddress))
        if (billing !== null) setAddress(cart, "billingAddress", addressOf(billing, cart.billingAddress))
        assertCountry(situation.region, cart.shippingAddress)
        if (email !== undefined) await this.#changes.adopt(cart, situation, email)
        if (promoCodes === undefined) return {}
        cart.promoCodes = [...new Set(promoCodes)]
        return { givenCodes: promoCodes }
      },
      reads,
    )
  }

  /** Adds codes; none at all removes all. @throws {UnknownPromotionCode} {@link NotFound} */
  async addPromotions(id: string, input: readonly string[], shopper: Shopper): Promise<void> {
    const codes = parse(PromoCodes, input)
    await this.#changes.change(id, shopper, (cart) => {
      cart.promoCodes = codes.length === 0 ? [] : [...new Set([...cart.promoCodes, ...codes])]
      return { givenCodes: codes }
    })
  }

  /** Removes codes. @throws {NotFound} */
  async removePromotions(id: string, input: readonly string[], shopper: Shopper): Promise<void> {
    const codes = new Set(parse(PromoCodes, input))
    await this.#changes.change(id, shopper, (cart) => {
      cart.promoCodes = cart.promoCodes.filter((code) => !codes.has(code))
    })
  }

  /**
   * Chooses how the cart is sent: one method per shipping profile, a new one replaces the old.
   *
   * @throws {ShippingOptionsNotOffered} {@link NotFound} {@link InvalidInput}
   */
  async chooseShipping(id: string, input: ChooseShipping, shopper: Shopper): Promise<void> {
    const choices = parse(ChooseShipping, input)
    const prepared = new Map<string, PreparedChoice>()
    for (let attempt = 0; attempt <= choices.length; attempt++) {
      try {
        await this.#changes.change(id, shopper, (cart, situation) =>
          this.#services.shipping.choose(cart, situation, choices, prepared),
        )
        return
      } catch (error) {
        if (!(error instanceof AskOutsideFirst)) throw error
        const { option } = error
        const choice = choices.find(({ optionId }) => optionId === option.id) ?? { optionId: option.id, data: {} }
        const cart = await this.#services.carts.get(id)
        prepared.set(option.id, await this.#services.shipping.prepare(option, choice, cart))
      }
    }
  }

  /** The shipping options that a cart can choose from, with what they cost. @throws {NotFound} */
  async shippingOptions(id: string, shopper: Shopper, isReturn = false): Promise<PricedOption[]> {
    const { cart, situation } = await this.#changes.look(id, shopper)
    return this.#services.shipping.offered(cart, situation, isReturn)
  }

  /**
   * What an option costs a cart whose price is calculated by its provider. The provider is asked with nothing held.
   *
   * @throws {NotFound} {@link ShippingOptionsNotOffered} {@link PriceNotCalculable} what the provider throws
   */
  async calculateShipping(id: string, input: ChooseShipping[number], shopper: Shopper): Promise<PricedOption> {
    const [choice] = parse(ChooseShipping, [input])
    const { cart, situation } = await this.#changes.look(id, shopper)
    return this.#services.shipping.calculate(cart, situation, choice as ShippingChoice)
  }

  /** Hands a cart to the customer who is logged in. @throws {NotFound} when it belongs to another. */
  async transfer(id: string, shopper: Shopper & { readonly customerId: string }): Promise<void> {
    await this.#changes.change(
      id,
      shopper,
      (cart, situation, [customers = []]) => {
        const customer = customers[0] as unknown as CustomerFacts | undefined
        if (customer === undefined) throw new NotFound("Customer", shopper.customerId)
        situation.customer = customer
        cart.customerId = customer.id
        cart.email = customer.email
      },
      [factReads.customer(shopper.customerId)],
    )
  }

  /** Computes the taxes of a cart, in regions too that do not do so by themselves. @throws {NotFound} */
  async computeTaxes(id: string, shopper: Shopper): Promise<void> {
    await this.#changes.change(id, shopper, () => ({ alwaysTax: true }))
  }

  /** Prices a cart anew, without a change: before it is paid for, after an address became known elsewhere. */
  async refresh(id: string, shopper: Shopper): Promise<void> {
    await this.#changes.change(id, shopper, () => {})
  }
}
