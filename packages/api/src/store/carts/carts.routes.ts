import { CartFlow, CheckoutFlow } from "@marquetry/flows"
import { getRoute, RawJson, rowAnswer, routes, type Reading } from "@marquetry/http"
import { orderAnswer } from "../orders/order-reads.ts"
import { customer, shopper, type Visitor } from "../shopper.guard.ts"
import { openCategories, visibleTo } from "../visibility.ts"
import { cartAnswer, ownedBy } from "./cart-reads.ts"
import { cartContentRoutes } from "./cart-contents.routes.ts"
import { CartParams, CreateCartBody, NoBody, TaxesBody, UpdateCartBody } from "./carts.schema.ts"
import { completion } from "./completion.ts"

const answer = rowAnswer(cartAnswer)
const { query, response } = answer
const params = CartParams
const orders = rowAnswer(orderAnswer)

const cartRoutesOfShoppers = routes("/store/carts", { guard: shopper }, ({ get, post }) => {
  post("/", { summary: "Makes a cart", body: CreateCartBody, query, response }, async (context) => {
    const { additionalData: _forPlugins, ...input } = context.body
    const id = await context.resolve<CartFlow>(CartFlow).create(input, context.identity)
    return answer.send(context, id)
  })

  const one = getRoute({
    ...cartAnswer,
    plural: "carts",
    list: { limit: 1, filters: {} },
    prepare: (reading: Reading<Visitor>) => {
      const { storefront, customerId } = reading.identity
      const visible = visibleTo({ ...reading, identity: storefront })
      const scope = { ...openCategories, cart: ownedBy({ customerId }) }
      return { beside: visible.beside, settle: visible.settle, scope }
    },
  })
  get("/:id", one.schemas, one.handle)

  post("/:id", { summary: "Changes a cart", params, body: UpdateCartBody, query, response }, async (context) => {
    const { additionalData: _forPlugins, ...input } = context.body
    await context.resolve<CartFlow>(CartFlow).update(context.params.id, input, context.identity)
    return answer.send(context, context.params.id)
  })

  post("/:id/taxes", { summary: "Computes taxes", params, body: TaxesBody, query, response }, async (context) => {
    const { params: cart, query: asked, body } = context
    await context.resolve<CartFlow>(CartFlow).computeTaxes(cart.id, context.identity)
    return answer.send({ ...context, query: { ...body, ...(asked as object) } }, cart.id)
  })

  post(
    "/:id/complete",
    {
      summary: "Places the order",
      params,
      body: NoBody,
      query: orders.query,
      response: completion,
      // A payment provider may be asked, and no transaction undoes that.
      external: true,
    },
    async (context) => {
      orders.check(context)
      const { id } = context.params
      const result = await context.resolve<CheckoutFlow>(CheckoutFlow).complete(id, context.identity)
      if (result.kind === "order") {
        return new RawJson(`{"type":"order","order":${await orders.row(context, result.orderId)}}`)
      }
      const isOpen = result.reason === "requires_more"
      const type = isOpen ? "payment_requires_more_error" : "payment_authorization_error"
      const error = JSON.stringify({ message: result.message, name: type, type })
      const cart = await answer.row({ ...context, query: {} }, id)
      return new RawJson(`{"type":"cart","cart":${cart},"error":${error}}`)
    },
  )
})

const cartRoutesOfCustomers = routes("/store/carts", { guard: customer }, ({ post }) => {
  post("/:id/customer", { summary: "Takes a cart over", params, body: NoBody, query, response }, async (context) => {
    await context.resolve<CartFlow>(CartFlow).transfer(context.params.id, context.identity)
    return answer.send(context, context.params.id)
  })
})

export const cartRoutes = [...cartRoutesOfShoppers, ...cartRoutesOfCustomers, ...cartContentRoutes]
