import { defineResource } from "@marquetry/kernel"
import { ProductCategory } from "../category/category.entity.ts"
import { ProductCollection } from "../collection/collection.entity.ts"
import { ProductTag } from "../tag/tag.entity.ts"
import { ProductType } from "../type/type.entity.ts"
import {
  Product,
  ProductImage,
  ProductOption,
  ProductOptionUse,
  ProductOptionValue,
  productSearch,
  ProductVariant,
  variantSearch,
} from "./product.entity.ts"

export const productResource = defineResource("product", Product, {
  search: [...productSearch, ...variantSearch.map((column) => `variants.${column}`)],
})
export const variantResource = defineResource("product_variant", ProductVariant, {
  private: ["optionKey"],
  search: variantSearch,
})
export const optionResource = defineResource("product_option", ProductOption, { search: ["title"] })
// Without an index for its words: values are searched among those of one option.
export const optionValueResource = defineResource("product_option_value", ProductOptionValue, { search: ["value"] })
export const optionUseResource = defineResource("product_option_use", ProductOptionUse, {
  private: ["title", "exclusive"],
})
export const imageResource = defineResource("product_image", ProductImage)
export const categoryResource = defineResource("product_category", ProductCategory, {
  search: ["name", "description"],
  inverse: { products: [Product, "categories"] },
})
export const collectionResource = defineResource("product_collection", ProductCollection, {
  search: ["title"],
  inverse: { products: [Product, "collection"] },
})
export const tagResource = defineResource("product_tag", ProductTag, {
  search: ["value"],
  inverse: { products: [Product, "tags"] },
})
export const typeResource = defineResource("product_type", ProductType, {
  search: ["value"],
  inverse: { products: [Product, "type"] },
})
