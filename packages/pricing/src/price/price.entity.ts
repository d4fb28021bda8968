import { defineEntity, id, metadata, p, searchIndex, softDelete, timestamps } from "@marquetry/kernel"
import { priceListStatuses, priceListTypes, type ListRule, type PriceRule as Rule } from "./price.types.ts"

const PriceSetTable = defineEntity({
  name: "PriceSet",
  properties: {
    id: id("pset"),
    prices: () => p.oneToMany(Price).mappedBy("priceSet"),
    ...timestamps,
    ...softDelete,
  },
})

/** All prices of one thing that is sold: of a variant, of a shipping option. */
export class PriceSet extends PriceSetTable.class {}
PriceSetTable.setClass(PriceSet)

const PriceListTable = defineEntity({
  name: "PriceList",
  indexes: [searchIndex("pricing", "price_list", ["title", "description"])],
  checks: [{ name: "price_list_dates_check", expression: "starts_at <= ends_at" }],
  properties: {
    id: id("plist"),
    title: p.text(),
    description: p.text().default(""),
    type: p.enum(priceListTypes).default("sale"),
    status: p.enum(priceListStatuses).default("draft"),
    startsAt: p.datetime(3).strictNullable().default(null),
    endsAt: p.datetime(3).strictNullable().default(null),
    /** Sorted by attribute. The one place where they are written; {@link PriceListRule} shows them as rows. */
    rules: p.json<ListRule[]>().default([]),
    rulesCount: p.integer().generated("(jsonb_array_length(rules)) stored"),
    prices: () => p.oneToMany(Price).mappedBy("priceList"),
    priceListRules: () => p.oneToMany(PriceListRule).mappedBy("priceList"),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** Prices that hold for a time, or for some customers: instead of the base prices, or where they are lower. */
export class PriceList extends PriceListTable.class {}
PriceListTable.setClass(PriceList)

/** What makes two prices of a set the same one. Begins with the columns that prices are looked up by. */
const priceKey = `create unique index "price_key_unique" on "pricing"."price" ("price_set_id", "currency_code",
  coalesce("price_list_id", ''), coalesce("min_quantity", 0), coalesce("max_quantity", 0),
  md5(jsonb_path_query_array("rules", '$[*].keyvalue() ? (@.key != "priority").value')::text)) where "deleted_at" is null`

const PriceTable = defineEntity({
  name: "Price",
  indexes: [
    { name: "price_key_unique", expression: priceKey },
    {
      name: "price_price_list_id_index",
      expression: `create index "price_price_list_id_index" on "pricing"."price" ("price_list_id") where "price_list_id" is not null`,
    },
  ],
  checks: [
    { name: "price_currency_code_check", expression: "currency_code ~ '^[a-z]{3}$'" },
    // An upper bound, because NaN is greater than every number.
    { name: "price_amount_check", expression: "amount >= 0 and amount < 1000000000000000000" },
    { name: "price_min_quantity_check", expression: "min_quantity > 0" },
    { name: "price_max_quantity_check", expression: "max_quantity > 0 and max_quantity >= min_quantity" },
  ],
  properties: {
    id: id("price"),
    priceSet: () => p.manyToOne(PriceSet).ref().deleteRule("cascade"),
    priceList: () => p.manyToOne(PriceList).ref().strictNullable().default(null).deleteRule("cascade"),
    /** ISO 4217, lower case. */
    currencyCode: p.text(),
    /** Major units per unit sold. */
    amount: p.decimal().columnType("numeric"),
    /** Quantities for which it holds, both inclusive; no bound where null. */
    minQuantity: p.decimal().columnType("numeric").strictNullable().default(null),
    maxQuantity: p.decimal().columnType("numeric").strictNullable().default(null),
    title: p.text().strictNullable().default(null),
    /** In canonical order. The one place where they are written; {@link PriceRule} shows them as rows. */
    rules: p.json<Rule[]>().default([]),
    rulesCount: p.integer().generated("(jsonb_array_length(rules)) stored"),
    priceRules: () => p.oneToMany(PriceRule).mappedBy("price"),
    ...timestamps,
    ...softDelete,
  },
})

/** What one unit costs in one currency: as long as its rules are met and the quantity is inside its bounds. */
export class Price extends PriceTable.class {}
PriceTable.setClass(Price)

const PriceRuleView = defineEntity({
  name: "PriceRule",
  view: true,
  expression: `select 'prule_' || substr(price.id, 7) || '_' || rule.position as id, price.id as price_id,
    rule.value ->> 'attribute' as attribute, rule.value ->> 'operator' as operator, rule.value -> 'value' as value,
    (rule.value ->> 'priority')::int as priority, price.created_at, price.updated_at, price.deleted_at
    from pricing.price, lateral jsonb_array_elements(price.rules) with ordinality rule (value, position)`,
  properties: {
    id: p.text().primary(),
    price: () => p.manyToOne(Price).ref(),
    attribute: p.text(),
    operator: p.text(),
    /** A text; for `in` and `nin` a list of them. */
    value: p.json<string | string[]>(),
    priority: p.integer(),
    ...timestamps,
    ...softDelete,
  },
})

/** A rule of a price as a row, for reading. */
export class PriceRule extends PriceRuleView.class {}
PriceRuleView.setClass(PriceRule)

const PriceListRuleView = defineEntity({
  name: "PriceListRule",
  view: true,
  expression: `select 'plrule_' || substr(price_list.id, 7) || '_' || rule.position as id, price_list.id as price_list_id,
    rule.value ->> 'attribute' as attribute, rule.value -> 'value' as value,
    price_list.created_at, price_list.updated_at, price_list.deleted_at
    from pricing.price_list, lateral jsonb_array_elements(price_list.rules) with ordinality rule (value, position)`,
  properties: {
    id: p.text().primary(),
    priceList: () => p.manyToOne(PriceList).ref(),
    attribute: p.text(),
    /** One of them must be met. */
    value: p.json<string[]>(),
    ...timestamps,
    ...softDelete,
  },
})

/** A rule of a price list as a row, for reading. */
export class PriceListRule extends PriceListRuleView.class {}
PriceListRuleView.setClass(PriceListRule)
