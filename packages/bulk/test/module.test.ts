import { memoryFiles } from "@marquetry/file/testing"
import { createTestDatabase, driftOf } from "@marquetry/kernel/testing"
import { recordingProvider } from "@marquetry/notification/testing"
import { describe, expect, it } from "vitest"
import { bulkJobs, bulkModule, BulkOperations } from "../src/index.ts"
import { openShop } from "./shop.ts"

describe.each(["postgres", "pglite"])("the module in a shop, on %s", (kind) => {
  it("migrates an empty database to what its entity says, twice without harm, and does something", async () => {
    const database = kind === "postgres" ? await createTestDatabase() : undefined
    const shop = await openShop(database?.url, { files: memoryFiles(), messengers: [recordingProvider()] })
    const operations = shop.container.resolve(BulkOperations)

    const again = await shop.migrate()
    const drift = await driftOf(shop.database)
    const id = await operations.exportProducts()
    for (const { run } of bulkJobs) await run(shop.container, new AbortController().signal)

    expect(again).toEqual([])
    expect(drift).toBe("")
    expect(await operations.get(id)).toMatchObject({ status: "done", summary: { exported: 0 } })
    await shop.close()
    await database?.drop()
  }, 60_000)
})

it.each([{ lease: 0 }, { maxAttempts: 0 }, { backoff: -1 }, { leases: 1 }])("is not configured by %j", (options) => {
  expect(() => bulkModule(options)).toThrow(expect.objectContaining({ code: "input.invalid" }))
})
