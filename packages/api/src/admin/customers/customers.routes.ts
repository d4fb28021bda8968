import {
  CreateAddress,
  CreateCustomer,
  CustomerAddressService,
  CustomerGroupService,
  CustomerService,
  UpdateAddress,
  UpdateCustomer,
} from "@marquetry/customer"
import { compares, equals } from "@marquetry/http"
import { ResourceRegistry } from "@marquetry/kernel"
import { AdminResource } from "../kit/admin-resource.ts"
import { adminRoutes, paramsOf } from "../kit/admin-routes.ts"
import { dates, related } from "../kit/filters.ts"
import { LinkChanges } from "../kit/link-changes.ts"
import { listOfParts } from "../kit/list-of-parts.ts"
import { deleteCustomer, updateCustomer } from "./customer-changes.ts"

export const customers = new AdminResource({
  resource: "customer",
  singular: "customer",
  plural: "customers",
  defaults:
    "id, company_name, first_name, last_name, email, phone, metadata, has_account, created_by, created_at, updated_at, deleted_at",
  snapshot: "*addresses, groups.id, groups.name",
  list: {
    limit: 50,
    filters: {
      id: compares(),
      email: equals(),
      groups: related(),
      company_name: equals(),
      first_name: equals(),
      last_name: equals(),
      has_account: equals(),
      created_by: equals(),
      ...dates,
    },
    logic: true,
  },
})

const addresses = new AdminResource({
  resource: "customer_address",
  singular: "address",
  plural: "addresses",
  permission: "customer",
  defaults:
    "id, address_name, is_default_shipping, is_default_billing, customer_id, company, first_name, last_name, address_1, address_2, city, country_code, province, postal_code, phone, metadata, created_at, updated_at, deleted_at",
  list: {
    limit: 50,
    filters: {
      company: equals(),
      city: equals(),
      country_code: equals(),
      province: equals(),
      postal_code: equals(),
      customer_id: equals(),
    },
    logic: true,
  },
})

/** Who asks is who makes it. Whether they can log in follows from how they came. */
const NewCustomer = CreateCustomer.omit({ hasAccount: true, createdBy: true })

const ownRoutes = adminRoutes("/admin/customers", customers, (verbs) => {
  verbs.list()
  verbs.one()
  verbs.create(
    { body: NewCustomer, example: { email: "ada@example.com", firstName: "Ada" } },
    ({ resolve, identity, body }) =>
      resolve<CustomerService>(CustomerService).create({ ...body, createdBy: identity.actorId }),
  )
  verbs.update(
    {
      body: UpdateCustomer,
      example: { lastName: "Byron" },
      description: "The e-mail address of a customer with an account does not change.",
    },
    (context) => updateCustomer(context, context.params.id, context.body),
  )
  verbs.remove((context) => deleteCustomer(context, context.params.id))
  verbs.change(
    "/:id/customer-groups",
    {
      summary: "Puts a customer into groups, or takes them out",
      body: LinkChanges,
      example: { add: ["cusgroup_01"] },
      action: "groups_changed",
    },
    async ({ resolve, params, body }) => {
      const groups = resolve<CustomerGroupService>(CustomerGroupService)
      await groups.removeGroupsFrom(params.id, body.remove)
      await groups.addGroupsTo(params.id, body.add)
    },
  )
})

const addressRoutes = adminRoutes("/admin/customers", customers, (verbs) => {
  const permissions = ["customer:read"]
  listOfParts(verbs, "/:id/addresses", { of: customers, parts: addresses, owner: "customer_id", permissions })
  const params = paramsOf("/:id/addresses/:address_id")
  const { query, response } = addresses.whole.answer
  const one = { summary: "Reads an address of a customer", params, query, response, permissions }
  verbs.verbs.get("/:id/addresses/:address_id", one, async (context) => {
    const { id, address_id: addressId } = context.params
    await context.resolve<CustomerAddressService>(CustomerAddressService).get(id, addressId)
    const registry = context.resolve<ResourceRegistry>(ResourceRegistry)
    return addresses.of("answer", context.identity, registry).send(context, addressId)
  })
  verbs.change(
    "/:id/addresses",
    {
      summary: "Adds an address to a customer",
      body: CreateAddress,
      example: { firstName: "Ada", address1: "12 St James's Square", city: "London", countryCode: "gb" },
      action: "address_added",
    },
    ({ resolve, params, body }) => resolve<CustomerAddressService>(CustomerAddressService).create(params.id, body),
  )
  verbs.change(
    "/:id/addresses/:address_id",
    {
      summary: "Changes an address of a customer",
      body: UpdateAddress,
      example: { isDefaultShipping: true },
      action: "address_changed",
    },
    ({ resolve, params, body }) =>
      resolve<CustomerAddressService>(CustomerAddressService).update(params.id, params.address_id, body),
  )
  verbs.removePart(
    "/:id/addresses/:address_id",
    { summary: "Deletes an address of a customer", object: "customer_address" },
    ({ resolve, params }) =>
      resolve<CustomerAddressService>(CustomerAddressService).delete(params.id, params.address_id),
  )
})

export const customerRoutes = [...ownRoutes, ...addressRoutes]
