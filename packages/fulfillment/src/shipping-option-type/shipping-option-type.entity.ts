import { defineEntity, id, p, searchIndex, softDelete, timestamps } from "@marquetry/kernel"

const ShippingOptionTypeTable = defineEntity({
  name: "ShippingOptionType",
  indexes: [searchIndex("fulfillment", "shipping_option_type", ["label", "code", "description"])],
  properties: {
    id: id("sotype"),
    label: p.text(),
    description: p.text().strictNullable().default(null),
    /** What programs know it by; need not be unique. */
    code: p.text(),
    ...timestamps,
    ...softDelete,
  },
})

/** What kind of shipping it is, in words for the buyer: express, pick-up. */
export class ShippingOptionType extends ShippingOptionTypeTable.class {}
ShippingOptionTypeTable.setClass(ShippingOptionType)
