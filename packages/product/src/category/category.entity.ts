import { defineEntity, id, metadata, p, searchIndex, softDelete, timestamps } from "@marquetry/kernel"
import { index, uniqueHandle } from "../columns.ts"

const ProductCategoryTable = defineEntity({
  name: "ProductCategory",
  orderBy: { rank: "asc" },
  indexes: [
    uniqueHandle("product_category"),
    index("product_category", "product_category_mpath_index", `("mpath" text_pattern_ops)`),
    index("product_category", "product_category_external_id_index", `("external_id") where "external_id" is not null`),
    searchIndex("product", "product_category", ["name", "description"]),
  ],
  checks: [{ name: "product_category_parent_check", expression: `"parent_category_id" <> "id"` }],
  properties: {
    id: id("pcat"),
    name: p.text(),
    description: p.text().default(""),
    handle: p.text(),
    /** The way to it from the root: ids of its ancestors and its own, joined by dots. */
    mpath: p.text(),
    /** Whether shoppers see it. */
    isActive: p.boolean().default(false),
    /** Whether it is for the shop's own use: shoppers never see it. */
    isInternal: p.boolean().default(false),
    /** Its place among its siblings: 0, 1, 2 … without a gap. */
    rank: p.integer().default(0),
    externalId: p.text().strictNullable().default(null),
    parentCategory: () =>
      p
        .manyToOne(ProductCategory)
        .ref()
        .strictNullable()
        .default(null)
        .index("product_category_parent_category_id_index"),
    categoryChildren: () => p.oneToMany(ProductCategory).mappedBy("parentCategory"),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** A place in the tree that products are sorted into. */
export class ProductCategory extends ProductCategoryTable.class {}
ProductCategoryTable.setClass(ProductCategory)
