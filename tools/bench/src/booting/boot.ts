import { readFile } from "node:fs/promises"
import { setTimeout as wait } from "node:timers/promises"
import { configure } from "@marquetry/backend"
import { createBackend } from "@marquetry/framework"
import { createTestDatabase } from "@marquetry/kernel/testing"
import { startChild, type Child, type ChildOptions } from "../child.ts"
import { environmentFor } from "../environment.ts"
import { header, quantile, row } from "../selling/measure.ts"

export interface BootOptions {
  readonly rounds: number
  /** Packages as `npm run build` makes them, which is how they are published. */
  readonly built: boolean
}

const IDLE_SECONDS = 10

/**
 * How long the backend takes from its start to its first answer, on a migrated database, beside a process that only imports
 * the packages of others that it needs; and the memory it has when nobody has asked it anything for a while.
 */
export async function benchBoot({ rounds, built }: BootOptions): Promise<void> {
  const database = await createTestDatabase()
  try {
    await (await createBackend(configure(environmentFor(database.url)))).close()
    const outside = await outsideOf(database.url)
    const imports: Start[] = []
    const boots: Start[] = []
    for (let round = 0; round < rounds; round++) {
      imports.push(await startOf("booting/import-outside.ts", outside, { built }))
      boots.push(await startOf("backend-server.ts", [database.url], { built }, firstAnswer))
    }
    const idle = await idleMegabytes(database.url, built)
    process.stdout.write(
      `\nboot, ${built ? "as built" : "from sources"}: medians of ${rounds}; idle: ${idle.toFixed(0)} MB\n\n${header(["", "its dependencies ms", "first answer ms", "ratio"])}`,
    )
    for (const measure of ["elapsed", "cpu"] as const) {
      const [imported, booted] = [imports, boots].map((starts) =>
        quantile(
          starts.map((start) => start[measure]),
          0.5,
        ),
      ) as [number, number]
      process.stdout.write(row([measure, imported.toFixed(0), booted.toFixed(0), (booted / imported).toFixed(2)]))
    }
  } finally {
    await database.drop()
  }
}

async function outsideOf(url: string): Promise<string[]> {
  const child = await startChild("booting/find-outside.ts", [url])
  const found = await child.ask<string[]>("found")
  await child.stop()
  return found
}

/** Milliseconds. Where others use the machine, the CPU says more than the clock. */
interface Start {
  readonly elapsed: number
  readonly cpu: number
}

async function startOf(
  file: string,
  args: readonly string[],
  options: ChildOptions,
  then: (child: Child) => Promise<void> = async () => {},
): Promise<Start> {
  const begun = performance.now()
  const child = await startChild(file, args, options)
  await then(child)
  const elapsed = performance.now() - begun
  const cpu = (await child.cpu()) / 1_000
  await child.stop()
  return { elapsed, cpu }
}

async function firstAnswer({ address }: Child): Promise<void> {
  const { status } = await fetch(`${address}/ready`)
  if (status !== 200) throw new Error(`The backend is not ready: ${status}`)
}

async function idleMegabytes(url: string, built: boolean): Promise<number> {
  const child = await startChild("backend-server.ts", [url], { built })
  await wait(IDLE_SECONDS * 1_000)
  const status = await readFile(`/proc/${child.pid}/status`, "utf8")
  await child.stop()
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024
}
