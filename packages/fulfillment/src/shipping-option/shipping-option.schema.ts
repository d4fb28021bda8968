import { z } from "zod"
import { data, id, metadata, name } from "../fields.ts"
import { CreateShippingOptionType } from "../shipping-option-type/shipping-option-type.schema.ts"
import { isDecimal, ruleOperators, type RuleOperator } from "./match-rules.ts"
import { priceTypes } from "./shipping-option.entity.ts"

const listing = new Set<RuleOperator>(["in", "nin"])
const comparing = new Set<RuleOperator>(["gt", "gte", "lt", "lte"])

/** Values are texts, whatever they are written as: `true` is "true". */
const ruleValue = z.union([z.string().max(500), z.number().transform(String), z.boolean().transform(String)])

const rule = {
  attribute: z.string().trim().min(1).max(200),
  operator: z.enum(ruleOperators),
  value: z.union([ruleValue, z.array(ruleValue).min(1).max(1_000)]),
}
type Rule = z.output<z.ZodObject<typeof rule>>

function fitting({ operator, value }: Rule, context: z.RefinementCtx): void {
  const single = !Array.isArray(value) || value.length === 1
  const fits = listing.has(operator) || (single && (!comparing.has(operator) || isDecimal(String(value))))
  if (fits) return
  const expected = comparing.has(operator) ? "a decimal number" : "one value"
  context.addIssue({ code: "custom", path: ["value"], message: `${operator} takes ${expected}` })
}

/** A list for operators that list, a text for the others. */
const canonical = <Given extends Rule>(given: Given): Given => {
  const values = Array.isArray(given.value) ? given.value : [given.value]
  return { ...given, value: listing.has(given.operator) ? values : (values[0] as string) }
}

export const ShippingOptionRuleInput = z.strictObject(rule).superRefine(fitting).transform(canonical)
const MAX_RULES = 100
const Rules = z.array(ShippingOptionRuleInput).max(MAX_RULES)
const KeptRules = z
  .array(
    z
      .strictObject({ ...rule, id })
      .superRefine(fitting)
      .transform(canonical),
  )
  .max(MAX_RULES)
/** With an `id`, a rule that there is already and that becomes what is given. */
const ReplaceRules = z
  .array(
    z
      .strictObject({ ...rule, id: id.exactOptional() })
      .superRefine(fitting)
      .transform(canonical),
  )
  .max(MAX_RULES)

/** Rules to add, to overwrite and to delete; the others stay. */
export const ShippingOptionRuleChanges = z.strictObject({
  create: Rules.default([]),
  update: KeptRules.default([]),
  delete: z.array(id).max(MAX_RULES).default([]),
})

/** Every plain field a caller may write. */
const writable = {
  name,
  priceType: z.enum(priceTypes),
  providerId: id,
  shippingProfileId: id,
  /** A type that there is. */
  typeId: id.nullable(),
  /** A type that is made for it. */
  type: CreateShippingOptionType,
  data,
  metadata,
}

const oneType = {
  check: ({ typeId, type }: { typeId?: string | null | undefined; type?: unknown }) =>
    typeId == null || type === undefined,
  issue: { path: ["type"], message: "not beside typeId" },
}

export const CreateShippingOption = z
  .strictObject({
    ...writable,
    serviceZoneId: id,
    priceType: writable.priceType.default("flat"),
    typeId: writable.typeId.default(null),
    type: writable.type.exactOptional(),
    data: data.default(null),
    metadata: metadata.default(null),
    /** All must be met. */
    rules: Rules.default([]),
  })
  .refine(oneType.check, oneType.issue)
export const CreateShippingOptions = z.array(CreateShippingOption).max(1_000)

/** `rules` is the whole list. The zone cannot change. */
export const UpdateShippingOption = z
  .strictObject({ ...writable, rules: ReplaceRules })
  .exactPartial()
  .refine(oneType.check, oneType.issue)

export type ShippingOptionRuleInput = z.input<typeof ShippingOptionRuleInput>
export type ShippingOptionRuleChanges = z.input<typeof ShippingOptionRuleChanges>
export type CreateShippingOption = z.input<typeof CreateShippingOption>
export type CreateShippingOptions = z.input<typeof CreateShippingOptions>
export type UpdateShippingOption = z.input<typeof UpdateShippingOption>
