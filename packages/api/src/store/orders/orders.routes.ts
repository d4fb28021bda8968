import { OrderTransferFlow } from "@marquetry/flows"
import { equals, getRoute, listRoute, rowAnswer, routes, type Preparation, type Reading } from "@marquetry/http"
import { OrderTransferService } from "@marquetry/order"
import { z } from "zod"
import { ownedBy } from "../carts/cart-reads.ts"
import { customer, shopper, type Visitor } from "../shopper.guard.ts"
import { assertStorefront, openCategories, visibleTo } from "../visibility.ts"
import { orderAnswer, orderListDefaults } from "./order-reads.ts"

const params = z.object({ id: z.string().max(200) })
const TokenBody = z.strictObject({ token: z.string().max(200) })
const RequestBody = z.strictObject({
  description: z.string().max(5_000).optional(),
  updateOrderEmail: z.boolean().optional(),
})

/** Orders of accounts are for their owners; those of guests for whoever knows the id. */
function own(reading: Reading<Visitor>): Preparation {
  const visible = visibleTo({ ...reading, identity: reading.identity.storefront })
  return {
    beside: visible.beside,
    settle: visible.settle,
    scope: { ...openCategories, order: ownedBy(reading.identity) },
  }
}

const answer = rowAnswer(orderAnswer)
const { query, response } = answer

const forAnybody = routes("/store/orders", { guard: shopper }, ({ get, post }) => {
  const one = getRoute({ ...orderAnswer, plural: "orders", list: { limit: 1, filters: {} }, prepare: own })
  get("/:id", one.schemas, one.handle)

  const byToken = { params, body: TokenBody, query, response }
  post("/:id/transfer/accept", { summary: "Accepts a transfer", ...byToken }, async (context) => {
    await assertStorefront(context.identity, context)
    await context.resolve<OrderTransferService>(OrderTransferService).accept(context.params.id, context.body.token)
    return answer.send(context, context.params.id)
  })
  post("/:id/transfer/decline", { summary: "Declines a transfer", ...byToken }, async (context) => {
    await assertStorefront(context.identity, context)
    await context.resolve<OrderTransferService>(OrderTransferService).decline(context.params.id, context.body.token)
    return answer.send(context, context.params.id)
  })
})

const forCustomers = routes("/store/orders", { guard: customer }, ({ get, post }) => {
  const list = listRoute({
    ...orderAnswer,
    plural: "orders",
    defaults: orderListDefaults,
    list: { limit: 50, filters: { id: equals(), status: equals() }, logic: true },
    prepare: (reading: Reading<Visitor>) => ({
      ...own(reading),
      scope: { ...openCategories, order: { customerId: reading.identity.customerId } },
    }),
  })
  get("/", list.schemas, list.handle)

  post(
    "/:id/transfer/request",
    // Sends a mail.
    { summary: "Asks for an order placed as a guest", params, body: RequestBody, query, response, external: true },
    async (context) => {
      const { identity, params: order, body } = context
      await assertStorefront(identity, context)
      await context.resolve<OrderTransferFlow>(OrderTransferFlow).request(order.id, identity.customerId, body)
      return answer.send(context, order.id)
    },
  )
  post(
    "/:id/transfer/cancel",
    { summary: "Calls a transfer off", params, body: z.strictObject({}), query, response },
    async (context) => {
      const { customerId } = context.identity
      await assertStorefront(context.identity, context)
      await context
        .resolve<OrderTransferService>(OrderTransferService)
        .cancel(context.params.id, { customerId, canceledBy: customerId })
      return answer.send(context, context.params.id)
    },
  )
})

const reasons = {
  resource: "return_reason",
  singular: "return_reason",
  plural: "return_reasons",
  defaults:
    "id, value, label, parent_return_reason_id, description, created_at, updated_at, deleted_at, *parent_return_reason, *return_reason_children",
  prepare: (reading: Reading<Visitor>): Preparation => {
    const { beside, settle } = visibleTo({ ...reading, identity: reading.identity.storefront })
    return { beside, settle }
  },
  list: { limit: 20, filters: {} },
}
const returnReasons = routes("/store/return-reasons", { guard: shopper }, ({ get }) => {
  const list = listRoute(reasons)
  get("/", list.schemas, list.handle)
  const one = getRoute(reasons)
  get("/:id", one.schemas, one.handle)
})

export const orderRoutes = [...forAnybody, ...forCustomers, ...returnReasons]
