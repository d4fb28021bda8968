import { monotonicFactory } from "ulid"

const next = monotonicFactory()

/**
 * A new id: the prefix says in a log what it names, the ULID behind it sorts by time of creation.
 * Ids made in one process rise strictly, so that rows written together keep their order.
 */
export function newId(prefix: string): string {
  return `${prefix}_${next()}`
}
