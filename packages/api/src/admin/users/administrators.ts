import type { RequestInfo } from "@marquetry/http"
import { Database, linkByColumn, Query } from "@marquetry/kernel"
import { apiKeyResource } from "@marquetry/api-key"
import { roleAssignmentResource } from "@marquetry/rbac"
import { userResource } from "@marquetry/user"
import { LastAdministrator } from "./users.errors.ts"

/** Which users and keys have a role. Their ids are nobody else's, so the type of the actor need not be looked at. */
export const roleAssignmentLinks = [
  linkByColumn(roleAssignmentResource, userResource, { column: "actorId", as: "user", inverse: "role_assignments" }),
  linkByColumn(roleAssignmentResource, apiKeyResource, {
    column: "actorId",
    as: "api_key",
    inverse: "role_assignments",
  }),
]

/**
 * Does what may take from somebody the power to do everything, in a transaction: deletions of users, and changes of what
 * roles allow and of who has them. They follow each other, and come before all else that such a request holds; so two
 * administrators cannot delete each other, and nobody who is deleted is given a role.
 *
 * @throws {LastAdministrator} when nobody would have it any more: nothing is changed.
 */
export function keepingAdministrators<Answer>(
  { resolve }: Pick<RequestInfo, "resolve">,
  work: () => Promise<Answer>,
): Promise<Answer> {
  const db = resolve<Database>(Database)
  return db.transaction(async () => {
    await db.run("select pg_advisory_xact_lock(hashtextextended('marquetry.api.administrators', 0))")
    const had = await hasAdministrator(resolve)
    const answer = await work()
    if (had && !(await hasAdministrator(resolve))) throw new LastAdministrator()
    return answer
  })
}

/** Whether there is a user who may do everything: without a role, or with one that allows it. */
async function hasAdministrator(resolve: RequestInfo["resolve"]): Promise<boolean> {
  const { rows } = await resolve<Query>(Query).listAny(userResource.name, {
    fields: { id: true },
    filter: {
      $or: [{ role_assignments: null }, { role_assignments: { role: { permissions: { $contains: ["*:*"] } } } }],
    },
    limit: 1,
    count: false,
  })
  return rows.length > 0
}
