import { z } from "zod"
import { dataField, idField, metadataField } from "../payment/amount.schema.ts"

const writable = {
  email: z.email().max(320).nullable(),
  name: z.string().trim().max(300).nullable(),
  /** Given to the provider, which answers what is kept. */
  data: dataField,
  metadata: metadataField,
}

export const CreateAccountHolder = z.strictObject({
  providerId: idField,
  /** The same for each repetition of one attempt; a new one unless said. */
  idempotencyKey: idField.optional(),
  /** Ours, to find the account by at the provider. */
  customerId: idField.nullable().default(null),
  email: writable.email.default(null),
  name: writable.name.default(null),
  data: writable.data.default({}),
  metadata: writable.metadata.default(null),
})
export const UpdateAccountHolder = z.strictObject(writable).exactPartial()

export type CreateAccountHolder = z.input<typeof CreateAccountHolder>
export type UpdateAccountHolder = z.input<typeof UpdateAccountHolder>
