import { variantPartsOf, variantPricesOf } from "@marquetry/flows"
import { Database, Links, Query, ResourceRegistry, type DependencyContainer } from "@marquetry/kernel"
import { PriceListService, PriceSetService } from "@marquetry/pricing"
import { ProductService, TagService, TypeService, VariantService } from "@marquetry/product"
import { ProductImporter } from "./product-importer.ts"

/** An importer over the services of a composition that has products, prices and their links; it may count stock. */
export function productImporter(container: DependencyContainer): ProductImporter {
  return new ProductImporter({
    database: container.resolve(Database),
    query: container.resolve(Query),
    registry: container.resolve(ResourceRegistry),
    links: container.resolve(Links),
    products: container.resolve(ProductService),
    variants: container.resolve(VariantService),
    types: container.resolve(TypeService),
    tags: container.resolve(TagService),
    variantPrices: variantPricesOf(container),
    variantParts: variantPartsOf(container),
    priceSets: container.resolve(PriceSetService),
    priceLists: container.resolve(PriceListService),
  })
}
