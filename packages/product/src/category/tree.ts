import type { Selected } from "@marquetry/kernel"
import type { ProductCategory } from "./category.entity.ts"

export const flat = { "*": true } as const

/** A category alone. */
export type FlatCategory = Selected<ProductCategory, typeof flat>
/** A category with everything below it. */
export interface CategoryTree extends FlatCategory {
  readonly categoryChildren: CategoryTree[]
}

/** Rows as a tree, siblings in the order of the rows. */
export function nest(rows: readonly FlatCategory[], root: string | null): CategoryTree[] {
  const children = Map.groupBy(rows, ({ parentCategoryId }) => parentCategoryId)
  const under = (id: string | null): CategoryTree[] =>
    (children.get(id) ?? []).map((row) => ({ ...row, categoryChildren: under(row.id) }))
  return under(root)
}

/** Parents before their children, siblings in the order of the rows. */
export function flatten(rows: readonly FlatCategory[], root: string): FlatCategory[] {
  const children = Map.groupBy(rows, ({ parentCategoryId }) => parentCategoryId)
  const under = (id: string): FlatCategory[] => (children.get(id) ?? []).flatMap((row) => [row, ...under(row.id)])
  return under(root)
}
