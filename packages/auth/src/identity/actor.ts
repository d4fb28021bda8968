import { z } from "zod"

/** Kind of whoever is behind an identity: `customer`, `user`, or an app's own. */
export const ActorType = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, "lower-case letters, digits and _")

export const ActorId = z.string().min(1).max(200)

/** Where an identity's metadata has the id of its actor: `customer_id`. */
export const actorKey = (actorType: string): string => `${actorType}_id`

/** The id of the actor; empty when there is none of this type (yet). */
export function actorOf(appMetadata: Readonly<Record<string, unknown>>, actorType: string): string {
  const id = appMetadata[actorKey(actorType)]
  return typeof id === "string" ? id : ""
}
