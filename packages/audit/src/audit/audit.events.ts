import { defineEvent } from "@marquetry/kernel"
import { z } from "zod"

const payload = z.object({ id: z.string() })

/** It was made. */
export const AuditCreated = defineEvent("audit.created", payload)
/** Its plain fields changed. */
export const AuditUpdated = defineEvent("audit.updated", payload)
/** It was deleted; its handle is free for others. */
export const AuditDeleted = defineEvent("audit.deleted", payload)
