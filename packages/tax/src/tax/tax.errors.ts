import { ModuleError } from "@marquetry/kernel"

/** There is a region for one of the countries or provinces already. */
export class TaxRegionTaken extends ModuleError {
  readonly code = "tax.region_taken"
  readonly kind = "conflict"
  override readonly details: { places: string[] }
  constructor(places: string[]) {
    super(`There is a tax region already for one of: ${places.slice(0, 10).join(", ")}`)
    this.details = { places }
  }
}

/** A region of a province belongs to the region of its country; that of a country to none. */
export class TaxRegionMisplaced extends ModuleError {
  readonly code = "tax.region_misplaced"
  readonly kind = "invalid"
  override readonly details: { place: string }
  constructor(place: string) {
    super(
      `The tax region ${place} does not fit: that of a province needs the region of its country as its parent, that of a country has neither parent nor province`,
    )
    this.details = { place }
  }
}

/** A region has a default rate already. */
export class DefaultTaxRateTaken extends ModuleError {
  readonly code = "tax.default_rate_taken"
  readonly kind = "conflict"
  constructor() {
    super("The tax region has a default rate already, and can have one only")
  }
}

/** A rate names the same thing twice. */
export class TaxRateRuleTaken extends ModuleError {
  readonly code = "tax.rule_taken"
  readonly kind = "conflict"
  constructor() {
    super("The tax rate has a rule for one of these already")
  }
}

/** A region is to have a provider that there is not. */
export class UnknownTaxProvider extends ModuleError {
  readonly code = "tax.unknown_provider"
  readonly kind = "invalid"
  override readonly details: { providerIds: string[] }
  constructor(providerIds: string[]) {
    super(`There is no tax provider with one of the ids: ${providerIds.join(", ")}`)
    this.details = { providerIds }
  }
}

/** A region has a provider that this process was not configured with: its taxes cannot be computed here. */
export class TaxProviderMissing extends ModuleError {
  readonly code = "tax.provider_missing"
  readonly kind = "unavailable"
  override readonly details: { providerId: string }
  constructor(providerId: string) {
    super(`The tax provider ${providerId} is not configured here`)
    this.details = { providerId }
  }
}
