import { defineEntity, id, metadata, p, searchIndex, softDelete, timestamps } from "@marquetry/kernel"
import { ProductCategory } from "../category/category.entity.ts"
import { ProductCollection } from "../collection/collection.entity.ts"
import { index, measure, uniqueHandle, uniqueLiving } from "../columns.ts"
import { ProductTag } from "../tag/tag.entity.ts"
import { ProductType } from "../type/type.entity.ts"

export const productStatuses = ["draft", "proposed", "published", "rejected"] as const

/** What customs and carriers ask about a product, or about one variant where it differs. */
const shipping = {
  weight: measure(),
  length: measure(),
  height: measure(),
  width: measure(),
  hsCode: p.text().strictNullable().default(null),
  originCountry: p.text().strictNullable().default(null),
  midCode: p.text().strictNullable().default(null),
  material: p.text().strictNullable().default(null),
}

export const productSearch = ["title", "subtitle", "description", "handle"]
export const variantSearch = ["title", "sku", "ean", "upc", "barcode"]

const ProductTable = defineEntity({
  name: "Product",
  indexes: [
    uniqueHandle("product"),
    index("product", "product_status_index", `("status", "id") where "deleted_at" is null`),
    index("product", "product_created_at_index", `("created_at", "id") where "deleted_at" is null`),
    index("product", "product_external_id_index", `("external_id") where "external_id" is not null`),
    searchIndex("product", "product", productSearch),
  ],
  properties: {
    id: id("prod"),
    title: p.text(),
    subtitle: p.text().strictNullable().default(null),
    description: p.text().strictNullable().default(null),
    /** Its place in a URL; unique among products that are not deleted. */
    handle: p.text(),
    status: p.enum(productStatuses).default("draft"),
    isGiftcard: p.boolean().default(false),
    discountable: p.boolean().default(true),
    thumbnail: p.text().strictNullable().default(null),
    /** What another system calls it. */
    externalId: p.text().strictNullable().default(null),
    ...shipping,
    type: () => p.manyToOne(ProductType).ref().strictNullable().default(null).index("product_type_id_index"),
    collection: () =>
      p.manyToOne(ProductCollection).ref().strictNullable().default(null).index("product_collection_id_index"),
    tags: () => p.manyToMany(ProductTag).pivotEntity(() => ProductToTag),
    categories: () => p.manyToMany(ProductCategory).pivotEntity(() => ProductToCategory),
    images: () => p.oneToMany(ProductImage).mappedBy("product"),
    options: () => p.manyToMany(ProductOption).pivotEntity(() => ProductOptionUse),
    /** Which values it offers of each option. */
    optionUses: () => p.oneToMany(ProductOptionUse).mappedBy("product"),
    variants: () => p.oneToMany(ProductVariant).mappedBy("product"),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** A thing we sell, before any choice of size or colour; those are variants. */
export class Product extends ProductTable.class {}
ProductTable.setClass(Product)

const ProductVariantTable = defineEntity({
  name: "ProductVariant",
  orderBy: { variantRank: "asc" },
  indexes: [
    uniqueLiving("product_variant", ["product_id", "option_key"]),
    uniqueLiving("product_variant", ["sku"]),
    uniqueLiving("product_variant", ["ean"]),
    uniqueLiving("product_variant", ["upc"]),
    uniqueLiving("product_variant", ["barcode"]),
    searchIndex("product", "product_variant", variantSearch),
  ],
  properties: {
    id: id("variant"),
    title: p.text(),
    sku: p.text().strictNullable().default(null),
    ean: p.text().strictNullable().default(null),
    upc: p.text().strictNullable().default(null),
    barcode: p.text().strictNullable().default(null),
    /** Whether it may be sold when there is none in stock. */
    allowBackorder: p.boolean().default(false),
    /** Whether its stock is counted at all. */
    manageInventory: p.boolean().default(true),
    /** Its place among the variants of the product. */
    variantRank: p.integer().default(0),
    thumbnail: p.text().strictNullable().default(null),
    /** Ids of its option values, sorted: the unique index on it keeps two variants from being the same choice. */
    optionKey: p.text(),
    ...shipping,
    product: () => p.manyToOne(Product).ref().deleteRule("cascade").index("product_variant_product_id_index"),
    options: () =>
      p
        .manyToMany(ProductOptionValue)
        .pivotEntity(() => VariantToValue)
        .orderBy({ option: "asc" }),
    images: () => p.manyToMany(ProductImage).pivotEntity(() => VariantToImage),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** What is put into a cart: a product in one choice of its options. */
export class ProductVariant extends ProductVariantTable.class {}
ProductVariantTable.setClass(ProductVariant)

const ProductOptionTable = defineEntity({
  name: "ProductOption",
  indexes: [searchIndex("product", "product_option", ["title"])],
  properties: {
    id: id("opt"),
    title: p.text(),
    /** Made for one product, and deleted with it; others are shared. */
    isExclusive: p.boolean().default(true),
    values: () => p.oneToMany(ProductOptionValue).mappedBy("option"),
    products: () => p.manyToMany(Product).mappedBy("options"),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** Something to choose: size, colour. */
export class ProductOption extends ProductOptionTable.class {}
ProductOptionTable.setClass(ProductOption)

const ProductOptionValueTable = defineEntity({
  name: "ProductOptionValue",
  orderBy: { rank: "asc" },
  indexes: [uniqueLiving("product_option_value", ["option_id", "value"])],
  properties: {
    id: id("optval"),
    value: p.text(),
    rank: p.integer().default(0),
    option: () => p.manyToOne(ProductOption).ref().deleteRule("cascade").index("product_option_value_option_id_index"),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** One of the things to choose from: M, blue. */
export class ProductOptionValue extends ProductOptionValueTable.class {}
ProductOptionValueTable.setClass(ProductOptionValue)

const ProductOptionUseTable = defineEntity({
  name: "ProductOptionUse",
  indexes: [
    {
      name: "product_option_use_title_unique",
      expression: `create unique index "product_option_use_title_unique" on "product"."product_option_use" ("product_id", "title")`,
    },
    {
      name: "product_option_use_exclusive_unique",
      expression: `create unique index "product_option_use_exclusive_unique" on "product"."product_option_use" ("option_id") where "exclusive"`,
    },
  ],
  properties: {
    product: () => p.manyToOne(Product).ref().primary().deleteRule("cascade"),
    option: () =>
      p.manyToOne(ProductOption).ref().primary().deleteRule("cascade").index("product_option_use_option_id_index"),
    // Both are the option's own, repeated here because a unique index cannot look into another table.
    title: p.text(),
    exclusive: p.boolean(),
    /** The values that this product offers; `null`: all of them. */
    valueIds: p.array().strictNullable().default(null),
  },
})

/** That a product has an option. Titles of a product's options are unique, and an exclusive option is used once. */
export class ProductOptionUse extends ProductOptionUseTable.class {}
ProductOptionUseTable.setClass(ProductOptionUse)

const ProductImageTable = defineEntity({
  name: "ProductImage",
  orderBy: { rank: "asc" },
  properties: {
    id: id("img"),
    url: p.text(),
    rank: p.integer().default(0),
    product: () => p.manyToOne(Product).ref().deleteRule("cascade").index("product_image_product_id_index"),
    /** The variants that it shows; none: all. */
    variants: () => p.manyToMany(ProductVariant).mappedBy("images"),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** A picture of a product. */
export class ProductImage extends ProductImageTable.class {}
ProductImageTable.setClass(ProductImage)

// Tables between two others are entities of their own, so that both directions have an index.

const ProductToTagTable = defineEntity({
  name: "ProductToTag",
  properties: {
    product: () => p.manyToOne(Product).ref().primary().deleteRule("cascade"),
    tag: () => p.manyToOne(ProductTag).ref().primary().deleteRule("cascade").index("product_to_tag_tag_id_index"),
  },
})

/** That a product has a tag. */
export class ProductToTag extends ProductToTagTable.class {}
ProductToTagTable.setClass(ProductToTag)

const ProductToCategoryTable = defineEntity({
  name: "ProductToCategory",
  properties: {
    product: () => p.manyToOne(Product).ref().primary().deleteRule("cascade"),
    category: () =>
      p.manyToOne(ProductCategory).ref().primary().deleteRule("cascade").index("product_to_category_category_id_index"),
  },
})

/** That a product is in a category. */
export class ProductToCategory extends ProductToCategoryTable.class {}
ProductToCategoryTable.setClass(ProductToCategory)

const VariantToValueTable = defineEntity({
  name: "VariantToValue",
  properties: {
    variant: () => p.manyToOne(ProductVariant).ref().primary().deleteRule("cascade"),
    value: () =>
      p.manyToOne(ProductOptionValue).ref().primary().deleteRule("cascade").index("variant_to_value_value_id_index"),
  },
})

/** That a variant is the choice of a value. */
export class VariantToValue extends VariantToValueTable.class {}
VariantToValueTable.setClass(VariantToValue)

const VariantToImageTable = defineEntity({
  name: "VariantToImage",
  properties: {
    variant: () => p.manyToOne(ProductVariant).ref().primary().deleteRule("cascade"),
    image: () =>
      p.manyToOne(ProductImage).ref().primary().deleteRule("cascade").index("variant_to_image_image_id_index"),
  },
})

/** That an image shows a variant. */
export class VariantToImage extends VariantToImageTable.class {}
VariantToImageTable.setClass(VariantToImage)
