import { CreateCustomerGroup, CustomerGroupService, UpdateCustomerGroup } from "@marquetry/customer"
import { equals } from "@marquetry/http"
import { Database, ResourceRegistry } from "@marquetry/kernel"
import { customers } from "../customers/customers.routes.ts"
import { AdminResource } from "../kit/admin-resource.ts"
import { adminRoutes, paramsOf } from "../kit/admin-routes.ts"
import { unconditional } from "../kit/changes.ts"
import { dates, related } from "../kit/filters.ts"
import { assertThere, LinkChanges } from "../kit/link-changes.ts"
import { before, record, snapshotsOf, type Asking } from "../kit/recorded.ts"

/** Its customers make no version of it, for there may be any number: who is in which group is a fact about the customer. */
const groups = new AdminResource({
  resource: "customer_group",
  singular: "customer_group",
  plural: "customer_groups",
  defaults: "id, name, created_by, metadata, created_at, updated_at, deleted_at",
  list: {
    limit: 50,
    filters: { id: equals(), name: equals(), customers: related(), created_by: equals(), ...dates },
    logic: true,
  },
})

/** Who asks is who makes it. */
const NewGroup = CreateCustomerGroup.omit({ createdBy: true })

export const customerGroupRoutes = adminRoutes("/admin/customer-groups", groups, (verbs) => {
  verbs.list()
  verbs.one()
  verbs.create({ body: NewGroup, example: { name: "Wholesale" } }, ({ resolve, identity, body }) =>
    resolve<CustomerGroupService>(CustomerGroupService).create({ ...body, createdBy: identity.actorId }),
  )
  verbs.update({ body: UpdateCustomerGroup, example: { name: "Retailers" } }, ({ resolve, params, body }) =>
    resolve<CustomerGroupService>(CustomerGroupService).update(params.id, body),
  )
  verbs.remove(({ resolve, params }) => resolve<CustomerGroupService>(CustomerGroupService).delete(params.id))

  const { query, response } = groups.whole.answer
  const members = {
    summary: "Puts customers into a group, or takes them out",
    params: paramsOf("/:id"),
    query,
    body: LinkChanges,
    example: { add: ["cus_01"] },
    response,
    versioned: false,
    permissions: ["customer_group:update"],
  }
  verbs.verbs.post("/:id/customers", members, (context) =>
    context.resolve<Database>(Database).transaction(async () => {
      const { id } = context.params
      await assertThere(context, groups.reads.resource, [id])
      await changeMembers(context, id, context.body)
      const registry = context.resolve<ResourceRegistry>(ResourceRegistry)
      return groups.of("answer", context.identity, registry).send(context, id)
    }),
  )
})

/** Customers are held before their groups, as by the routes of one customer: these cannot wait for each other. */
async function changeMembers(context: Asking, id: string, { add, remove }: LinkChanges): Promise<void> {
  const ids = [...new Set([...add, ...remove])]
  const service = context.resolve<CustomerGroupService>(CustomerGroupService)
  const held = await before(unconditional(context), customers, ids)
  await service.removeCustomers(id, remove)
  await service.addCustomers(id, add)
  const rows = await snapshotsOf(context, customers, ids)
  const done = ids.map((one) => ({ id: one, before: held.get(one) ?? null, after: rows.get(one) ?? null }))
  await record(
    context,
    done.map((one) => ({ action: "groups_changed", resource: customers, ...one })),
  )
}
