import { z } from "zod"

const name = z.string().min(1).max(200)
const distinct = (ids: string[]) => [...new Set(ids)]

/** Somebody who acts in a shop: a `user`, an `api_key`, and its id. */
export const Actor = z.strictObject({ actorType: name, actorId: name })
export const Actors = z.strictObject({ actorType: name, actorIds: z.array(name).max(10_000).overwrite(distinct) })
export const RoleIds = z.array(z.string().max(200)).max(1_000).overwrite(distinct)

export type Actor = z.input<typeof Actor>
export type Actors = z.input<typeof Actors>
