import { defineEntity, id, p, searchIndex, softDelete, timestamps } from "@marquetry/kernel"

export const preferenceAttributes = ["currency_code", "region_id"] as const

const PricePreferenceTable = defineEntity({
  name: "PricePreference",
  indexes: [
    searchIndex("pricing", "price_preference", ["attribute", "value"]),
    {
      name: "price_preference_key_unique",
      expression: `create unique index "price_preference_key_unique" on "pricing"."price_preference" ("attribute", "value") where "deleted_at" is null`,
    },
  ],
  properties: {
    id: id("prpref"),
    attribute: p.enum(preferenceAttributes),
    /** A currency code or a region's id. */
    value: p.text(),
    isTaxInclusive: p.boolean().default(false),
    ...timestamps,
    ...softDelete,
  },
})

/** Whether the prices of a currency or a region contain tax. */
export class PricePreference extends PricePreferenceTable.class {}
PricePreferenceTable.setClass(PricePreference)
