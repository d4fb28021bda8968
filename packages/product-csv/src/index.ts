export { readCatalogue, type CatalogueOptions } from "./catalogue.ts"
export type { WatchBatch, WrittenBatch } from "./import/batch-writer.ts"
export { productImporter } from "./import/import-products.ts"
export type { PricingRules } from "./import/price-draft.ts"
export {
  CurrencyMissing,
  ProductImporter,
  type ImportOptions,
  type ImportPreview,
  type ImportSummary,
} from "./import/product-importer.ts"
export { MAX_ROWS_PER_PRODUCT } from "./csv/product-rows.ts"
export { NotAMedusaExport, readMedusaCsv } from "./medusa/medusa-csv.ts"
export { CatalogueChanged, writeMedusaCsv } from "./medusa/write-medusa-csv.ts"
export type {
  CurrencyPrice,
  ImageDraft,
  Measures,
  ProductDraft,
  ProductStatus,
  Reading,
  Refusal,
  RefusalCode,
  VariantDraft,
} from "./product-draft.ts"
export { ProductFileUnknown, readProductCsv } from "./read-product-csv.ts"
export { NotAShopifyExport, readShopifyCsv } from "./shopify/shopify-csv.ts"
export { writeShopifyCsv, type LeftOut, type WriteShopifyOptions } from "./shopify/write-shopify-csv.ts"
