import { InventoryItemService, VariantInventoryItemService } from "@marquetry/inventory"
import { Database, Links, Query, type DependencyContainer, type InjectionToken } from "@marquetry/kernel"
import { PriceListService, PriceSetService } from "@marquetry/pricing"
import { ProductService, VariantService } from "@marquetry/product"
import { PriceListFlow } from "./price-list-flow.ts"
import { ProductFlow } from "./product-flow.ts"
import { PromotionRuleOptions } from "./promotion-rule-options.ts"
import { VariantFlow } from "./variant-flow.ts"
import { VariantItemFlow } from "./variant-item-flow.ts"
import { VariantParts } from "./variant-parts.ts"
import { VariantPrices } from "./variant-prices.ts"
import { VariantStock } from "./variant-stock.ts"

/** Registers what a merchant does with the catalogue. */
export function registerCatalogue(
  provide: <T>(token: InjectionToken<T>, make: (c: DependencyContainer) => T) => void,
): void {
  provide(VariantPrices, variantPricesOf)
  provide(VariantParts, makeVariantParts)
  provide(ProductFlow, (c) => {
    const [products, parts] = [c.resolve(ProductService), c.resolve(VariantParts)]
    return new ProductFlow(c.resolve(Database), c.resolve(Query), c.resolve(Links), products, parts)
  })
  provide(VariantFlow, (c) => {
    const [products, variants] = [c.resolve(ProductService), c.resolve(VariantService)]
    return new VariantFlow(c.resolve(Database), c.resolve(Query), products, variants, c.resolve(VariantParts))
  })
  provide(VariantItemFlow, (c) => {
    const [products, items] = [c.resolve(ProductService), c.resolve(VariantInventoryItemService)]
    return new VariantItemFlow(c.resolve(Database), c.resolve(Query), products, items)
  })
  provide(PriceListFlow, (c) => {
    const [lists, prices] = [c.resolve(PriceListService), c.resolve(VariantPrices)]
    return new PriceListFlow(c.resolve(Database), c.resolve(Query), lists, prices)
  })
  provide(PromotionRuleOptions, (c) => new PromotionRuleOptions(c.resolve(Query)))
}

/** What variants cost, in a composition that has prices; it need not have registered the flows. */
export const variantPricesOf = (c: DependencyContainer): VariantPrices =>
  new VariantPrices(c.resolve(Database), c.resolve(Links), c.resolve(PriceSetService))

/** What belongs to variants, in a composition that counts stock and has `commerceLinks`; `null` where no stock is counted. */
export const variantPartsOf = (c: DependencyContainer): VariantParts | null =>
  c.isRegistered(InventoryItemService, true) ? makeVariantParts(c) : null

function makeVariantParts(c: DependencyContainer): VariantParts {
  const stock = new VariantStock(c.resolve(InventoryItemService), c.resolve(VariantInventoryItemService))
  return new VariantParts(c.resolve(Query), variantPricesOf(c), stock)
}
