import { z } from "zod"

/** Kept lower case, so that one mailbox is one customer. */
export const Email = z.string().trim().toLowerCase().max(254).regex(z.regexes.unicodeEmail, "an e-mail address")

/** As people write it; storefronts send empty texts for what is left out. */
const text = z.string().max(200).nullable()

/** Every field a caller may write. */
const writable = {
  email: Email.nullable(),
  companyName: text,
  firstName: text,
  lastName: text,
  phone: text,
  metadata: z.record(z.string(), z.unknown()).nullable(),
}

export const CreateCustomer = z.strictObject({
  email: writable.email.default(null),
  companyName: text.default(null),
  firstName: text.default(null),
  lastName: text.default(null),
  phone: text.default(null),
  /** Whether they can log in. Never changes: who was a guest and signs up is another customer beside it. */
  hasAccount: z.boolean().default(false),
  /** Id of the user who makes it. */
  createdBy: z.string().max(200).nullable().default(null),
  metadata: writable.metadata.default(null),
})
export const CreateCustomers = z.array(CreateCustomer).max(10_000)
export const UpdateCustomer = z.strictObject(writable).exactPartial()

export type CreateCustomer = z.input<typeof CreateCustomer>
export type CreateCustomers = z.input<typeof CreateCustomers>
export type UpdateCustomer = z.input<typeof UpdateCustomer>
