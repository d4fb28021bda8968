import { z } from "zod"

/** An order, or the cart with the reason why it is none. */
export const completion = z.union([
  z.object({ type: z.literal("order"), order: z.record(z.string(), z.unknown()) }),
  z.object({
    type: z.literal("cart"),
    cart: z.record(z.string(), z.unknown()),
    error: z.object({ message: z.string(), name: z.string(), type: z.string() }),
  }),
])
