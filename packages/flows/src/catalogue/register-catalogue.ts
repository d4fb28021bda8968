import { InventoryItemService, VariantInventoryItemService } from "@marquetry/inventory"
import { Database, Links, Query, type DependencyContainer, type InjectionToken } from "@marquetry/kernel"
import { PriceSetService } from "@marquetry/pricing"
import { ProductService } from "@marquetry/product"
import { ProductFlow } from "./product-flow.ts"
import { VariantParts } from "./variant-parts.ts"
import { VariantPrices } from "./variant-prices.ts"
import { VariantStock } from "./variant-stock.ts"

/** Registers what a merchant does with the catalogue. */
export function registerCatalogue(
  provide: <T>(token: InjectionToken<T>, make: (c: DependencyContainer) => T) => void,
): void {
  provide(VariantPrices, (c) => new VariantPrices(c.resolve(Database), c.resolve(Links), c.resolve(PriceSetService)))
  provide(VariantStock, (c) => {
    return new VariantStock(c.resolve(InventoryItemService), c.resolve(VariantInventoryItemService))
  })
  provide(VariantParts, (c) => new VariantParts(c.resolve(Query), c.resolve(VariantPrices), c.resolve(VariantStock)))
  provide(ProductFlow, (c) => {
    const [products, parts] = [c.resolve(ProductService), c.resolve(VariantParts)]
    return new ProductFlow(c.resolve(Database), c.resolve(Query), c.resolve(Links), products, parts)
  })
}
