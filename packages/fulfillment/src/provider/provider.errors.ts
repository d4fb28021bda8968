import { ModuleError } from "@marquetry/kernel"

/** A shipping option or a fulfillment is to have a provider that there is not. */
export class UnknownFulfillmentProvider extends ModuleError {
  readonly code = "fulfillment.unknown_provider"
  readonly kind = "invalid"
  override readonly details: { providerIds: string[] }
  constructor(providerIds: string[]) {
    super(`There is no fulfillment provider with one of the ids: ${providerIds.join(", ")}`)
    this.details = { providerIds }
  }
}

/** Something has a provider that this process was not configured with. */
export class FulfillmentProviderMissing extends ModuleError {
  readonly code = "fulfillment.provider_missing"
  readonly kind = "unavailable"
  override readonly details: { providerId: string }
  constructor(providerId: string) {
    super(`The fulfillment provider ${providerId} is not configured here`)
    this.details = { providerId }
  }
}

/** The provider does not take the data of a shipping option. */
export class OptionDataRefused extends ModuleError {
  readonly code = "fulfillment.option_data_refused"
  readonly kind = "invalid"
  override readonly details: { providerId: string }
  constructor(providerId: string) {
    super(`The fulfillment provider ${providerId} refuses the data of the shipping option`)
    this.details = { providerId }
  }
}

/** The provider cannot say what a shipping option costs: its price type has to be `flat`. */
export class PriceNotCalculable extends ModuleError {
  readonly code = "fulfillment.price_not_calculable"
  readonly kind = "invalid"
  override readonly details: { providerId: string }
  constructor(providerId: string) {
    super(`The fulfillment provider ${providerId} cannot calculate prices of the shipping option`)
    this.details = { providerId }
  }
}
