import { ResourceRegistry } from "@marquetry/kernel"
import type { z } from "zod"
import type { AdminResource } from "./admin-resource.ts"
import { paramsOf, type AdminVerbs } from "./admin-routes.ts"
import { assertThere } from "./link-changes.ts"

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
    const { identity, resolve, header, params } = context
    await assertThere({ resolve }, of.reads.resource, [params.id])
    const asked = { ...(context.query as object), [owner]: { $eq: params.id } }
    const { handle } = parts.of("list", identity, resolve<ResourceRegistry>(ResourceRegistry))
    return handle({ identity, resolve, header, query: asked } as unknown as Parameters<typeof handle>[0])
  })
}
