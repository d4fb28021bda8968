import { NotFound } from "@marquetry/kernel"
import type { z } from "zod"
import type { OptionState, ProductState } from "../product/state.ts"
import { offeredOf } from "./choice.ts"
import { OptionValueUnknown } from "./option.errors.ts"
import type { ChangeOptions, ProductOptionInput } from "./option.schema.ts"

type Change = z.output<typeof ChangeOptions>

/** The whole list of options that a product has after a change of some. @throws {NotFound} {@link OptionValueUnknown} */
export function optionsAfter(
  { options }: ProductState,
  { add, remove, update }: Change,
): z.output<typeof ProductOptionInput>[] {
  const known = new Set(options.map(({ id }) => id))
  const unknown = [...remove, ...update.map(({ optionId }) => optionId)].find((id) => !known.has(id))
  if (unknown !== undefined) throw new NotFound("Product option", unknown)
  const kept = options.filter(({ id }) => !remove.includes(id))
  const changed = kept.map((option) => {
    const change = update.find(({ optionId }) => optionId === option.id)
    return change === undefined ? { id: option.id } : changedOption(option, change)
  })
  return [...changed, ...add]
}

/** A product's own option gets and loses values; of a shared one other values are offered. */
function changedOption(option: OptionState, { add, remove }: Change["update"][number]) {
  const left = offeredOf(option).filter(({ id }) => !remove.includes(id))
  if (option.exclusive) {
    const added = add.flatMap((value) => (typeof value === "string" ? [] : [value.value]))
    const values = [...new Set([...left.map(({ value }) => value), ...added])]
    return { title: option.title, values, ranks: {}, isExclusive: true, metadata: null }
  }
  const added = add.map((wanted) => {
    const found = option.values.find(({ id, value }) => (typeof wanted === "string" ? id : value) === textOf(wanted))
    if (found === undefined) throw new OptionValueUnknown(option.title, textOf(wanted))
    return found.id
  })
  return { id: option.id, valueIds: [...new Set([...left.map(({ id }) => id), ...added])] }
}

const textOf = (wanted: string | { value: string }) => (typeof wanted === "string" ? wanted : wanted.value)
