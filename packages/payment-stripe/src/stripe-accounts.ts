import type { AccountHolderInput, AccountHolderProvider } from "@marquetry/payment"
import type Stripe from "stripe"
import { isMissing } from "./stripe-errors.ts"

const paramsOf = ({ email, name, customerId }: AccountHolderInput) => ({
  ...(email === null ? {} : { email }),
  ...(name === null ? {} : { name }),
  ...(customerId === null ? {} : { metadata: { customer_id: customerId } }),
})

/** Stripe's customers. */
export function stripeAccounts(
  stripe: Stripe,
  attempt: <T>(work: () => Promise<T>) => Promise<T>,
): AccountHolderProvider {
  return {
    create: ({ idempotencyKey, ...input }) =>
      attempt(async () => {
        const { id } = await stripe.customers.create(paramsOf(input), { idempotencyKey })
        return { externalId: id, data: { id } }
      }),
    update: ({ idempotencyKey, externalId, ...input }) =>
      attempt(async () => {
        const { id } = await stripe.customers.update(externalId, paramsOf(input), { idempotencyKey })
        return { data: { id } }
      }),
    delete: ({ externalId }) =>
      attempt(async () => {
        try {
          await stripe.customers.del(externalId)
        } catch (error) {
          if (!isMissing(error)) throw error
        }
      }),
  }
}
