import type { Claims } from "@marquetry/auth"
import { equals, routes, Unauthorized, type Guard, type HandlerContext, type RawJson } from "@marquetry/http"
import { Database } from "@marquetry/kernel"
import { AccessService } from "@marquetry/rbac"
import { AcceptInvite, CreateInvite, InviteService } from "@marquetry/user"
import { z } from "zod"
import { claimsOf, credentials } from "../../auth/credentials.ts"
import { AdminResource } from "../kit/admin-resource.ts"
import { adminRoutes } from "../kit/admin-routes.ts"
import { createRow } from "../kit/changes.ts"
import { dates } from "../kit/filters.ts"
import { record, snapshotsOf } from "../kit/recorded.ts"
import type { Staff } from "../kit/staff.guard.ts"
import { assertGivable, assertMayAccept, ownRoleIds } from "../rbac/grants.ts"
import { users } from "../users/users.routes.ts"
import { acceptInvite } from "./accept-invite.ts"
import { writeInvite } from "./invite-mail.ts"

const invites = new AdminResource({
  resource: "invite",
  singular: "invite",
  plural: "invites",
  defaults: "id, email, accepted, token, expires_at, metadata, created_at, updated_at, deleted_at",
  snapshot: "roles",
  list: { limit: 50, filters: { id: equals(), email: equals(), ...dates }, logic: true },
})

const NewInvite = CreateInvite.extend({ roles: CreateInvite.shape.roles.unwrap().nullable().default(null) })

const invitations = adminRoutes("/admin/invites", invites, (verbs) => {
  verbs.list()
  verbs.one()
  verbs.create(
    {
      body: NewInvite,
      example: { email: "ada@shop.example", roles: ["role_01"] },
      description:
        "The token is in this answer, and goes to the address by e-mail. Without `roles` they have those of whoever invites.",
    },
    async ({ resolve, identity, body: { roles, ...invite } }) => {
      const named = roles ?? []
      await assertGivable({ resolve, identity }, named)
      const given = named.length > 0 ? named : await ownRoleIds({ resolve, identity })
      const made = await resolve<InviteService>(InviteService).create({ ...invite, roles: given })
      await writeInvite({ resolve }, made)
      return { id: made.id, shownOnce: { token: made.token } }
    },
  )
  verbs.change(
    "/:id/resend",
    { summary: "Sends an invite again, with a new token", action: "resent" },
    async ({ resolve, identity, params }) => {
      const made = await resolve<InviteService>(InviteService).resend(params.id)
      // Who has the token can accept it themselves: nobody comes to more than they have.
      await assertMayAccept({ resolve, identity }, made.roles)
      await writeInvite({ resolve }, made)
      return { id: made.id, shownOnce: { token: made.token } }
    },
  )
  verbs.remove(({ resolve, params }) => resolve<InviteService>(InviteService).delete(params.id))
})

/** An identity that can log in as a user, and need not be one yet. */
const newcomer: Guard<Claims> = Object.assign(
  async (request: Parameters<Guard>[0]) => {
    const claims = await claimsOf(request, ["user"])
    if (claims === null) throw new Unauthorized()
    return claims
  },
  { security: credentials.map((scheme) => [scheme]) },
)

const query = z.strictObject({ token: z.string().max(200), fields: z.string().max(10_000).optional() })

const acceptance = routes("/admin/invites/accept", { guard: newcomer }, ({ post }) => {
  const { response } = users.whole.answer
  const accept = { summary: "Becomes a user by an invite", query, body: AcceptInvite, response }
  post("/", { ...accept, example: { firstName: "Ada", lastName: "Byron" } }, becomeUser)
})

/** All of it or nothing. The log says that they have done it themselves. */
async function becomeUser(
  context: HandlerContext<Claims, undefined, typeof query, typeof AcceptInvite>,
): Promise<RawJson> {
  const { id: requestId, resolve, header, setHeader, query, body, identity: claims } = context
  return resolve<Database>(Database).transaction(async () => {
    const { user, inviteId } = await acceptInvite(context, claims, query.token, body)
    const permissions = await resolve<AccessService>(AccessService).permissionsOf("user", user.id)
    const identity: Staff = { actorType: "user", actorId: user.id, permissions, claims }
    const asking = { id: requestId, resolve, header, setHeader, query, identity }
    const after = (await snapshotsOf(asking, invites, [inviteId])).get(inviteId) ?? null
    const before = after && { ...after, accepted: false }
    await record(asking, [{ action: "accepted", resource: invites, id: inviteId, before, after }])
    return createRow(asking, users, async () => user)
  })
}

export const inviteRoutes = [...acceptance, ...invitations]
