import { z } from "zod"
import { name } from "../fields.ts"

/** Every field a caller may write. */
const writable = { label: name, description: z.string().trim().max(2_000).nullable(), code: name }

export const CreateShippingOptionType = z.strictObject({
  ...writable,
  description: writable.description.default(null),
})
export const CreateShippingOptionTypes = z.array(CreateShippingOptionType).max(10_000)
export const UpdateShippingOptionType = z.strictObject(writable).exactPartial()

export type CreateShippingOptionType = z.input<typeof CreateShippingOptionType>
export type CreateShippingOptionTypes = z.input<typeof CreateShippingOptionTypes>
export type UpdateShippingOptionType = z.input<typeof UpdateShippingOptionType>
