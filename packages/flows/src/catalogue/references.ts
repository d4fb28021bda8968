import { MAX_LIMIT, NotFound, type Query } from "@marquetry/kernel"
import { variantResource } from "@marquetry/product"
import { CatalogueReferenceUnknown } from "./catalogue.errors.ts"

/** Ids of rows of other modules, by resource. */
export type References = Readonly<Record<string, readonly string[]>>

/**
 * Checks that what is named is there, in one statement. Rows of other modules are not held: one that is deleted at the
 * same moment leaves a link to nothing, which reads as none.
 *
 * @throws {CatalogueReferenceUnknown} with all that are missing of one kind.
 */
export async function assertThere(query: Query, references: References): Promise<void> {
  const named = Object.entries(references).flatMap(([resource, ids]) => {
    const distinct = [...new Set(ids)]
    return distinct.length === 0 ? [] : [{ resource, ids: distinct }]
  })
  const found = await query.listTogether(
    named.map(({ resource, ids }) => ({
      resource,
      read: { fields: { id: true }, filter: { id: ids }, limit: MAX_LIMIT },
    })),
  )
  for (const [index, { resource, ids }] of named.entries()) {
    const there = new Set(found[index]?.map((row) => row["id"]))
    const missing = ids.filter((id) => !there.has(id))
    if (missing.length > 0) throw new CatalogueReferenceUnknown(resource, missing)
  }
}

/** Regions that prices are for. */
export const regionIdsOf = (prices: readonly { readonly rules?: Readonly<Record<string, string>> }[]): string[] =>
  prices.flatMap(({ rules }) => rules?.["region_id"] ?? [])

/** @throws {NotFound} when a variant is not one of the product. */
export async function assertVariantsOf(query: Query, productId: string, variantIds: readonly string[]): Promise<void> {
  if (variantIds.length === 0) return
  const filter = { id: [...new Set(variantIds)], productId }
  const { rows } = await query.list(variantResource, { fields: { id: true }, filter, limit: MAX_LIMIT, count: false })
  const there = new Set(rows.map(({ id }) => id))
  const missing = variantIds.find((id) => !there.has(id))
  if (missing !== undefined) throw new NotFound("Product variant", missing)
}
