import { defineEvent } from "@marquetry/kernel"
import { z } from "zod"

const payload = z.object({ id: z.string() })

/** A sales channel was made. */
export const SalesChannelCreated = defineEvent("sales-channel.created", payload)
/** Plain fields of a sales channel changed; opening and closing it is one of them. */
export const SalesChannelUpdated = defineEvent("sales-channel.updated", payload)
/** A sales channel was deleted; it can come back. */
export const SalesChannelDeleted = defineEvent("sales-channel.deleted", payload)
/** A sales channel that was deleted is back, as it was. */
export const SalesChannelRestored = defineEvent("sales-channel.restored", payload)
