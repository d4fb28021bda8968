import { equals } from "@marquetry/http"
import { Database, ResourceRegistry } from "@marquetry/kernel"
import { CampaignService, CreateCampaign, UpdateCampaign } from "@marquetry/promotion"
import { AdminResource } from "../kit/admin-resource.ts"
import { adminRoutes, paramsOf } from "../kit/admin-routes.ts"
import { unconditional } from "../kit/changes.ts"
import { related } from "../kit/filters.ts"
import { assertThere, LinkChanges } from "../kit/link-changes.ts"
import { before, record, snapshotsOf, type Asking } from "../kit/recorded.ts"
import { promotions } from "../promotions/promotion-resource.ts"

/** Its promotions make no version of it, for there may be any number: the campaign is a field of each of them. */
const campaigns = new AdminResource({
  resource: "campaign",
  singular: "campaign",
  plural: "campaigns",
  defaults:
    "id, name, description, campaign_identifier, starts_at, ends_at, created_at, updated_at, deleted_at, *budget",
  list: {
    limit: 50,
    filters: { id: equals(), campaign_identifier: equals(), budget: related() },
    logic: true,
  },
})

export const campaignRoutes = adminRoutes("/admin/campaigns", campaigns, (verbs) => {
  verbs.list()
  verbs.one()
  verbs.create(
    {
      body: CreateCampaign,
      example: {
        name: "Summer",
        campaignIdentifier: "summer-26",
        budget: { type: "spend", limit: 5_000, currencyCode: "eur" },
      },
    },
    ({ resolve, body }) => resolve<CampaignService>(CampaignService).create(body),
  )
  verbs.update({ body: UpdateCampaign, example: { budget: { limit: 8_000 } } }, ({ resolve, params, body }) =>
    resolve<CampaignService>(CampaignService).update(params.id, body),
  )
  verbs.remove(({ resolve, params }) => resolve<CampaignService>(CampaignService).delete(params.id))

  const { query, response } = campaigns.whole.answer
  const members = {
    summary: "Puts promotions into a campaign, or takes them out",
    params: paramsOf("/:id"),
    query,
    body: LinkChanges,
    example: { add: ["promo_01"] },
    response,
    versioned: false,
    permissions: ["campaign:update"],
  }
  verbs.verbs.post("/:id/promotions", members, (context) =>
    context.resolve<Database>(Database).transaction(async () => {
      const { id } = context.params
      await assertThere(context, campaigns.reads.resource, [id])
      await changeMembers(context, id, context.body)
      const registry = context.resolve<ResourceRegistry>(ResourceRegistry)
      return campaigns.of("answer", context.identity, registry).send(context, id)
    }),
  )
})

/** Promotions are held before their campaign, as everywhere. */
async function changeMembers(context: Asking, id: string, { add, remove }: LinkChanges): Promise<void> {
  const ids = [...new Set([...add, ...remove])]
  const service = context.resolve<CampaignService>(CampaignService)
  const held = await before(unconditional(context), promotions, ids)
  if (remove.length > 0) await service.removePromotions(id, remove)
  if (add.length > 0) await service.addPromotions(id, add)
  const rows = await snapshotsOf(context, promotions, ids)
  const done = ids.map((one) => ({ id: one, before: held.get(one) ?? null, after: rows.get(one) ?? null }))
  await record(
    context,
    done.map((one) => ({ action: "campaign_changed", resource: promotions, ...one })),
  )
}
