import type { EligibleOption, ShippingOptionService } from "@marquetry/fulfillment"
import { NotFound, type Links, type Query } from "@marquetry/kernel"
import { Amount, sum } from "@marquetry/money"
import type { PriceCalculator } from "@marquetry/pricing"
import type { ChannelFacts } from "../cart/cart-facts.ts"
import type { PricedOption } from "../cart/cart-shipping.ts"
import { sendersOf, servedBy } from "../cart/situation.ts"
import { shippingOptionPriceSet } from "../links.ts"

interface OrderRow {
  readonly currencyCode: string
  readonly regionId: string | null
  readonly items: readonly { readonly unitPrice: string; readonly quantity: number }[]
  readonly shippingAddress: {
    readonly countryCode: string | null
    readonly province: string | null
    readonly city: string | null
    readonly postalCode: string | null
  } | null
  readonly customer: { readonly groups: readonly { readonly id: string }[] } | null
  readonly salesChannel: Pick<ChannelFacts, "stockLocations"> | null
}

const fields = {
  currencyCode: true,
  regionId: true,
  items: { unitPrice: true, quantity: true },
  shippingAddress: { countryCode: true, province: true, city: true, postalCode: true },
  customer: { groups: { id: true } },
  salesChannel: { stockLocations: { id: true, fulfillmentSets: { id: true }, fulfillmentProviders: { id: true } } },
} as const

/** How an order can be sent: for people of the shop, who may choose what its storefront does not offer too. */
export class OrderShipping {
  readonly #query: Query
  readonly #options: ShippingOptionService
  readonly #calculator: PriceCalculator
  readonly #links: Links

  constructor(query: Query, options: ShippingOptionService, calculator: PriceCalculator, links: Links) {
    this.#query = query
    this.#options = options
    this.#calculator = calculator
    this.#links = links
  }

  /**
   * The options that reach an order's address from the places of its channel, with what they would cost it; no price where
   * a provider calculates it. Four statements, and those of prices.
   *
   * @throws {NotFound}
   */
  async optionsOf(orderId: string): Promise<PricedOption[]> {
    const read = { fields, filter: { id: orderId }, limit: 1, count: false }
    const { rows } = await this.#query.listAny("order", read)
    const order = rows[0] as unknown as OrderRow | undefined
    if (order === undefined) throw new NotFound("Order", orderId)
    const eligible = await this.#eligible(order)
    const prices = await this.#prices(order, eligible)
    return eligible.map((option) => {
      const { amount = null, isTaxInclusive = false } = prices.get(option.id) ?? {}
      // What the order needs is held for it already.
      return { ...option, amount, isTaxInclusive, insufficientInventory: false }
    })
  }

  async #eligible(order: OrderRow): Promise<EligibleOption[]> {
    const { shippingAddress: address, salesChannel } = order
    const senders = sendersOf(salesChannel)
    const eligible = await this.#options.eligible({
      address: address && {
        countryCode: address.countryCode,
        provinceCode: address.province,
        city: address.city,
        postalCode: address.postalCode,
      },
      fulfillmentSetIds: [...senders.keys()],
      context: {
        enabled_in_store: ["true", "false"],
        is_return: "false",
        item_total: itemTotalOf(order),
        currency_code: order.currencyCode,
        region_id: order.regionId,
        "customer.groups.id": groupIdsOf(order),
      },
    })
    return servedBy(senders, eligible)
  }

  async #prices(order: OrderRow, options: readonly EligibleOption[]) {
    const ids = options.filter(({ priceType }) => priceType === "flat").map(({ id }) => id)
    const sets = await this.#links.of(shippingOptionPriceSet, ids)
    const prices = await this.#calculator.calculate(
      sets.map(([, priceSetId]) => priceSetId),
      {
        currencyCode: order.currencyCode,
        ...(order.regionId === null ? {} : { regionId: order.regionId }),
        customerGroupIds: groupIdsOf(order),
        attributes: { item_total: itemTotalOf(order) },
      },
    )
    return new Map(
      sets.flatMap(([optionId], index) => {
        const price = prices[index] ?? null
        if (price === null) return []
        return [[optionId, { amount: price.calculatedAmount, isTaxInclusive: price.isCalculatedPriceTaxInclusive }]]
      }),
    )
  }
}

const itemTotalOf = ({ items }: OrderRow): string =>
  sum(items.map(({ unitPrice, quantity }) => Amount.of(unitPrice).times(quantity))).toString()

const groupIdsOf = ({ customer }: OrderRow): string[] => (customer?.groups ?? []).map(({ id }) => id)
