import { defineEvent } from "@marquetry/kernel"
import { z } from "zod"

const payload = z.object({ id: z.string() })

/** Somebody was invited. The token is in no event: whoever made the invite has it, and sends it. */
export const InviteCreated = defineEvent("invite.created", payload)
/** An invite has a new token and a new expiry; the old token is void. */
export const InviteResent = defineEvent("invite.resent", payload)
/** Whoever was invited is a user now: `userId`. Sent once per invite. */
export const InviteAccepted = defineEvent(
  "invite.accepted",
  payload.extend({ userId: z.string(), roles: z.array(z.string()) }),
)
/** An invite was taken back; its token is void. */
export const InviteDeleted = defineEvent("invite.deleted", payload)
