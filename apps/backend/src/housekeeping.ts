import { FulfillmentRecovery } from "@marquetry/flows"
import { definePlugin } from "@marquetry/framework"
import { ReservationService } from "@marquetry/inventory"
import type { DependencyContainer } from "@marquetry/kernel"
import { NotificationService } from "@marquetry/notification"
import { PaymentRecoveryService } from "@marquetry/payment"

/** What the modules want to have done now and then, in one process at a time. */
export const housekeeping = definePlugin({
  name: "housekeeping",
  jobs: [
    {
      name: "inventory.release-expired",
      schedule: { everySeconds: 60 },
      run: async (container) => void (await container.resolve(ReservationService).releaseExpired()),
    },
    { name: "payment.recover", schedule: { everySeconds: 60 }, run: recoverPayments },
    {
      name: "notification.retry",
      schedule: { everySeconds: 60 },
      run: async (container) => void (await container.resolve(NotificationService).retryPending()),
    },
    {
      name: "fulfillment.hand-over",
      schedule: { everySeconds: 60 },
      run: async (container, signal) => void (await container.resolve(FulfillmentRecovery).run(undefined, signal)),
    },
  ],
})

/** @throws {AggregateError} of what could not be recovered; it comes again by itself, and stands in the log until then. */
async function recoverPayments(container: DependencyContainer): Promise<void> {
  const { left } = await container.resolve(PaymentRecoveryService).recoverPending()
  const errors = left.map(({ error }) => error)
  if (errors.length > 0) throw new AggregateError(errors, "Payments wait for their provider")
}
