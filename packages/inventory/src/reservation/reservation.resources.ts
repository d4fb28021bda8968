import { defineResource } from "@marquetry/kernel"
import { Reservation } from "./reservation.entity.ts"

export const reservationResource = defineResource("reservation", Reservation, {
  // Found as their items are, by the same index: to keep one of their own would slow every sale.
  search: ["inventoryItem.sku", "inventoryItem.title"],
})
