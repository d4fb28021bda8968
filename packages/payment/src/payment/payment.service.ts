import {
  InvalidInput,
  newId,
  NotFound,
  parse,
  rethrowConstraint,
  type Database,
  type EntityOf,
  type Filter,
  type ListOptions,
  type Page,
  type Query,
  type Selected,
} from "@marquetry/kernel"
import { currencyOf, type Amount } from "@marquetry/money"
import {
  claimOperation,
  holdCollections,
  holdGivenUp,
  reserveOperation,
  type OperationNotes,
} from "./operation-rows.ts"
import type { PaymentOperations } from "./payment-operations.ts"
import { CaptureUnderWay, CollectionChanged } from "./payment.errors.ts"
import { paymentResource } from "./payment.resources.ts"
import { CapturePayment, RefundPayment } from "./payment.schema.ts"
import type { OperationKind } from "./payment.types.ts"
import { paymentFields } from "./payment.view.ts"

type Readable = EntityOf<typeof paymentResource>

/** A payment with its captures and refunds. */
export type PaymentView = Selected<Readable, typeof paymentFields>

/** What gives a payment back, once it is performed. */
export interface PreparedReversal {
  readonly operationId: string
  readonly paymentId: string
  readonly providerId: string
}

/** Ids of captures and refunds are those that their rows will have. */
const newIdOf: Readonly<Record<OperationKind, (paymentId: string) => string>> = {
  capture: () => newId("capt"),
  refund: () => newId("ref"),
  cancel: (paymentId) => newId(`${paymentId}_cancel`),
}
const CANCEL = /^(.+)_cancel_/
const NO_NOTES: OperationNotes = { note: null, refundReasonId: null, createdBy: null, metadata: null }

/**
 * Payments that were authorised. To capture, refund or cancel is done in two steps: the first reserves the amount, in the
 * database; the second asks the provider, with no transaction open, and writes the answer. `capture`, `refund` and `cancel`
 * do both. A flow does the first in its own transaction, and calls {@link perform} after the commit; whatever lies between
 * the steps for too long, after a crash, is done by `recoverPending`.
 */
export class PaymentService {
  readonly #db: Database
  readonly #query: Query
  readonly #operations: PaymentOperations

  constructor(db: Database, query: Query, operations: PaymentOperations) {
    this.#db = db
    this.#query = query
    this.#operations = operations
  }

  /**
   * Takes money that was authorised, in parts too; all that is left unless an amount is given.
   *
   * @throws {NotFound} {@link CaptureTooHigh} {@link PaymentIsCanceled} {@link InvalidInput}
   * @throws {PaymentDeclined} nothing was taken.
   * @throws {ProviderUnavailable} it is not known whether it was taken; `recoverPending` will find out.
   */
  async capture(id: string, input: CapturePayment = {}): Promise<PaymentView> {
    return this.perform(await this.prepareCapture(id, input))
  }

  /**
   * Gives back money that was captured, in parts too; all of it unless an amount is given.
   *
   * @throws {NotFound} {@link RefundTooHigh} {@link PaymentIsCanceled} {@link InvalidInput}
   * @throws {PaymentDeclined} nothing was given back.
   * @throws {ProviderUnavailable} it is not known whether it was given back; `recoverPending` will find out.
   */
  async refund(id: string, input: RefundPayment = {}): Promise<PaymentView> {
    return this.perform(await this.prepareRefund(id, input))
  }

  /**
   * Gives up an authorised payment of which nothing was captured.
   *
   * @throws {NotFound} {@link NotCancelable} {@link PaymentIsCanceled} {@link PaymentDeclined}
   * @throws {ProviderUnavailable} it is not known whether it was canceled; `recoverPending` will find out.
   */
  async cancel(id: string): Promise<PaymentView> {
    return this.perform(await this.prepareCancel(id))
  }

  /**
   * Reserves an amount to capture, in the transaction under way. @returns the operation's id, for {@link perform}.
   *
   * @throws {NotFound} {@link CaptureTooHigh} {@link PaymentIsCanceled} {@link InvalidInput}
   */
  async prepareCapture(id: string, input: CapturePayment = {}): Promise<string> {
    const { amount, ...notes } = parse(CapturePayment, input)
    return this.#reserve("capture", id, amount, { ...NO_NOTES, ...notes })
  }

  /**
   * Reserves an amount to refund, in the transaction under way. @returns the operation's id, for {@link perform}.
   *
   * @throws {NotFound} {@link RefundTooHigh} {@link PaymentIsCanceled} {@link InvalidInput}
   */
  async prepareRefund(id: string, input: RefundPayment = {}): Promise<string> {
    const { amount, ...notes } = parse(RefundPayment, input)
    return this.#reserve("refund", id, amount, notes)
  }

