import { defineEvent } from "@marquetry/kernel"
import { z } from "zod"

const payload = z.object({ id: z.string(), actorType: z.string(), actorIds: z.array(z.string()) })

/** Actors who did not have a role got it; `id` is that of the role. */
export const RoleAssigned = defineEvent("role.assigned", payload)
/** Actors who had a role lost it, or are gone; `id` is that of the role. */
export const RoleUnassigned = defineEvent("role.unassigned", payload)
