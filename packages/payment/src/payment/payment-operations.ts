import type { Database, Events } from "@marquetry/kernel"
import { isDeclined } from "../provider/provider.errors.ts"
import type { PaymentData } from "../provider/payment-provider.ts"
import type { PaymentProviders } from "../provider/providers.ts"
import { finishOperation, revertOperation, type OperationRow } from "./operation-rows.ts"
import { PaymentCanceled, PaymentCaptured, PaymentOperationRefused, PaymentRefunded } from "./payment.events.ts"

/** Asks providers for what was reserved, and writes the answers; for the service and for recovery. */
export class PaymentOperations {
  readonly #db: Database
  readonly #events: Events
  readonly #providers: PaymentProviders

  constructor(db: Database, events: Events, providers: PaymentProviders) {
    this.#db = db
    this.#events = events
    this.#providers = providers
  }

  /**
   * Asks the provider under the operation's id, outside of a transaction, and writes what it answers. Harmless if done
   * twice, at once too.
   *
   * @throws {PaymentDeclined} what was reserved is free again. Any other error: it stays reserved, and comes again.
   */
  async perform(operation: OperationRow): Promise<void> {
    const answer = await this.#ask(operation).catch(async (error: unknown) => {
      if (isDeclined(error)) await this.#revert(operation, error.message)
      throw error
    })
    await this.#db.transaction(async () => {
      if (await finishOperation(this.#db, operation, answer.data)) await this.#tell(operation)
    })
  }

  #ask({ id, kind, amount, currencyCode, data, providerId }: OperationRow): Promise<{ data: PaymentData }> {
    return this.#providers.call(this.#db, providerId, (provider, signal) =>
      provider[kind]({ data, amount, currencyCode, idempotencyKey: id, signal }),
    )
  }

  async #revert(operation: OperationRow, message: string): Promise<void> {
    const { id, kind } = operation
    await this.#db.transaction(async () => {
      if (!(await revertOperation(this.#db, id))) return
      await this.#events.emit(PaymentOperationRefused, { ...partOf(operation), operationId: id, kind, message })
    })
  }

  async #tell(operation: OperationRow): Promise<void> {
    const part = partOf(operation)
    if (operation.kind === "capture") await this.#events.emit(PaymentCaptured, { ...part, captureId: operation.id })
    else if (operation.kind === "refund") await this.#events.emit(PaymentRefunded, { ...part, refundId: operation.id })
    else await this.#events.emit(PaymentCanceled, part)
  }
}

const partOf = ({ paymentId, collectionId, amount, currencyCode }: OperationRow) => ({
  id: paymentId,
  paymentCollectionId: collectionId,
  amount: amount.toString(),
  currencyCode,
})
