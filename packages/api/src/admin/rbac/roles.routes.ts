import { PermissionMissing, type ResourceAnswer } from "@marquetry/http"
import { MAX_LIMIT, NotFound } from "@marquetry/kernel"
import { covers, CreateRole, Permission, RoleInUse, RoleService, UpdateRole } from "@marquetry/rbac"
import { InviteService } from "@marquetry/user"
import { z } from "zod"
import { adminRoutes, deletion, paramsOf } from "../kit/admin-routes.ts"
import { changeHeld, changeRow, unconditional } from "../kit/changes.ts"
import { assertThere } from "../kit/link-changes.ts"
import { listOfParts, listWith } from "../kit/list-of-parts.ts"
import { before, record, snapshotsOf, type Asking } from "../kit/recorded.ts"
import { keepingAdministrators } from "../users/administrators.ts"
import { users } from "../users/users.routes.ts"
import { assignUsers, unassignUsers } from "./assignments.ts"
import { assertPolicies, pageOf, policiesIn, policyPage, policyQuery } from "./policies.routes.ts"
import { roles } from "./role-resource.ts"

const PolicyIds = z.array(Permission).max(1_000)
/** What it allows goes by either name, or by both. */
const NewRole = CreateRole.extend({ policyIds: PolicyIds.default([]) })
const Policies = z.strictObject({ policies: PolicyIds.min(1) })
const UserIds = z.strictObject({ users: z.array(z.string().max(200)).min(1).max(1_000) })
const assign = ["rbac_role:assign"]
const params = paramsOf("/:id")

export const roleRoutes = adminRoutes("/admin/rbac/roles", roles, (verbs) => {
  const { get, post } = verbs.verbs
  verbs.list()
  verbs.one()
  const assignable = z.object({
    roles: z.array(z.object({ id: z.string(), name: z.string(), description: z.string().nullable() })),
    count: z.int(),
  })
  const listed = { summary: "Lists roles that one may give to others", response: assignable }
  get("/assignable", { ...listed, permissions: ["rbac_role:read"] }, async ({ resolve, identity }) => {
    const { rows } = await resolve<RoleService>(RoleService).list({ limit: MAX_LIMIT, count: false })
    const given = rows.filter(({ permissions }) => covers(identity.permissions, permissions))
    return { roles: given.map(({ id, name, description }) => ({ id, name, description })), count: given.length }
  })
  verbs.create(
    { body: NewRole, example: { name: "Editor", permissions: ["product:*", "product_category:read"] } },
    (context) => {
      const { policyIds, permissions, ...role } = context.body
      const allowed = [...permissions, ...policyIds]
      assertGivablePermissions(context, allowed)
      return context.resolve<RoleService>(RoleService).create({ ...role, permissions: allowed })
    },
  )
  const { query, response } = roles.whole.answer
  const update = {
    summary: "Updates a role",
    params,
    query,
    response,
    versioned: true,
    permissions: ["rbac_role:update"],
  }
  post("/:id", { ...update, body: UpdateRole, example: { name: "Senior editor" } }, (context) => {
    const { id } = context.params
    const work = async () => {
      const service = context.resolve<RoleService>(RoleService)
      if (context.body.permissions !== undefined) await assertMayMake(context, id, context.body.permissions)
      return service.update(id, context.body)
    }
    return keepingAdministrators(context, () => changeRow(context, { resource: roles, id, action: "updated", work }))
  })
  verbs.remove(async ({ resolve, params: { id } }) => {
    const waiting = { accepted: false, roles: { $contains: [id] } }
    const { rows } = await resolve<InviteService>(InviteService).list({ filter: waiting, limit: 1, count: false })
    // Whoever accepts would have no role, and be allowed everything, or be refused.
    if (rows.length > 0) throw new RoleInUse(id)
    await resolve<RoleService>(RoleService).delete(id)
  })
})

