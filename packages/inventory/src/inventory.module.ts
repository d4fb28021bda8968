import { defineModule, start, type Started, type StartOptions } from "@marquetry/kernel"
import { AvailabilityService } from "./availability/availability.service.ts"
import { InventoryItem, InventoryLevel } from "./item/item.entity.ts"
import { inventoryItemResource, inventoryLevelResource } from "./item/item.resources.ts"
import { InventoryItemService } from "./item/item.service.ts"
import { InventoryLevelService } from "./level/level.service.ts"
import { CreateInventory } from "./migrations/20261101000000_create-inventory.ts"
import { Reservation } from "./reservation/reservation.entity.ts"
import { reservationResource } from "./reservation/reservation.resources.ts"
import { ReservationService } from "./reservation/reservation.service.ts"
import { VariantInventoryItem } from "./variant-item/variant-item.entity.ts"
import { variantInventoryItemResource } from "./variant-item/variant-item.resources.ts"
import { VariantInventoryItemService } from "./variant-item/variant-item.service.ts"

export const inventoryModule = defineModule({
  name: "inventory",
  entities: [InventoryItem, InventoryLevel, Reservation, VariantInventoryItem],
  migrations: [CreateInventory],
  resources: [inventoryItemResource, inventoryLevelResource, reservationResource, variantInventoryItemResource],
  services: [
    InventoryItemService,
    InventoryLevelService,
    ReservationService,
    VariantInventoryItemService,
    AvailabilityService,
  ],
})

/** The services of the module. */
export interface Inventory {
  readonly items: InventoryItemService
  readonly levels: InventoryLevelService
  readonly variantItems: VariantInventoryItemService
  readonly reservations: ReservationService
  readonly availability: AvailabilityService
}

/** Runs the inventory alone, on your database or an embedded one. */
export function startInventory(options: StartOptions = {}): Promise<Started<Inventory>> {
  return start(inventoryModule, options, (container) => ({
    items: container.resolve(InventoryItemService),
    levels: container.resolve(InventoryLevelService),
    variantItems: container.resolve(VariantInventoryItemService),
    reservations: container.resolve(ReservationService),
    availability: container.resolve(AvailabilityService),
  }))
}
