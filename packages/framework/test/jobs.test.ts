import { spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { compose, type Composition } from "@marquetry/kernel"
import { createTestDatabase, driftOf, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { frameworkModule } from "../src/framework.module.ts"
import { JobScheduler, type JobSchedulerOptions } from "../src/jobs/job-scheduler.ts"
import type { Job } from "../src/jobs/job.ts"

const eventually = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 15_000, interval: 10 })
const hourly = { everySeconds: 3_600 }

describe("jobs", () => {
  let database: TestDatabase
  const open: (() => Promise<void>)[] = []
  let first: Composition
  beforeEach(async () => {
    database = await createTestDatabase()
    first = await composed()
    await first.migrate()
  })
  afterEach(async () => {
    for (const close of open.splice(0).toReversed()) await close()
    await database.drop()
  })

  const composed = async () => {
    const composition = await compose({ database: database.url, modules: [frameworkModule] })
    open.push(composition.close)
    return composition
  }
  const schedule = ({ database, container }: Composition, jobs: readonly Job[], options: JobSchedulerOptions = {}) => {
    const scheduler = new JobScheduler(database, container, jobs, { pollInterval: 10, ...options })
    open.push(() => scheduler.close())
    scheduler.start()
    return scheduler
  }
  interface Row {
    schedule: string
    is_due: boolean
    is_claimed: boolean
    wait: number
  }
  const row = async (name: string): Promise<Row | undefined> => {
    const [found] = await first.database.sql<Row>(
      `select schedule, due_at <= now() as is_due, claim is not null as is_claimed,
         extract(epoch from due_at - now())::int as wait
       from "framework"."scheduled_job" where name = $1`,
      [name],
    )
    return found
  }
  /** Lets the time of a job come. */
  const tick = async (name: string) => {
    await eventually(async () => expect(await row(name)).toMatchObject({ is_due: false, is_claimed: false }))
    await first.database.run(`update "framework"."scheduled_job" set due_at = now() where name = $1`, [name])
  }
  const isSettled = (name: string) =>
    eventually(async () => expect(await row(name)).toMatchObject({ is_due: false, is_claimed: false }))

  it("have a table that is what its entity says", async () => {
    expect(await driftOf(first.database)).toBe("")
  })

  it("run once each time they are due, though three processes look for them", async () => {
    const ran: string[] = []
    const job = (who: string): Job => ({ name: "count", schedule: hourly, run: () => void ran.push(who) })
    const processes = [first, await composed(), await composed()]
    for (const [index, composition] of processes.entries()) schedule(composition, [job(String(index))])

    for (let round = 1; round <= 30; round++) {
      await tick("count")
      await eventually(() => expect(ran).toHaveLength(round))
    }
    await isSettled("count")

    expect(ran).toHaveLength(30)
  })

  it("never run twice at once, even when they are due again", async () => {
    const gate = Promise.withResolvers<void>()
    let begun = 0
    const job: Job = {
      name: "slow",
      schedule: { everySeconds: 1 },
      run: () => {
        begun++
        return gate.promise
      },
    }
    const others: string[] = []
    const beside: Job = { name: "beside", schedule: { everySeconds: 1 }, run: () => void others.push("ran") }
    schedule(first, [job, beside], { lease: 300 })
    schedule(await composed(), [job, beside], { lease: 300 })

    // Its lease ends several times meanwhile, and is renewed each time.
    await eventually(() => expect(others.length).toBeGreaterThanOrEqual(3))
    const during = begun
    gate.resolve()
    await eventually(() => expect(begun).toBeGreaterThan(1))

    expect(during).toBe(1)
  })

  it("first come after their interval, and anew when their schedule has changed", async () => {
    const run = vi.fn<Job["run"]>()
    const scheduler = schedule(first, [
      { name: "a", schedule: hourly, run },
      { name: "b", schedule: "0 0 1 1 *", run },
    ])
    await eventually(async () => expect(await row("b")).toBeDefined())
    const [a, b] = [await row("a"), await row("b")]
    await scheduler.close()
    schedule(first, [{ name: "a", schedule: { everySeconds: 60 }, run }])
    await eventually(async () => expect((await row("a"))?.schedule).toBe("every 60 seconds"))

    expect(a?.wait).toBeGreaterThan(3_590)
    expect(a?.wait).toBeLessThanOrEqual(3_600)
    expect(b).toMatchObject({ schedule: "0 0 1 1 *", is_due: false })
    expect((await row("a"))?.wait).toBeLessThanOrEqual(60)
    expect(run).not.toHaveBeenCalled()
  })

  it("that fail are told of, and run again at their next time", async () => {
    const errors: unknown[] = []
    const run = vi.fn<Job["run"]>(() => Promise.reject(new Error("Not now")))
    schedule(first, [{ name: "failing", schedule: hourly, run }], {
      onError: (error, job) => errors.push([(error as Error).message, job]),
    })

    await tick("failing")
    await eventually(() => expect(errors).toEqual([["Not now", "failing"]]))
    await isSettled("failing")
    expect((await row("failing"))?.wait).toBeGreaterThan(3_590)
    await tick("failing")
    await eventually(() => expect(errors).toHaveLength(2))

    expect(run).toHaveBeenCalledTimes(2)
  })

  it("are given the container, and their statements are nobody else's", async () => {
    const token = Symbol("token")
    first.container.register(token, { useValue: "here" })
    const seen: unknown[] = []
    const sent = await statementsOf(first.database, async () => {
      schedule(first, [
        {
          name: "asks",
          schedule: { everySeconds: 1 },
          run: async (container) => {
            await first.database.sql("select 1")
            seen.push(container.resolve(token))
          },
        },
      ])
      await eventually(() => expect(seen.length).toBeGreaterThan(0))
    })

    expect(seen[0]).toBe("here")
    expect(sent).toEqual([])
  })

  it("are told to stop when the process closes, and are left to others then", async () => {
    const stopped: unknown[] = []
    const errors: unknown[] = []
    const begun = Promise.withResolvers<void>()
    const scheduler = schedule(
      first,
      [
        {
          name: "long",
          schedule: hourly,
          run: async (_, signal) => {
            begun.resolve()
            await once(signal, "abort")
            stopped.push(signal.aborted)
            signal.throwIfAborted()
          },
        },
      ],
      { onError: (error) => errors.push(error) },
    )
    await tick("long")
    await begun.promise
    await scheduler.close()

    expect([stopped, errors]).toEqual([[true], []])
    expect(await row("long")).toMatchObject({ is_due: true, is_claimed: false })
  })

  it("are waited for when the process closes, and have run when they end", async () => {
    const begun = Promise.withResolvers<void>()
    const gate = Promise.withResolvers<void>()
    const scheduler = schedule(first, [
      {
        name: "stubborn",
        schedule: hourly,
        run: () => {
          begun.resolve()
          return gate.promise
        },
      },
    ])
    await tick("stubborn")
    await begun.promise
    let isClosed = false
    const closing = scheduler.close().then(() => (isClosed = true))
    await first.database.sql("select 1")
    const before = isClosed
    gate.resolve()
    await closing

    expect(before).toBe(false)
    expect(await row("stubborn")).toMatchObject({ is_due: false, is_claimed: false })
  })

  it("are told to stop when another process has taken them over", async () => {
    const reasons: unknown[] = []
    schedule(
      first,
      [
        {
          name: "lost",
          schedule: hourly,
          run: async (_, signal) => {
            await once(signal, "abort")
            reasons.push((signal.reason as Error).message)
          },
        },
      ],
      { lease: 100 },
    )
    await tick("lost")
    await eventually(async () => expect(await row("lost")).toMatchObject({ is_claimed: true }))
    await first.database.run(`update "framework"."scheduled_job" set claim = 'another' where name = 'lost'`)

    await eventually(() => expect(reasons).toEqual(['Another process may have taken over the job "lost"']))
    expect(await row("lost")).toMatchObject({ is_due: true, is_claimed: true })
  })

  it("of a process that was killed are run by another when the lease has ended, not before", async () => {
    const file = join(import.meta.dirname, "processes/job.ts")
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", file, database.url], {
      stdio: ["ignore", "pipe", "inherit"],
    })
    await tick("slow")
    const [line] = (await once(child.stdout, "data")) as [Buffer]
    child.kill("SIGKILL")
    await once(child, "close")
    const ran: string[] = []
    schedule(first, [
      { name: "slow", schedule: hourly, run: () => void ran.push("slow") },
      { name: "quick", schedule: { everySeconds: 1 }, run: () => void ran.push("quick") },
    ])
    await eventually(() => expect(ran).toContain("quick"))
    const early = ran.includes("slow")
    await first.database.run(`update "framework"."scheduled_job" set leased_until = now() where name = 'slow'`)

    await eventually(() => expect(ran).toContain("slow"))
    expect([String(line), early]).toEqual(["begun\n", false])
  })

  it("of a process that is told to end are left to others at once", async () => {
    const file = join(import.meta.dirname, "processes/job.ts")
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", file, database.url], {
      stdio: ["ignore", "pipe", "inherit"],
    })
    await tick("slow")
    await once(child.stdout, "data")
    child.kill("SIGTERM")
    const [code] = (await once(child, "close")) as [number]

    expect(code).toBe(0)
    expect(await row("slow")).toMatchObject({ is_due: true, is_claimed: false })
  })

  it("cost one statement each time somebody looks for them", async () => {
    const sql = vi.spyOn(first.database, "sql")
    const run = vi.spyOn(first.database, "run")
    const scheduler = schedule(first, [{ name: "idle", schedule: hourly, run: () => {} }])
    await eventually(() => expect(sql.mock.calls.length).toBeGreaterThanOrEqual(6))
    await scheduler.close()
    const [clock, ...looks] = sql.mock.calls.map(([text]) => text)

    // Two more when it starts: it asks what time it is, and makes the jobs known.
    expect(clock).toContain("as now")
    expect(run).toHaveBeenCalledTimes(1)
    expect(new Set(looks).size).toBe(1)
  })
})
