import { ModuleError } from "@marquetry/kernel"

/** A country is in another region already; take it out of there first. */
export class CountryTaken extends ModuleError {
  readonly code = "region.country_taken"
  // The wire's contract answers 400.
  readonly kind = "invalid"
  override readonly details: { countries: string[] }
  constructor(countries: string[]) {
    super(`These countries are in another region already: ${countries.join(", ")}`)
    this.details = { countries }
  }
}

/** There is no such country in ISO 3166-1. */
export class UnknownCountry extends ModuleError {
  readonly code = "region.unknown_country"
  readonly kind = "invalid"
  override readonly details: { countries: string[] }
  constructor(countries: string[]) {
    super(`There are no countries with the codes: ${countries.join(", ")}`)
    this.details = { countries }
  }
}
