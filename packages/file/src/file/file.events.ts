import { defineEvent } from "@marquetry/kernel"
import { z } from "zod"

const payload = z.object({ id: z.string() })

/** A file was uploaded, and can be fetched. */
export const FileCreated = defineEvent("file.created", payload)
/** A file was deleted; its content is removed, or will be. `url` is where a public one was: for caches. */
export const FileDeleted = defineEvent("file.deleted", payload.extend({ url: z.string().nullable() }))
