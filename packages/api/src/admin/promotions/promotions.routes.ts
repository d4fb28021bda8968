import { NotFound, ResourceRegistry } from "@marquetry/kernel"
import { CreatePromotion, PromotionService, UpdatePromotion } from "@marquetry/promotion"
import type { RequestInfo } from "@marquetry/http"
import { adminRoutes, withVersion } from "../kit/admin-routes.ts"
import { snapshotsOf } from "../kit/recorded.ts"
import { versionOf } from "../kit/versions.ts"
import { promotions } from "./promotion-resource.ts"

export const promotionRoutes = adminRoutes("/admin/promotions", promotions, (verbs) => {
  verbs.list()
  const one = { ...promotions.whole.one.schemas, permissions: ["promotion:read"], versioned: true }
  verbs.verbs.get("/:id", { ...one, description: "By its id, or by its code." }, async (context) => {
    const id = await idOf(context, context.params.id)
    const row = (await snapshotsOf(context, promotions, [id])).get(id)
    const registry = context.resolve<ResourceRegistry>(ResourceRegistry)
    const answer = await promotions.of("answer", context.identity, registry).send(context, id)
    return withVersion(context, versionOf(context, promotions, row), answer)
  })
  verbs.create(
    {
      body: CreatePromotion,
      example: {
        code: "SUMMER10",
        type: "standard",
        status: "active",
        applicationMethod: { type: "percentage", targetType: "order", value: 10 },
      },
    },
    ({ resolve, body }) => resolve<PromotionService>(PromotionService).create(body),
  )
  verbs.update({ body: UpdatePromotion, example: { status: "inactive" } }, ({ resolve, params, body }) =>
    resolve<PromotionService>(PromotionService).update(params.id, body),
  )
  verbs.remove(({ resolve, params }) => resolve<PromotionService>(PromotionService).delete(params.id))
})

/** The id of the promotion with an id, or a code. Codes of promotions are no ids of others. @throws {NotFound} */
async function idOf({ resolve }: Pick<RequestInfo, "resolve">, idOrCode: string): Promise<string> {
  const { rows } = await resolve<PromotionService>(PromotionService).list({
    filter: { $or: [{ id: idOrCode }, { code: idOrCode }] },
    limit: 2,
    count: false,
  })
  const found = rows.find(({ id }) => id === idOrCode) ?? rows[0]
  if (found === undefined) throw new NotFound("Promotion", idOrCode)
  return found.id
}
