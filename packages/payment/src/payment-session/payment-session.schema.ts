import { z } from "zod"
import { amount, dataField, idField, metadataField } from "../payment/amount.schema.ts"

const writable = {
  /** Given to the provider, which answers what is kept. */
  data: dataField,
  /** What is known of the buyer: `email`, `customer`, `accountHolder` and whatever a provider reads. */
  context: dataField,
  metadata: metadataField,
}

export const CreatePaymentSession = z.strictObject({
  providerId: idField,
  /** Major units, rounded to the currency's digits; what is left to pay unless said. */
  amount: amount.optional(),
  data: writable.data.default({}),
  context: writable.context.default({}),
  metadata: writable.metadata.default(null),
})
export const UpdatePaymentSession = z.strictObject(writable).exactPartial()

export const AuthorizeSession = z.strictObject({
  /** The same for each repetition of one attempt; the session's id unless said. */
  idempotencyKey: idField.optional(),
  /** Laid over that of the session. */
  context: dataField.default({}),
})

export type CreatePaymentSession = z.input<typeof CreatePaymentSession>
export type UpdatePaymentSession = z.input<typeof UpdatePaymentSession>
export type AuthorizeSession = z.input<typeof AuthorizeSession>
