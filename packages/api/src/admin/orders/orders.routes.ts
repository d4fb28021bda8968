import { OrderFlow, OrderPaymentFlow } from "@marquetry/flows"
import { RawJson } from "@marquetry/http"
import { OrderService } from "@marquetry/order"
import { z } from "zod"
import { adminRoutes, paramsOf } from "../kit/admin-routes.ts"
import { changeRow } from "../kit/changes.ts"
import { CreditLine, Nothing, OrderChanges, PaymentSession } from "./order-bodies.ts"
import { orderFulfillmentRoutes } from "./order-fulfillments.routes.ts"
import { orderPartRoutes } from "./order-parts.routes.ts"
import { listedOrders, orders } from "./order-resources.ts"
import { orderTransferRoutes } from "./order-transfers.routes.ts"

const lists = adminRoutes("/admin/orders", listedOrders, (verbs) => verbs.list())

const ones = adminRoutes("/admin/orders", orders, (verbs) => {
  verbs.one()
  verbs.update(
    {
      body: OrderChanges,
      example: { email: "ada@example.com", shippingAddress: { firstName: "Ada", city: "London" } },
      description:
        "Addresses are merged field by field, and `metadata` key by key; what is `null` goes. The country that an order is sent to stays: its taxes were calculated for it.",
    },
    ({ resolve, identity, params, body }) =>
      resolve<OrderService>(OrderService).update(params.id, body, identity.actorId),
  )
  verbs.change(
    "/:id/credit-lines",
    {
      summary: "Lets something else pay a part of an order",
      body: CreditLine,
      example: { amount: 10, reference: "gift_card", referenceId: "gift_01" },
      action: "credit_line_added",
    },
    ({ resolve, params, body }) => resolve<OrderService>(OrderService).addCreditLine(params.id, body),
  )
})

const ends = adminRoutes("/admin/orders", orders, (verbs) => {
  verbs.change(
    "/:id/complete",
    { summary: "Says that nothing is left to be done about an order", body: Nothing, example: {}, action: "completed" },
    ({ resolve, params }) => resolve<OrderService>(OrderService).complete([params.id]),
  )
  verbs.change(
    "/:id/archive",
    { summary: "Puts an order away", body: Nothing, example: {}, action: "archived" },
    ({ resolve, params }) => resolve<OrderService>(OrderService).archive([params.id]),
  )
  verbs.change(
    "/:id/cancel",
    {
      summary: "Calls an order off",
      description:
        "Its stock is free again; what was authorised is given up, and what was captured is given back. Refused as long as something of it is fulfilled.",
      body: Nothing,
      example: {},
      permissions: ["order:cancel"],
      action: "canceled",
    },
    ({ resolve, identity, params }) => resolve<OrderFlow>(OrderFlow).prepareCancel(params.id, identity.actorId),
    ({ resolve }, canceled) => resolve<OrderFlow>(OrderFlow).perform(canceled),
  )
})

const sessions = adminRoutes("/admin/orders", orders, ({ verbs }) => {
  const { query } = orders.whole.answer
  verbs.post(
    "/:id/payment-sessions/authorize",
    {
      summary: "Has a provider set money aside for an order",
      params: paramsOf("/:id"),
      query,
      response: z.object({ order: z.looseObject({ id: z.string() }), isAuthorized: z.boolean() }),
      body: PaymentSession,
      example: { paymentSessionId: "payses_01" },
      permissions: ["payment:authorize"],
      // The provider is asked, and no transaction undoes that.
      external: true,
    },
    async (context) => {
      const { resolve, params, body } = context
      orders.whole.answer.check(context)
      let isAuthorized = false
      const answer = await changeRow(context, {
        resource: orders,
        id: params.id,
        action: "payment_tried",
        work: () => Promise.resolve(),
        finish: async () => {
          isAuthorized = await resolve<OrderPaymentFlow>(OrderPaymentFlow).authorizeSession(
            params.id,
            body.paymentSessionId,
          )
        },
      })
      return new RawJson(`${answer.text.slice(0, -1)},"is_authorized":${isAuthorized}}`)
    },
  )
})

export const orderRoutes = [
  ...lists,
  ...ones,
  ...ends,
  ...sessions,
  ...orderPartRoutes,
  ...orderFulfillmentRoutes,
  ...orderTransferRoutes,
]
