import { OrderTransferFlow } from "@marquetry/flows"
import { subscribe, type DependencyContainer, type Subscriber } from "@marquetry/kernel"
import { NotificationService } from "@marquetry/notification"
import { OrderTransferRequested, OrderTransferService } from "@marquetry/order"
import { adminRoutes } from "../kit/admin-routes.ts"
import { Nothing, TransferToCustomer, TransferToGuest } from "./order-bodies.ts"
import { orders } from "./order-resources.ts"

/** Sends what a transfer has written, as soon as it is there to be sent; the job that sends again would take its time. */
export const sendTransfers = (container: DependencyContainer): Subscriber =>
  subscribe(
    OrderTransferRequested,
    "api.send-transfer",
    async () => void (await container.resolve(NotificationService).retryPending()),
  )

const permissions = ["order:transfer"]

/** Whose an order is. */
export const orderTransferRoutes = adminRoutes("/admin/orders", orders, (verbs) => {
  verbs.change(
    "/:id/transfer",
    {
      summary: "Asks for an order on behalf of a customer",
      description: "Whoever reads the order's e-mail accepts or declines.",
      body: TransferToCustomer,
      example: { customerId: "cus_01" },
      permissions,
      action: "transfer_requested",
    },
    ({ resolve, identity, params, body: { customerId, ...wish } }) =>
      resolve<OrderTransferFlow>(OrderTransferFlow).requestFor(params.id, customerId, wish, identity.actorId),
  )
  verbs.change(
    "/:id/transfer/guest",
    {
      summary: "Gives an order to the guest with an e-mail address",
      body: TransferToGuest,
      example: { email: "ada@example.com" },
      permissions,
      action: "transferred",
    },
    ({ resolve, identity, params, body: { email, ...wish } }) =>
      resolve<OrderTransferFlow>(OrderTransferFlow).giveToGuest(params.id, email, wish, identity.actorId),
  )
  verbs.change(
    "/:id/transfer/cancel",
    { summary: "Calls a transfer off", body: Nothing, example: {}, permissions, action: "transfer_canceled" },
    ({ resolve, identity, params }) =>
      resolve<OrderTransferService>(OrderTransferService).cancel(params.id, { canceledBy: identity.actorId }),
  )
})
