import { PromotionRuleOptions } from "@marquetry/flows"
import { codecOf, listQuery, readList } from "@marquetry/http"
import { Database } from "@marquetry/kernel"
import { ChangeRules, PromotionService, type RuleRole } from "@marquetry/promotion"
import { z } from "zod"
import { adminRoutes, paramsOf, type AdminVerbs } from "../kit/admin-routes.ts"
import { changeHeld } from "../kit/changes.ts"
import { labelledRules } from "./promotion-rules.ts"
import { promotions } from "./promotion-resource.ts"

const Operator = z.object({ id: z.string(), value: z.string(), label: z.string() })
const Value = z.object({ value: z.string(), label: z.string() })
const Rule = z.object({
  id: z.string().optional(),
  description: z.string().nullable().optional(),
  attribute: z.string(),
  attributeLabel: z.string(),
  operator: z.string(),
  operatorLabel: z.string(),
  operators: z.array(Operator),
  fieldType: z.string(),
  required: z.boolean(),
  disguised: z.literal(true).optional(),
  values: z.union([z.array(Value), z.number()]).nullable(),
})
const Attribute = z.object({
  id: z.string(),
  value: z.string(),
  label: z.string(),
  required: z.boolean(),
  fieldType: z.string(),
  operators: z.array(Operator),
  disguised: z.literal(true).optional(),
  hydrate: z.literal(true).optional(),
})
const Rules = z.object({ rules: z.array(Rule) })
const Attributes = z.object({ attributes: z.array(Attribute) })
const Values = z.object({ values: z.array(Value), count: z.int(), offset: z.int(), limit: z.int() })

const text = z.string().max(200).optional()
const kind = { promotion_type: text, application_method_type: text, application_method_target_type: text }
const Kind = z.strictObject({ ...kind, fields: z.string().max(10_000).optional() })
const values = {
  limit: 10,
  filters: {},
  extra: { ...kind, value: z.union([z.string(), z.array(z.string()).max(1_000)]).optional() },
}
const permissions = ["promotion:read"]

/** When a promotion applies, what it makes cheaper, and what has to be bought. */
export const promotionRuleRoutes = adminRoutes("/admin/promotions", promotions, (verbs) => {
  const { get } = verbs.verbs
  const list = { summary: "Lists rules of a promotion", response: Rules, query: Kind, permissions }
  get("/:id/:rule_type", { ...list, params: paramsOf("/:id/:rule_type") }, async (context) => {
    const { id, rule_type: ruleType } = context.params
    return codecOf(Rules).encode({ rules: await labelledRules(context, id, ruleType) })
  })
  for (const [path, role] of [
    ["rules", "rules"],
    ["target-rules", "targetRules"],
    ["buy-rules", "buyRules"],
  ] as const) {
    declareBatch(verbs, `/:id/${path}/batch`, role)
  }

  const attributes = { summary: "Lists what rules can be about", response: Attributes, query: Kind, permissions }
  const ofType = paramsOf("/rule-attribute-options/:rule_type")
  get("/rule-attribute-options/:rule_type", { ...attributes, params: ofType }, ({ resolve, params, query }) => {
    const options = resolve<PromotionRuleOptions>(PromotionRuleOptions)
    const found = options.attributes(params.rule_type, {
      promotionType: query.promotion_type,
      applicationMethodType: query.application_method_type,
      applicationMethodTargetType: query.application_method_target_type,
    })
    return codecOf(Attributes).encode({ attributes: found })
  })

  const ofAttribute = paramsOf("/rule-value-options/:rule_type/:rule_attribute_id")
  const named = { summary: "Lists what rules can name", response: Values, query: listQuery(values), permissions }
  get("/rule-value-options/:rule_type/:rule_attribute_id", { ...named, params: ofAttribute }, async (context) => {
    const { params, query } = context
    const { q, limit, offset } = readList(query, values)
    const options = context.resolve<PromotionRuleOptions>(PromotionRuleOptions)
    const { rows, count } = await options.values(params.rule_type, params.rule_attribute_id, {
      q,
      value: query["value"] as string | string[] | undefined,
      applicationMethodTargetType: query["application_method_target_type"] as string | undefined,
      limit,
      offset,
    })
    return { values: rows, count, offset, limit }
  })
})

/** Rules are parts of the promotion, which is held meanwhile: its version, and its entry in the log. */
function declareBatch({ verbs }: AdminVerbs, path: `/:id/${string}`, role: RuleRole): void {
  const rules = z.array(z.looseObject({ id: z.string() }))
  const deleted = z.object({ ids: z.array(z.string()), object: z.string(), deleted: z.literal(true) })
  const schemas = {
    summary: "Adds, changes and removes rules of a promotion",
    params: paramsOf("/:id"),
    body: ChangeRules,
    example: { create: [{ attribute: "region.id", operator: "in" as const, values: ["reg_01"] }] },
    response: z.object({ created: rules, updated: rules, deleted }),
    versioned: true,
    permissions: ["promotion:update"],
  }
  verbs.post(path, schemas, (context) =>
    context.resolve<Database>(Database).transaction(async () => {
      const { id } = context.params
      const service = context.resolve<PromotionService>(PromotionService)
      const work = () => service.changeRules(id, role, context.body)
      const [done] = await changeHeld(context, { resource: promotions, id, action: "rules_changed", work })
      return { ...done, deleted: { ids: done.deleted, object: "promotion-rule", deleted: true } }
    }),
  )
}
