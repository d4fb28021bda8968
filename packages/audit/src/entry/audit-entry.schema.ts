import { z } from "zod"
import type { Changes } from "./changes.ts"

const name = z.string().min(1).max(200)

/** One thing that was done. */
export const NewAuditEntry = z.strictObject({
  actorType: name,
  actorId: name,
  action: name,
  resourceType: name,
  resourceId: name,
  /** As made by `changesBetween`. It may be large and is ours: whether it is an object is all that is looked at. */
  changes: z.custom<Changes>((value) => typeof value === "object" && value !== null && !Array.isArray(value)),
  requestId: name.nullable().default(null),
})
export const NewAuditEntries = z.array(NewAuditEntry)
export const DeleteBefore = z.strictObject({ date: z.date(), limit: z.int().min(1).max(100_000) })

export type NewAuditEntry = z.input<typeof NewAuditEntry>
