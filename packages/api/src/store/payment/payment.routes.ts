import { PaymentFlow } from "@marquetry/flows"
import { InvalidRequest, listRoute, rowAnswer, routes, type Reading, type ResourceReads } from "@marquetry/http"
import { z } from "zod"
import { shopper, type Visitor } from "../shopper.guard.ts"
import { hiddenFromShoppers, visibleTo } from "../visibility.ts"

const CollectionBody = z.strictObject({ cartId: z.string().min(1).max(200) })
const SessionBody = z.strictObject({
  providerId: z.string().min(1).max(200),
  data: z.record(z.string(), z.unknown()).optional(),
})

const hidden = new Set([...hiddenFromShoppers, "cart", "order", "customer"])
export const collectionAnswer: Omit<ResourceReads<Visitor>, "list" | "plural"> = {
  resource: "payment_collection",
  singular: "payment_collection",
  defaults: "id, currency_code, amount, *payment_sessions",
  hidden,
}
const answer = rowAnswer(collectionAnswer)
const { query, response } = answer

const collections = routes("/store/payment-collections", { guard: shopper }, ({ post }) => {
  post(
    "/",
    { summary: "Says what is to be paid for a cart", body: CollectionBody, query, response },
    async (context) => {
      const id = await context.resolve<PaymentFlow>(PaymentFlow).collectionOf(context.body.cartId, context.identity)
      return answer.send(context, id)
    },
  )

  post(
    "/:id/payment-sessions",
    {
      summary: "Chooses how to pay",
      params: z.object({ id: z.string().max(200) }),
      body: SessionBody,
      query,
      response,
      // The provider is asked, and no transaction undoes that.
      external: true,
    },
    async (context) => {
      const { id } = context.params
      await context.resolve<PaymentFlow>(PaymentFlow).choose(id, context.body, context.identity)
      return answer.send(context, id)
    },
  )
})

export const providerAnswer: ResourceReads<Visitor> = {
  resource: "payment_provider",
  singular: "payment_provider",
  plural: "payment_providers",
  defaults: "id, is_enabled",
  hidden: new Set([...hidden, "region"]),
  list: { limit: 20, filters: {}, extra: { region_id: z.string().max(200).optional() } },
  prepare: (reading: Reading<Visitor>) => {
    const regionId = reading.query["region_id"] as string | undefined
    if (regionId === undefined) throw new InvalidRequest(["Field 'region_id' is required"])
    const { beside, settle } = visibleTo({ ...reading, identity: reading.identity.storefront })
    return { beside, settle, scope: { payment_provider: { isEnabled: true, regions: { id: regionId } } } }
  },
}

const providers = routes("/store/payment-providers", { guard: shopper }, ({ get }) => {
  const list = listRoute(providerAnswer)
  get("/", list.schemas, list.handle)
})

export const paymentRoutes = [...collections, ...providers]
