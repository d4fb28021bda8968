import type { RequestInfo } from "@marquetry/http"
import { MAX_LIMIT, Query, type AnyFilter, type AnySelection } from "@marquetry/kernel"
import type { LinkChanges } from "./link-changes.ts"
import type { Row } from "./recorded.ts"

/** Rows beside the one that is changed, by what it calls them: of all that may be there, those that a request names. */
export type Beside = Readonly<Record<string, readonly Row[]>>

/** Rows of a resource that meet a filter, in names of the wire: each statement reads as many as one may. */
export async function rowsThat(
  { resolve }: Pick<RequestInfo, "resolve">,
  resource: string,
  fields: AnySelection,
  filter: AnyFilter,
): Promise<Row[]> {
  const found: Row[] = []
  for (;;) {
    const last = found.at(-1)?.id
    const { rows } = await resolve<Query>(Query).listAny(resource, {
      fields,
      filter: last === undefined ? filter : { $and: [filter, { id: { $gt: last } }] },
      order: { id: "asc" },
      limit: MAX_LIMIT,
      count: false,
      names: "wire",
    })
    found.push(...(rows as Row[]))
    if (rows.length < MAX_LIMIT) return found
  }
}

/** Products that a request puts in or takes out: those of them that are in, as the filter says. */
export async function productsThat(
  context: Pick<RequestInfo, "resolve">,
  { add, remove }: LinkChanges,
  filter: AnyFilter,
): Promise<Beside> {
  const id = [...add, ...remove]
  if (id.length === 0) return {}
  return { products: await rowsThat(context, "product", { id: true, title: true }, { ...filter, id }) }
}
