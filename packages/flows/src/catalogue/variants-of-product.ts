import { MAX_LIMIT, NotFound, type Query } from "@marquetry/kernel"
import { variantResource } from "@marquetry/product"

/** @throws {NotFound} when a variant is not one of the product. */
export async function assertVariantsOf(query: Query, productId: string, variantIds: readonly string[]): Promise<void> {
  if (variantIds.length === 0) return
  const filter = { id: [...new Set(variantIds)], productId }
  const { rows } = await query.list(variantResource, { fields: { id: true }, filter, limit: MAX_LIMIT, count: false })
  const there = new Set(rows.map(({ id }) => id))
  const missing = variantIds.find((id) => !there.has(id))
  if (missing !== undefined) throw new NotFound("Product variant", missing)
}