/** What a role allows, policy by policy. */
export const rolePolicyRoutes = adminRoutes("/admin/rbac/roles", roles, ({ verbs: { get, post, delete: remove } }) => {
  const pages = { params, query: policyQuery, response: policyPage }
  const page = async (context: Asking, id: string, query: Readonly<Record<string, unknown>>) => {
    const { permissions } = await context.resolve<RoleService>(RoleService).get(id)
    return pageOf(
      policiesIn(context).filter(({ key }) => permissions.includes(key)),
      query,
    )
  }
  const change = (context: Asking, id: string, work: () => Promise<unknown>) =>
    keepingAdministrators(context, () => changeHeld(context, { resource: roles, id, action: "updated", work }))
  const service = ({ resolve }: Asking) => resolve<RoleService>(RoleService)

  get("/:id/policies", { summary: "Lists what a role allows", ...pages, permissions: ["rbac_role:read"] }, (context) =>
    page(context, context.params.id, context.query),
  )
  const adding = { summary: "Lets a role allow more", body: Policies, example: { policies: ["product:read"] } }
  post("/:id/policies", { ...adding, ...pages, permissions: ["rbac_role:update"] }, async (context) => {
    const { id } = context.params
    const { policies } = context.body
    await change(context, id, async () => {
      assertGivablePermissions(context, policies)
      await service(context).addPermissions(id, policies)
    })
    return page(context, id, context.query)
  })
  const removing = {
    summary: "Lets a role allow less",
    params: paramsOf("/:id/policies/:policy_id"),
    response: deletion,
  }
  remove("/:id/policies/:policy_id", { ...removing, permissions: ["rbac_role:update"] }, async (context) => {
    const { id, policy_id: policy } = context.params
    await change(context, id, async () => {
      const { permissions } = await service(context).get(id)
      if (!permissions.includes(policy)) throw new NotFound("Policy", policy)
      await assertMayMake(
        context,
        id,
        permissions.filter((one) => one !== policy),
      )
      await service(context).removePermissions(id, [policy])
    })
    return { id: policy, object: "rbac_policy", deleted: true }
  })
})

/** Who has a role. */
export const roleUserRoutes = adminRoutes("/admin/rbac/roles", roles, (verbs) => {
  const { post, delete: remove } = verbs.verbs
  listOfParts(verbs, "/:id/users", { of: roles, parts: users, owner: "role_id", permissions: ["rbac_role:read"] })
  const told = { params, body: UserIds, example: { users: ["user_01"] }, permissions: assign, versioned: false }
  const page = users.whole.list.schemas.response as ResourceAnswer
  post("/:id/users", { ...told, summary: "Gives a role to users", response: page }, (context) => {
    const { id } = context.params
    return changeUsers(context, id, context.body.users, async () => {
      await assignUsers(context, id, context.body.users)
      return listWith(context, users, { role_id: { $eq: id } })
    })
  })
  const removed = z.object({ ids: z.array(z.string()), object: z.string(), deleted: z.literal(true) })
  remove("/:id/users", { ...told, summary: "Takes a role from users", response: removed }, async (context) => {
    const { id } = context.params
    const { users: ids } = context.body
    await changeUsers(context, id, ids, () => unassignUsers(context, id, ids))
    return { ids, object: "role_user", deleted: true }
  })
})

/** Changes what several users have, each recorded for itself. */
function changeUsers<Answer>(
  context: Asking,
  roleId: string,
  userIds: readonly string[],
  work: () => Promise<Answer>,
): Promise<Answer> {
  return keepingAdministrators(context, async () => {
    await assertThere(context, roles.reads.resource, [roleId])
    const ids = [...new Set(userIds)]
    const held = await before(unconditional(context), users, ids)
    const answer = await work()
    const rows = await snapshotsOf(context, users, ids)
    const done = ids.map((id) => ({ id, before: held.get(id) ?? null, after: rows.get(id) ?? null }))
    await record(
      context,
      done.map((one) => ({ action: "roles_changed", resource: users, ...one })),
    )
    return answer
  })
}

/** Nobody puts into a role what they do not have. @throws {PermissionMissing} {@link NotFound} no such permission. */
function assertGivablePermissions(context: Asking, permissions: readonly string[]): void {
  assertPolicies(context, permissions)
  assertCovered(context, permissions)
}

/**
 * Whoever changes what a role allows may do all that it has allowed, and will allow.
 *
 * @throws {PermissionMissing} {@link NotFound} there is no such permission, and the role did not have it.
 */
async function assertMayMake(context: Asking, id: string, wanted: readonly string[]): Promise<void> {
  const { permissions } = await context.resolve<RoleService>(RoleService).get(id)
  assertPolicies(
    context,
    wanted.filter((one) => !permissions.includes(one)),
  )
  assertCovered(context, [...permissions, ...wanted])
}

function assertCovered({ identity }: Asking, permissions: readonly string[]): void {
  const beyond = permissions.find((one) => !covers(identity.permissions, [one]))
  if (beyond !== undefined) throw new PermissionMissing([beyond])
}
