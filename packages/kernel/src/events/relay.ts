import { AsyncLocalStorage } from "node:async_hooks"
import { EventEmitter } from "eventemitter3"
import type { Database } from "../database/database.ts"
import { ModuleError } from "../errors.ts"
import type { SentEvent, Subscriber } from "./event.ts"
import type { Failure } from "./outbox.entity.ts"

export interface RelayOptions {
  /** How often to look for what a crash of this or another process left. Milliseconds; 5,000 unless said. */
  readonly pollInterval?: number
  /** Attempts per subscriber before the event rests as dead; 8 unless said. */
  readonly maxAttempts?: number
  /** Wait before the second attempt, doubled for each further one up to an hour. Milliseconds; 1,000 unless said. */
  readonly backoff?: number
  /** A handler that takes longer counts as failed. Milliseconds; 30,000 unless said. */
  readonly timeout?: number
  /** How long events that were delivered are kept. Days; 7 unless said. */
  readonly retention?: number
  /** Told of every failure of a handler, and of the relay itself. */
  readonly onError?: (error: unknown, event?: SentEvent) => void
}

export interface DeadLetter extends SentEvent {
  readonly failures: Readonly<Record<string, Failure>>
}

/** There is no such dead letter: the id is wrong, or it was replayed already. */
export class DeadLetterNotFound extends ModuleError {
  readonly code = "events.dead_letter_not_found"
  readonly kind = "not_found"
  override readonly details: { id: string }
  constructor(id: string) {
    super(`There is no dead letter "${id}"`)
    this.details = { id }
  }
}

interface OutboxRow {
  id: string
  name: string
  aggregate_id: string
  payload: unknown
  emitted_at: string
  delivered: string[]
  failures: Record<string, Failure>
}

const BATCH = 100
/** Of the queue's head: more than a batch, since of one aggregate only the first can be taken. */
const HEAD = 1_000
/** Times are kept in whole milliseconds, and rounded up half of the time: what is due now may seem to be so in a moment. */
const DUE = "due_at <= now() + interval '1 millisecond'"
const HOUR = 3_600_000
const DAY = 24 * HOUR

/**
 * `$1` is for how long, in milliseconds; `$2` the names of events, `null` for all.
 *
 * Each step reads rows one by one by the index made for it, whatever Postgres thinks of how many there are: what was sent, and
 * what waits for nobody here, is soon many times what is looked for. A name between itself and itself is found, and ordered, by
 * the index on names alone; a name with nothing behind it by none, so that the one on aggregates is used.
 */
const CLAIM = `with head as (
    select aggregate_id from "marquetry"."outbox"
    where $2::text[] is null and status = 'pending' and ${DUE} order by sequence limit ${HEAD}
  ), named as (
    select event.aggregate_id from unnest($2::text[]) as wanted (name) cross join lateral (
      select aggregate_id, sequence from "marquetry"."outbox"
      where name >= wanted.name and name <= wanted.name and status = 'pending' and ${DUE}
      order by name, sequence limit ${HEAD}
    ) event
    order by event.sequence limit ${HEAD}
  ), aggregate as (
    select aggregate_id from head union select aggregate_id from named
  ), first as materialized (
    select earliest.id from aggregate cross join lateral (
      select id, sequence from "marquetry"."outbox" event
      where event.aggregate_id = aggregate.aggregate_id and status = 'pending' and ($2::text[] is null or name || '' = any($2::text[]))
      order by sequence limit 1
    ) earliest
    order by earliest.sequence
  ), taken as (
    select held.id from first cross join lateral (
      select id from "marquetry"."outbox" event
      where event.id = first.id and status = 'pending' and ${DUE} for update skip locked
    ) held
    limit ${BATCH}
  )
  update "marquetry"."outbox" set due_at = now() + $1::int * interval '1 millisecond'
  where id = any(array(select id from taken))
  returning id, name, aggregate_id, payload, emitted_at, delivered, failures`

const RECORD = `update "marquetry"."outbox" o
  set status = r.status, delivered = r.delivered, failures = r.failures, due_at = now() + r.wait * interval '1 millisecond'
  from json_to_recordset($1::json) as r (id text, status text, delivered text[], failures jsonb, wait int)
  where o.id = r.id`

