import { CartAddressInput, CartAlreadyCompleted, settleTotals, type CartService, type CartView } from "@marquetry/cart"
import type { CustomerAddressService, CustomerService } from "@marquetry/customer"
import type { AvailabilityService } from "@marquetry/inventory"
import { NotFound, parse, type NamedRead, type Query } from "@marquetry/kernel"
import { Amount } from "@marquetry/money"
import type { PaymentCollectionService } from "@marquetry/payment"
import { regionResource } from "@marquetry/region"
import type { TaxCalculator } from "@marquetry/tax"
import type { z } from "zod"
import { CheckoutUnderWay } from "../checkout/checkout.errors.ts"
import { settleStorefront, storefrontReads, type Shopper } from "../shopper.ts"
import type { Storefront, Storefronts } from "../storefronts.ts"
import {
  factReads,
  type CartFacts,
  type ChannelFacts,
  type CustomerFacts,
  type NewVariantFacts,
  type RegionFacts,
  type StoreFacts,
} from "./cart-facts.ts"
import { ChannelNotOffered, NoRegion, RegionUnknown } from "./cart-flow.errors.ts"
import type { NewCart } from "./cart-flow.schema.ts"
import type { CartPricing, PricingOptions } from "./cart-pricing.ts"
import type { CartShipping } from "./cart-shipping.ts"
import { ownSituation } from "./own-situation.ts"
import type { Situation } from "./situation.ts"
import { withTaxes, type TaxAnswers } from "./tax-answers.ts"

type Row = Record<string, unknown>

/** The services that carts are made of. */
export interface CartFlowServices {
  readonly query: Query
  readonly carts: CartService
  readonly customers: CustomerService
  readonly addresses: CustomerAddressService
  readonly storefronts: Storefronts
  readonly availability: AvailabilityService
  readonly taxes: TaxCalculator
  readonly collections: PaymentCollectionService
  readonly pricing: CartPricing
  readonly shipping: CartShipping
}

/** A change of a cart that is held, and how it is priced afterwards. */
export type Step = (
  cart: CartView,
  situation: Situation,
  found: Row[][],
  storefront: Storefront,
) => Promise<PricingOptions | void> | PricingOptions | void

interface CartChange {
  readonly id: string
  readonly shopper: Shopper
  readonly step: Step
  readonly reads: readonly NamedRead[]
  readonly answers: TaxAnswers
}

/** The region that a change moves the cart to, if it does. */
function newRegionOf(reads: readonly NamedRead[], found: readonly Row[][]): RegionFacts | null {
  const index = reads.findIndex(({ resource }) => resource === regionResource.name)
  return (found[index]?.[0] as RegionFacts | undefined) ?? null
}

/** Holds carts, shows them with their situation to whoever changes them, and settles what follows from the change. */
export class CartChanges {
  readonly #services: CartFlowServices

  constructor(services: CartFlowServices) {
    this.#services = services
  }

  /**
   * One change of a cart: held, changed by `step`, priced, saved. Where taxes have to be asked for outside, `step` is taken
   * again on the cart as it is then.
   *
   * @param reads whose rows `step` gets as `found`, made in the statement that reads the cart.
   * @throws {NotFound} when the cart is not there for this shopper.
   * @throws {CartAlreadyCompleted}
   * @throws {CheckoutUnderWay} while its payment is being authorised: it is paid for as it is.
   */
  async change(id: string, shopper: Shopper, step: Step, reads: readonly NamedRead[] = []): Promise<void> {
    try {
      await withTaxes(this.#services.taxes, (answers) => this.#change({ id, shopper, step, reads, answers }))
    } catch (error) {
      // It is not there for others, completed or not.
      if (error instanceof CartAlreadyCompleted) await this.look(id, shopper)
      throw error
    }
  }

  async #change({ id, shopper, step, reads, answers }: CartChange): Promise<void> {
    const { carts, storefronts, pricing } = this.#services
    const keys = storefrontReads(shopper)
    await carts.change(
      id,
      async (cart, [rows = [], ...found]) => {
        const storefront = await settleStorefront(shopper, storefronts, found.splice(0, keys.length))
        const facts = rows[0] as unknown as CartFacts
        // A cart whose region was deleted can still be moved to another.
        const region = facts.region ?? newRegionOf(reads, found)
        const situation = ownSituation(cart, { ...facts, region }, shopper)
        if (facts.checkoutAttempt !== null) throw new CheckoutUnderWay(id)
        const options = await step(cart, situation, found, storefront)
        await pricing.settle(cart, situation, options ?? {}, answers)
        await this.#follow(cart, situation)
      },
      [factReads.cart(id), ...keys, ...reads],
    )
  }

