import { createRequire } from "node:module"
import { configure } from "@marquetry/backend"
import { createBackend } from "@marquetry/framework"
import type pg from "pg"
import { environmentFor } from "./environment.ts"

/** What the process has asked of Postgres since somebody wanted to know. */
export interface Counts {
  /** As the budgets count them: without those that begin and end transactions, and without the relay's. */
  readonly statements: readonly string[]
  /** Everything that went to Postgres and came back. */
  readonly roundTrips: number
}

const [url] = process.argv.slice(2) as [string]
const backend = await createBackend(configure(environmentFor(url)))

let statements: string[] = []
let roundTrips = 0
let isCounting = false

/** Nothing is counted until somebody asks, so that nobody pays for it while it is measured. */
function count(): void {
  isCounting = true
  backend.composition.database.statements.subscribe((text) => statements.push(text))
  // The one that the kernel uses, wherever it is installed.
  const { Client } = createRequire(import.meta.resolve("@marquetry/kernel"))("pg") as typeof pg
  const prototype = Client.prototype as unknown as { query: (this: pg.Client, ...args: unknown[]) => unknown }
  const { query: send } = prototype
  Object.assign(prototype, {
    query(this: pg.Client, ...args: unknown[]) {
      roundTrips++
      return send.apply(this, args)
    },
  })
}

function counts(): Counts {
  if (!isCounting) count()
  const counted = { statements, roundTrips }
  statements = []
  roundTrips = 0
  return counted
}

process.on("message", (question) => {
  if (question === "stop") process.exit(0)
  process.send?.(question === "count" ? counts() : { cpu: process.cpuUsage() })
})
const address = await backend.listen()
process.send?.({ address })