/**
 * What must wait behind a failed event is not due before it: it would fill the head of the queue for nothing. In one
 * statement, since others may take what failed as soon as it is recorded: it would then seem to be due when their lease ends.
 */
const RECORD_AND_POSTPONE = `with recorded as (${RECORD} returning o.*)
  update "marquetry"."outbox" follower set due_at = failed.due_at from recorded failed
  where failed.status = 'pending' and follower.aggregate_id = failed.aggregate_id and follower.status = 'pending'
    and follower.sequence > failed.sequence and follower.due_at < failed.due_at`

/**
 * Delivers what is in the outbox to the subscribers of this process: at least once, in order per aggregate. Processes
 * that subscribe to an event have the same subscribers for it: one that delivers it delivers it for all.
 *
 * Any number of processes may run one on the same database: a row is taken with `for update skip locked` and leased
 * by moving its due time ahead, so that another takes over what a crash left.
 */
export class Relay {
  readonly #db: Database
  readonly #subscribers = new Map<string, Subscriber>()
  readonly #options: Required<RelayOptions>
  readonly #signals = new EventEmitter<{ settled: [] }>()
  /** Back to where the relay was made: whoever wakes it may be in a transaction that is ending. */
  readonly #apart = AsyncLocalStorage.snapshot()
  #running: Promise<void> | undefined
  #again = false
  #timer: NodeJS.Timeout | undefined
  #closed = false
  #sweptAt = 0

