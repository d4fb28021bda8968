import { pluginRoutes } from "@marquetry/framework"
import { equals, listQuery, RawJson, readList, routes, type RequestInfo, type Route } from "@marquetry/http"
import { NotFound } from "@marquetry/kernel"
import { covers } from "@marquetry/rbac"
import { z } from "zod"
import { deletion, paramsOf, withVersion } from "../kit/admin-routes.ts"
import { listWith } from "../kit/list-of-parts.ts"
import { staff } from "../kit/staff.guard.ts"
import { versionOfText } from "../kit/versions.ts"
import { expanded, policiesOf, type Policy } from "./policies.ts"
import { PolicyFixed } from "./rbac.errors.ts"
import { roles } from "./role-resource.ts"

const PolicyView = z.object({
  id: z.string(),
  key: z.string(),
  resource: z.string(),
  operation: z.string(),
  name: z.string(),
  description: z.string(),
})
const list = { limit: 50, filters: { id: equals(), key: equals(), resource: equals(), operation: equals() } }
/** How a list of policies is asked for. */
export const policyQuery = listQuery(list)
export const policyPage = z.object({
  policies: z.array(PolicyView),
  count: z.int(),
  offset: z.int(),
  limit: z.int(),
})

const known = new WeakMap<readonly Route[], Policy[]>()

/** All policies of a backend. */
export function policiesIn({ resolve }: Pick<RequestInfo, "resolve">): readonly Policy[] {
  const composed = resolve(pluginRoutes)
  const policies = known.get(composed) ?? policiesOf(composed)
  known.set(composed, policies)
  return policies
}

/** @throws {NotFound} naming the first that there is not. */
export function assertPolicies(context: Pick<RequestInfo, "resolve">, ids: readonly string[]): void {
  const keys = new Set(policiesIn(context).map(({ key }) => key))
  const missing = ids.find((id) => !keys.has(id))
  if (missing !== undefined) throw new NotFound("Policy", missing)
}

/** A page of policies, as a query string asks for it. They are few, and in no table. */
export function pageOf(policies: readonly Policy[], query: Readonly<Record<string, unknown>>) {
  const { filter, q = "", limit, offset } = readList(query, list)
  const words = q.toLowerCase().split(/\s+/)
  const found = policies
    .filter((policy) =>
      Object.entries(filter).every(([name, wanted]) => [wanted].flat().includes(policy[name as keyof Policy])),
    )
    .filter(({ key, name }) => words.every((word) => `${key} ${name}`.toLowerCase().includes(word)))
  return { policies: found.slice(offset, offset + limit), count: found.length, offset, limit }
}

const read = ["rbac_policy:read"]
const params = paramsOf("/:id")
const names = z
  .strictObject({ name: z.string().max(200), description: z.string().max(2_000).nullable() })
  .exactPartial()
const NewPolicy = z.strictObject({ key: z.string(), resource: z.string(), operation: z.string(), ...names.shape })

export const policyRoutes = routes("/admin/rbac/policies", { guard: staff }, ({ get, post, delete: remove }) => {
  const pages = { query: policyQuery, response: policyPage, permissions: read }
  get("/", { summary: "Lists policies", ...pages }, (context) => pageOf(policiesIn(context), context.query))
  get("/assignable", { summary: "Lists policies that one may give to others", ...pages }, (context) =>
    pageOf(
      policiesIn(context).filter(({ key }) => covers(context.identity.permissions, [key])),
      context.query,
    ),
  )

  const one = z.object({ policy: PolicyView })
  get("/:id", { summary: "Reads a policy", params, response: one, permissions: read, versioned: true }, (context) => {
    const text = JSON.stringify({ policy: policyOf(context, context.params.id) })
    return withVersion(context, versionOfText(text), new RawJson(text))
  })
  const { schemas } = roles.whole.list
  get(
    "/:id/roles",
    { ...schemas, summary: "Lists roles that have a policy", params, permissions: ["rbac_role:read"] },
    (context) => {
      const { id } = policyOf(context, context.params.id)
      return listWith(context, roles, { permissions: { $contains: [id] } })
    },
  )

  const fixed = (action: string) => ({ permissions: [`rbac_policy:${action}`], response: one })
  const example = { name: "Read products" }
  post(
    "/",
    {
      summary: "Refuses to make a policy",
      body: NewPolicy,
      example: { key: "product:read", resource: "product", operation: "read" },
      ...fixed("create"),
    },
    refuse,
  )
  post("/:id", { summary: "Refuses to change a policy", params, body: names, example, ...fixed("update") }, refuse)
  remove("/:id", { summary: "Refuses to delete a policy", params, ...fixed("delete"), response: deletion }, refuse)
})

/** What whoever asks may do. */
export const permissionRoutes = routes("/admin/rbac/me/permissions", { guard: staff }, ({ get }) => {
  const permissions = z.object({ permissions: z.array(z.string()) })
  get("/", { summary: "Lists what one may do", response: permissions }, (context) => ({
    permissions: expanded(policiesIn(context), context.identity.permissions),
  }))
})

/** @throws {NotFound} */
function policyOf(context: Pick<RequestInfo, "resolve">, id: string): Policy {
  const policy = policiesIn(context).find(({ key }) => key === id)
  if (policy === undefined) throw new NotFound("Policy", id)
  return policy
}

function refuse(context: Pick<RequestInfo, "resolve"> & { readonly params: { readonly id?: string } }): never {
  if (context.params.id !== undefined) policyOf(context, context.params.id)
  throw new PolicyFixed()
}
