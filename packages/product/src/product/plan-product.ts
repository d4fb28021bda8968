import { newId, NotFound } from "@marquetry/kernel"
import type { z } from "zod"
import { planOptions } from "../option/plan-options.ts"
import { planNewVariants, planVariants } from "../variant/plan-variants.ts"
import type { Changes } from "./changes.ts"
import type { CreateImage, CreateProduct, UpdateProductById } from "./product.schema.ts"
import type { OptionState, ProductState } from "./state.ts"

type NewProduct = z.output<typeof CreateProduct>
type ChangedProduct = z.output<typeof UpdateProductById>

/** Everything that a new product consists of. */
export function planNewProduct(
  changes: Changes,
  input: NewProduct,
  handle: string,
  known: ReadonlyMap<string, OptionState>,
): string {
  const { images, options, variants, tagIds, categoryIds, collectionId, typeId, ...fields } = input
  const id = newId("prod")
  const thumbnail = fields.thumbnail === undefined ? (images[0]?.url ?? null) : fields.thumbnail
  changes.products.inserted.push({ ...fields, id, handle, thumbnail, collection: collectionId, type: typeId })
  const planned = planOptions(changes, id, options, [], known)
  planNewVariants(changes, { product: { id, title: fields.title }, options: planned, nextRank: 0 }, variants)
  for (const [index, image] of images.entries()) planNewImage(changes, id, image, index)
  sort(changes, id, { tagIds, categoryIds })
  return id
}

function planNewImage(
  changes: Changes,
  product: string,
  { url, rank, metadata }: z.output<typeof CreateImage>,
  index: number,
): void {
  changes.images.inserted.push({ id: newId("img"), product, url, rank: rank ?? index, metadata })
}

/** Puts a product under its tags and into its categories. */
function sort(changes: Changes, product: string, { tagIds, categoryIds }: Pick<NewProduct, "tagIds" | "categoryIds">) {
  changes.tags.inserted.push(...[...new Set(tagIds)].map((tag) => ({ product, tag })))
  changes.categories.inserted.push(...[...new Set(categoryIds)].map((category) => ({ product, category })))
}

/** What an update means for a product. Its state is only needed for lists of what belongs to it. */
export function planChangedProduct(
  changes: Changes,
  input: ChangedProduct,
  state: ProductState | undefined,
  known: ReadonlyMap<string, OptionState>,
): void {
  const { id, images, options, variants, tagIds, categoryIds, collectionId, typeId, ...fields } = input
  if (tagIds !== undefined) changes.tags.cleared.push(id)
  if (categoryIds !== undefined) changes.categories.cleared.push(id)
  sort(changes, id, { tagIds: tagIds ?? [], categoryIds: categoryIds ?? [] })
  const thumbnail = images === undefined || state === undefined ? undefined : planImages(changes, state, images)
  if (state !== undefined && (options !== undefined || variants !== undefined)) {
    const planned = options === undefined ? state.options : planOptions(changes, id, options, state.options, known)
    const named = variants ?? []
    planVariants(changes, state, planned, {
      created: named.filter(isNew),
      updated: named.filter(isKnown),
      replace: variants !== undefined,
    })
  }
  changes.products.patched.push({
    ...(thumbnail !== undefined && { thumbnail }),
    ...fields,
    id,
    ...(collectionId !== undefined && { collection: collectionId }),
    ...(typeId !== undefined && { type: typeId }),
  })
}

type NamedVariant = NonNullable<ChangedProduct["variants"]>[number]
type KnownVariant = Extract<NamedVariant, { id: string }>
const isKnown = (variant: NamedVariant): variant is KnownVariant => "id" in variant
const isNew = (variant: NamedVariant): variant is Exclude<NamedVariant, KnownVariant> => !isKnown(variant)

/**
 * Replaces images. One with an id, or with the URL of one that there is, stays that one.
 *
 * @returns the thumbnail, when the one that there was goes with its image.
 */
function planImages(
  changes: Changes,
  state: ProductState,
  images: NonNullable<ChangedProduct["images"]>,
): string | null | undefined {
  const left = new Map(state.images.map((image) => [image.id, image]))
  const urls: string[] = []
  for (const [index, image] of images.entries()) {
    const same = "id" in image ? left.get(image.id) : [...left.values()].find(({ url }) => url === image.url)
    if ("id" in image && same === undefined) throw new NotFound("Product image", image.id)
    urls.push(image.url ?? same?.url ?? "")
    if (same === undefined) planNewImage(changes, state.id, image as z.output<typeof CreateImage>, index)
    else {
      left.delete(same.id)
      changes.images.patched.push({ ...image, id: same.id, rank: image.rank ?? index })
    }
  }
  changes.images.deleted.push(...left.keys())
  const lost = state.thumbnail === null || !urls.includes(state.thumbnail)
  const shown = state.images.some(({ url }) => url === state.thumbnail)
  return lost && (shown || state.thumbnail === null) ? (urls[0] ?? null) : undefined
}
