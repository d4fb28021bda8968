import { defineEvent } from "@marquetry/kernel"
import { z } from "zod"

/* One event per call, however many reservations: their aggregate is what they were made for, or the first of them. */

const payload = z.object({
  ids: z.array(z.string()),
  inventoryItemIds: z.array(z.string()),
  lineItemIds: z.array(z.string()),
})

/** Units were reserved. */
export const ReservationsCreated = defineEvent("reservation.created", payload)
/** Reserved units were given back; `expired` when nobody had asked for it. */
export const ReservationsReleased = defineEvent("reservation.released", payload.extend({ expired: z.boolean() }))
/** A reservation was changed: its quantity, its location or what is said about it. */
export const ReservationUpdated = defineEvent("reservation.updated", z.object({ id: z.string() }))

const moved = z.object({ ids: z.array(z.string()), lineItemIds: z.array(z.string()) })

/** Units left stock and reservations. */
export const ReservationsFulfilled = defineEvent("reservation.fulfilled", moved)
/** Units that had left came back to stock and reservations. */
export const ReservationsRestocked = defineEvent("reservation.restocked", moved)
