import type { z } from "zod"
import type { Database } from "../database/database.ts"
import { newId } from "../id.ts"
import { parse } from "../parse.ts"
import type { EventDefinition } from "./event.ts"

/** Tells what happened: written to the outbox with the data, sent if and only if the data is. */
export class Events {
  readonly #db: Database
  readonly #wake: () => void

  /** @param wake called once the events are committed. */
  constructor(db: Database, wake: () => void) {
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
    const rows = payloads.map((payload, index) => {
      const data = parse(event.payload, payload)
      return { id: newId("evt"), aggregate_id: aggregateIds?.[index] ?? idOf(data), payload: data }
    })
    await this.#db.run(
      `insert into "marquetry"."outbox" (id, name, aggregate_id, payload, delivered)
       select id, $1::text, aggregate_id, payload, '{}'
       from json_to_recordset($2::json) as row (id text, aggregate_id text, payload jsonb)`,
      [event.name, JSON.stringify(rows)],
    )
    this.#db.afterCommit(this.#wake)
  }
}

function idOf(payload: unknown): string {
  const { id } = payload as { id?: unknown }
  if (typeof id !== "string") throw new TypeError("An event whose payload has no id names its aggregate")
  return id
}
