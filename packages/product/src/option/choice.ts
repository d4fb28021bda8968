import type { OptionState } from "../product/state.ts"
import { OptionUnknown, OptionValueMissing, OptionValueUnknown } from "./option.errors.ts"

/** Titles of options and the value chosen of each. */
export type Choice = Readonly<Record<string, string>>

/** Values that a product offers of an option. */
export const offeredOf = ({ values, offered }: OptionState) =>
  offered === null ? values : values.filter(({ id }) => offered.includes(id))

/**
 * The values that a variant chooses, one of each option, in the order of the options.
 *
 * @param choice by title.
 * @param current ids of values chosen before, which stand where `choice` names nothing.
 * @throws {OptionUnknown} {@link OptionValueUnknown} {@link OptionValueMissing}
 */
export function chosenValues(options: readonly OptionState[], choice: Choice, current: ReadonlySet<string>) {
  const titles = new Set(options.map(({ title }) => title))
  const unknown = Object.keys(choice).find((title) => !titles.has(title))
  if (unknown !== undefined) throw new OptionUnknown(unknown)
  return options.map((option) => {
    const wanted = Object.hasOwn(choice, option.title) ? choice[option.title] : undefined
    const values = offeredOf(option)
    const chosen = values.find(({ id, value }) => (wanted === undefined ? current.has(id) : value === wanted))
    if (chosen !== undefined) return chosen
    if (wanted !== undefined) throw new OptionValueUnknown(option.title, wanted)
    throw new OptionValueMissing(option.title)
  })
}

/** Equal for variants that are the same choice. */
export const keyOf = (values: readonly { id: string }[]) =>
  values
    .map(({ id }) => id)
    .sort()
    .join(",")

export const idsOf = (optionKey: string): string[] => (optionKey === "" ? [] : optionKey.split(","))