  constructor(db: Database, options: RelayOptions = {}) {
    this.#db = db
    this.#options = {
      pollInterval: 5_000,
      maxAttempts: 8,
      backoff: 1_000,
      timeout: 30_000,
      retention: 7,
      onError: () => {},
      ...options,
    }
  }

  /** @throws {TypeError} when another subscriber has that name. */
  subscribe(subscriber: Subscriber): void {
    if (this.#subscribers.has(subscriber.name)) throw new TypeError(`Two subscribers are named "${subscriber.name}"`)
    this.#subscribers.set(subscriber.name, subscriber)
  }

  /** Starts looking for work now and then. Without it, only {@link wake} does. */
  start(): void {
    if (this.#timer !== undefined || this.#closed) return
    this.#timer = setInterval(() => this.wake(), this.#options.pollInterval)
    this.#timer.unref()
    this.wake()
  }

  /**
   * Delivers what is due, now; called after each commit that emitted something. Neither its statements nor those of the
   * subscribers are told to whoever counts the statements of the call that woke it.
   */
  readonly wake = (): void => {
    if (this.#closed) return
    if (this.#running !== undefined) {
      this.#again = true
      return
    }
    this.#running = this.#apart(() => this.#db.untold(() => this.#drain()))
      .catch((error: unknown) => this.#options.onError(error))
      .finally(() => {
        this.#running = undefined
        const again = this.#again
        this.#again = false
        if (again && !this.#closed) this.wake()
        else this.#signals.emit("settled")
      })
  }

  /** {@link wake}, if this process has subscribers for the event. */
  readonly wakeFor = (event: string): void => {
    const wanted = this.#wanted
    if (wanted === null || wanted.includes(event)) this.wake()
  }

  /** Resolves when nothing is being delivered and nothing was asked for. */
  async settled(): Promise<void> {
    if (this.#running !== undefined) await new Promise<void>((resolve) => this.#signals.once("settled", resolve))
  }

  /** Stops looking for work, and waits for handlers under way. */
  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#timer)
    await this.#running
  }

  /** Events whose last attempt failed, oldest first. */
  async deadLetters(limit = 100): Promise<DeadLetter[]> {
    const rows = await this.#db.sql<OutboxRow>(
      `select id, name, aggregate_id, payload, emitted_at, delivered, failures from "marquetry"."outbox"
       where status = 'dead' order by sequence limit $1::int`,
      [limit],
    )
    return rows.map((row) => ({ ...toEvent(row), failures: row.failures }))
  }

  /** Gives a dead letter to those subscribers that failed, once more from the first attempt. */
  async replay(id: string): Promise<void> {
    const changed = await this.#db.run(
      `update "marquetry"."outbox" set status = 'pending', failures = '{}', due_at = now() where id = $1 and status = 'dead'`,
      [id],
    )
    if (changed === 0) throw new DeadLetterNotFound(id)
    this.#db.afterCommit(this.wake)
  }

  async #drain(): Promise<void> {
    await this.#sweep()
    while (!this.#closed && this.#subscribers.size > 0) {
      const rows = await this.#claim()
      if (rows.length === 0) return
      const results = await Promise.all(rows.map((row) => this.#deliver(row)))
      await this.#record(results)
    }
  }

  /** The events that this process has subscribers for; `null` is all. Others are left to other processes. */
  get #wanted(): string[] | null {
    const names = new Set([...this.#subscribers.values()].map(({ event }) => event))
    return names.has("*") ? null : [...names]
  }

  /**
   * Takes the oldest pending event of each aggregate that is due. Later ones wait for it, so that order holds even
   * while it fails. Looks at the head of the queue only, so that a long queue costs no more than a short one.
   */
  async #claim(): Promise<OutboxRow[]> {
    return this.#db.transaction(() => this.#db.sql<OutboxRow>(CLAIM, [this.#options.timeout * 2, this.#wanted]))
  }

  async #deliver(row: OutboxRow): Promise<Result> {
    const event = toEvent(row)
    const delivered = new Set(row.delivered)
    const failures: Record<string, Failure> = {}
    const waiting = [...this.#subscribers.values()].filter(
      ({ name, event: wanted }) => (wanted === "*" || wanted === row.name) && !delivered.has(name),
    )
    await Promise.all(
      waiting.map(async (subscriber) => {
        const before = row.failures[subscriber.name]
        if (before !== undefined && before.attempts >= this.#options.maxAttempts) {
          failures[subscriber.name] = before
          return
        }
        try {
          await within(this.#options.timeout, subscriber.handle(event))
          delivered.add(subscriber.name)
        } catch (error) {
          this.#options.onError(error, event)
          failures[subscriber.name] = {
            attempts: (before?.attempts ?? 0) + 1,
            error: error instanceof Error ? error.message.slice(0, 2_000) : String(error),
            at: new Date().toISOString(),
          }
        }
      }),
    )
    return { id: row.id, delivered: [...delivered], failures, ...this.#outcome(failures) }
  }

  #outcome(failures: Record<string, Failure>): { status: "pending" | "done" | "dead"; wait: number } {
    const attempts = Object.values(failures).map((failure) => failure.attempts)
    if (attempts.length === 0) return { status: "done", wait: 0 }
    const open = attempts.filter((count) => count < this.#options.maxAttempts)
    if (open.length === 0) return { status: "dead", wait: 0 }
    return { status: "pending", wait: Math.min(this.#options.backoff * 2 ** (Math.min(...open) - 1), HOUR) }
  }

  async #record(results: readonly Result[]): Promise<void> {
    const waits = results.flatMap(({ status, wait }) => (status === "pending" ? [wait] : []))
    await this.#db.run(waits.length > 0 ? RECORD_AND_POSTPONE : RECORD, [JSON.stringify(results)])
    if (waits.length > 0) setTimeout(this.wake, Math.min(...waits) + 5).unref()
  }

  /** Forgets what was delivered long ago, and what nobody has asked for in all that time. Dead letters stay. */
  async #sweep(): Promise<void> {
    if (Date.now() - this.#sweptAt < HOUR) return
    this.#sweptAt = Date.now()
    await this.#db.run(
      `delete from "marquetry"."outbox" where emitted_at < $1::timestamptz and (
         status = 'done' or (status = 'pending' and delivered = '{}' and failures = '{}' and name <> all($2::text[]))
       )`,
      [new Date(Date.now() - this.#options.retention * DAY).toISOString(), this.#wanted],
    )
  }
}

interface Result {
  id: string
  status: "pending" | "done" | "dead"
  delivered: string[]
  failures: Record<string, Failure>
  wait: number
}

function toEvent(row: OutboxRow): SentEvent {
  return {
    id: row.id,
    name: row.name,
    aggregateId: row.aggregate_id,
    payload: row.payload,
    emittedAt: new Date(row.emitted_at),
  }
}

async function within(milliseconds: number, work: Promise<void> | void): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Took longer than ${milliseconds} ms`)), milliseconds)
  })
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
