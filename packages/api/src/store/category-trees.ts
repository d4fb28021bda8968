import { MAX_LIMIT, Query, type AnyFilter, type ReadOptions } from "@marquetry/kernel"
import type { RequestInfo } from "@marquetry/http"

type Row = Record<string, unknown>

interface Category extends Row {
  readonly id: string
  readonly mpath: string
  readonly parent_category_id: string | null
}

/** What each category of a tree is answered with, besides its relatives. */
const fields = {
  id: true,
  name: true,
  description: true,
  handle: true,
  rank: true,
  external_id: true,
  parent_category_id: true,
  mpath: true,
  is_active: true,
  is_internal: true,
  metadata: true,
  created_at: true,
  updated_at: true,
} as const

/**
 * Nests all ancestors as `parent_category`, all descendants as `category_children`, into rows that have an `id`. Two
 * statements, however many rows and levels.
 */
export async function nestTrees(
  rows: readonly Row[],
  which: { readonly ancestors: boolean; readonly descendants: boolean },
  { resolve, scope }: Pick<RequestInfo, "resolve"> & Required<Pick<ReadOptions, "scope">>,
): Promise<void> {
  const query = resolve<Query>(Query)
  const read = async (filter: AnyFilter): Promise<Category[]> => {
    const order = { rank: "asc", id: "asc" } as const
    const page = await query.listAny("product_category", {
      fields,
      filter,
      scope,
      order,
      limit: MAX_LIMIT,
      count: false,
      names: "wire",
    })
    return page.rows as Category[]
  }
  const own = await read({ id: rows.map(({ id }) => id) })
  const paths = new Map(own.map(({ id, mpath }) => [id, mpath]))
  const related = await read({
    $or: [
      ...(which.ancestors ? [{ id: [...paths.values()].flatMap((path) => path.split(".").slice(0, -1)) }] : []),
      // `_` stands for any letter, and ids have one; what else it finds is not linked to below.
      ...(which.descendants ? [...paths.values()].map((path) => ({ mpath: { $like: `${path}.%` } })) : []),
    ],
  })
  const byId = new Map(related.map((category) => [category.id, category]))
  for (const row of rows) {
    const id = row["id"] as string
    if (which.descendants) row["category_children"] = childrenOf(id, related)
    if (which.ancestors) row["parent_category"] = parentOf((paths.get(id) ?? id).split(".").slice(0, -1), byId)
  }
}

function childrenOf(id: string, all: readonly Category[]): Row[] {
  return all
    .filter(({ parent_category_id }) => parent_category_id === id)
    .map((child) => ({ ...child, category_children: childrenOf(child.id, all) }))
}

/** @param path ids from the root to the parent. */
function parentOf(path: readonly string[], byId: ReadonlyMap<string, Category>): Row | null {
  const parent = byId.get(path.at(-1) ?? "")
  return parent === undefined ? null : { ...parent, parent_category: parentOf(path.slice(0, -1), byId) }
}
