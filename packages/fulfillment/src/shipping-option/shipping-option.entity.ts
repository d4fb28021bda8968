import { defineEntity, id, metadata, p, searchIndex, softDelete, timestamps } from "@marquetry/kernel"
import { FulfillmentProviderRow } from "../provider/provider.entity.ts"
import { ShippingOptionType } from "../shipping-option-type/shipping-option-type.entity.ts"
import { ShippingProfile } from "../shipping-profile/shipping-profile.entity.ts"
import { ServiceZone } from "../zone/zone.entity.ts"
import { ruleOperators } from "./match-rules.ts"

export const priceTypes = ["flat", "calculated"] as const

const ShippingOptionTable = defineEntity({
  name: "ShippingOption",
  indexes: [searchIndex("fulfillment", "shipping_option", ["name"])],
  properties: {
    id: id("so"),
    name: p.text(),
    /** Whether its prices are kept (by another module), or asked of the provider. */
    priceType: p.enum(priceTypes).default("flat"),
    serviceZone: () =>
      p.manyToOne(ServiceZone).ref().deleteRule("cascade").index("shipping_option_service_zone_id_index"),
    shippingProfile: () => p.manyToOne(ShippingProfile).ref().index("shipping_option_shipping_profile_id_index"),
    provider: () => p.manyToOne(FulfillmentProviderRow).ref().index("shipping_option_provider_id_index"),
    type: () =>
      p
        .manyToOne(ShippingOptionType)
        .ref()
        .fieldName("shipping_option_type_id")
        .strictNullable()
        .default(null)
        .deleteRule("restrict")
        .index("shipping_option_type_id_index"),
    /** What the provider wants to be told whenever the option is used. */
    data: p.json<Record<string, unknown>>().strictNullable().default(null),
    rules: () => p.oneToMany(ShippingOptionRule).mappedBy("shippingOption"),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** A way to have goods of one profile sent into one zone, that a buyer can choose. */
export class ShippingOption extends ShippingOptionTable.class {}
ShippingOptionTable.setClass(ShippingOption)

const ShippingOptionRuleTable = defineEntity({
  name: "ShippingOptionRule",
  properties: {
    id: id("sorul"),
    attribute: p.text(),
    operator: p.enum(ruleOperators),
    /** A list for `in` and `nin`, else a text. */
    value: p.json<string | string[]>(),
    shippingOption: () =>
      p.manyToOne(ShippingOption).ref().deleteRule("cascade").index("shipping_option_rule_shipping_option_id_index"),
    ...timestamps,
    ...softDelete,
  },
})

/** What must be so for a shipping option to be offered. */
export class ShippingOptionRule extends ShippingOptionRuleTable.class {}
ShippingOptionRuleTable.setClass(ShippingOptionRule)
