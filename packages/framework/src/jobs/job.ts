import type { DependencyContainer } from "@marquetry/kernel"
import { Cron } from "croner"

/** A cron expression of five parts, in UTC; or how many seconds lie between two runs. */
export type Schedule = string | { readonly everySeconds: number }

/** Work that is done again and again, in one process at a time, however many there are. */
export interface Job {
  /** Permanent: under this name all processes know when it is due. */
  readonly name: string
  readonly schedule: Schedule
  /**
   * Must be harmless when it is done twice: a process that dies at it leaves it to another.
   *
   * @param signal aborted when the process closes, or when another may have taken the job over: stop soon then.
   */
  readonly run: (container: DependencyContainer, signal: AbortSignal) => Promise<void> | void
}

const MAX_SECONDS = 31 * 86_400

/** @throws {TypeError} when a job cannot be run: its name is no name, or its schedule never comes. */
export function assertJob({ name, schedule }: Job): void {
  if (!/^[a-z][a-z0-9._:-]{0,99}$/.test(name)) throw new TypeError(`"${name}" cannot be the name of a job`)
  if (typeof schedule !== "string") {
    const { everySeconds } = schedule
    if (!Number.isInteger(everySeconds) || everySeconds < 1 || everySeconds > MAX_SECONDS)
      throw new TypeError(`The job "${name}" runs every 1 to ${MAX_SECONDS} seconds, in whole ones`)
    return
  }
  try {
    nextTime(schedule, new Date())
  } catch (error) {
    throw new TypeError(`The job "${name}" has no schedule: ${(error as Error).message}`, { cause: error })
  }
}

/** Schedules that are the same have the same text. */
export const textOf = (schedule: Schedule): string =>
  typeof schedule === "string" ? schedule : `every ${schedule.everySeconds} seconds`

/**
 * When a job is due next, after `now`. Times that have gone by are not made up for.
 *
 * @param due when it was due last: intervals are counted from there.
 */
export function nextTime(schedule: Schedule, now: Date, due: Date = now): Date {
  if (typeof schedule === "string") {
    const next = new Cron(schedule, { timezone: "UTC", mode: "5-part" }).nextRun(now)
    if (next === null) throw new RangeError(`"${schedule}" never comes`)
    return next
  }
  const period = schedule.everySeconds * 1_000
  const passed = Math.floor((now.getTime() - due.getTime()) / period)
  return new Date(due.getTime() + (passed + 1) * period)
}
