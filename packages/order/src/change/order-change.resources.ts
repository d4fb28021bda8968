import { defineResource } from "@marquetry/kernel"
import { OrderChange, OrderChangeAction } from "./order-change.entity.ts"

export const orderChangeResource = defineResource("order_change", OrderChange, { private: ["tokenHash"] })
export const orderChangeActionResource = defineResource("order_change_action", OrderChangeAction)
