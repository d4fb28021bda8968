import {
  newId,
  parse,
  type Database,
  type Events,
  type Filter,
  type ListOptions,
  type Page,
  type Query,
  type Selected,
} from "@marquetry/kernel"
import type { AcceptedParcel } from "../provider/fulfillment-provider.ts"
import type { FulfillmentProviders } from "../provider/fulfillment-providers.ts"
import { UnknownFulfillmentProvider } from "../provider/provider.errors.ts"
import type { Fulfillment } from "./fulfillment.entity.ts"
import { FulfillmentStateRefused } from "./fulfillment.errors.ts"
import {
  FulfillmentCanceled,
  FulfillmentCreated,
  FulfillmentDelivered,
  FulfillmentHandedOver,
  FulfillmentShipped,
} from "./fulfillment.events.ts"
import { fulfillmentResource } from "./fulfillment.resources.ts"
import { insertFulfillment, insertLabels, readParcel, recordAccepted, standingOf } from "./fulfillment-rows.ts"
import { CreateFulfillment, ShipFulfillment } from "./fulfillment.schema.ts"

type Readable = Omit<Fulfillment, "handedOverAt" | "withdrawnAt">

const view = { "*": true, items: { "*": true }, labels: { "*": true }, deliveryAddress: { "*": true } } as const

/** A fulfillment with its items, labels and address. */
export type FulfillmentView = Selected<Readable, typeof view>

/**
 * Goods on their way. Whoever changes the state of one, and however many try at once, a conditional update decides.
 *
 * A provider that asks outside is never called while a transaction is held. Without one, each method does all there is to
 * do. Inside one, `create` only writes: call `handOver` after the commit; and call `withdraw` before you begin the
 * transaction that calls `cancel`.
 */
export class FulfillmentService {
  readonly #db: Database
  readonly #events: Events
  readonly #query: Query
  readonly #providers: FulfillmentProviders

  constructor(db: Database, events: Events, query: Query, providers: FulfillmentProviders) {
    this.#db = db
    this.#events = events
    this.#query = query
    this.#providers = providers
  }

