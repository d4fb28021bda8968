import { IdentityService } from "@marquetry/auth"
import { equals, Unauthorized } from "@marquetry/http"
import { Database, ResourceRegistry } from "@marquetry/kernel"
import { UpdateUser, UserService } from "@marquetry/user"
import { z } from "zod"
import { AdminResource } from "../kit/admin-resource.ts"
import { adminRoutes, deletion, paramsOf } from "../kit/admin-routes.ts"
import { changeHeld, deleteRow } from "../kit/changes.ts"
import { dates } from "../kit/filters.ts"
import { keepingAdministrators } from "./administrators.ts"
import { deleteUser } from "./delete-user.ts"
import { resetPassword } from "./reset-password.ts"

export const users = new AdminResource({
  resource: "user",
  singular: "user",
  plural: "users",
  defaults: "id, first_name, last_name, email, avatar_url, metadata, created_at, updated_at, deleted_at",
  snapshot: "role_assignments.role_id",
  list: {
    limit: 50,
    filters: {
      id: equals(),
      email: equals(),
      first_name: equals(),
      last_name: equals(),
      role_id: equals("role_assignments.role_id"),
      ...dates,
    },
    logic: true,
  },
})

const params = paramsOf("/:id")

export const userRoutes = adminRoutes("/admin/users", users, (verbs) => {
  verbs.list()
  verbs.one()
  verbs.update({ body: UpdateUser, example: { firstName: "Ada" } }, ({ resolve, params, body }) =>
    resolve<UserService>(UserService).update(params.id, body),
  )

  const { get, post, delete: remove } = verbs.verbs
  const { query, response } = users.whole.answer
  get("/me", { summary: "Reads the user who is logged in", query, response }, (context) => {
    // A program is no user.
    if (context.identity.actorType !== "user") throw new Unauthorized()
    const registry = context.resolve<ResourceRegistry>(ResourceRegistry)
    return users.of("answer", context.identity, registry).send(context, context.identity.actorId)
  })

  const removal = {
    summary: "Deletes a user",
    response: deletion,
    versioned: true,
    permissions: ["user:delete"],
    params,
  }
  remove("/:id", removal, (context) =>
    keepingAdministrators(context, () => {
      const { id } = context.params
      return deleteRow(context, users, id, () => deleteUser(context, id))
    }),
  )

  const providers = z.object({ providers: z.array(z.string()) })
  get(
    "/:id/auth-providers",
    { summary: "Lists how a user can log in", response: providers, permissions: ["user:read"], params },
    async ({ resolve, params: { id } }) => {
      await resolve<UserService>(UserService).get(id)
      const login = await resolve<IdentityService>(IdentityService).findByActor("user", id)
      return { providers: (login?.providerIdentities ?? []).map(({ provider }) => provider) }
    },
  )

  const reset = {
    summary: "Makes a token by which a user's password can be set",
    response: z.object({ token: z.string() }),
    permissions: ["user:reset_password"],
    params,
  }
  post("/:id/reset-password", reset, (context) =>
    context.resolve<Database>(Database).transaction(async () => {
      const { id } = context.params
      const work = () => resetPassword(context, id)
      const [token] = await changeHeld(context, { resource: users, id, action: "password_reset", work })
      return token
    }),
  )
})
