import { defineEvent } from "@marquetry/kernel"
import { z } from "zod"

const payload = z.object({ id: z.string() })

/** A promotion was made. */
export const PromotionCreated = defineEvent("promotion.created", payload)
/** Fields, the method, the rules or the campaign of a promotion changed; not when it is used. */
export const PromotionUpdated = defineEvent("promotion.updated", payload)
/** A promotion was deleted; its code is free for others. */
export const PromotionDeleted = defineEvent("promotion.deleted", payload)