  /**
   * Writes down that goods are packed, and gives them to the provider. Where that refuses, the fulfillment is canceled, or
   * was never there, and its error is thrown. Where it takes them and that cannot be written down, they stay `open`, for
   * {@link handOver}.
   *
   * @throws {UnknownFulfillmentProvider} {@link NotFound} without that shipping option. {@link InvalidInput}
   */
  async create(input: CreateFulfillment): Promise<FulfillmentView> {
    const { id = newId("ful"), ...data } = parse(CreateFulfillment, input)
    const provider = this.#providers.find(data.providerId)
    if (provider === undefined) throw new UnknownFulfillmentProvider([data.providerId])
    const isOver = data.canceledAt !== null || data.shippedAt !== null || data.deliveredAt !== null
    const written = await this.#db.transaction(async () => {
      await insertFulfillment(this.#db, id, data, isOver ? new Date() : null)
      if (!isOver && !provider.asksOutside) {
        await recordAccepted(this.#db, id, await provider.createFulfillment(await readParcel(this.#db, id)))
      }
      await this.#events.emit(FulfillmentCreated, { id })
      return this.get(id)
    })
    if (isOver || !provider.asksOutside || this.#db.inTransaction) return written
    return this.#handOver(id, async () => {
      await this.#db.transaction(() => this.#markCanceled(id, "handed_over_at is null"))
    })
  }

  /**
   * Gives a fulfillment to its provider, if that has not taken it yet. It may ask outside: hold no transaction. Safe to
   * call again after a crash.
   *
   * @param refused what to do when the provider does not take it, before its error is thrown; nothing unless said.
   * @throws {NotFound} {@link FulfillmentStateRefused} {@link FulfillmentProviderMissing} and what the provider throws.
   */
  async handOver(id: string, refused: () => Promise<void> = () => Promise.resolve()): Promise<FulfillmentView> {
    return this.#handOver(id, refused)
  }

  /**
   * Tells the provider to forget a fulfillment, so that it can be canceled; until it is, it cannot be shipped. Nothing is
   * to be told to a provider that does not ask outside, nor of a fulfillment that it has not taken. Where it refuses, all
   * is as before. It may ask outside: hold no transaction. Safe to call again after a crash.
   *
   * @throws {NotFound} {@link FulfillmentStateRefused} {@link FulfillmentProviderMissing} and what the provider throws.
   */
  async withdraw(id: string): Promise<void> {
    const { providerId } = await standingOf(this.#db, id)
    const provider = this.#providers.get(providerId)
    if (!provider.asksOutside) return
    const claimed = await this.#changeOpen(id, "withdrawn_at = coalesce(withdrawn_at, $2::timestamptz)", "true")
    const { isHandedOver, data, state } = await standingOf(this.#db, id)
    if (!claimed) throw new FulfillmentStateRefused(id, "cancel", state)
    if (!isHandedOver) return
    try {
      await provider.cancelFulfillment({ id, data })
    } catch (error) {
      await this.#db.run(
        `update "fulfillment"."fulfillment" set withdrawn_at = null where id = $1 and canceled_at is null`,
        [id],
      )
      throw error
    }
  }

  /**
   * Cancels a fulfillment that has not been shipped, once.
   *
   * @throws {NotFound} {@link FulfillmentStateRefused}, also in a transaction when the provider asks outside and was not told by
   *   {@link withdraw}. {@link FulfillmentProviderMissing} and what the provider throws.
   */
  async cancel(id: string): Promise<FulfillmentView> {
    const { providerId, data } = await standingOf(this.#db, id)
    const provider = this.#providers.get(providerId)
    if (provider.asksOutside && !this.#db.inTransaction) await this.withdraw(id)
    return this.#db.transaction(async () => {
      const canceled = await this.#markCanceled(id, provider.asksOutside ? "withdrawn_at is not null" : "true")
      if (!canceled) throw await this.#refusal(id, "cancel")
      if (!provider.asksOutside) await provider.cancelFulfillment({ id, data })
      return this.get(id)
    })
  }

  /** Writes down that goods left, once, and adds labels. @throws {NotFound} {@link FulfillmentStateRefused} {@link InvalidInput} */
  async ship(id: string, input: ShipFulfillment = {}): Promise<FulfillmentView> {
    const { labels, markedShippedBy, metadata } = parse(ShipFulfillment, input)
    return this.#db.transaction(async () => {
      const shipped = await this.#changeOpen(
        id,
        `shipped_at = $2::timestamptz, marked_shipped_by = $3::text,
           metadata = coalesce(coalesce(metadata, '{}') || $4::jsonb, metadata)`,
        "withdrawn_at is null",
        [markedShippedBy, metadata && JSON.stringify(metadata)],
      )
      if (!shipped) throw await this.#refusal(id, "ship")
      await insertLabels(this.#db, id, labels)
      await this.#events.emit(FulfillmentShipped, { id })
      return this.get(id)
    })
  }

  /** Writes down that goods arrived, once; whether they were shipped or fetched. @throws {NotFound} {@link FulfillmentStateRefused} */
  async deliver(id: string): Promise<FulfillmentView> {
    return this.#db.transaction(async () => {
      const changed = await this.#db.run(
        `update "fulfillment"."fulfillment" set delivered_at = $2::timestamptz, updated_at = $2::timestamptz
         where id = $1 and delivered_at is null and canceled_at is null and withdrawn_at is null and deleted_at is null`,
        [id, new Date().toISOString()],
      )
      if (changed === 0) throw await this.#refusal(id, "deliver")
      await this.#events.emit(FulfillmentDelivered, { id })
      return this.get(id)
    })
  }

  /**
   * Fulfillments that a crash has left between two steps, oldest first: not given to their provider yet, which
   * {@link handOver} makes good, or withdrawn and not canceled, which {@link cancel} does.
   *
   * @param before when they were made; leave time for those that are under way.
   */
  async unfinished(before: Date, limit = 100): Promise<{ id: string; state: "open" | "withdrawing" }[]> {
    return this.#db.sql(
      `select id, case when withdrawn_at is null then 'open' else 'withdrawing' end as state
       from "fulfillment"."fulfillment"
       where (handed_over_at is null or withdrawn_at is not null) and canceled_at is null and shipped_at is null
         and delivered_at is null and deleted_at is null and created_at < $1::timestamptz
       order by created_at, id limit $2::int`,
      [before.toISOString(), limit],
    )
  }

  /** @throws {NotFound} */
  async get(id: string): Promise<FulfillmentView> {
    return this.#query.get(fulfillmentResource, id, { fields: view })
  }

  async list(options: ListOptions & { filter?: Filter<Readable> } = {}): Promise<Page<FulfillmentView>> {
    return this.#query.list(fulfillmentResource, { ...options, fields: view })
  }

  /** @param refused what to do when the provider does not take it. */
  async #handOver(id: string, refused: () => Promise<void>): Promise<FulfillmentView> {
    const { providerId, state, isHandedOver } = await standingOf(this.#db, id)
    if (isHandedOver) return this.get(id)
    if (state !== "open") throw new FulfillmentStateRefused(id, "hand over", state)
    const provider = this.#providers.get(providerId)
    const parcel = await readParcel(this.#db, id)
    let accepted: AcceptedParcel
    try {
      accepted = await provider.createFulfillment(parcel)
    } catch (error) {
      await refused()
      throw error
    }
    const isRecorded = await this.#db.transaction(async () => {
      const recorded = await recordAccepted(this.#db, id, accepted)
      if (recorded) await this.#events.emit(FulfillmentHandedOver, { id })
      return recorded
    })
    if (!isRecorded) {
      const now = await standingOf(this.#db, id)
      // Another call has handed it over, under the same id, unless it was canceled meanwhile.
      if (!now.isHandedOver) {
        await provider.cancelFulfillment({ id, data: accepted.data ?? null })
        throw new FulfillmentStateRefused(id, "hand over", now.state)
      }
    }
    return this.get(id)
  }

  async #markCanceled(id: string, condition: string): Promise<boolean> {
    const canceled = await this.#changeOpen(id, "canceled_at = $2::timestamptz", condition)
    if (canceled) await this.#events.emit(FulfillmentCanceled, { id })
    return canceled
  }

  /** Changes a fulfillment that neither left nor was canceled. @returns whether it was one. */
  async #changeOpen(id: string, set: string, condition: string, values: readonly unknown[] = []): Promise<boolean> {
    const changed = await this.#db.run(
      `update "fulfillment"."fulfillment" set ${set}, updated_at = $2::timestamptz
       where id = $1 and shipped_at is null and delivered_at is null and canceled_at is null and deleted_at is null
         and ${condition}`,
      [id, new Date().toISOString(), ...values],
    )
    return changed > 0
  }

  async #refusal(id: string, action: string): Promise<FulfillmentStateRefused> {
    const { state } = await standingOf(this.#db, id)
    return new FulfillmentStateRefused(id, action, state)
  }
}
