import { instant } from "@marquetry/kernel"
import { Amount, findCurrency, isAmountLike, type AmountLike } from "@marquetry/money"
import { z } from "zod"
import { budgetAttributes, budgetTypes, countsMoney, isPerCustomer } from "./campaign.types.ts"

/** ISO 4217, in any case; kept in lower case. */
export const currencyCode = z
  .string()
  .trim()
  .toLowerCase()
  .refine((code) => findCurrency(code) !== null, "an ISO 4217 currency code")

const decimal = z.custom<AmountLike>(isAmountLike, "a decimal number").transform((value) => Amount.of(value))
/** A decimal that is not negative, kept as a text. */
export const amount = decimal.refine((value) => !value.isNegative(), "not negative").transform(String)

export const idText = z.string().min(1).max(100)
const CreateBudget = z
  .strictObject({
    type: z.enum(budgetTypes),
    limit: amount.nullable().default(null),
    currencyCode: currencyCode.nullable().default(null),
    attribute: z.enum(budgetAttributes).nullable().default(null),
  })
  .superRefine((budget, context) => {
    const { type, limit } = budget
    const expect = (path: "limit" | "currencyCode" | "attribute", holds: boolean, message: string) => {
      if (!holds) context.addIssue({ code: "custom", path: [path], message })
    }
    const money = countsMoney(type)
    expect("currencyCode", money === (budget.currencyCode !== null), money ? `needed by ${type}` : `not of ${type}`)
    const each = isPerCustomer(type)
    expect("attribute", each === (budget.attribute !== null), each ? `needed by ${type}` : `not of ${type}`)
    expect("limit", money || limit === null || /^\d+$/.test(limit), "a whole number of uses")
  })

/** Every field of a campaign that a caller may write. */
const writable = {
  name: z.string().trim().min(1).max(200),
  description: z.string().trim().max(5_000).nullable(),
  /** Unique among campaigns that are not deleted. */
  campaignIdentifier: z.string().trim().min(1).max(200),
  /** The first and the last moment of it; no bound where null. */
  startsAt: instant.nullable(),
  endsAt: instant.nullable(),
}

export const CreateCampaign = z.strictObject({
  ...writable,
  description: writable.description.default(null),
  startsAt: writable.startsAt.default(null),
  endsAt: writable.endsAt.default(null),
  budget: CreateBudget.nullable().default(null),
})
export const CreateCampaigns = z.array(CreateCampaign).max(1_000)
/** Of a budget only the limit changes: what was counted was counted in its type and currency. */
export const UpdateCampaign = z
  .strictObject({ ...writable, budget: z.strictObject({ limit: amount.nullable() }) })
  .exactPartial()
export const PromotionIds = z.array(idText).max(1_000)

export type CreateCampaign = z.input<typeof CreateCampaign>
export type UpdateCampaign = z.input<typeof UpdateCampaign>
/** A checked {@link CreateCampaign}. */
export type NewCampaign = z.output<typeof CreateCampaign>
