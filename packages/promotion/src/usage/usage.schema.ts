import { z } from "zod"
import { amount, currencyCode, idText } from "../campaign/campaign.schema.ts"
import { customer } from "../computation/candidate.schema.ts"

/** What names a use: the id of an order or of a cart. */
export const UsageKey = z.string().min(1).max(200)

const use = z.strictObject({
  promotionId: idText,
  /** What it takes off, as its verdict says. */
  amount,
  currencyCode,
})

/** The promotions that an order uses. */
export const RegisterUsage = z.strictObject({
  /** Registered once, however often it is asked for. */
  key: UsageKey,
  promotions: z
    .array(use)
    .max(200)
    .refine((uses) => new Set(uses.map(({ promotionId }) => promotionId)).size === uses.length, "each promotion once"),
  ...customer,
})
export type RegisterUsage = z.input<typeof RegisterUsage>
/** A checked {@link RegisterUsage}. */
export type Registration = z.output<typeof RegisterUsage>
