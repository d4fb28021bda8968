import { z } from "zod"
import { apiKeyTypes } from "./token.ts"

const title = z.string().trim().min(1).max(200)
const userId = z.string().max(200)
const TEN_YEARS = 10 * 366 * 24 * 60 * 60

export const CreateApiKey = z.strictObject({
  title,
  type: z.enum(apiKeyTypes),
  /** Id of the user who asks; empty when a program does. */
  createdBy: userId.default(""),
})
export const UpdateApiKey = z.strictObject({ title })
export const RevokeApiKey = z.strictObject({
  /** Seconds until the key is refused. */
  revokeIn: z.int().min(0).max(TEN_YEARS).default(0),
  /** Id of the user who asks. */
  revokedBy: userId.nullable().default(null),
})

export type CreateApiKey = z.input<typeof CreateApiKey>
export type UpdateApiKey = z.input<typeof UpdateApiKey>
export type RevokeApiKey = z.input<typeof RevokeApiKey>
