import { definePlugin } from "@marquetry/framework"
import { FulfillmentService } from "@marquetry/fulfillment"
import { ReservationService } from "@marquetry/inventory"
import type { DependencyContainer } from "@marquetry/kernel"
import { NotificationService } from "@marquetry/notification"
import { PaymentRecoveryService } from "@marquetry/payment"

/** Leaves parcels that are being handed over right now to whoever does it. */
const HAND_OVER_MILLISECONDS = 60_000

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
    { name: "fulfillment.hand-over", schedule: { everySeconds: 60 }, run: handOverParcels },
  ],
})

/** @throws {AggregateError} of what could not be recovered; it comes again by itself, and stands in the log until then. */
async function recoverPayments(container: DependencyContainer): Promise<void> {
  const { left } = await container.resolve(PaymentRecoveryService).recoverPending()
  report(
    left.map(({ error }) => error),
    "Payments wait for their provider",
  )
}

/** Gives parcels to their providers that a crash has kept from them. One that is refused does not hold up the others. */
async function handOverParcels(container: DependencyContainer, signal: AbortSignal): Promise<void> {
  const fulfillments = container.resolve(FulfillmentService)
  const unfinished = await fulfillments.unfinished(new Date(Date.now() - HAND_OVER_MILLISECONDS))
  const errors: unknown[] = []
  for (const { id } of unfinished.filter(({ state }) => state === "open")) {
    if (signal.aborted) break
    await fulfillments.handOver(id).catch((error: unknown) => errors.push(error))
  }
  report(errors, "Parcels wait for their provider")
}

function report(errors: readonly unknown[], message: string): void {
  if (errors.length > 0) throw new AggregateError(errors, message)
}
