import { CartFlow } from "@marquetry/flows"
import { RawJson, rowAnswer, routes } from "@marquetry/http"
import { shopper } from "../shopper.guard.ts"
import { cartAnswer } from "./cart-reads.ts"
import {
  AddItemBody,
  CartParams,
  LineParams,
  PromotionsBody,
  RemovedLine,
  ShippingMethodBody,
  UpdateItemBody,
} from "./carts.schema.ts"

const answer = rowAnswer(cartAnswer)
const { query, response } = answer
const params = CartParams

/** What is in a cart, what comes off, and how it is sent. */
export const cartContentRoutes = routes("/store/carts", { guard: shopper }, ({ post, delete: remove }) => {
  post(
    "/:id/line-items",
    { summary: "Adds a variant", params, body: AddItemBody, query, response },
    async (context) => {
      await context.resolve<CartFlow>(CartFlow).addItems(context.params.id, [context.body], context.identity)
      return answer.send(context, context.params.id)
    },
  )

  post(
    "/:id/line-items/:line_id",
    { summary: "Changes a line; no pieces remove it", params: LineParams, body: UpdateItemBody, query, response },
    async (context) => {
      const { id, line_id: lineId } = context.params
      await context.resolve<CartFlow>(CartFlow).changeItem(id, lineId, context.body, context.identity)
      return answer.send(context, id)
    },
  )

  remove(
    "/:id/line-items/:line_id",
    { summary: "Removes a line", params: LineParams, query, response: RemovedLine },
    async (context) => {
      answer.check(context)
      const { id, line_id: lineId } = context.params
      await context.resolve<CartFlow>(CartFlow).removeItem(id, lineId, context.identity)
      const parent = await answer.row(context, id)
      return new RawJson(`{"id":${JSON.stringify(lineId)},"object":"line-item","deleted":true,"parent":${parent}}`)
    },
  )

  const promotions = { params, body: PromotionsBody, query, response }
  post("/:id/promotions", { summary: "Adds promotion codes; none removes all", ...promotions }, async (context) => {
    await context
      .resolve<CartFlow>(CartFlow)
      .addPromotions(context.params.id, context.body.promoCodes, context.identity)
    return answer.send(context, context.params.id)
  })
  remove("/:id/promotions", { summary: "Removes promotion codes", ...promotions }, async (context) => {
    const { id } = context.params
    await context.resolve<CartFlow>(CartFlow).removePromotions(id, context.body.promoCodes, context.identity)
    return answer.send(context, id)
  })

  post(
    "/:id/shipping-methods",
    // A provider outside may be asked about the choice.
    { summary: "Chooses how the cart is sent", params, body: ShippingMethodBody, query, response, external: true },
    async (context) => {
      await context
        .resolve<CartFlow>(CartFlow)
        .chooseShipping(context.params.id, [context.body].flat(), context.identity)
      return answer.send(context, context.params.id)
    },
  )
})
