import { defineEntity, id, metadata, p, searchIndex, softDelete, timestamps } from "@marquetry/kernel"

const SalesChannelTable = defineEntity({
  name: "SalesChannel",
  indexes: [searchIndex("sales_channel", "sales_channel", ["name", "description"])],
  properties: {
    id: id("sc"),
    name: p.text(),
    description: p.text().strictNullable().default(null),
    /** Nothing new is sold through it; carts and orders that name it stay. */
    isDisabled: p.boolean().default(false),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** A way to the shopper: a web shop, an app, a till, a marketplace. */
export class SalesChannel extends SalesChannelTable.class {}
SalesChannelTable.setClass(SalesChannel)
