import { defineEntity, id, metadata, p, softDelete, timestamps } from "@marquetry/kernel"
import { livingIndex, units } from "../columns.ts"
import { InventoryItem } from "../item/item.entity.ts"

const ReservationTable = defineEntity({
  name: "Reservation",
  indexes: [
    livingIndex(
      "reservation",
      "reservation_item_location_index",
      `("inventory_item_id", "location_id") where "deleted_at" is null`,
    ),
    // Deleted ones too: what was fulfilled can come back.
    { name: "reservation_line_item_id_index", properties: ["lineItemId"] },
    livingIndex("reservation", "reservation_external_id_index", `("external_id") where "deleted_at" is null`),
    livingIndex(
      "reservation",
      "reservation_expires_at_index",
      `("expires_at") where "deleted_at" is null and "expires_at" is not null`,
    ),
  ],
  checks: [
    {
      name: "reservation_quantity_check",
      expression: "quantity > 0 and required_quantity > 0 and fulfilled_quantity >= 0",
    },
  ],
  properties: {
    id: id("resitem"),
    // No foreign key: a reservation is only made while its level is locked, which has one, and items are never removed.
    // Checking it again would write to the item's row each time something is bought.
    inventoryItem: () => p.manyToOne(InventoryItem).ref().createForeignKeyConstraint(false),
    locationId: p.text(),
    /** Units of the item that are held; once deleted, those that were held last. */
    quantity: units(),
    /** Units of the item for one unit of the line. */
    requiredQuantity: p.integer().default(1),
    /** Units that have left, and can come back. */
    fulfilledQuantity: units().default(0),
    /** Line of a cart or an order. */
    lineItemId: p.text().strictNullable().default(null),
    allowBackorder: p.boolean().default(false),
    description: p.text().strictNullable().default(null),
    /** Whatever the caller knows reservations by that belong together: a cart, an attempt to pay. */
    externalId: p.text().strictNullable().default(null),
    createdBy: p.text().strictNullable().default(null),
    /** When it may be released by itself; `null` for never. */
    expiresAt: p.datetime(3).strictNullable().default(null),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** Units of an item at one location that are promised to somebody. Deleted when released or fulfilled as a whole. */
export class Reservation extends ReservationTable.class {}
ReservationTable.setClass(Reservation)
