import { z } from "zod"
import { amount, CreateCampaign, currencyCode, idText } from "../campaign/campaign.schema.ts"
import { isDecimal } from "../computation/decimals.ts"
import { faultsOf } from "./promotion-faults.ts"
import {
  allocations,
  methodTypes,
  promotionStatuses,
  promotionTypes,
  ruleOperators,
  targetTypes,
  type RuleOperator,
} from "./promotion.types.ts"

const ruleValue = z.string().min(1).max(500)
const values = z
  .union([ruleValue.transform((value) => [value]), z.array(ruleValue).min(1).max(10_000)])
  .transform((given) => [...new Set(given)])

/** Every field of a rule that a caller may write. */
const ruleFields = {
  attribute: z.string().trim().min(1).max(200),
  operator: z.enum(ruleOperators),
  /** One of them must do. Operators that compare take one, a decimal. */
  values,
  description: z.string().trim().max(1_000).nullable(),
}

const comparing = new Set<RuleOperator>(["gte", "lte", "gt", "lt"])
interface Comparable {
  readonly operator: RuleOperator
  readonly values: readonly string[]
}
/** Whether an operator can be held against the values. */
export const fits = ({ operator, values: [value, ...others] }: Comparable): boolean =>
  !comparing.has(operator) || (value !== undefined && isDecimal(value) && others.length === 0)
export const misfit = { path: ["values"], message: "one decimal number, for operators that compare" }

export const CreateRule = z
  .strictObject({ ...ruleFields, description: ruleFields.description.default(null) })
  .refine(fits, misfit)
const rules = z.array(CreateRule).max(100)

/** What a batch does to the rules of one role. */
export const ChangeRules = z.strictObject({
  create: rules.default([]),
  update: z
    .array(
      z
        .strictObject({ ...ruleFields })
        .exactPartial()
        .extend({ id: idText }),
    )
    .max(100)
    .default([]),
  delete: z.array(idText).max(100).default([]),
})

const quantity = z.int().min(1).max(1_000_000)

/** Every field of a method that a caller may write, but its rules. */
const method = {
  description: z.string().trim().max(1_000).nullable(),
  type: z.enum(methodTypes),
  targetType: z.enum(targetTypes),
  /** How an amount falls on several lines. */
  allocation: z.enum(allocations),
  /** Per cent, or major units of the currency. */
  value: amount,
  currencyCode: currencyCode.nullable(),
  maxQuantity: quantity.nullable(),
  applyToQuantity: quantity.nullable(),
  buyRulesMinQuantity: quantity.nullable(),
}

const CreateMethod = z.strictObject({
  ...method,
  description: method.description.default(null),
  allocation: method.allocation.optional(),
  currencyCode: method.currencyCode.default(null),
  maxQuantity: method.maxQuantity.default(null),
  applyToQuantity: method.applyToQuantity.default(null),
  buyRulesMinQuantity: method.buyRulesMinQuantity.default(null),
  targetRules: rules.default([]),
  buyRules: rules.default([]),
})

/** Every field of a promotion that a caller may write, but its rules and its method. */
const writable = {
  /** What shoppers type in, letter by letter. */
  code: z.string().trim().min(1).max(200),
  type: z.enum(promotionTypes),
  status: z.enum(promotionStatuses),
  isAutomatic: z.boolean(),
  isTaxInclusive: z.boolean(),
  /** How many orders may use it. */
  limit: z.int().min(1).max(2_147_483_647).nullable(),
  campaignId: idText.nullable(),
  metadata: z.record(z.string(), z.unknown()).nullable(),
}

export const CreatePromotion = z
  .strictObject({
    ...writable,
    status: writable.status.default("draft"),
    isAutomatic: writable.isAutomatic.default(false),
    isTaxInclusive: writable.isTaxInclusive.default(false),
    limit: writable.limit.default(null),
    campaignId: writable.campaignId.default(null),
    /** A campaign that is made with it; instead of `campaignId`. */
    campaign: CreateCampaign.nullable().default(null),
    applicationMethod: CreateMethod,
    rules: rules.default([]),
    metadata: writable.metadata.default(null),
  })
  .superRefine((promotion, context) => {
    for (const { path, message } of faultsOf(promotion)) context.addIssue({ code: "custom", path: [...path], message })
    if (promotion.campaign !== null && promotion.campaignId !== null) {
      context.addIssue({ code: "custom", path: ["campaign"], message: "not together with campaignId" })
    }
  })
export const CreatePromotions = z.array(CreatePromotion).max(1_000)
export const UpdatePromotion = z
  .strictObject({ ...writable, applicationMethod: z.strictObject(method).exactPartial() })
  .exactPartial()

export type CreatePromotion = z.input<typeof CreatePromotion>
export type UpdatePromotion = z.input<typeof UpdatePromotion>
export type CreateRule = z.input<typeof CreateRule>
export type ChangeRules = z.input<typeof ChangeRules>
/** A checked {@link CreatePromotion}. */
export type NewPromotion = z.output<typeof CreatePromotion>
/** A checked {@link ChangeRules}. */
export type RuleChanges = z.output<typeof ChangeRules>
/** A checked {@link CreateRule}. */
export type NewRule = z.output<typeof CreateRule>
