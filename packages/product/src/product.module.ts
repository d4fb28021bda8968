import { defineModule, start, type Started, type StartOptions } from "@marquetry/kernel"
import { ProductCategory } from "./category/category.entity.ts"
import { CategoryService } from "./category/category.service.ts"
import { ProductCollection } from "./collection/collection.entity.ts"
import { CollectionService } from "./collection/collection.service.ts"
import { CreateProducts } from "./migrations/20261101000000_create-products.ts"
import { OptionService } from "./option/option.service.ts"
import {
  Product,
  ProductImage,
  ProductOption,
  ProductOptionUse,
  ProductOptionValue,
  ProductToCategory,
  ProductToTag,
  ProductVariant,
  VariantToImage,
  VariantToValue,
} from "./product/product.entity.ts"
import {
  categoryResource,
  collectionResource,
  imageResource,
  optionResource,
  optionUseResource,
  optionValueResource,
  productResource,
  tagResource,
  typeResource,
  variantResource,
} from "./product/product.resources.ts"
import { ProductService } from "./product/product.service.ts"
import { ProductTag } from "./tag/tag.entity.ts"
import { TagService } from "./tag/tag.service.ts"
import { ProductType } from "./type/type.entity.ts"
import { TypeService } from "./type/type.service.ts"
import { VariantService } from "./variant/variant.service.ts"

export const productModule = defineModule({
  name: "product",
  entities: [
    Product,
    ProductVariant,
    ProductOption,
    ProductOptionValue,
    ProductOptionUse,
    ProductImage,
    ProductCategory,
    ProductCollection,
    ProductTag,
    ProductType,
    ProductToTag,
    ProductToCategory,
    VariantToValue,
    VariantToImage,
  ],
  migrations: [CreateProducts],
  resources: [
    productResource,
    variantResource,
    optionResource,
    optionUseResource,
    optionValueResource,
    imageResource,
    categoryResource,
    collectionResource,
    tagResource,
    typeResource,
  ],
  services: [
    ProductService,
    VariantService,
    OptionService,
    CategoryService,
    CollectionService,
    TagService,
    TypeService,
  ],
})

/** The services of the module, as {@link startProduct} names them. */
export interface ProductServices {
  readonly products: ProductService
  readonly variants: VariantService
  readonly options: OptionService
  readonly categories: CategoryService
  readonly collections: CollectionService
  readonly tags: TagService
  readonly types: TypeService
}

/** Runs products alone, on your database or an embedded one. */
export function startProduct(options: StartOptions = {}): Promise<Started<ProductServices>> {
  return start(productModule, options, (container) => ({
    products: container.resolve(ProductService),
    variants: container.resolve(VariantService),
    options: container.resolve(OptionService),
    categories: container.resolve(CategoryService),
    collections: container.resolve(CollectionService),
    tags: container.resolve(TagService),
    types: container.resolve(TypeService),
  }))
}
