import type { CartAddressInput, CartView } from "@marquetry/cart"
import type { z } from "zod"
import type { RegionFacts } from "./cart-facts.ts"
import { CountryOutsideRegion } from "./cart-flow.errors.ts"

type Address = z.output<typeof CartAddressInput>

const nowhere: Address = {
  customerId: null,
  firstName: null,
  lastName: null,
  company: null,
  address1: null,
  address2: null,
  city: null,
  countryCode: null,
  province: null,
  postalCode: null,
  phone: null,
  metadata: null,
}

/** Where a new cart goes when its region is one country: then taxes and shipping are known from the start. */
export function homeOf({ countries }: RegionFacts): Address | null {
  const [country, other] = countries
  return country === undefined || other !== undefined ? null : { ...nowhere, countryCode: country.iso2 }
}

/** An address as it replaces another: without a country of its own it stays in that country. */
export function addressOf(address: Address, before: CartView["shippingAddress"]): Address {
  const isSomewhere = address.countryCode !== null && address.countryCode !== ""
  return isSomewhere ? address : { ...address, countryCode: before?.countryCode ?? address.countryCode }
}

/** Whether a region sells to an address; one without a country is anywhere. */
export const isWithin = ({ countries }: RegionFacts, { countryCode }: { countryCode: string | null }): boolean =>
  countryCode === null || countryCode === "" || countries.some(({ iso2 }) => iso2 === countryCode)

/** @throws {CountryOutsideRegion} */
export function assertCountry(region: RegionFacts, address: { countryCode: string | null } | null): void {
  if (address === null || isWithin(region, address)) return
  throw new CountryOutsideRegion(address.countryCode as string, region.id)
}
