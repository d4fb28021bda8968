import { CreateInventoryItem, InventoryItemService, UpdateInventoryItem } from "@marquetry/inventory"
import { adminRoutes } from "../kit/admin-routes.ts"
import { inventoryItems } from "./inventory-item-resources.ts"
import { holdLocations } from "./level-batches.ts"
import { declareLevels } from "./location-levels.ts"

export const inventoryItemRoutes = adminRoutes("/admin/inventory-items", inventoryItems, (verbs) => {
  verbs.list()
  verbs.one()
  verbs.create(
    {
      body: CreateInventoryItem,
      example: { sku: "SHIRT-M", locationLevels: [{ locationId: "sloc_01", stockedQuantity: 10 }] },
    },
    async ({ resolve, body }) => {
      await holdLocations({ resolve }, body.locationLevels)
      return resolve<InventoryItemService>(InventoryItemService).create(body)
    },
  )
  verbs.update({ body: UpdateInventoryItem, example: { title: "Shirt, M" } }, ({ resolve, params, body }) =>
    resolve<InventoryItemService>(InventoryItemService).update(params.id, body),
  )
  verbs.remove(({ resolve, params }) => resolve<InventoryItemService>(InventoryItemService).delete(params.id), {
    description:
      "With its levels. One that is reserved, or that is part of a variant with other items too, cannot be deleted.",
  })
  declareLevels(verbs)
})
