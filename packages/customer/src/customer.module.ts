import { defineModule, start, type Started, type StartOptions } from "@marquetry/kernel"
import { CustomerAddressService } from "./address/address.service.ts"
import { Customer, CustomerAddress, CustomerGroup, CustomerToGroup } from "./customer/customer.entity.ts"
import { customerAddressResource, customerGroupResource, customerResource } from "./customer/customer.resources.ts"
import { CustomerService } from "./customer/customer.service.ts"
import { CustomerGroupService } from "./group/group.service.ts"
import { CreateCustomerTables } from "./migrations/20261122203801_create-customers.ts"
import { IndexCustomersByTime } from "./migrations/20261126183000_index-customers-by-time.ts"

export const customerModule = defineModule({
  name: "customer",
  entities: [Customer, CustomerAddress, CustomerGroup, CustomerToGroup],
  migrations: [CreateCustomerTables, IndexCustomersByTime],
  resources: [customerResource, customerAddressResource, customerGroupResource],
  services: [CustomerService, CustomerAddressService, CustomerGroupService],
})

/** What {@link startCustomer} gives. */
export interface Customers {
  readonly customers: CustomerService
  readonly addresses: CustomerAddressService
  readonly groups: CustomerGroupService
}

/** Runs customers alone, on your database or an embedded one. */
export function startCustomer(options: StartOptions = {}): Promise<Started<Customers>> {
  return start(customerModule, options, (container) => ({
    customers: container.resolve(CustomerService),
    addresses: container.resolve(CustomerAddressService),
    groups: container.resolve(CustomerGroupService),
  }))
}
