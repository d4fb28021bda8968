import { ApiKeyService, CreateApiKey, RevokeApiKey, UpdateApiKey } from "@marquetry/api-key"
import { apiKeySalesChannel } from "@marquetry/flows"
import { compares, equals } from "@marquetry/http"
import { AccessService } from "@marquetry/rbac"
import { AdminResource } from "../kit/admin-resource.ts"
import { adminRoutes } from "../kit/admin-routes.ts"
import { dates } from "../kit/filters.ts"
import { changeLinks, LinkChanges } from "../kit/link-changes.ts"
import { giveRoles, RoleIds } from "../rbac/grants.ts"

export const apiKeys = new AdminResource({
  resource: "api_key",
  singular: "api_key",
  plural: "api_keys",
  defaults:
    "id, title, token, redacted, type, last_used_at, updated_at, created_at, created_by, revoked_at, revoked_by, sales_channels.id, sales_channels.name",
  snapshot: "role_assignments.role_id",
  list: {
    limit: 20,
    filters: {
      id: equals(),
      title: equals(),
      token: equals(),
      type: equals(),
      revoked_at: compares(),
      ...dates,
    },
    logic: true,
  },
})

/** Who asks is who makes it. A secret key may do what its roles say; without any it has those of whoever makes it. */
const NewKey = CreateApiKey.omit({ createdBy: true }).extend({ roles: RoleIds.optional() })
const Revocation = RevokeApiKey.omit({ revokedBy: true })

export const apiKeyRoutes = adminRoutes("/admin/api-keys", apiKeys, (verbs) => {
  verbs.list()
  verbs.one()
  verbs.create(
    {
      body: NewKey,
      example: { title: "Storefront", type: "publishable" },
      description: "The token is in this answer; that of a secret key is in no other.",
    },
    async ({ resolve, identity, body: { roles, ...key } }) => {
      const keys = resolve<ApiKeyService>(ApiKeyService)
      const { id, type, token } = await keys.create({ ...key, createdBy: identity.actorId })
      if (type === "secret") await giveRoles({ resolve, identity }, { actorType: "api_key", actorId: id }, roles)
      return { id, shownOnce: { token } }
    },
  )
  verbs.update({ body: UpdateApiKey, example: { title: "Mobile storefront" } }, ({ resolve, params, body }) =>
    resolve<ApiKeyService>(ApiKeyService).update(params.id, body),
  )
  verbs.remove(async ({ resolve, params }) => {
    await resolve<ApiKeyService>(ApiKeyService).delete(params.id)
    await resolve<AccessService>(AccessService).forget("api_key", params.id)
  })
  verbs.change(
    "/:id/revoke",
    { summary: "Ends an api key", body: Revocation, example: { revokeIn: 3_600 }, action: "revoked" },
    ({ resolve, identity, params, body }) =>
      resolve<ApiKeyService>(ApiKeyService).revoke(params.id, { ...body, revokedBy: identity.actorId }),
  )
  verbs.change(
    "/:id/sales-channels",
    {
      summary: "Says what a storefront with the key sells",
      body: LinkChanges,
      example: { add: ["sc_01"] },
      action: "sales_channels_changed",
    },
    async (context) => {
      const { id } = context.params
      if (context.body.add.length > 0) await context.resolve<ApiKeyService>(ApiKeyService).assertPublishable(id)
      await changeLinks(context, apiKeySalesChannel, "left", id, context.body)
    },
  )
})
