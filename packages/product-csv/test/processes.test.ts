import { spawn, type ChildProcess } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
import { text } from "node:stream/consumers"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { ImportSummary } from "../src/index.ts"
import { createShop, type Shop } from "./shop.ts"

const child = new URL("import-child.ts", import.meta.url).pathname
const exporter = new URL("export-child.ts", import.meta.url).pathname
const memory = "--max-old-space-size=160"

describe("imports in processes of their own", () => {
  let shop: Shop
  const running = new Set<ChildProcess>()

  beforeEach(async () => {
    shop = await createShop()
  })
  afterEach(async () => {
    for (const process of running) process.kill("SIGKILL")
    running.clear()
    await shop.drop()
  })

  /** @param onLine told of each line that the import prints. */
  function start(count: number, batchSize: number, onLine: (line: string, process: ChildProcess) => void = () => {}) {
    const started = spawn(process.execPath, [memory, child, shop.url, String(count), String(batchSize)], {
      stdio: ["ignore", "pipe", "inherit"],
    })
    running.add(started)
    let last = ""
    createInterface({ input: started.stdout }).on("line", (line) => {
      last = line
      onLine(line, started)
    })
    return once(started, "close").then(([code, signal]) => ({
      code: code as number | null,
      signal: signal as string | null,
      summary: (last === "" ? {} : JSON.parse(last)) as ImportSummary,
    }))
  }

  const counts = async () => {
    const [row] = await shop.sql(`select
      (select count(*)::int from product.product) as products,
      (select count(distinct handle)::int from product.product) as handles,
      (select count(*)::int from product.product_variant) as variants,
      (select count(*)::int from pricing.price_set) as sets,
      (select count(*)::int from link.product_variant_price_set) as priced,
      (select count(*)::int from pricing.price) as prices,
      (select count(*)::int from pricing.price_list) as lists`)
    return row
  }
  const complete = (products: number) => ({
    products,
    handles: products,
    variants: 3 * products,
    sets: 3 * products,
    priced: 3 * products,
    prices: 6 * products,
    lists: 1,
  })

  it("takes 10,000 products in little memory, and writes them in as little", async () => {
    const { code, summary } = await start(10_000, 1_000)

    expect(code).toBe(0)
    expect(summary).toMatchObject({ created: 10_000, variants: 30_000, refusals: [] })
    expect(await counts()).toEqual(complete(10_000))
    const exported = spawn(process.execPath, [memory, exporter, shop.url], { stdio: ["ignore", "pipe", "inherit"] })
    running.add(exported)
    expect(JSON.parse(await text(exported.stdout))).toMatchObject({ lines: 30_001 })
  }, 180_000)

  it("leaves whole batches when it is killed, and completes them when it runs again", async () => {
    const killed = await start(400, 50, (line, process) => {
      if (JSON.parse(line).done === 100) process.kill("SIGKILL")
    })
    const left = (await counts()) as { products: number }
    const { summary } = await start(400, 50)

    expect(killed.signal).toBe("SIGKILL")
    expect(left).toEqual(complete(left.products))
    expect(left.products % 50).toBe(0)
    expect(left.products).toBeGreaterThanOrEqual(100)
    expect(left.products).toBeLessThan(400)
    expect(summary).toMatchObject({ created: 400 - left.products, unchanged: left.products, refusals: [] })
    expect(await counts()).toEqual(complete(400))
  }, 120_000)

  it("takes each product once when two take the same file at once", async () => {
    const both = await Promise.all([start(300, 50), start(300, 50)])

    expect(both.map(({ code }) => code)).toEqual([0, 0])
    expect(both.flatMap(({ summary }) => summary.refusals)).toEqual([])
    expect(both.reduce((sum, { summary }) => sum + summary.created, 0)).toBe(300)
    expect(await counts()).toEqual(complete(300))
  }, 120_000)
})
