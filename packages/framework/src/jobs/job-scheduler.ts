import { randomUUID } from "node:crypto"
import type { Database, DependencyContainer } from "@marquetry/kernel"
import { nextTime, textOf, type Job } from "./job.ts"

export interface JobSchedulerOptions {
  /** How often to look for jobs that are due. Milliseconds; 3,000 unless said. */
  readonly pollInterval?: number
  /** For how long a process that died keeps others from its jobs. Milliseconds; 60,000 unless said. */
  readonly lease?: number
  /** Told of every run that failed, and of what kept the scheduler itself from its work (then there is no job). */
  readonly onError?: (error: unknown, job?: string) => void
}

/** A job that this process is at. */
interface Run {
  readonly ended: Promise<void>
  readonly stop: AbortController
  /** By the clock of this process, in milliseconds. Renewed while it runs. */
  leasedUntil: number
}

/** What is claimed. Times are milliseconds since 1970, by the clock of the database. */
interface ClaimedJob {
  readonly name: string
  readonly due: number
  readonly now: number
}

/** A job of which this process cannot say any more that no other is at it. */
class LeaseLost extends Error {
  override readonly name = "AbortError"
  constructor(job: string) {
    super(`Another process may have taken over the job "${job}"`)
  }
}

const TABLE = `"framework"."scheduled_job"`
const milliseconds = (time: string) => `(extract(epoch from ${time}) * 1000)::float8`

/**
 * Runs jobs when they are due. Any number of processes may have one over the same database: each job is a row, and
 * whoever takes the row, leased for a while and renewed as long as it runs, runs the job. The database's clock decides
 * what is due.
 */
export class JobScheduler {
  readonly #db: Database
  readonly #container: DependencyContainer
  readonly #jobs: ReadonlyMap<string, Job>
  readonly #options: Required<JobSchedulerOptions>
  /** Of this process. */
  readonly #token = randomUUID()
  readonly #runs = new Map<string, Run>()
  readonly #timers: NodeJS.Timeout[] = []
  #isKnown = false
  #polling: Promise<void> | undefined
  #closed = false

  constructor(db: Database, container: DependencyContainer, jobs: readonly Job[], options: JobSchedulerOptions = {}) {
    this.#db = db
    this.#container = container
    this.#jobs = new Map(jobs.map((job) => [job.name, job]))
    this.#options = { pollInterval: 3_000, lease: 60_000, onError: () => {}, ...options }
  }

  /** Looks for jobs that are due, now and then, until it is closed. To call it again changes nothing. */
  start(): void {
    if (this.#closed || this.#timers.length > 0 || this.#jobs.size === 0) return
    const { pollInterval, lease } = this.#options
    this.#timers.push(setInterval(() => this.#wake(), pollInterval))
    this.#timers.push(setInterval(() => void this.#renew(), lease / 3))
    for (const timer of this.#timers) timer.unref()
    this.#wake()
  }

  /** Takes no more jobs, tells those that run to stop, and waits for them. */
  async close(): Promise<void> {
    this.#closed = true
    for (const timer of this.#timers) clearInterval(timer)
    await this.#polling
    for (const { stop } of this.#runs.values()) stop.abort()
    await Promise.all([...this.#runs.values()].map(({ ended }) => ended))
  }

  #wake(): void {
    this.#polling ??= this.#db
      .untold(() => this.#poll())
      .catch((error: unknown) => this.#options.onError(error))
      .finally(() => {
        this.#polling = undefined
      })
  }

  async #poll(): Promise<void> {
    if (!this.#isKnown) await this.#makeKnown()
    this.#isKnown = true
    const idle = [...this.#jobs.keys()].filter((name) => !this.#runs.has(name))
    if (this.#closed || idle.length === 0) return
    for (const claimed of await this.#claim(idle)) this.#begin(claimed)
  }

  /** Makes rows for new jobs, and sets the time of those whose schedule is another now. */
  async #makeKnown(): Promise<void> {
    const [clock] = await this.#db.sql<{ now: number }>(`select ${milliseconds("now()")} as now`)
    const now = new Date(clock?.now ?? Date.now())
    const rows = [...this.#jobs.values()].map(({ name, schedule }) => ({
      name,
      schedule: textOf(schedule),
      due_at: nextTime(schedule, now),
    }))
    await this.#db.run(
      `insert into ${TABLE} as known (name, schedule, due_at)
       select name, schedule, due_at from json_to_recordset($1::json) as given (name text, schedule text, due_at timestamptz)
       order by name
       on conflict (name) do update set schedule = excluded.schedule, due_at = excluded.due_at
       where known.schedule <> excluded.schedule`,
      [JSON.stringify(rows)],
    )
  }

  #claim(names: readonly string[]): Promise<ClaimedJob[]> {
    return this.#db.sql<ClaimedJob>(
      `with due as (
         select name from ${TABLE}
         where name = any($1::text[]) and due_at <= now() and (leased_until is null or leased_until <= now())
         order by name for update skip locked
       )
       update ${TABLE} job set claim = $2::text, leased_until = now() + $3::int * interval '1 millisecond'
       from due where job.name = due.name
       returning job.name, ${milliseconds("job.due_at")} as due, ${milliseconds("now()")} as now`,
      [names, this.#token, this.#options.lease],
    )
  }

  #begin(claimed: ClaimedJob): void {
    const { name } = claimed
    const stop = new AbortController()
    const ended = this.#run(claimed, stop.signal)
      .catch((error: unknown) => this.#options.onError(error, name))
      .finally(() => this.#runs.delete(name))
    this.#runs.set(name, { ended, stop, leasedUntil: Date.now() + this.#options.lease })
  }

  /** A run that was stopped stays due, for another process; one that failed waits for its next time. */
  async #run({ name, due, now }: ClaimedJob, signal: AbortSignal): Promise<void> {
    const { schedule, run } = this.#jobs.get(name) as Job
    const began = performance.now()
    try {
      await run(this.#container, signal)
    } catch (error) {
      if (signal.aborted) return await this.#release(name)
      this.#options.onError(error, name)
    }
    const next = nextTime(schedule, new Date(now + performance.now() - began), new Date(due))
    await this.#db.run(
      `update ${TABLE} set claim = null, leased_until = null,
         due_at = case when schedule = $3::text then $4::timestamptz else due_at end
       where name = $1::text and claim = $2::text`,
      [name, this.#token, textOf(schedule), next.toISOString()],
    )
  }

  async #release(name: string): Promise<void> {
    await this.#db.run(
      `update ${TABLE} set claim = null, leased_until = null where name = $1::text and claim = $2::text`,
      [name, this.#token],
    )
  }

  /** Stops those runs whose lease another process has, or may have since this one could not renew it. */
  async #renew(): Promise<void> {
    const { lease, onError } = this.#options
    const runs = [...this.#runs]
    if (runs.length === 0) return
    const asked = Date.now()
    const renewed = await this.#db
      .untold(() => this.#extend(runs.map(([name]) => name)))
      .catch((error: unknown) => onError(error))
    for (const [name, run] of runs) {
      if (renewed?.has(name) === true) run.leasedUntil = asked + lease
      else if (renewed !== undefined || Date.now() >= run.leasedUntil) run.stop.abort(new LeaseLost(name))
    }
  }

  async #extend(names: readonly string[]): Promise<Set<string>> {
    const rows = await this.#db.sql<{ name: string }>(
      `update ${TABLE} set leased_until = now() + $3::int * interval '1 millisecond'
       where name = any($1::text[]) and claim = $2::text returning name`,
      [names, this.#token, this.#options.lease],
    )
    return new Set(rows.map(({ name }) => name))
  }
}
