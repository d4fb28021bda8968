import { defineEvent } from "@marquetry/kernel"
import { z } from "zod"

const payload = z.object({ id: z.string() })

/** It was made. */
export const UserCreated = defineEvent("user.created", payload)
/** Its plain fields changed. */
export const UserUpdated = defineEvent("user.updated", payload)
/** It was deleted; its handle is free for others. */
export const UserDeleted = defineEvent("user.deleted", payload)
