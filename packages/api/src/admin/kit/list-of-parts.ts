import type { HandlerContext, RawJson } from "@marquetry/http"
import { ResourceRegistry } from "@marquetry/kernel"
import type { z } from "zod"
import type { AdminResource } from "./admin-resource.ts"
import { paramsOf, type AdminVerbs } from "./admin-routes.ts"
import { assertThere } from "./link-changes.ts"
import type { Staff } from "./staff.guard.ts"

/** What is listed below a row. */
export interface PartsTold {
  /** Of what the row `:id` is. */
  readonly of: AdminResource
  /** What is listed. Its list has a filter `owner`, which the path gives and no query string does. */
  readonly parts: AdminResource
  readonly owner: string
  readonly permissions: readonly string[]
}

/**
 * Declares the list of what belongs to the row `:id`: `GET /:id/addresses`.
 *
 * 404 when there is no such row, instead of an empty list.
 */
export function listOfParts(
  { verbs }: AdminVerbs,
  path: `/:id/${string}`,
  { of, parts, owner, permissions }: PartsTold,
): void {
  const { schemas } = parts.whole.list
  const query = (schemas.query as z.ZodObject<Record<string, z.ZodType>>).omit({ [owner]: true } as never)
  verbs.get(path, { ...schemas, params: paramsOf("/:id"), query, permissions }, async (context) => {
    const { id } = context.params
    await assertThere(context, of.reads.resource, [id])
    return listWith(context, parts, { [owner]: { $eq: id } })
  })
}

/** Lists a resource as a query string asks for it, and by further filters of its list, whose values are not from there. */
export function listWith(
  context: Pick<HandlerContext<Staff, undefined, undefined, undefined>, "identity" | "resolve" | "header"> & {
    readonly query: unknown
  },
  resource: AdminResource,
  filters: Readonly<Record<string, unknown>>,
): Promise<RawJson> {
  const { identity, resolve, header } = context
  const { handle } = resource.of("list", identity, resolve<ResourceRegistry>(ResourceRegistry))
  const query = { ...(context.query as object), ...filters }
  return handle({ identity, resolve, header, query } as unknown as Parameters<typeof handle>[0])
}
