import { z } from "zod"
import { actorOf } from "../identity/actor.ts"

const metadata = z.record(z.string(), z.unknown())

/** What a token or a session says of whoever shows it. */
export const Claims = z.object({
  /** Empty until an actor of that type is attached: they have proven who they are, and are nobody here yet. */
  actorId: z.string(),
  actorType: z.string(),
  authIdentityId: z.string(),
  authProvider: z.string(),
  /** Ids of all actors of the identity: `{ customer_id }`. */
  appMetadata: metadata,
  userMetadata: metadata,
  /** How often the credentials had been changed. */
  credentialsVersion: z.int(),
})

export type Claims = z.output<typeof Claims>

/** A token, and what it says. */
export interface Grant {
  readonly token: string
  readonly claims: Claims
}

/** What is read of an identity to speak for it. */
export interface KnownIdentity {
  readonly authIdentityId: string
  readonly appMetadata: Record<string, unknown>
  readonly userMetadata: Record<string, unknown>
  readonly credentialsVersion: number
}

export function claimsOf(identity: KnownIdentity, actorType: string, authProvider: string): Claims {
  const { authIdentityId, appMetadata, userMetadata, credentialsVersion } = identity
  const actorId = actorOf(appMetadata, actorType)
  return { actorId, actorType, authIdentityId, authProvider, appMetadata, userMetadata, credentialsVersion }
}
