import { InvalidInput, newId, NotFound } from "@marquetry/kernel"
import { fits, misfit, type RuleChanges } from "./promotion.schema.ts"
import type { Condition } from "./promotion.types.ts"

/** More rules than that in one role are refused. */
const MAX_RULES = 100

/** What a batch makes of the rules of one role. */
export interface ChangedRules {
  readonly rules: Condition[]
  /** Ids. */
  readonly created: readonly string[]
  readonly updated: readonly string[]
  readonly deleted: readonly string[]
}

/** @throws {NotFound} {@link InvalidInput} */
export function changeRules(current: readonly Condition[], changes: RuleChanges): ChangedRules {
  const byId = new Map(current.map((rule) => [rule.id, rule]))
  for (const [index, { id, ...change }] of changes.update.entries()) {
    const rule = byId.get(id)
    if (rule === undefined) throw new NotFound("Promotion rule", id)
    const changed = { ...rule, ...change }
    if (!fits(changed)) throw new InvalidInput([{ ...misfit, path: ["update", index, ...misfit.path] }])
    byId.set(id, changed)
  }
  for (const id of changes.delete) if (!byId.delete(id)) throw new NotFound("Promotion rule", id)
  const created = changes.create.map((rule) => ({ id: newId("prorul"), ...rule }))
  const rules = [...byId.values(), ...created]
  if (rules.length > MAX_RULES) {
    throw new InvalidInput([{ path: ["create"], message: `${MAX_RULES} rules at most in one role` }])
  }
  const gone = new Set(changes.delete)
  return {
    rules,
    created: created.map(({ id }) => id),
    updated: changes.update.flatMap(({ id }) => (gone.has(id) ? [] : [id])),
    deleted: changes.delete,
  }
}