  /** Reads a cart with its situation. Two statements at most; nothing is held. @throws {NotFound} */
  async look(id: string, shopper: Shopper): Promise<{ cart: CartView; situation: Situation }> {
    const { query, carts, storefronts } = this.#services
    const keys = storefrontReads(shopper)
    const [whole = [], facts = [], ...found] = await query.listTogether([
      carts.read(id),
      factReads.sentCart(id),
      ...keys,
    ])
    await settleStorefront(shopper, storefronts, found)
    if (whole.length === 0) throw new NotFound("Cart", id)
    const cart = whole[0] as unknown as CartView
    return { cart, situation: ownSituation(cart, facts[0] as unknown as CartFacts, shopper) }
  }

  /** What a cart that is not there yet will stand in, and the variants that go into it. One statement, two at most. */
  async situationOfNew(
    { regionId, salesChannelId, items }: z.output<typeof NewCart>,
    shopper: Shopper,
  ): Promise<{ situation: Situation; variants: NewVariantFacts[] }> {
    const { query, storefronts } = this.#services
    const keys = storefrontReads(shopper)
    const [variants = [], regions = [], stores = [], customers = [], channels = [], ...found] =
      await query.listTogether([
        factReads.variants(items.map(({ variantId }) => variantId)),
        regionId === null ? factReads.anyRegion() : factReads.region(regionId),
        factReads.store(),
        factReads.customer(shopper.customerId ?? ""),
        salesChannelId === null ? factReads.channelsOf(shopper) : factReads.channel(salesChannelId),
        ...keys,
      ])
    const storefront = await settleStorefront(shopper, storefronts, found)
    const store = (stores[0] ?? null) as StoreFacts | null
    const fallback = regionId === null ? (store?.defaultRegion ?? null) : null
    const region = fallback ?? ((regions[0] ?? null) as RegionFacts | null)
    if (region === null) throw regionId === null ? new NoRegion() : new RegionUnknown(regionId)
    const offered = (channels as unknown as ChannelFacts[]).filter(({ id }) => storefront.salesChannelIds.includes(id))
    const channel = offered.find(({ id }) => id === store?.defaultSalesChannelId) ?? offered[0]
    if (channel === undefined) throw new ChannelNotOffered(salesChannelId)
    const situation: Situation = {
      region,
      channel,
      customer: (customers[0] ?? null) as CustomerFacts | null,
      variants: new Map(),
      shippingOptions: new Map(),
      promotionIds: [],
      paymentCollection: null,
    }
    return { situation, variants: variants as unknown as NewVariantFacts[] }
  }

  /** Gives a cart an e-mail address; where no account owns it, to the guest of that address. */
  async adopt(cart: CartView, situation: Situation, email: string | null): Promise<void> {
    cart.email = email
    if (situation.customer?.hasAccount === true) return
    const guest = email === null ? null : await this.#services.customers.guestOf(email)
    cart.customerId = guest?.id ?? null
    situation.customer = guest && { ...guest, groups: guest.groupIds.map((id) => ({ id })) }
  }

  /** An address, or the one of that id that the shopper keeps. @throws {NotFound} */
  async address(
    given: string | z.output<typeof CartAddressInput> | null,
    { customerId }: Shopper,
  ): Promise<z.output<typeof CartAddressInput> | null> {
    if (typeof given !== "string") return given
    if (customerId === null) throw new NotFound("Address", given)
    const kept = await this.#services.addresses.get(customerId, given)
    const fields = Object.keys(CartAddressInput.shape).map((name) => [name, kept[name as keyof typeof kept]])
    return parse(CartAddressInput, { ...Object.fromEntries(fields), customerId })
  }

  /** What is to be paid follows the total; a session for another amount is dropped. */
  async #follow(cart: CartView, { paymentCollection }: Situation): Promise<void> {
    if (paymentCollection === null) return
    settleTotals(cart)
    const isSame =
      paymentCollection.currencyCode === cart.currencyCode && Amount.of(cart.total).equals(paymentCollection.amount)
    if (!isSame) await this.#services.collections.setAmount(paymentCollection.id, cart.total, cart.currencyCode)
  }
}
