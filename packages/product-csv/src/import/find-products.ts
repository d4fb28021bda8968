import { MAX_LIMIT, type AnySelection, type Query } from "@marquetry/kernel"
import { productResource } from "@marquetry/product"
import type { ProductDraft } from "../product-draft.ts"

/** The products that drafts name by id or handle, with their ids and handles at least. One statement. */
export async function findProducts(
  query: Query,
  drafts: readonly ProductDraft[],
  fields: AnySelection & { readonly id: true; readonly handle: true },
): Promise<{ id: string; handle: string }[]> {
  const ids = drafts.flatMap(({ id }) => id ?? [])
  const byHandle = { handle: drafts.flatMap(({ handle }) => handle ?? []) }
  const { rows } = await query.listAny(productResource.name, {
    fields,
    filter: ids.length === 0 ? byHandle : { $or: [{ id: ids }, byHandle] },
    limit: MAX_LIMIT,
    count: false,
  })
  return rows as { id: string; handle: string }[]
}
