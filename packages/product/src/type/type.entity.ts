import { defineEntity, id, metadata, p, searchIndex, softDelete, timestamps } from "@marquetry/kernel"
import { index, uniqueLiving } from "../columns.ts"

const ProductTypeTable = defineEntity({
  name: "ProductType",
  indexes: [
    uniqueLiving("product_type", ["value"]),
    index("product_type", "product_type_external_id_index", `("external_id") where "external_id" is not null`),
    searchIndex("product", "product_type", ["value"]),
  ],
  properties: {
    id: id("ptyp"),
    value: p.text(),
    externalId: p.text().strictNullable().default(null),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** What kind of thing a product is; a product has one at most. */
export class ProductType extends ProductTypeTable.class {}
ProductTypeTable.setClass(ProductType)
