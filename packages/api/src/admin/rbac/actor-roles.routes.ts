import type { ResourceAnswer, Route } from "@marquetry/http"
import { z } from "zod"
import type { AdminResource } from "../kit/admin-resource.ts"
import { adminRoutes, deletion, paramsOf } from "../kit/admin-routes.ts"
import { changeHeld } from "../kit/changes.ts"
import { listOfParts, listWith } from "../kit/list-of-parts.ts"
import { oneOf, type Asking } from "../kit/recorded.ts"
import { keepingAdministrators } from "../users/administrators.ts"
import { assignRoles, unassignRoles } from "./assignments.ts"
import { RoleIds } from "./grants.ts"
import { roles } from "./role-resource.ts"

const Roles = z.strictObject({ roles: RoleIds })
const example = { roles: ["role_01"] }
const permissions = ["rbac_role:assign"]
const page = roles.whole.list.schemas.response as ResourceAnswer

/** The roles of users, or of keys: below each of them. */
export function actorRoleRoutes(path: `/admin/${string}`, resource: AdminResource): Route[] {
  const actorType = resource.reads.resource
  const object = `${actorType}_role`
  const removed = z.object({ ids: z.array(z.string()), object: z.string(), deleted: z.literal(true) })
  const change = <Answer>(context: Asking, id: string, work: () => Promise<Answer>): Promise<Answer> =>
    keepingAdministrators(context, async () => {
      const [answer] = await changeHeld(context, { resource, id, action: "roles_changed", work })
      return answer
    })

  return adminRoutes(path, resource, (verbs) => {
    const { post, delete: remove } = verbs.verbs
    const params = paramsOf("/:id")
    listOfParts(verbs, "/:id/roles", { of: resource, parts: roles, owner: "actor_id", permissions: ["rbac_role:read"] })

    const summary = `Gives roles to ${oneOf(resource.reads.singular)}`
    post("/:id/roles", { summary, params, body: Roles, example, response: page, permissions }, (context) => {
      const { id } = context.params
      return change(context, id, async () => {
        await assignRoles(context, { actorType, actorId: id }, context.body.roles)
        return listWith(context, roles, { actor_id: { $eq: id } })
      })
    })

    const taking = { summary: `Takes roles from ${oneOf(resource.reads.singular)}`, permissions }
    remove("/:id/roles", { ...taking, params, body: Roles, example, response: removed }, async (context) => {
      const { id } = context.params
      const { roles: ids } = context.body
      await change(context, id, () => unassignRoles(context, { actorType, actorId: id }, ids))
      return { ids, object, deleted: true }
    })
    const one = paramsOf("/:id/roles/:role_id")
    remove("/:id/roles/:role_id", { ...taking, params: one, response: deletion }, async (context) => {
      const { id, role_id: roleId } = context.params
      await change(context, id, () => unassignRoles(context, { actorType, actorId: id }, [roleId]))
      return { id: roleId, object, deleted: true }
    })
  })
}
