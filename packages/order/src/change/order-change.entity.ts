import { defineEntity, id, metadata, p, softDelete, timestamps } from "@marquetry/kernel"
import { Order } from "../order/order.entity.ts"
import { nullableText } from "../order/order-columns.ts"

const orderChangeStatuses = ["pending", "requested", "confirmed", "declined", "canceled"] as const

/** Change types that the module writes itself. */
export const UPDATE = "update_order"
export const TRANSFER = "transfer"

const instant = () => p.datetime(3).strictNullable().default(null)

const ChangeTable = defineEntity({
  name: "OrderChange",
  orderBy: { id: "asc" },
  indexes: [
    {
      name: "order_change_open_transfer_unique",
      expression: `create unique index "order_change_open_transfer_unique" on "order"."order_change" ("order_id") where "change_type" = 'transfer' and "status" = 'requested'`,
    },
  ],
  properties: {
    id: id("ordch"),
    order: () => p.manyToOne(Order).ref().deleteRule("cascade").index("order_change_order_id_index"),
    /** Of the order that it changes. */
    version: p.integer().default(1),
    changeType: p.text(),
    status: p.enum(orderChangeStatuses).default("pending"),
    description: nullableText(),
    /** For the people of the shop. */
    internalNote: nullableText(),
    /** Whether promotions of the order count for what it changes too; `null` where nobody has said. */
    carryOverPromotions: p.boolean().strictNullable().default(null),
    createdBy: nullableText(),
    requestedBy: nullableText(),
    requestedAt: instant(),
    confirmedBy: nullableText(),
    confirmedAt: instant(),
    declinedBy: nullableText(),
    declinedAt: instant(),
    declinedReason: nullableText(),
    canceledBy: nullableText(),
    canceledAt: instant(),
    /** What is kept of the secret that confirms or declines it, while it is requested. */
    tokenHash: nullableText(),
    actions: () => p.oneToMany(OrderChangeAction).mappedBy("orderChange"),
    ...metadata,
    ...timestamps,
    ...softDelete,
  },
})

/** A change of an order: who wanted it, and what came of it. All of them are its history. */
export class OrderChange extends ChangeTable.class {}
ChangeTable.setClass(OrderChange)

const ActionTable = defineEntity({
  name: "OrderChangeAction",
  orderBy: { ordering: "asc" },
  properties: {
    id: id("ordchact"),
    order: () => p.manyToOne(Order).ref().deleteRule("cascade").index("order_change_action_order_id_index"),
    orderChange: () =>
      p.manyToOne(OrderChange).ref().deleteRule("cascade").index("order_change_action_order_change_id_index"),
    version: p.integer().default(1),
    /** Its place among the actions of its change, from 1. */
    ordering: p.integer(),
    /** In capitals: `TRANSFER_CUSTOMER`. */
    action: p.text(),
    /** What it is about: `customer`, and its id. */
    reference: nullableText(),
    referenceId: nullableText(),
    details: p.json<Record<string, unknown>>().strictNullable().default(null),
    ...timestamps,
  },
})

/** One step of a change. */
export class OrderChangeAction extends ActionTable.class {}
ActionTable.setClass(OrderChangeAction)
