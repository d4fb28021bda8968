import { newId, NotFound } from "@marquetry/kernel"
import type { z } from "zod"
import { chosenValues, idsOf, keyOf, offeredOf } from "../option/choice.ts"
import { assertUnused } from "../option/plan-options.ts"
import type { Changes } from "../product/changes.ts"
import type { OptionState, ProductState, VariantState } from "../product/state.ts"
import { ChoiceTaken } from "./variant.errors.ts"
import type { CreateVariant, UpdateVariantById } from "./variant.schema.ts"

type NewVariant = z.output<typeof CreateVariant>
type ChangedVariant = z.output<typeof UpdateVariantById>

/** What is asked of the variants of one product. */
export interface VariantWishes {
  readonly created: readonly NewVariant[]
  readonly updated: readonly ChangedVariant[]
  /** Whether variants that are not named are deleted. */
  readonly replace: boolean
}

interface Place {
  readonly product: Pick<ProductState, "id" | "title">
  readonly options: readonly OptionState[]
  /** Where variants without a rank of their own go. */
  readonly nextRank: number
}

/** New variants of a product that has these options. */
export function planNewVariants(
  changes: Changes,
  { product, options, nextRank }: Place,
  created: readonly NewVariant[],
): string[] {
  return created.map(({ options: choice, title, variantRank, ...fields }, index) => {
    const id = newId("variant")
    const values = chosenValues(options, choice, new Set())
    const optionKey = keyOf(values)
    changes.variants.inserted.push({
      ...fields,
      id,
      product: product.id,
      optionKey,
      title: title ?? (values.map(({ value }) => value).join(" / ") || product.title),
      variantRank: variantRank ?? nextRank + index,
    })
    changes.choices.inserted.push(...values.map((value) => ({ variant: id, value: value.id })))
    changes.productOf.set(id, product.id)
    return optionKey
  })
}

/**
 * What becomes of the variants of a product.
 *
 * @param options what the product has from now on. Variants that name no value of a new one get its first: all had the
 *   same choice before, so they stay distinct.
 */
export function planVariants(
  changes: Changes,
  state: ProductState,
  options: readonly OptionState[],
  wishes: VariantWishes,
): void {
  const wished = new Map(wishes.updated.map((wish) => [wish.id, wish]))
  const known = new Set(state.variants.map(({ id }) => id))
  const foreign = wishes.updated.find(({ id }) => !known.has(id))
  if (foreign !== undefined) throw new NotFound("Product variant", foreign.id)
  const kept = wishes.replace ? state.variants.filter(({ id }) => wished.has(id)) : state.variants
  for (const { id } of state.variants) {
    if (kept.some((variant) => variant.id === id)) continue
    changes.variants.deleted.push(id)
    changes.productOf.set(id, state.id)
  }
  const keys = kept.map((variant) => planKept(changes, state, options, variant, wished.get(variant.id)))
  const nextRank = Math.max(-1, ...kept.map(({ rank }) => rank)) + 1
  keys.push(...planNewVariants(changes, { product: state, options, nextRank }, wishes.created))
  // The unique index decides between calls; this only says so before two variants of one call exchange their values.
  if (new Set(keys).size < keys.length) throw new ChoiceTaken(state.id)
}

function planKept(
  changes: Changes,
  state: ProductState,
  options: readonly OptionState[],
  variant: VariantState,
  wish: ChangedVariant | undefined,
): string {
  const current = new Set(idsOf(variant.optionKey))
  const had = new Set(state.options.map(({ id }) => id))
  const choice: Record<string, string> = { ...wish?.options }
  for (const option of options) {
    const first = offeredOf(option)[0]
    if (!had.has(option.id) && choice[option.title] === undefined && first !== undefined) {
      choice[option.title] = first.value
    }
  }
  assertOffered(options, choice, current, state)
  const values = chosenValues(options, choice, current)
  const optionKey = keyOf(values)
  const { id, options: _, ...fields } = { ...wish, id: variant.id }
  if (optionKey !== variant.optionKey) {
    changes.choices.cleared.push(id)
    changes.choices.inserted.push(...values.map((value) => ({ variant: id, value: value.id })))
  }
  if (wish === undefined && optionKey === variant.optionKey) return optionKey
  changes.variants.patched.push({ ...fields, id, ...(optionKey !== variant.optionKey && { optionKey }) })
  changes.productOf.set(id, state.id)
  return optionKey
}

/** A value that goes while this variant is a choice of it, and is given no other, is in use. */
function assertOffered(
  options: readonly OptionState[],
  choice: Readonly<Record<string, string>>,
  current: ReadonlySet<string>,
  state: ProductState,
): void {
  for (const option of options) {
    if (choice[option.title] !== undefined) continue
    const before = state.options.find(({ id }) => id === option.id)
    const offered = new Set(offeredOf(option).map(({ id }) => id))
    const gone = (before?.values ?? []).filter(({ id }) => !offered.has(id)).map(({ id }) => id)
    assertUnused(current, gone)
  }
}
