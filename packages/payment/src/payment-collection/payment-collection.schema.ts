import { z } from "zod"
import { amount, currencyCode, idField, metadataField } from "../payment/amount.schema.ts"

export const CreatePaymentCollection = z.strictObject({
  currencyCode,
  /** Major units; rounded to the currency's digits. */
  amount,
  metadata: metadataField.default(null),
})
export const CreatePaymentCollections = z.array(CreatePaymentCollection).max(10_000)
export const SetAmount = z.strictObject({ id: idField, currencyCode, amount })

export type CreatePaymentCollection = z.input<typeof CreatePaymentCollection>
export type CreatePaymentCollections = z.input<typeof CreatePaymentCollections>
