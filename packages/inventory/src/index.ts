export {
  AvailabilityService,
  type ItemAvailability,
  type VariantAvailability,
} from "./availability/availability.service.ts"
export { inventoryItemTotals } from "./availability/item-totals.ts"
export { inventoryModule, startInventory, type Inventory } from "./inventory.module.ts"
export { ItemInUse, ItemSkuTaken } from "./item/item.errors.ts"
export { InventoryItemCreated, InventoryItemDeleted, InventoryItemUpdated } from "./item/item.events.ts"
export { inventoryItemResource, inventoryLevelResource } from "./item/item.resources.ts"
export { CreateInventoryItem, CreateInventoryItems, UpdateInventoryItem } from "./item/item.schema.ts"
export { InventoryItemService, type InventoryItemView } from "./item/item.service.ts"
export { LevelInUse, LevelTaken, StockOutOfBounds, type LevelKey } from "./level/level.errors.ts"
export { InventoryLevelsDeleted, InventoryLevelsUpdated } from "./level/level.events.ts"
export { AdjustLevel, SetLevel } from "./level/level.schema.ts"
export { InventoryLevelService, type InventoryLevelView } from "./level/level.service.ts"
export {
  InsufficientInventory,
  NotFulfilled,
  NotReserved,
  ReservationGone,
  StockMissing,
  VariantWithoutItems,
  type LackingLevel,
  type OpenLine,
  type ShortLine,
} from "./reservation/reservation.errors.ts"
export {
  ReservationsCreated,
  ReservationsFulfilled,
  ReservationsReleased,
  ReservationsRestocked,
  ReservationUpdated,
} from "./reservation/reservation.events.ts"
export { reservationResource } from "./reservation/reservation.resources.ts"
export {
  CreateReservation,
  FulfilLine,
  ReservationSelector,
  ReserveLine,
  ReserveStock,
  UpdateReservation,
} from "./reservation/reservation.schema.ts"
export { ReservationService, type ReservationView } from "./reservation/reservation.service.ts"
export type { MadeReservation } from "./reservation/reserve.ts"
export { VariantItemTaken } from "./variant-item/variant-item.errors.ts"
export { VariantItemsUpdated } from "./variant-item/variant-item.events.ts"
export { variantInventoryItemResource } from "./variant-item/variant-item.resources.ts"
export {
  AddVariantItem,
  SetVariantItems,
  UpdateVariantItem,
  VariantItemKey,
} from "./variant-item/variant-item.schema.ts"
export { VariantInventoryItemService, type VariantInventoryItemView } from "./variant-item/variant-item.service.ts"
