import { MAX_LIMIT, Query, type AnyFilter, type ReadOptions } from "@marquetry/kernel"
import { RawJson, type RequestInfo } from "@marquetry/http"
import { z } from "zod"

type Row = Record<string, unknown>

interface Category extends Row {
  readonly id: string
  readonly mpath: string
  readonly parent_category_id: string | null
}

const flag = z.enum(["true", "false"]).optional()

/** Parameters that ask for the trees of categories. */
export const treeParameters = { include_ancestors_tree: flag, include_descendants_tree: flag }

/** Who reads categories, and which of them they may see. */
type Asking = Pick<RequestInfo, "resolve"> & Required<Pick<ReadOptions, "scope">> & { readonly query: unknown }

/** Hangs the trees that were asked for onto what a read of categories answered: one under its key, or many. */
export async function withTrees(answer: RawJson, { resolve, scope, query }: Asking): Promise<RawJson> {
  const asked = query as Readonly<Record<string, unknown>>
  const which = {
    ancestors: asked["include_ancestors_tree"] === "true",
    descendants: asked["include_descendants_tree"] === "true",
  }
  if (!which.ancestors && !which.descendants) return answer
  const body = JSON.parse(answer.text) as { product_category?: Row; product_categories?: Row[] }
  await nestTrees([body.product_category ?? body.product_categories ?? []].flat(), which, { resolve, scope })
  return new RawJson(JSON.stringify(body))
}

/**
 * Nests all ancestors as `parent_category`, all descendants as `category_children`, into rows that have an `id`. Two
 * statements, however many rows and levels.
 */
async function nestTrees(
  rows: readonly Row[],
  which: { readonly ancestors: boolean; readonly descendants: boolean },
  { resolve, scope }: Pick<RequestInfo, "resolve"> & Required<Pick<ReadOptions, "scope">>,
): Promise<void> {
  const query = resolve<Query>(Query)
  const read = async (filter: AnyFilter): Promise<Category[]> => {
    const order = { rank: "asc", id: "asc" } as const
    const page = await query.listAny("product_category", {
      fields: { "*": true },
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
      ...(which.descendants && own.length > 0 ? [{ mpath: { $re: beneath(own.map(({ id }) => id)) } }] : []),
    ],
  })
  const byId = new Map(related.map((category) => [category.id, category]))
  for (const row of rows) {
    const id = row["id"] as string
    if (which.descendants) row["category_children"] = childrenOf(id, related)
    if (which.ancestors) row["parent_category"] = parentOf((paths.get(id) ?? id).split(".").slice(0, -1), byId)
  }
}

/** Paths that lead through one of these categories. One condition, however many they are. */
const beneath = (ids: readonly string[]) => `(^|\\.)(${ids.join("|")})\\.`

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
