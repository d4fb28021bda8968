import { defineEntity, id, metadata, p, searchIndex, softDelete, timestamps } from "@marquetry/kernel"
import { index, uniqueHandle } from "../columns.ts"

const ProductCollectionTable = defineEntity({
  name: "ProductCollection",
  indexes: [
    uniqueHandle("product_collection"),
    index(
      "product_collection",
      "product_collection_external_id_index",
      `("external_id") where "external_id" is not null`,
    ),
    searchIndex("product", "product_collection", ["title"]),
  ],
  properties: {
    id: id("pcol"),
    title: p.text(),
    handle: p.text(),
    externalId: p.text().strictNullable().default(null),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** Products that are shown together: a season, a theme. A product is in one at most. */
export class ProductCollection extends ProductCollectionTable.class {}
ProductCollectionTable.setClass(ProductCollection)
