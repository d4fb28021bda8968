import { defineEvent } from "@marquetry/kernel"
import { z } from "zod"

const payload = z.object({ id: z.string() })

/** A cart was made. */
export const CartCreated = defineEvent("cart.created", payload)
/** Anything of a cart changed: its lines, addresses, discounts, taxes or shipping. */
export const CartUpdated = defineEvent("cart.updated", payload)
/** A cart became an order; from now on it does not change. */
export const CartCompleted = defineEvent("cart.completed", payload)
/** A cart was deleted. */
export const CartDeleted = defineEvent("cart.deleted", payload)
