import { FileService } from "@marquetry/file"
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
    { name: "file.remove-unclaimed", schedule: { everySeconds: 60 }, run: removeUnclaimed },
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

/** @throws {Error} naming files whose content could not be removed; it comes again by itself. */
async function removeUnclaimed(container: DependencyContainer): Promise<void> {
  const { failed } = await container.resolve(FileService).removeUnclaimed()
  if (failed.length > 0) throw new Error(`Content of files waits for its provider: ${failed.join(", ")}`)
}
