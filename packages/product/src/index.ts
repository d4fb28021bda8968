export { productModule, startProduct, type ProductServices } from "./product.module.ts"

export { CategoryCycle, CategoryNotEmpty } from "./category/category.errors.ts"
export { CategoryCreated, CategoryDeleted, CategoryUpdated } from "./category/category.events.ts"
export { CreateCategory, UpdateCategory } from "./category/category.schema.ts"
export { CategoryService, type CategoryView } from "./category/category.service.ts"
export type { CategoryTree, FlatCategory } from "./category/tree.ts"
export { CollectionCreated, CollectionDeleted, CollectionUpdated } from "./collection/collection.events.ts"
export { CreateCollection, UpdateCollection } from "./collection/collection.schema.ts"
export { CollectionService, type CollectionView } from "./collection/collection.service.ts"
export { Assignment } from "./fields.ts"
export { CreateLabel, UpdateLabel } from "./label/label.schema.ts"
export type { LabelView } from "./label/label.service.ts"
export {
  OptionExclusive,
  OptionInUse,
  OptionTitleTaken,
  OptionUnknown,
  OptionValueMissing,
  OptionValueTaken,
  OptionValueUnknown,
} from "./option/option.errors.ts"
export { OptionCreated, OptionDeleted, OptionUpdated } from "./option/option.events.ts"
export {
  ChangeOptions,
  CreateOption,
  ProductOptionInput,
  UpdateOption,
  UpdateOptionValue,
} from "./option/option.schema.ts"
export { OptionService, type OptionView } from "./option/option.service.ts"
export { HandleTaken, ReferenceUnknown } from "./product/product.errors.ts"
export {
  ProductCreated,
  ProductDeleted,
  ProductPublished,
  ProductRestored,
  ProductUpdated,
} from "./product/product.events.ts"
export {
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
export { CreateImage, CreateProduct, UpdateProduct, UpdateProductById } from "./product/product.schema.ts"
export {
  ProductService,
  type ProductView,
  type WrittenProduct,
  type WrittenVariant,
} from "./product/product.service.ts"
export { TagTaken } from "./tag/tag.errors.ts"
export { TagCreated, TagDeleted, TagUpdated } from "./tag/tag.events.ts"
export { TagService } from "./tag/tag.service.ts"
export { TypeTaken } from "./type/type.errors.ts"
export { TypeCreated, TypeDeleted, TypeUpdated } from "./type/type.events.ts"
export { TypeService } from "./type/type.service.ts"
export {
  BarcodeTaken,
  ChoiceTaken,
  EanTaken,
  ImageOfAnotherProduct,
  SkuTaken,
  UpcTaken,
} from "./variant/variant.errors.ts"
export { VariantCreated, VariantDeleted, VariantUpdated } from "./variant/variant.events.ts"
export { AssignImages, CreateVariant, UpdateVariant, UpdateVariantById } from "./variant/variant.schema.ts"
export { VariantService, type VariantView } from "./variant/variant.service.ts"
