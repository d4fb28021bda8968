import { defineEntity, id, metadata, p, searchIndex, softDelete, timestamps } from "@marquetry/kernel"
import { index, uniqueLiving } from "../columns.ts"

const ProductTagTable = defineEntity({
  name: "ProductTag",
  indexes: [
    uniqueLiving("product_tag", ["value"]),
    index("product_tag", "product_tag_external_id_index", `("external_id") where "external_id" is not null`),
    searchIndex("product", "product_tag", ["value"]),
  ],
  properties: {
    id: id("ptag"),
    value: p.text(),
    externalId: p.text().strictNullable().default(null),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** A word that products are found by. */
export class ProductTag extends ProductTagTable.class {}
ProductTagTable.setClass(ProductTag)
