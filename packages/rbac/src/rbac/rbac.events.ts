import { defineEvent } from "@marquetry/kernel"
import { z } from "zod"

const payload = z.object({ id: z.string() })

/** It was made. */
export const RbacCreated = defineEvent("rbac.created", payload)
/** Its plain fields changed. */
export const RbacUpdated = defineEvent("rbac.updated", payload)
/** It was deleted; its handle is free for others. */
export const RbacDeleted = defineEvent("rbac.deleted", payload)
