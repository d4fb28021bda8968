export { customerModule, startCustomer, type Customers } from "./customer.module.ts"
export { AddressCreated, AddressDeleted, AddressUpdated } from "./address/address.events.ts"
export { CreateAddress, CreateAddresses, UpdateAddress } from "./address/address.schema.ts"
export { CustomerAddressService, type CustomerAddressView } from "./address/address.service.ts"
export type { Buyer } from "./customer/buyer.ts"
export { EmailTaken } from "./customer/customer.errors.ts"
export { CustomerCreated, CustomerDeleted, CustomerUpdated } from "./customer/customer.events.ts"
export { customerAddressResource, customerGroupResource, customerResource } from "./customer/customer.resources.ts"
export { CreateCustomer, CreateCustomers, UpdateCustomer } from "./customer/customer.schema.ts"
export { CustomerService, type CustomerView } from "./customer/customer.service.ts"
export { GroupNameTaken } from "./group/group.errors.ts"
export {
  CustomerGroupCreated,
  CustomerGroupDeleted,
  CustomerGroupUpdated,
  CustomersAddedToGroup,
  CustomersRemovedFromGroup,
} from "./group/group.events.ts"
export { CreateCustomerGroup, CreateCustomerGroups, UpdateCustomerGroup } from "./group/group.schema.ts"
export { CustomerGroupService, type CustomerGroupView } from "./group/group.service.ts"
