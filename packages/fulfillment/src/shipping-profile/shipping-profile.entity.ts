import { defineEntity, id, metadata, p, searchIndex, softDelete, timestamps } from "@marquetry/kernel"

const ShippingProfileTable = defineEntity({
  name: "ShippingProfile",
  indexes: [
    searchIndex("fulfillment", "shipping_profile", ["name", "type"]),
    {
      name: "shipping_profile_name_unique",
      expression: `create unique index "shipping_profile_name_unique" on "fulfillment"."shipping_profile" ("name") where "deleted_at" is null`,
    },
  ],
  properties: {
    id: id("sp"),
    /** Unique among what is not deleted. */
    name: p.text(),
    /** `default`, or what a shop calls it. */
    type: p.text(),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** Goods that are sent in the same way: by parcel, by haulier. Other modules know which are. */
export class ShippingProfile extends ShippingProfileTable.class {}
ShippingProfileTable.setClass(ShippingProfile)
