import { defineEvent } from "@marquetry/kernel"
import { z } from "zod"

const payload = z.object({ id: z.string() })

/** It was made. */
export const FileCreated = defineEvent("file.created", payload)
/** Its plain fields changed. */
export const FileUpdated = defineEvent("file.updated", payload)
/** It was deleted; its handle is free for others. */
export const FileDeleted = defineEvent("file.deleted", payload)
