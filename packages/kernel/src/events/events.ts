import type { z } from "zod"
import type { Database } from "../database/database.ts"
import { newId } from "../id.ts"
import { parse } from "../parse.ts"
import type { RowChanges } from "../database/write-rows.ts"
import type { EventDefinition } from "./event.ts"
import { OutboxEvent } from "./outbox.entity.ts"

/** Tells what happened: written to the outbox with the data, sent if and only if the data is. */
export class Events {
  readonly #db: Database
  readonly #wake: (event: string) => void

  /** @param wake called with the name of an event once events of that name are committed. */
  constructor(db: Database, wake: (event: string) => void) {
    this.#db = db
    this.#wake = wake
  }

  /**
   * Emits an event in the transaction under way; without one it is committed by itself.
   *
   * @param aggregateId what it is about; the `id` of the payload unless said.
   * @throws {InvalidInput} when the payload does not fit its schema: nothing is written.
   */
  async emit<Payload extends z.ZodType>(
    event: EventDefinition<Payload>,
    payload: z.input<Payload>,
    aggregateId?: string,
  ): Promise<void> {
    await this.emitMany(event, [payload], aggregateId === undefined ? undefined : [aggregateId])
  }

  /** Emits any number of events of one kind in one statement. */
  async emitMany<Payload extends z.ZodType>(
    event: EventDefinition<Payload>,
    payloads: readonly z.input<Payload>[],
    aggregateIds?: readonly string[],
  ): Promise<void> {
    if (payloads.length === 0) return
    await this.#db.writeRows([this.#rows(event, payloads, aggregateIds)])
    this.#db.afterCommit(() => this.#wake(event.name))
  }

  /**
   * An event of the transaction under way as a row, for `Database.writeRows`: it is written in one statement with what it
   * tells of.
   *
   * @throws {TypeError} without a transaction.
   * @throws {InvalidInput} when the payload does not fit its schema.
   */
  written<Payload extends z.ZodType>(
    event: EventDefinition<Payload>,
    payload: z.input<Payload>,
    aggregateId?: string,
  ): RowChanges {
    if (!this.#db.inTransaction) throw new TypeError("An event is written with others in a transaction")
    this.#db.afterCommit(() => this.#wake(event.name))
    return this.#rows(event, [payload], aggregateId === undefined ? undefined : [aggregateId])
  }

  #rows<Payload extends z.ZodType>(
    event: EventDefinition<Payload>,
    payloads: readonly z.input<Payload>[],
    aggregateIds?: readonly string[],
  ): RowChanges {
    const insert = payloads.map((payload, index) => {
      const data = parse(event.payload, payload)
      return { id: newId("evt"), name: event.name, aggregateId: aggregateIds?.[index] ?? idOf(data), payload: data }
    })
    return { entity: OutboxEvent, insert }
  }
}

function idOf(payload: unknown): string {
  const { id } = payload as { id?: unknown }
  if (typeof id !== "string") throw new TypeError("An event whose payload has no id names its aggregate")
  return id
}
