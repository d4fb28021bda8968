import { spawn, type ChildProcess } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { FileService, localFiles } from "@marquetry/file"
import type { Composition } from "@marquetry/kernel"
import { createTestDatabase, type TestDatabase } from "@marquetry/kernel/testing"
import { NotificationService } from "@marquetry/notification"
import { recordingProvider } from "@marquetry/notification/testing"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { BulkOperations } from "../src/index.ts"
import { openShop } from "./shop.ts"

const child = new URL("bulk-child.ts", import.meta.url).pathname

describe("operations in processes of their own", () => {
  let database: TestDatabase
  let directory: string
  let shop: Composition
  let operations: BulkOperations
  const running = new Set<ChildProcess>()

  beforeEach(async () => {
    database = await createTestDatabase()
    directory = await mkdtemp(join(tmpdir(), "bulk-"))
    const files = localFiles({
      directory,
      baseUrl: "https://shop.example/static",
      secret: "a secret that everybody may know",
    })
    shop = await openShop(database.url, { files, messengers: [recordingProvider()], bulk: { lease: 1_000 } })
    operations = shop.container.resolve(BulkOperations)
  })
  afterEach(async () => {
    for (const process of running) process.kill("SIGKILL")
    running.clear()
    await shop.close()
    await database.drop()
    await rm(directory, { recursive: true })
  })

  function start() {
    const started = spawn(process.execPath, [child, database.url, directory], { stdio: ["ignore", "pipe", "inherit"] })
    running.add(started)
    const output = text(started.stdout)
    const ended = once(started, "close").then(async ([code, signal]) => ({
      code: code as number | null,
      signal: signal as string | null,
      output: await output,
    }))
    return { ended, kill: () => started.kill("SIGKILL") }
  }

  /** An import of so many products of one variant, confirmed. */
  async function queueImport(count: number) {
    const rows = Array.from({ length: count }, (_, index) => `p-${index},Product ${index},SKU-${index},${index + 1}`)
    const content = Buffer.from(["Product Handle,Product Title,Variant SKU,Variant Price EUR", ...rows].join("\n"))
    const { id } = await shop.container.resolve(FileService).upload({ filename: "products.csv", content })
    const { transactionId, summary } = await operations.prepareProductImport({ fileId: id })
    expect(summary).toEqual({ toCreate: count, toUpdate: 0 })
    await operations.confirm(transactionId)
    return transactionId
  }

  const countOf = async (table: string) => {
    const [row] = await shop.database.sql<{ count: number }>(`select count(*)::int as count from ${table}`)
    return row?.count ?? 0
  }

  it("finish an import that another was killed over", async () => {
    const id = await queueImport(6_000)
    const killed = start()
    await expect.poll(() => countOf("product.product"), { timeout: 60_000, interval: 20 }).toBeGreaterThan(0)
    killed.kill()
    const { signal } = await killed.ended
    const left = await countOf("product.product")
    const abandoned = await operations.get(id)

    // Not before the lease of the dead process has ended.
    await expect.poll(() => operations.runNext(), { timeout: 30_000 }).toBe(true)

    expect(signal).toBe("SIGKILL")
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThan(6_000)
    expect(abandoned.status).toBe("running")
    expect(await operations.get(id)).toMatchObject({
      status: "done",
      attempts: 2,
      summary: { toCreate: 6_000, created: 6_000 - left, unchanged: left, updated: 0, refused: 0 },
    })
    expect([
      await countOf("product.product"),
      await countOf("product.product_variant"),
      await countOf("pricing.price"),
    ]).toEqual([6_000, 6_000, 6_000])
    expect((await shop.container.resolve(NotificationService).list()).count).toBe(1)
  }, 120_000)

  it("do an operation once when several come for it", async () => {
    const id = await queueImport(500)

    const ended = await Promise.all([start(), start()].map((process) => process.ended))

    expect(ended.map(({ code }) => code)).toEqual([0, 0])
    expect(ended.map(({ output }) => output).toSorted()).toEqual(['{"ran":false}', '{"ran":true}'])
    expect(await operations.get(id)).toMatchObject({
      status: "done",
      attempts: 1,
      summary: { created: 500, unchanged: 0 },
    })
  }, 60_000)
})
