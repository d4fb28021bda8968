import { monotonicFactory } from "ulid"

const random = new Uint8Array(4_096)
let used = random.length

/** From 0 to below 1. Random bytes are fetched many at a time: to fetch them costs more than to use them. */
function prng(): number {
  if (used === random.length) {
    crypto.getRandomValues(random)
    used = 0
  }
  return (random[used++] as number) / 256
}

const next = monotonicFactory(prng)

/**
 * A new id: the prefix says in a log what it names, the ULID behind it sorts by time of creation.
 * Ids made in one process rise strictly, so that rows written together keep their order.
 */
export function newId(prefix: string): string {
  return `${prefix}_${next()}`
}
