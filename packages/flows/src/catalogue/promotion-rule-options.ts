import type { AnyFilter, Query } from "@marquetry/kernel"
import { RuleAttributeUnknown } from "./catalogue.errors.ts"

/** Whom a promotion is for, what it makes cheaper, and what has to be bought. */
export const promotionRuleTypes = ["rules", "target-rules", "buy-rules"] as const
export type PromotionRuleType = (typeof promotionRuleTypes)[number]

/** What a promotion is: what can be said of it depends on that. */
export interface PromotionKind {
  readonly promotionType?: string | undefined
  readonly applicationMethodType?: string | undefined
  readonly applicationMethodTargetType?: string | undefined
}

export interface RuleOperatorOption {
  readonly id: string
  readonly value: string
  readonly label: string
}

/** Something that a rule can be about, as a form shows it. */
export interface RuleAttributeOption {
  readonly id: string
  /** What a rule names it: see the attributes of carts. */
  readonly value: string
  readonly label: string
  readonly required: boolean
  readonly fieldType: "select" | "multiselect" | "number"
  readonly operators: readonly RuleOperatorOption[]
  /** Whether it is a field of the promotion, and no rule. */
  readonly disguised?: true
  /** Whether a form fetches its values at once. */
  readonly hydrate?: true
}

export interface RuleValueOption {
  readonly value: string
  readonly label: string
}

export interface RuleValueRead {
  readonly q?: string | undefined
  /** Only these. */
  readonly value?: string | readonly string[] | undefined
  readonly applicationMethodTargetType?: string | undefined
  readonly limit?: number
  readonly offset?: number
}

const operators = {
  in: { id: "in", value: "in", label: "In" },
  eq: { id: "eq", value: "eq", label: "Equals" },
  ne: { id: "ne", value: "ne", label: "Not In" },
} as const

const several = (id: string, label: string, value: string): RuleAttributeOption => ({
  id,
  value,
  label,
  required: false,
  fieldType: "multiselect",
  operators: Object.values(operators),
})

const field = (id: string, label: string, rest: Partial<RuleAttributeOption> = {}): RuleAttributeOption => ({
  id,
  value: id,
  label,
  required: true,
  fieldType: "number",
  operators: [operators.eq],
  disguised: true,
  ...rest,
})

// What carts state of themselves, of their items and of their shipping methods: see `cart-promotions.ts`.

const cartAttributes = [
  several("customer_group", "Customer Group", "customer.groups.id"),
  several("region", "Region", "region.id"),
  several("country", "Country", "shipping_address.country_code"),
  several("sales_channel", "Sales Channel", "sales_channel_id"),
]

const itemAttributes = [
  several("product", "Product", "items.product.id"),
  several("product_category", "Product Category", "items.product.categories.id"),
  several("product_collection", "Product Collection", "items.product.collection_id"),
  several("product_type", "Product Type", "items.product.type_id"),
  several("product_tag", "Product Tag", "items.product.tags.id"),
]

const shippingAttributes = [
  several("shipping_option_type", "Shipping Option Type", "shipping_methods.shipping_option.shipping_option_type_id"),
]

const currencyOf = (methodType: string | undefined) =>
  field("currency_code", "Currency Code", { fieldType: "select", required: methodType === "fixed", hydrate: true })
const leastBought = field("buy_rules_min_quantity", "Minimum quantity of items")
const mostGot = field("apply_to_quantity", "Quantity of items promotion will apply to")

/** Where the values of an attribute are, and which of their fields a form shows. */
interface Source {
  readonly resource: string
  readonly value: string
  readonly label: string
  /** Whether the resource searches by `q`; the label is searched otherwise. */
  readonly searches: boolean
}

const source = (resource: string, label: string, value = "id", searches = true): Source => ({
  resource,
  value,
  label,
  searches,
})

const sources: ReadonlyMap<string, Source> = new Map([
  ["customer_group", source("customer_group", "name")],
  ["region", source("region", "name")],
  ["country", source("country", "displayName", "iso2", false)],
  ["sales_channel", source("sales_channel", "name")],
  ["currency_code", source("currency", "name", "code")],
  ["product", source("product", "title")],
  ["product_category", source("product_category", "name")],
  ["product_collection", source("product_collection", "title")],
  ["product_type", source("product_type", "value")],
  ["product_tag", source("product_tag", "value")],
  ["shipping_option_type", source("shipping_option_type", "label")],
])

/** What rules of promotions can be about, for those who fill in a form: exactly what carts know of themselves. */
export class PromotionRuleOptions {
  readonly #query: Query

  constructor(query: Query) {
    this.#query = query
  }

  /** What rules of a type can be about. @throws {RuleAttributeUnknown} when there is no such type. */
  attributes(ruleType: string, kind: PromotionKind = {}): readonly RuleAttributeOption[] {
    const { promotionType, applicationMethodType, applicationMethodTargetType } = kind
    const isBuyGet = promotionType === "buyget"
    const targets = applicationMethodTargetType === "shipping_methods" ? shippingAttributes : itemAttributes
    switch (ruleType as PromotionRuleType) {
      case "rules":
        return [...cartAttributes, currencyOf(applicationMethodType)]
      case "target-rules":
        return isBuyGet ? [...targets, mostGot] : targets
      case "buy-rules":
        return isBuyGet ? [...itemAttributes, leastBought] : itemAttributes
      default:
        throw new RuleAttributeUnknown(ruleType)
    }
  }

  /** The values that a rule can name. @throws {RuleAttributeUnknown} when no rule of the type is about that. */
  async values(
    ruleType: string,
    attributeId: string,
    { q, value, applicationMethodTargetType, limit = 10, offset = 0 }: RuleValueRead = {},
  ): Promise<{ rows: RuleValueOption[]; count: number }> {
    const found = sources.get(attributeId)
    const isOffered = this.attributes(ruleType, { applicationMethodTargetType }).some(({ id }) => id === attributeId)
    if (found === undefined || !isOffered) throw new RuleAttributeUnknown(ruleType, attributeId)
    const filters: AnyFilter[] = []
    if (value !== undefined) filters.push({ [found.value]: value })
    if (q !== undefined && !found.searches) filters.push({ [found.label]: { $ilike: `%${literally(q)}%` } })
    const { rows, count } = await this.#query.listAny(found.resource, {
      fields: { [found.value]: true, [found.label]: true },
      filter: { $and: filters },
      ...(found.searches && { q }),
      limit,
      offset,
    })
    return {
      rows: rows.map((row) => ({ value: row[found.value] as string, label: row[found.label] as string })),
      count,
    }
  }
}

/** A text as a pattern that matches it alone. */
const literally = (text: string) => text.replaceAll(/[\\%_]/g, String.raw`\$&`)
