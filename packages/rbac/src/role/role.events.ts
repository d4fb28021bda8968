import { defineEvent } from "@marquetry/kernel"
import { z } from "zod"

const payload = z.object({ id: z.string() })

/** A role was made; nobody has it yet. */
export const RoleCreated = defineEvent("role.created", payload)
/** Fields of a role changed; what it allows is one of them. */
export const RoleUpdated = defineEvent("role.updated", payload)
/** A role was deleted, which nobody had; its name is free for others. */
export const RoleDeleted = defineEvent("role.deleted", payload)
