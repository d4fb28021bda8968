import { availableParallelism, loadavg } from "node:os"
import type { Child } from "../child.ts"
import { usageNow, usageSince, type Usage } from "./usage.ts"

/** What was done in a while, and what it took. */
export interface Load {
  readonly operations: number
  readonly seconds: number
  readonly usage: Usage
  /** The share of the machine's CPU that went to programs that have nothing to do with it. */
  readonly others: number
}

/** The processes under load. */
export interface Machines {
  readonly servers: readonly Child[]
  readonly postmaster: number
}

/** @returns what `work` did: it answers how many operations it has made. */
export async function measure({ servers, postmaster }: Machines, work: () => Promise<number>): Promise<Load> {
  const pids = servers.map(({ pid }) => pid)
  const before = await usageNow(pids, postmaster)
  const begun = performance.now()
  const operations = await work()
  const seconds = (performance.now() - begun) / 1_000
  const usage = usageSince(before, await usageNow(pids, postmaster))
  const ours = usage.servers + usage.postgres + usage.client
  return { operations, seconds, usage, others: Math.max(0, 1 - ours / usage.machine) }
}

/** Lets each worker do one operation after the other until the time is over. @returns how many they have done. */
export async function repeat(workers: readonly (() => Promise<unknown>)[], seconds: number): Promise<number> {
  const end = performance.now() + seconds * 1_000
  const done = await Promise.all(
    workers.map(async (work) => {
      let count = 0
      for (; performance.now() < end; count++) await work()
      return count
    }),
  )
  return done.reduce((sum, count) => sum + count, 0)
}

export const loadHeader = [
  "connections",
  "/s",
  "server CPU ms",
  "Postgres CPU ms",
  "client CPU ms",
  "CPU ms together",
  "/s if alone",
  "CPU of others",
  "load",
]

/**
 * The figures of {@link loadHeader}, per operation. "If alone" is what the CPU would allow if nobody else used it and none of
 * it was idle: others on the machine make the true throughput smaller, and this one hardly.
 */
export function loadCells(connections: number, { operations, seconds, usage, others }: Load): string[] {
  const together = usage.servers + usage.postgres + usage.client
  const each = (spent: number) => ((spent / operations) * 1_000).toFixed(2)
  return [
    String(connections),
    (operations / seconds).toFixed(1),
    each(usage.servers),
    each(usage.postgres),
    each(usage.client),
    each(together),
    ((operations / together) * availableParallelism()).toFixed(0),
    `${(others * 100).toFixed(0)} %`,
    (loadavg()[0] ?? 0).toFixed(1),
  ]
}

/** The value that a share of the others is below. */
export const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN

export const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |\n`
export const header = (cells: readonly string[]): string => row(cells) + row(cells.map(() => "---"))
