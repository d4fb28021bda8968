import type { AnySelection } from "@marquetry/kernel"

/** What a selection has beyond another: fields, and what is beyond in relations of both. */
export interface Beyond {
  readonly [name: string]: true | Beyond
}

/** @param more has all that `shown` has. */
export function beyond(shown: AnySelection, more: AnySelection): Beyond {
  const found: Record<string, true | Beyond> = {}
  for (const [name, inner] of Object.entries(more)) {
    const known = shown[name]
    if (known === undefined) found[name] = true
    else if (typeof inner === "object" && typeof known === "object") {
      const inside = beyond(known as AnySelection, inner as AnySelection)
      if (Object.keys(inside).length > 0) found[name] = inside
    }
  }
  return found
}

/** What was read, without what is beyond. */
export function without(read: unknown, more: Beyond): unknown {
  if (Array.isArray(read)) return read.map((one) => without(one, more))
  if (typeof read !== "object" || read === null) return read
  const shown = Object.entries(read).flatMap(([name, value]) => {
    const inner = more[name]
    if (inner === true) return []
    return [[name, inner === undefined ? value : without(value, inner)] as const]
  })
  return Object.fromEntries(shown)
}
