import { Query, type DependencyContainer } from "@marquetry/kernel"
import { productResource, ProductService, typeResource } from "@marquetry/product"
import { PromotionService } from "@marquetry/promotion"

/** Makes the promotions: one that comes by itself, and one for a code. */
export async function makePromotions(container: DependencyContainer, notebookTypeId: string): Promise<void> {
  const notebooks = { attribute: "items.product.type_id", operator: "eq" as const, values: notebookTypeId }
  await container.resolve(PromotionService).createMany([
    {
      code: "THIRD-NOTEBOOK",
      type: "buyget",
      status: "active",
      isAutomatic: true,
      applicationMethod: {
        type: "percentage",
        targetType: "items",
        value: 100,
        buyRules: [notebooks],
        buyRulesMinQuantity: 2,
        targetRules: [notebooks],
        applyToQuantity: 1,
      },
    },
    {
      code: "WELCOME10",
      type: "standard",
      status: "active",
      applicationMethod: { type: "percentage", targetType: "order", value: 10 },
    },
  ])
}

/** Keeps gift cards out of all promotions: who buys one at a discount buys money. */
export async function excludeGiftCards(container: DependencyContainer): Promise<void> {
  const { rows } = await container.resolve(Query).list(productResource, {
    fields: { id: true },
    filter: { isGiftcard: true },
  })
  for (const { id } of rows) await container.resolve(ProductService).update(id, { discountable: false })
}

/** A product type of the catalogue. @throws {Error} when there is none of that name. */
export async function typeIdOf(container: DependencyContainer, value: string): Promise<string> {
  const type = await container.resolve(Query).find(typeResource, { fields: { id: true }, filter: { value } })
  if (type === null) throw new Error(`The demo catalogue has no product type "${value}"`)
  return type.id
}
