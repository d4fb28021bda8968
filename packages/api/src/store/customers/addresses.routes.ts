import { CreateAddress, CustomerAddressService, UpdateAddress } from "@marquetry/customer"
import { equals, listRoute, RawJson, rowAnswer, routes, type ResourceReads } from "@marquetry/http"
import { Database } from "@marquetry/kernel"
import { z } from "zod"
import { customer, type CustomerVisitor } from "../shopper.guard.ts"
import { answerAfter, customerAnswer, hiddenFromCustomers, visibleToCustomer } from "./customer-reads.ts"

const reads: ResourceReads<CustomerVisitor> = {
  resource: "customer_address",
  singular: "address",
  plural: "addresses",
  defaults:
    "id, address_name, company, customer_id, first_name, last_name, address_1, address_2, city, province, postal_code, country_code, phone, metadata, is_default_shipping, is_default_billing, created_at, updated_at",
  hidden: hiddenFromCustomers,
  list: { limit: 50, filters: { city: equals(), country_code: equals(), postal_code: equals() } },
  prepare: (reading) => {
    const visible = visibleToCustomer(reading)
    return { ...visible, scope: { ...visible.scope, customer_address: { customerId: reading.identity.customerId } } }
  },
}

const params = z.object({ address_id: z.string().max(200) })
const { query, response } = customerAnswer

/** The address book of the customer who is logged in. What others have in theirs is not there. */
export const addressRoutes = routes("/store/customers/me/addresses", { guard: customer }, (verbs) => {
  const { get, post, delete: remove } = verbs
  const list = listRoute(reads)
  get("/", list.schemas, list.handle)

  const one = rowAnswer(reads)
  const { query: fields, response: address } = one
  get("/:address_id", { summary: "Reads an address", params, query: fields, response: address }, (context) =>
    one.send(context, context.params.address_id),
  )

  post("/", { summary: "Adds an address", body: CreateAddress, query, response }, (context) =>
    answerAfter(context, async () => {
      const { customerId } = context.identity
      await context.resolve<CustomerAddressService>(CustomerAddressService).create(customerId, context.body)
      return customerId
    }),
  )

  post("/:address_id", { summary: "Changes an address", params, body: UpdateAddress, query, response }, (context) =>
    answerAfter(context, async () => {
      const { identity, resolve, body } = context
      const addresses = resolve<CustomerAddressService>(CustomerAddressService)
      await addresses.update(identity.customerId, context.params.address_id, body)
      return identity.customerId
    }),
  )

  remove("/:address_id", { summary: "Deletes an address", params, query }, (context) =>
    context.resolve<Database>(Database).transaction(async () => {
      const { customerId } = context.identity
      const id = context.params.address_id
      await context.resolve<CustomerAddressService>(CustomerAddressService).delete(customerId, id)
      const parent = await customerAnswer.row(context, customerId)
      return new RawJson(`{"id":${JSON.stringify(id)},"object":"address","deleted":true,"parent":${parent}}`)
    }),
  )
})
