import { createTestDatabase, driftOf } from "@marquetry/kernel/testing"
import { describe, expect, it } from "vitest"
import { startSalesChannel } from "../src/index.ts"

describe.each(["postgres", "pglite"])("the module alone, on %s", (kind) => {
  it("migrates an empty database to what its entities say, twice without harm, and opens a channel", async () => {
    const database = kind === "postgres" ? await createTestDatabase() : undefined
    const alone = await startSalesChannel({ database: database?.url })

    const ran = await alone.migrate()
    const again = await alone.migrate()
    const drift = await driftOf(alone.database)
    const channel = await alone.salesChannels.create({ name: "Web shop" })

    expect(ran).toContain("sales_channel/20261101000000_create-sales-channels")
    expect(again).toEqual([])
    expect(drift).toBe("")
    expect(channel.isDisabled).toBe(false)
    await alone.close()
    await database?.drop()
  })
})
