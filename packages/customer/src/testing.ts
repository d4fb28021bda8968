import type { CreateAddress } from "./address/address.schema.ts"
import type { CreateCustomer } from "./customer/customer.schema.ts"

let made = 0

/** A valid guest, with an e-mail address that no other has. */
export const aCustomer = (overrides: Partial<CreateCustomer> = {}): CreateCustomer => ({
  email: `customer-${++made}@example.com`,
  ...overrides,
})

/** A valid address, the default of nothing. */
export const anAddress = (overrides: Partial<CreateAddress> = {}): CreateAddress => ({
  firstName: "Ada",
  lastName: "Byron",
  address1: "Main Street 1",
  city: "London",
  countryCode: "gb",
  postalCode: "N1 1AA",
  ...overrides,
})
