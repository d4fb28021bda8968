import { newId } from "@marquetry/kernel"
import type { z } from "zod"
import type { Changes } from "../product/changes.ts"
import { ReferenceUnknown } from "../product/product.errors.ts"
import type { OptionState, ValueState } from "../product/state.ts"
import { OptionInUse, OptionTitleTaken, OptionValueUnknown } from "./option.errors.ts"
import type { CreateOption, ProductOptionInput } from "./option.schema.ts"

type NewOption = z.output<typeof CreateOption>
type Named = z.output<typeof ProductOptionInput>

/** A new option with its values. */
export function planNewOption(
  changes: Changes,
  { title, values, ranks, isExclusive, metadata }: NewOption,
): OptionState {
  const id = newId("opt")
  changes.options.inserted.push({ id, title, isExclusive, metadata })
  const states = values.map((value, index) => planNewValue(changes, id, value, ranks[value] ?? index))
  return { id, title, exclusive: isExclusive, offered: null, values: states }
}

function planNewValue(changes: Changes, option: string, value: string, rank: number): ValueState {
  const id = newId("optval")
  changes.values.inserted.push({ id, option, value, rank })
  return { id, value, rank }
}

/**
 * The options that a product has from now on.
 *
 * @param current what it has now; what `named` leaves out is taken away, and deleted if it was the product's own.
 * @param known options that are named by id.
 */
export function planOptions(
  changes: Changes,
  product: string,
  named: readonly Named[],
  current: readonly OptionState[],
  known: ReadonlyMap<string, OptionState>,
): OptionState[] {
  const planned = named.map((input) => {
    if ("id" in input) {
      const option = known.get(input.id) as OptionState
      const offered = current.find(({ id }) => id === input.id)?.offered ?? null
      return restricted({ ...option, offered }, input.valueIds)
    }
    const own = current.find(({ title }) => title === input.title)
    return own === undefined ? planNewOption(changes, input) : planExisting(changes, own, input)
  })
  const titles = new Set<string>()
  for (const { title } of planned) {
    if (titles.has(title)) throw new OptionTitleTaken(title)
    titles.add(title)
  }
  const kept = new Set(planned.map(({ id }) => id))
  for (const { id, exclusive, values } of current) {
    if (kept.has(id) || !exclusive) continue
    changes.options.deleted.push(id)
    changes.values.deleted.push(...values.map((value) => value.id))
  }
  if (current.length > 0) changes.uses.cleared.push(product)
  for (const { id: option, title, exclusive, offered } of planned) {
    changes.uses.inserted.push({ product, option, title, exclusive, valueIds: offered })
  }
  return planned
}

function restricted(option: OptionState, valueIds: readonly string[] | undefined): OptionState {
  if (valueIds === undefined) return option
  const known = new Set(option.values.map(({ id }) => id))
  const unknown = valueIds.filter((id) => !known.has(id))
  if (unknown.length > 0) throw new ReferenceUnknown("product_option_value", unknown)
  return { ...option, offered: valueIds }
}

/** An option that the product has: its own gets these values, of a shared one these are offered. */
function planExisting(changes: Changes, option: OptionState, { values, ranks }: NewOption): OptionState {
  if (option.exclusive) return { ...option, offered: null, values: planValues(changes, option, values, ranks) }
  const ids = values.map((wanted) => {
    const found = option.values.find(({ value }) => value === wanted)
    if (found === undefined) throw new OptionValueUnknown(option.title, wanted)
    return found.id
  })
  return { ...option, offered: ids }
}

/** Makes `values` the values of an option, keeping those that stay; whoever calls checks that the others are unused. */
export function planValues(
  changes: Changes,
  { id, values: current }: OptionState,
  values: readonly string[],
  ranks: Readonly<Record<string, number>>,
): ValueState[] {
  const kept = new Set(values)
  changes.values.deleted.push(...current.filter(({ value }) => !kept.has(value)).map((value) => value.id))
  return values.map((value, index) => {
    const rank = ranks[value] ?? index
    const existing = current.find((candidate) => candidate.value === value)
    if (existing === undefined) return planNewValue(changes, id, value, rank)
    if (existing.rank !== rank) changes.values.patched.push({ id: existing.id, rank })
    return { ...existing, rank }
  })
}

/** @throws {OptionInUse} when variants that stay are a choice of values that go. */
export function assertUnused(used: ReadonlySet<string>, gone: readonly string[]): void {
  const kept = gone.filter((id) => used.has(id))
  if (kept.length > 0) throw new OptionInUse(kept)
}
