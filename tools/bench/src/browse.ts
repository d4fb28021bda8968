import { createBackend } from "@marquetry/framework"
import { configure } from "@marquetry/backend"
import { createTestDatabase } from "@marquetry/kernel/testing"
import { makeShop, type Shop } from "./catalogue.ts"
import { startChild, type Child } from "./child.ts"
import { environmentFor } from "./environment.ts"
import { load, middle, type Measured } from "./load.ts"

export interface BrowseOptions {
  readonly products: number
  readonly connections: readonly number[]
  readonly seconds: number
  readonly rounds: number
}

export const browseHeader =
  "| catalogue | request | kB | connections | ours /s | floor /s | ratio | ours p50 / p99 ms | floor p50 / p99 ms | ours CPU ms | floor CPU ms |\n" +
  "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n"

/** Two answers that say the same, whatever the blanks between their values. */
async function assertSame(ours: string, floor: string, headers: Record<string, string>): Promise<number> {
  const [a, b] = await Promise.all([ours, floor].map(async (url) => (await fetch(url, { headers })).text()))
  const difference = firstDifference(JSON.parse(a as string), JSON.parse(b as string), "$")
  if (difference !== undefined) throw new Error(`The floor answers something else: ${difference}`)
  return (a as string).length
}

function firstDifference(a: unknown, b: unknown, path: string): string | undefined {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) {
    return a === b ? undefined : `${path} is ${JSON.stringify(a)} here and ${JSON.stringify(b)} there`
  }
  const keys = new Set([...Object.keys(a), ...Object.keys(b)])
  for (const key of keys) {
    const found = firstDifference(
      (a as Record<string, unknown>)[key],
      (b as Record<string, unknown>)[key],
      `${path}.${key}`,
    )
    if (found !== undefined) return found
  }
  return undefined
}

interface Servers {
  readonly ours: Child
  readonly floor: Child
}

/** Takes turns, so that whatever else the machine does meets both. */
async function compare(
  { ours, floor }: Servers,
  path: string,
  floorPath: string,
  headers: Record<string, string>,
  connections: number,
  { rounds: times, seconds }: BrowseOptions,
) {
  const rounds: { ours: Measured; floor: Measured }[] = []
  await load(ours, path, headers, connections, 1)
  await load(floor, floorPath, headers, connections, 1)
  for (let round = 0; round < times; round++) {
    const first = await load(ours, path, headers, connections, seconds)
    rounds.push({ ours: first, floor: await load(floor, floorPath, headers, connections, seconds) })
  }
  const of = (which: "ours" | "floor", what: keyof Measured) => middle(rounds.map((round) => round[which][what]))
  return { ratio: of("ours", "throughput") / of("floor", "throughput"), of }
}

/** Lists and details of a catalogue, beside the floor. */
export async function browse(options: BrowseOptions): Promise<void> {
  const { products } = options
  const database = await createTestDatabase()
  const shop = await fillDatabase(database.url, products)
  const servers: Servers = {
    ours: await startChild("backend-server.ts", [database.url]),
    floor: await startChild("floor-server.ts", [database.url, shop.salesChannelId]),
  }
  const headers = { "x-publishable-api-key": shop.key }
  const query = `region_id=${shop.regionId}&fields=*variants.calculated_price`
  const list = `/store/products?limit=20&${query}`
  const { products: page } = (await (await fetch(servers.ours.address + list, { headers })).json()) as {
    products: { id: string }[]
  }
  const id = page[10]?.id ?? ""
  const detail = `/store/products/${id}?${query}`
  for (const [name, path, floorPath] of [
    ["list", list, "/store/products"],
    ["detail", detail, `/store/products/${id}`],
  ] as const) {
    const bytes = await assertSame(servers.ours.address + path, servers.floor.address + floorPath, headers)
    for (const connections of options.connections) {
      const { ratio, of } = await compare(servers, path, floorPath, headers, connections, options)
      process.stdout.write(
        `| ${products} × 5 | ${name} | ${(bytes / 1000).toFixed(0)} | ${connections} | ${of("ours", "throughput").toFixed(0)} | ${of("floor", "throughput").toFixed(0)} | ` +
          `**${ratio.toFixed(2)}** | ${of("ours", "median")} / ${of("ours", "p99")} | ${of("floor", "median")} / ${of("floor", "p99")} | ` +
          `${(of("ours", "cpu") / 1000).toFixed(2)} | ${(of("floor", "cpu") / 1000).toFixed(2)} |\n`,
      )
    }
  }
  await servers.ours.stop()
  await servers.floor.stop()
  await database.drop()
}

async function fillDatabase(url: string, products: number): Promise<Shop> {
  const backend = await createBackend(configure(environmentFor(url)))
  const begun = performance.now()
  const shop = await makeShop(backend.composition, products)
  process.stdout.write(`Imported ${products} × 5 in ${((performance.now() - begun) / 1000).toFixed(1)} s\n`)
  await backend.composition.database.sql("analyze")
  await backend.close()
  return shop
}
