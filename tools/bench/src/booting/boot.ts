import { readFile } from "node:fs/promises"
import { setTimeout as wait } from "node:timers/promises"
import { configure } from "@marquetry/backend"
import { createBackend } from "@marquetry/framework"
import { createTestDatabase } from "@marquetry/kernel/testing"
import { startChild } from "../child.ts"
import { environmentFor } from "../environment.ts"
import { header, quantile, row } from "../selling/measure.ts"

const IDLE_SECONDS = 10

/**
 * How long the backend takes from its start to its first answer, on a migrated database, beside a process that only imports
 * the packages of others that it needs; and the memory it has when nobody has asked it anything for a while.
 */
export async function benchBoot({ rounds }: { readonly rounds: number }): Promise<void> {
  const database = await createTestDatabase()
  try {
    await (await createBackend(configure(environmentFor(database.url)))).close()
    const outside = await outsideOf(database.url)
    const imports: number[] = []
    const boots: number[] = []
    for (let round = 0; round < rounds; round++) {
      imports.push(await importing(outside))
      boots.push(await booting(database.url))
    }
    const [imported, booted] = [quantile(imports, 0.5), quantile(boots, 0.5)]
    const idle = await idleMegabytes(database.url)
    process.stdout.write(
      `\nboot: medians of ${rounds}\n\n${header(["its dependencies ms", "to the first answer ms", "ratio", "idle MB"])}`,
    )
    process.stdout.write(row([imported.toFixed(0), booted.toFixed(0), (booted / imported).toFixed(2), idle.toFixed(0)]))
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

async function importing(outside: readonly string[]): Promise<number> {
  const begun = performance.now()
  const child = await startChild("booting/import-outside.ts", outside)
  const took = performance.now() - begun
  await child.stop()
  return took
}

async function booting(url: string): Promise<number> {
  const begun = performance.now()
  const child = await startChild("backend-server.ts", [url])
  const { status } = await fetch(`${child.address}/ready`)
  const took = performance.now() - begun
  await child.stop()
  if (status !== 200) throw new Error(`The backend is not ready: ${status}`)
  return took
}

async function idleMegabytes(url: string): Promise<number> {
  const child = await startChild("backend-server.ts", [url])
  await wait(IDLE_SECONDS * 1_000)
  const status = await readFile(`/proc/${child.pid}/status`, "utf8")
  await child.stop()
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024
}
