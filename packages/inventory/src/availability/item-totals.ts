import { computedField } from "@marquetry/kernel"
import { inventoryItemResource } from "../item/item.resources.ts"
import { AvailabilityService, type ItemAvailability } from "./availability.service.ts"

const total = (name: string, quantity: "stocked" | "reserved") =>
  computedField(inventoryItemResource, {
    name,
    key: "id",
    resolve: async (ids, { container }) => {
      const totals: ItemAvailability[] = await container.resolve(AvailabilityService).ofItems(ids)
      return totals.map((row) => row[quantity])
    },
  })

/**
 * `stocked_quantity` and `reserved_quantity` of items, over all locations: for `computed` of a composition. They are added
 * up when they are read, so that selling an item writes to its levels only.
 */
export const inventoryItemTotals = [total("stocked_quantity", "stocked"), total("reserved_quantity", "reserved")]
