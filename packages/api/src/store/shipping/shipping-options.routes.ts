import { CartFlow, type PricedOption } from "@marquetry/flows"
import { RawJson, rowAnswer, routes, type ResourceReads } from "@marquetry/http"
import { z } from "zod"
import { shopper, type Visitor } from "../shopper.guard.ts"
import { hiddenFromShoppers } from "../visibility.ts"

const page = z.string().regex(/^\d{1,9}$/, "a whole number")
const query = z.strictObject({
  cart_id: z.string().max(200),
  is_return: z.enum(["true", "false"]).default("false"),
  fields: z.string().max(10_000).optional(),
  // Taken and not needed: there are few options, and all are answered.
  limit: page.optional(),
  offset: page.optional(),
  order: z.string().max(200).optional(),
})
const CalculateBody = z.strictObject({
  cartId: z.string().min(1).max(200),
  data: z.record(z.string(), z.unknown()).default({}),
})

export const shippingOptionAnswer: Omit<ResourceReads<Visitor>, "list" | "plural"> = {
  resource: "shipping_option",
  singular: "shipping_option",
  defaults: [
    "id, name, price_type, service_zone_id, shipping_profile_id, provider_id, data",
    "amount, is_tax_inclusive, insufficient_inventory, calculated_price, prices",
    "type.id, type.label, type.description, type.code, provider.id, provider.is_enabled",
    "rules.attribute, rules.operator, rules.value, service_zone.id, service_zone.fulfillment_set_id",
    "service_zone.fulfillment_set.id, service_zone.fulfillment_set.type",
    "service_zone.fulfillment_set.location.id, service_zone.fulfillment_set.location.address",
  ].join(", "),
  maxDepth: 4,
  // Options that are not offered to this cart, and what else is sent in the same way, are nobody's business.
  hidden: new Set([...hiddenFromShoppers, "shipping_option", "product"]),
  only: { stock_location: new Set(["id", "name", "address"]) },
}
const answer = rowAnswer(shippingOptionAnswer)

const offered = (options: readonly PricedOption[]) => ({
  offered: new Map(options.map((option) => [option.id, option])),
})

export const shippingOptionRoutes = routes("/store/shipping-options", { guard: shopper }, ({ get, post }) => {
  get("/", { summary: "Lists how a cart can be sent", query, response: answer.response }, async (context) => {
    const { cart_id: cartId, is_return: isReturn } = context.query
    const flow = context.resolve<CartFlow>(CartFlow)
    const options = await flow.shippingOptions(cartId, context.identity, isReturn === "true")
    const ids = options.map(({ id }) => id)
    return new RawJson(`{"shipping_options":${await answer.rows(context, ids, offered(options))}}`)
  })

  post(
    "/:id/calculate",
    {
      summary: "Asks what an option costs a cart",
      params: z.object({ id: z.string().max(200) }),
      body: CalculateBody,
      query: answer.query,
      response: answer.response,
      // Its provider is asked.
      external: true,
    },
    async (context) => {
      const { id } = context.params
      const { cartId, data } = context.body
      const flow = context.resolve<CartFlow>(CartFlow)
      const option = await flow.calculateShipping(cartId, { optionId: id, data }, context.identity)
      return new RawJson(`{"shipping_option":${(await answer.rows(context, [id], offered([option]))).slice(1, -1)}}`)
    },
  )
})
