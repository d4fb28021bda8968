import { defineResource } from "@marquetry/kernel"
import { Customer, CustomerAddress, CustomerGroup } from "./customer.entity.ts"

export const customerResource = defineResource("customer", Customer, {
  search: ["email", "firstName", "lastName", "phone", "companyName"],
})
export const customerAddressResource = defineResource("customer_address", CustomerAddress, {
  search: ["company", "firstName", "lastName", "address1", "city", "province", "postalCode"],
})
export const customerGroupResource = defineResource("customer_group", CustomerGroup, { search: ["name"] })
