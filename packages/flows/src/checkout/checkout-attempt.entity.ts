import { defineEntity, defineResource, p } from "@marquetry/kernel"

const AttemptTable = defineEntity({
  name: "CheckoutAttempt",
  indexes: [{ name: "checkout_attempt_due_index", properties: ["leasedUntil"] }],
  properties: {
    /** One attempt per cart at a time: whoever inserts the row has the cart to themselves. */
    cartId: p.text().primary(),
    /** Names the attempt to the payment provider: it is never authorised twice. */
    id: p.text(),
    /** The id that the order will have; stock and promotions are held under it. */
    orderId: p.text(),
    paymentSessionId: p.text(),
    startedAt: p.datetime(3),
    /** When somebody else may take it up, because whoever began it has died. */
    leasedUntil: p.datetime(3),
  },
})

/** A checkout that waits for a payment provider. There from the reservation of stock until the order, or the refusal. */
export class CheckoutAttempt extends AttemptTable.class {}
AttemptTable.setClass(CheckoutAttempt)

export const checkoutAttemptResource = defineResource("checkout_attempt", CheckoutAttempt)
