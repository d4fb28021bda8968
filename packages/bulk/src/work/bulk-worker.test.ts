import { FileService, ProviderUnavailable } from "@marquetry/file"
import type { Composition } from "@marquetry/kernel"
import { recordingProvider } from "@marquetry/notification/testing"
import { ProductService } from "@marquetry/product"
import { aProduct } from "@marquetry/product/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { createBulkShop, two, type BulkShop } from "../../test/shop.ts"
import { BulkOperations } from "../index.ts"

/** An export reads them twice, and may be stopped before the second time. @returns what ends it. */
const whenProductsAreRead = ({ database }: Composition, work: () => void) =>
  database.statements.subscribe((statement) => {
    if (statement.includes(`from "product"."product" `)) work()
  })

describe("an operation", () => {
  let bulk: BulkShop
  let shop: Composition
  let operations: BulkOperations

  beforeAll(async () => {
    bulk = await createBulkShop()
    shop = bulk.shop
    operations = bulk.operations
  })
  afterAll(() => bulk.drop())
  beforeEach(() => bulk.clear())

  it("fails for good, and says so, when trying again is of no use", async () => {
    const fileId = await bulk.fileOf(two)
    const { transactionId } = await operations.prepareProductImport({ fileId })
    await operations.confirm(transactionId)
    await bulk.service(FileService).delete(fileId)

    expect(await operations.runNext()).toBe(true)

    const failed = await operations.get(transactionId)
    expect(failed).toMatchObject({ status: "failed", attempts: 1, error: { code: "resource.not_found" } })
    expect(await bulk.told()).toEqual([
      { title: "Product import", description: `Failed to import products: ${failed.error?.message}` },
    ])
    expect(await bulk.events()).toEqual(["bulk.failed"])
    expect(await operations.runNext()).toBe(false)
  })

  it("is tried again when a provider was away, and its failures are not announced meanwhile", async () => {
    const id = await operations.exportProducts()
    bulk.disk.before = (call) => {
      if (call === "put") throw new ProviderUnavailable("memory", "no answer")
    }

    await operations.runNext()
    const waiting = await operations.get(id)
    bulk.disk.before = undefined
    await operations.runNext()

    expect(waiting).toMatchObject({ status: "queued", attempts: 1, error: { code: "file.provider_unavailable" } })
    expect(await operations.get(id)).toMatchObject({ status: "done", attempts: 2, error: null })
    expect(await bulk.told()).toHaveLength(1)
  })

  it("waits longer each time before it is tried again", async () => {
    const slow = await bulk.another({ bulk: { backoff: 60_000 } })
    const id = await operations.exportProducts()
    bulk.disk.before = (call) => {
      if (call === "put") throw new ProviderUnavailable("memory", "no answer")
    }
    const waits: number[] = []

    for (let attempt = 0; attempt < 3; attempt++) {
      await shop.database.run(`update "bulk"."bulk_operation" set leased_until = null where id = $1`, [id])
      await bulk.service(BulkOperations, slow).runNext()
      const [row] = await shop.database.sql<{ seconds: number }>(
        `select extract(epoch from leased_until - now())::float8 as seconds from "bulk"."bulk_operation"`,
      )
      waits.push(Math.round((row?.seconds ?? 0) / 10) * 10)
    }

    expect(waits).toEqual([60, 120, 240])
    expect(await operations.runNext()).toBe(false)
  })

  it("is tried again, and thrown, when nobody foresaw what happened", async () => {
    const id = await operations.exportProducts()
    bulk.disk.before = (call) => {
      if (call === "put") throw new Error("a bug")
    }

    await expect(operations.runNext()).rejects.toThrow("a bug")

    expect(await operations.get(id)).toMatchObject({ status: "queued", error: { code: "internal" } })
    expect(JSON.stringify(await operations.get(id))).not.toContain("a bug")
  })

  it("is given up when processes die at it again and again", async () => {
    const id = await operations.exportProducts()
    await shop.database.run(
      `update "bulk"."bulk_operation" set status = 'running', attempts = 5, claim = 'dead',
         leased_until = now() - interval '1 second'`,
    )

    await operations.runNext()

    expect(await operations.get(id)).toMatchObject({ status: "failed", error: { code: "bulk.given_up" } })
  })

  it("is done where nobody has a feed", async () => {
    const deaf = await bulk.another({ messengers: [recordingProvider(["email"])] })
    const id = await operations.exportProducts()

    await bulk.service(BulkOperations, deaf).runNext()

    expect((await operations.get(id)).status).toBe("done")
    expect(await bulk.told()).toEqual([])
  })

  it("is left to others, uncounted, when it is told to stop", async () => {
    await bulk.service(ProductService).create(aProduct())
    const id = await operations.exportProducts()
    const stop = new AbortController()
    const unsubscribe = whenProductsAreRead(shop, () => stop.abort())

    const ran = await operations.runNext(stop.signal)
    const left = await operations.get(id)
    unsubscribe()
    await operations.runNext()

    expect(ran).toBe(true)
    expect(left).toMatchObject({ status: "queued", attempts: 0, error: null })
    expect(await operations.get(id)).toMatchObject({ status: "done", attempts: 1 })
    expect((await bulk.service(FileService).list()).count).toBe(1)
  })

  it("is left to others when the shop closes, which waits for that", async () => {
    await bulk.service(ProductService).create(aProduct())
    const id = await operations.exportProducts()
    const closing = await bulk.another()
    let closed: Promise<void> | undefined
    whenProductsAreRead(closing, () => void (closed ??= closing.close()))

    await bulk.service(BulkOperations, closing).runNext()
    await closed

    expect(await operations.get(id)).toMatchObject({ status: "queued", attempts: 0 })
  })

  it("is not written by a process that has lost it, and leaves no file of it", async () => {
    await bulk.service(ProductService).create(aProduct())
    const id = await operations.exportProducts()
    const losing = await bulk.another({ bulk: { lease: 300 } })
    bulk.disk.before = async (call) => {
      if (call !== "put") return
      bulk.disk.before = undefined
      await shop.database.run(
        `update "bulk"."bulk_operation" set claim = 'other', leased_until = now() + interval '1 hour' where id = $1`,
        [id],
      )
    }

    await bulk.service(BulkOperations, losing).runNext()

    expect(await operations.get(id)).toMatchObject({ status: "running", fileIdOut: null })
    expect(await bulk.told()).toEqual([])
    expect((await bulk.service(FileService).list()).count).toBe(0)
  })

  it("is done once, however many come for it at once", async () => {
    const other = bulk.service(BulkOperations, await bulk.another())
    await Promise.all([operations.exportProducts(), operations.exportOrders(), operations.exportInventory()])

    const ran = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => (n % 2 === 0 ? operations : other).runNext()))

    expect(ran.filter(Boolean)).toHaveLength(3)
    const { rows } = await operations.list()
    expect(rows.map(({ status, attempts }) => [status, attempts])).toEqual([
      ["done", 1],
      ["done", 1],
      ["done", 1],
    ])
    expect((await bulk.service(FileService).list()).count).toBe(3)
    expect(await bulk.told()).toHaveLength(3)
  })

  it("begins at once in the process that queued it, once that has committed and not before", async () => {
    const eager = await bulk.another({ bulk: { startsAtOnce: true } })
    const own = bulk.service(BulkOperations, eager)
    let ids: string[] = []

    await eager.database
      .transaction(async () => {
        await own.exportProducts()
        throw new Error("changed my mind")
      })
      .catch(() => {})
    await eager.database.transaction(async () => {
      ids = [await own.exportProducts(), await own.exportOrders()]
      expect((await own.list()).rows.map(({ status }) => status)).toEqual(["queued", "queued"])
    })

    await expect
      .poll(async () => (await operations.list()).rows.map(({ id, status }) => [id, status]), { timeout: 10_000 })
      .toEqual(ids.map((id) => [id, "done"]))
  })

  it("tells of what nobody foresaw where nobody waits for it", async () => {
    const told: unknown[] = []
    const eager = await bulk.another({
      bulk: { startsAtOnce: true, maxAttempts: 1, onError: (error) => told.push(error) },
    })
    bulk.disk.before = (call) => {
      if (call === "put") throw new Error("a bug")
    }

    const id = await bulk.service(BulkOperations, eager).exportProducts()

    await expect.poll(async () => (await operations.get(id)).status, { timeout: 10_000 }).toBe("failed")
    await expect.poll(() => told).toEqual([expect.objectContaining({ message: "a bug" })])
  })

  it("is not done in a transaction, which would be held as long", async () => {
    await expect(shop.database.transaction(() => operations.runNext())).rejects.toThrow("commit first")
  })

  it("shows its claim to nobody", async () => {
    await operations.exportProducts()

    const { rows } = await shop.query.listAny("bulk_operation", { fields: { "*": true } })

    expect(rows).toHaveLength(1)
    expect(Object.keys(rows[0] ?? {})).not.toContain("claim")
  })
})
