import type { CartView } from "@marquetry/cart"
import { NotFound } from "@marquetry/kernel"
import { Amount, sum } from "@marquetry/money"
import { SessionClosed } from "@marquetry/payment"
import type { SessionFacts } from "../cart/cart-facts.ts"
import { PaymentMissing } from "./checkout.errors.ts"

const paid = new Set(["authorized", "captured"])
const open = new Set(["pending", "requires_more", "error", "pending_authorization"])

/** Whether money was set aside, or taken. */
export const isPaid = ({ status }: { readonly status: string }): boolean => paid.has(status)

/**
 * The session that has to be authorised for the whole cart to be paid for; `null` when it is, or costs nothing.
 *
 * @throws {PaymentMissing}
 */
export function payingSession(
  { total, currencyCode }: Pick<CartView, "total" | "currencyCode">,
  sessions: readonly SessionFacts[],
): SessionFacts | null {
  const own = sessions.filter((session) => session.currencyCode === currencyCode)
  const left = Amount.of(total).minus(sum(own.filter(isPaid).map(({ amount }) => amount)))
  if (!left.isPositive()) return null
  const session = own.find(({ status, amount }) => open.has(status) && left.equals(amount))
  if (session === undefined) throw new PaymentMissing()
  return session
}

/** Whether an error says that a session was dropped, or closed by somebody else. */
export const isSessionGone = (error: unknown): boolean =>
  error instanceof SessionClosed || (error instanceof NotFound && error.details.resource === "Payment session")
