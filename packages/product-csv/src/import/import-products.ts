import { VariantPrices } from "@marquetry/flows"
import { Database, Links, Query, ResourceRegistry, type DependencyContainer } from "@marquetry/kernel"
import { PriceListService, PriceSetService } from "@marquetry/pricing"
import { ProductService, TagService, TypeService, VariantService } from "@marquetry/product"
import { ProductImporter } from "./product-importer.ts"

/** An importer over the services of a composition that has products, prices and their links. */
export function productImporter(container: DependencyContainer): ProductImporter {
  const [database, links] = [container.resolve(Database), container.resolve(Links)]
  const priceSets = container.resolve(PriceSetService)
  return new ProductImporter({
    database,
    query: container.resolve(Query),
    registry: container.resolve(ResourceRegistry),
    links,
    products: container.resolve(ProductService),
    variants: container.resolve(VariantService),
    types: container.resolve(TypeService),
    tags: container.resolve(TagService),
    variantPrices: new VariantPrices(database, links, priceSets),
    priceSets,
    priceLists: container.resolve(PriceListService),
  })
}
