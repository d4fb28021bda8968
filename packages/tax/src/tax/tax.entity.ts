import { defineEntity, id, metadata, p, searchIndex, softDelete, timestamps } from "@marquetry/kernel"
import { ruleReferences } from "./fields.ts"

const TaxProviderTable = defineEntity({
  name: "TaxProviderRow",
  tableName: "tax_provider",
  properties: {
    /** As the provider names itself: `tp_system`. */
    id: p.text().primary(),
    /** Whether the composition that migrated last was configured with it. */
    isEnabled: p.boolean().default(true),
    ...timestamps,
    ...softDelete,
  },
})

/** A tax provider as a row, so that regions can name it and people can choose it. */
export class TaxProviderRow extends TaxProviderTable.class {}
TaxProviderTable.setClass(TaxProviderRow)

const TaxRegionTable = defineEntity({
  name: "TaxRegion",
  indexes: [
    searchIndex("tax", "tax_region", ["country_code", "province_code"]),
    {
      // Begins with the column that every calculation looks for.
      name: "tax_region_place_unique",
      expression: `create unique index "tax_region_place_unique" on "tax"."tax_region" ("country_code", coalesce("province_code", '')) where "deleted_at" is null`,
    },
  ],
  checks: [
    { name: "tax_region_country_code_check", expression: "country_code ~ '^[a-z]{2}$'" },
    { name: "tax_region_province_code_check", expression: "starts_with(province_code, country_code || '-')" },
    { name: "tax_region_parent_check", expression: "(province_code is null) = (parent_id is null)" },
  ],
  properties: {
    id: id("txreg"),
    /** ISO 3166-1 alpha-2, lower case. Never changes. */
    countryCode: p.text(),
    /** ISO 3166-2, lower case (`us-ca`); `null` for a whole country. */
    provinceCode: p.text().strictNullable().default(null),
    /** The region of the country, for that of a province. */
    parent: () =>
      p
        .manyToOne(TaxRegion)
        .ref()
        .strictNullable()
        .default(null)
        .deleteRule("cascade")
        .index("tax_region_parent_id_index"),
    children: () => p.oneToMany(TaxRegion).mappedBy("parent"),
    taxRates: () => p.oneToMany(TaxRate).mappedBy("taxRegion"),
    /** Who computes the taxes; where none is named, that of the country, and then `tp_system`. */
    provider: () =>
      p
        .manyToOne(TaxProviderRow)
        .ref()
        .strictNullable()
        .default(null)
        .deleteRule("restrict")
        .index("tax_region_provider_id_index"),
    createdBy: p.text().strictNullable().default(null),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** A country, or a province of one, whose taxes a shop charges. */
export class TaxRegion extends TaxRegionTable.class {}
TaxRegionTable.setClass(TaxRegion)

const TaxRateTable = defineEntity({
  name: "TaxRate",
  indexes: [
    searchIndex("tax", "tax_rate", ["name", "code"]),
    {
      name: "tax_rate_default_unique",
      expression: `create unique index "tax_rate_default_unique" on "tax"."tax_rate" ("tax_region_id") where "is_default" and "deleted_at" is null`,
    },
  ],
  // An upper bound, because NaN is greater than every number.
  checks: [{ name: "tax_rate_rate_check", expression: "rate >= 0 and rate <= 10000" }],
  properties: {
    id: id("txr"),
    /** Per cent; `null` taxes nothing, and is shown as 0. */
    rate: p.decimal().columnType("numeric").strictNullable().default(null),
    code: p.text().strictNullable().default(null),
    name: p.text(),
    /** Whether it is for everything that no rule names. One per region at most. */
    isDefault: p.boolean().default(false),
    /** Whether it is charged on top of the rate of the country, or of others like it, rather than instead. */
    isCombinable: p.boolean().default(false),
    taxRegion: () => p.manyToOne(TaxRegion).ref().deleteRule("cascade").index("tax_rate_tax_region_id_index"),
    rules: () => p.oneToMany(TaxRateRule).mappedBy("taxRate"),
    createdBy: p.text().strictNullable().default(null),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** So many per cent of what is sold in a region: of everything, or of what its rules name. */
export class TaxRate extends TaxRateTable.class {}
TaxRateTable.setClass(TaxRate)

const TaxRateRuleTable = defineEntity({
  name: "TaxRateRule",
  indexes: [
    {
      name: "tax_rate_rule_key_unique",
      expression: `create unique index "tax_rate_rule_key_unique" on "tax"."tax_rate_rule" ("tax_rate_id", "reference", "reference_id") where "deleted_at" is null`,
    },
  ],
  properties: {
    id: id("txrule"),
    taxRate: () => p.manyToOne(TaxRate).ref().deleteRule("cascade"),
    reference: p.enum(ruleReferences),
    /** Id of a row of another module. */
    referenceId: p.text().index("tax_rate_rule_reference_id_index"),
    createdBy: p.text().strictNullable().default(null),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** Something that a rate is for. */
export class TaxRateRule extends TaxRateRuleTable.class {}
TaxRateRuleTable.setClass(TaxRateRule)
