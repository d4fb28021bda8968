import { z } from "zod"

/** A moment as callers say it: a `Date`, or ISO 8601 with its offset from UTC; a day alone is where it begins in UTC. */
export const instant = z.union([
  z.date(),
  z.union([z.iso.datetime({ offset: true }), z.iso.date()]).transform((text) => new Date(text)),
])
