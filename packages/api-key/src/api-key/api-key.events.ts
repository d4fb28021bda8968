import { defineEvent } from "@marquetry/kernel"
import { z } from "zod"
import { apiKeyTypes } from "./token.ts"

const payload = z.object({ id: z.string() })

/** A key was made. */
export const ApiKeyCreated = defineEvent("api-key.created", payload.extend({ type: z.enum(apiKeyTypes) }))
/** The title of a key changed. */
export const ApiKeyUpdated = defineEvent("api-key.updated", payload)
/** A key is refused from `revokedAt` on, which may lie ahead. Sent again when that moment is moved. */
export const ApiKeyRevoked = defineEvent("api-key.revoked", payload.extend({ revokedAt: z.iso.datetime() }))
/** A revoked key was deleted. */
export const ApiKeyDeleted = defineEvent("api-key.deleted", payload)
