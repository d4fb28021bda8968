import { z } from "zod"
import { metadata, name } from "../fields.ts"

/** Every field a caller may write. */
const writable = { name, type: name, metadata }

export const CreateShippingProfile = z.strictObject({ ...writable, metadata: metadata.default(null) })
export const CreateShippingProfiles = z.array(CreateShippingProfile).max(10_000)
export const UpdateShippingProfile = z.strictObject(writable).exactPartial()

export type CreateShippingProfile = z.input<typeof CreateShippingProfile>
export type CreateShippingProfiles = z.input<typeof CreateShippingProfiles>
export type UpdateShippingProfile = z.input<typeof UpdateShippingProfile>