  /**
   * Keeps a payment from being captured, in the transaction under way. @returns the operation's id, for {@link perform}.
   *
   * @throws {NotFound} {@link NotCancelable} {@link PaymentIsCanceled}
   */
  async prepareCancel(id: string): Promise<string> {
    return this.#reserve("cancel", id, undefined, NO_NOTES)
  }

  /**
   * Gives up all payments of collections, in the transaction under way: what was captured is to be refunded, what was only
   * authorised is to be canceled. Of a payment that was captured in part the rest stays set aside, until the provider lets
   * it go. Where nothing is left, nothing is prepared. Collections are held: to the end of the transaction nobody pays them.
   *
   * @returns what {@link perform} is to be called with; whatever the process does not come to, `recoverPending` does.
   * @throws {CaptureUnderWay} {@link InvalidInput}
   * @throws {CollectionChanged} when one was paid at this moment: try again.
   */
  async prepareReversals(
    collectionIds: readonly string[],
    input: Omit<RefundPayment, "amount"> = {},
  ): Promise<PreparedReversal[]> {
    const { amount: _all, ...notes } = parse(RefundPayment, input)
    return this.#db.transaction(async () => {
      const held = await holdGivenUp(this.#db, collectionIds)
      const capturing = held.find(({ isCapturing }) => isCapturing)
      if (capturing !== undefined) throw new CaptureUnderWay(capturing.id)
      const prepared: PreparedReversal[] = []
      for (const { id, kind, providerId } of held) {
        if (kind === null) continue
        const operationId = await this.#reserve(kind, id, undefined, kind === "cancel" ? NO_NOTES : notes)
        prepared.push({ operationId, paymentId: id, providerId })
      }
      const known = held.map(({ id }) => id)
      const changed = await holdCollections(this.#db, collectionIds, known)
      if (changed !== undefined) throw new CollectionChanged(changed)
      return prepared
    })
  }

  /**
   * Asks the provider for what was prepared, and writes the answer. To be called in a transaction only with providers that
   * are local. What was performed already is answered as it is now.
   *
   * @throws {NotFound} when nothing was prepared, or the provider refused to capture or refund before.
   * @throws {PaymentDeclined} {@link ProviderUnavailable}
   */
  async perform(operationId: string): Promise<PaymentView> {
    const operation = await claimOperation(this.#db, operationId)
    if (operation === undefined) return this.get(await this.#paymentOf(operationId))
    await this.#operations.perform(operation)
    return this.get(operation.paymentId)
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<PaymentView> {
    return this.#query.get(paymentResource, id, { fields: paymentFields })
  }

  async list(options: ListOptions & { filter?: Filter<Readable> } = {}): Promise<Page<PaymentView>> {
    return this.#query.list(paymentResource, { ...options, fields: paymentFields })
  }

  async #reserve(
    kind: OperationKind,
    paymentId: string,
    amount: Amount | undefined,
    notes: OperationNotes,
  ): Promise<string> {
    const id = newIdOf[kind](paymentId)
    const rounded = amount && (await this.#rounded(paymentId, amount))
    await reserveOperation(this.#db, { id, kind, paymentId, amount: rounded }, notes).catch(
      rethrowConstraint({
        payment_operation_refund_reason_id_foreign: () => new NotFound("Refund reason", notes.refundReasonId ?? ""),
      }),
    )
    return id
  }

  async #rounded(paymentId: string, amount: Amount): Promise<Amount> {
    const [row] = await this.#db.sql<{ currency_code: string }>(
      `select currency_code from "payment"."payment" where id = $1 and deleted_at is null`,
      [paymentId],
    )
    if (row === undefined) throw new NotFound("Payment", paymentId)
    const rounded = amount.roundTo(currencyOf(row.currency_code))
    if (rounded.isZero()) throw new InvalidInput([{ path: ["amount"], message: "less than the currency's least unit" }])
    return rounded
  }

  /** Whose capture, refund or cancellation the operation has become. */
  async #paymentOf(operationId: string): Promise<string> {
    const canceled = CANCEL.exec(operationId)?.[1]
    if (canceled !== undefined) return canceled
    const [row] = await this.#db.sql<{ payment_id: string }>(
      `select payment_id from "payment"."capture" where id = $1
       union all select payment_id from "payment"."refund" where id = $1`,
      [operationId],
    )
    if (row === undefined) throw new NotFound("Payment operation", operationId)
    return row.payment_id
  }
}
