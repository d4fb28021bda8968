import type { Counts } from "../backend-server.ts"
import { Shopper, type Watch } from "./journey.ts"
import { header, loadCells, loadHeader, measure, quantile, repeat, row } from "./measure.ts"
import { openStage, type Stage } from "./stage.ts"
import { tellStatements } from "./statements.ts"

export interface Options {
  readonly products: number
  readonly connections: readonly number[]
  readonly seconds: number
  readonly promotion: boolean
  readonly profiles?: string | undefined
  /** Whether to tell what Postgres does, statement by statement; the server has `pg_stat_statements` then. */
  readonly statements: boolean
}

const HISTORY_SECONDS = 8
const WARM_UP_SECONDS = 3

/** What shoppers do again and again. */
const operations = {
  cart: (shopper: Shopper) => shopper.fillCart(),
  checkout: (shopper: Shopper) => shopper.buy(),
}

/** Carts with two items, or whole journeys to an order: throughput, then what each call takes by itself. */
export async function benchSelling(kind: keyof typeof operations, options: Options): Promise<void> {
  const { products, promotion, profiles } = options
  const stage = await openStage({ products, stock: 1_000_000, promotion }, 1, profiles)
  try {
    const shop = `${products} × 5, automatic promotion ${promotion ? "on" : "off"}`
    process.stdout.write(`\n${kind}: ${shop}\n\n${header(loadHeader)}`)
    // A shop that has sold before: statements that were planned on empty tables are slow, until Postgres has looked again.
    await load(stage, kind, 8, HISTORY_SECONDS, () => {})
    await stage.settle()
    await load(stage, kind, 8, WARM_UP_SECONDS, () => {})
    const latencies = new Map<string, number[]>()
    for (const connections of options.connections) {
      const watch: Watch = (step, milliseconds) => {
        if (connections === 1) latencies.set(step, [...(latencies.get(step) ?? []), milliseconds])
      }
      const done = await load(stage, kind, connections, options.seconds, watch)
      process.stdout.write(row(loadCells(connections, done)))
    }
    if (profiles === undefined) await tellSteps(stage, kind, latencies)
    if (options.statements) {
      await tellStatements(stage.url, async () => (await load(stage, kind, 8, options.seconds, () => {})).operations)
    }
  } finally {
    await stage.close()
  }
}

async function load(stage: Stage, kind: keyof typeof operations, connections: number, seconds: number, watch: Watch) {
  const [server] = stage.servers
  const shoppers = Array.from({ length: connections }, () => new Shopper(server?.address ?? "", stage.shop, watch))
  const work = shoppers.map((shopper) => () => operations[kind](shopper))
  const done = await measure(stage, () => repeat(work, seconds))
  for (const shopper of shoppers) shopper.leave()
  return done
}

/** What each call sends to Postgres, and how long it takes when nobody else asks. */
async function tellSteps(
  { servers, shop }: Stage,
  kind: keyof typeof operations,
  latencies: ReadonlyMap<string, readonly number[]>,
): Promise<void> {
  const [server] = servers
  if (server === undefined) return
  await server.ask<Counts>("count")
  const counts = new Map<string, Counts[]>()
  const shopper = new Shopper(server.address, shop, async (step) => {
    counts.set(step, [...(counts.get(step) ?? []), await server.ask<Counts>("count")])
  })
  for (let index = 0; index < 9; index++) await operations[kind](shopper)
  shopper.leave()
  process.stdout.write(`\n${header(["call", "SQL statements", "round trips", "median ms", "p95 ms"])}`)
  const total = { statements: 0, roundTrips: 0 }
  for (const [step, counted] of counts) {
    const statements = quantile(
      counted.map((each) => each.statements.length),
      0.5,
    )
    const roundTrips = quantile(
      counted.map((each) => each.roundTrips),
      0.5,
    )
    total.statements += statements
    total.roundTrips += roundTrips
    const times = latencies.get(step) ?? []
    const cells = [statements, roundTrips].map(String)
    process.stdout.write(row([step, ...cells, quantile(times, 0.5).toFixed(1), quantile(times, 0.95).toFixed(1)]))
  }
  process.stdout.write(row(["together", String(total.statements), String(total.roundTrips), "", ""]))
}
