import { defineEvent } from "@marquetry/kernel"
import { z } from "zod"

const ofProvider = { id: z.string(), provider: z.string() }

/** Somebody registered; who they are comes later. `id` is that of the identity, here and below. */
export const IdentityRegistered = defineEvent(
  "auth.identity_registered",
  z.object({ ...ofProvider, actorType: z.string() }),
)
/** A password was replaced by means of a reset token; all sessions have ended. */
export const PasswordChanged = defineEvent("auth.password_changed", z.object(ofProvider))
/** A reset token was made. The token is not told: who asked for it gets it. */
export const PasswordResetRequested = defineEvent(
  "auth.password_reset_requested",
  z.object({ ...ofProvider, actorType: z.string() }),
)
