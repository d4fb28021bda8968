import { defineEvent } from "@marquetry/kernel"
import { z } from "zod"

const payload = z.object({ id: z.string() })

/** A return reason was made. */
export const ReturnReasonCreated = defineEvent("return-reason.created", payload)
/** Its fields changed. */
export const ReturnReasonUpdated = defineEvent("return-reason.updated", payload)
/** It was deleted; closer reasons below it stand by themselves. */
export const ReturnReasonDeleted = defineEvent("return-reason.deleted", payload)
