import { defineEvent } from "@marquetry/kernel"
import { z } from "zod"

const payload = z.object({ id: z.string() })

/** A user was made, by an invite or without one. */
export const UserCreated = defineEvent("user.created", payload)
/** Plain fields of a user changed. */
export const UserUpdated = defineEvent("user.updated", payload)
/** A user was deleted; the e-mail address is free for others. */
export const UserDeleted = defineEvent("user.deleted", payload)
