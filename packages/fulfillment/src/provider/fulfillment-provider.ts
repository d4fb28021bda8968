import type { AmountLike } from "@marquetry/money"

/** What a provider keeps with options, shipping methods and fulfillments: JSON of its own. */
export type ProviderData = Readonly<Record<string, unknown>>

/** A service that a provider offers, for people to make shipping options of. */
export interface ProviderService extends ProviderData {
  readonly id: string
}

export interface CalculatedShippingPrice {
  /** Major units of the currency that the context names. */
  readonly calculatedAmount: AmountLike
  readonly isCalculatedPriceTaxInclusive: boolean
}

export interface Parcel {
  /** Of the fulfillment; the same however often it is sent. Use it as the key that makes a second request harmless. */
  readonly id: string
  readonly locationId: string
  /** Those of the shipping option, if it has one. */
  readonly optionData: ProviderData | null
  /** What the buyer's choice was made with. */
  readonly data: ProviderData | null
  readonly items: readonly {
    readonly title: string
    readonly sku: string
    readonly barcode: string
    /** A decimal. */
    readonly quantity: string
    readonly lineItemId: string | null
    readonly inventoryItemId: string | null
  }[]
  readonly deliveryAddress: ProviderData | null
}

export interface Label {
  readonly trackingNumber: string
  readonly trackingUrl: string
  readonly labelUrl: string
}

/** What a provider answers when it is given a parcel. */
export interface AcceptedParcel {
  /** Kept as the data of the fulfillment, instead of those it was made with. */
  readonly data?: ProviderData | null
  readonly labels?: readonly Label[]
}

/**
 * Sends goods: an extension point, for carriers and warehouses. To write down what people do themselves, `manual_manual`
 * is there. Where a method refuses, it throws an error for the caller to see; a `ModuleError` reaches the wire.
 */
export interface FulfillmentProvider {
  /** Permanent: `dhl_germany`. */
  readonly id: string
  /**
   * Whether it asks anything outside of the process. It is then never called by this module while a transaction is under
   * way: see `ShippingOptionService.check`, `FulfillmentService.handOver` and `withdraw`.
   */
  readonly asksOutside: boolean
  /** What shipping options can be made of, for people to choose from. */
  services(): Promise<readonly ProviderService[]> | readonly ProviderService[]
  /** Whether a shipping option may have these data. Called before one is made or changed. */
  validateOption(optionData: ProviderData | null): Promise<boolean> | boolean
  /**
   * Checks what a buyer sends along when choosing an option: a parcel shop.
   *
   * @param context what is known of the cart.
   * @returns what is kept with the shipping method.
   */
  validateData(
    optionData: ProviderData | null,
    data: ProviderData,
    context: ProviderData,
  ): Promise<ProviderData> | ProviderData
  /** Whether an option with these data can be of price type `calculated`. */
  canCalculate(optionData: ProviderData | null): Promise<boolean> | boolean
  /** The price of an option whose price type is `calculated`. Called only where {@link canCalculate} says so. */
  calculatePrice(
    optionData: ProviderData | null,
    data: ProviderData,
    context: ProviderData,
  ): Promise<CalculatedShippingPrice> | CalculatedShippingPrice
  /** Takes a parcel, or throws where it has not. May be called again with the same id after a crash: answer as before. */
  createFulfillment(parcel: Parcel): Promise<AcceptedParcel> | AcceptedParcel
  /** Forgets a parcel. May be called again for one that is forgotten; throws when it cannot be any more. */
  cancelFulfillment(parcel: { readonly id: string; readonly data: ProviderData | null }): Promise<void> | void
}
