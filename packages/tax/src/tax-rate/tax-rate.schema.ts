import { z } from "zod"
import { createdBy, id, metadata, percent, ruleReferences } from "../tax/fields.ts"

/** A thing that a rate is for: a row of another module, by its id. */
export const TaxRateRuleInput = z.strictObject({
  reference: z.enum(ruleReferences),
  referenceId: id,
  createdBy: createdBy.default(null),
  metadata: metadata.default(null),
})
const MAX_RULES = 10_000
export const TaxRateRuleInputs = z.array(TaxRateRuleInput).max(MAX_RULES)
export const TaxRateRuleIds = z.array(id).max(MAX_RULES)

/** Every plain field of a rate that a caller may write. */
export const rateFields = {
  /** Per cent; `null` taxes nothing. */
  rate: percent.nullable(),
  code: z.string().trim().min(1).max(200).nullable(),
  name: z.string().trim().min(1).max(200),
  isDefault: z.boolean(),
  isCombinable: z.boolean(),
  metadata,
}

export const CreateTaxRate = z.strictObject({
  ...rateFields,
  rate: rateFields.rate.default(null),
  code: rateFields.code.default(null),
  isDefault: rateFields.isDefault.default(false),
  isCombinable: rateFields.isCombinable.default(false),
  metadata: metadata.default(null),
  createdBy: createdBy.default(null),
  taxRegionId: id,
  rules: TaxRateRuleInputs.default([]),
})
export const CreateTaxRates = z.array(CreateTaxRate).max(10_000)

/** `rules` is the whole list. */
export const UpdateTaxRate = z.strictObject({ ...rateFields, rules: TaxRateRuleInputs }).exactPartial()

export type TaxRateRuleInput = z.input<typeof TaxRateRuleInput>
export type CreateTaxRate = z.input<typeof CreateTaxRate>
export type CreateTaxRates = z.input<typeof CreateTaxRates>
export type UpdateTaxRate = z.input<typeof UpdateTaxRate>
