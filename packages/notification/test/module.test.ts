import { createTestDatabase, driftOf } from "@marquetry/kernel/testing"
import { describe, expect, it } from "vitest"
import { logProvider, startNotification } from "../src/index.ts"
import { aNotification } from "../src/testing.ts"

describe.each(["postgres", "pglite"])("the module alone, on %s", (kind) => {
  it("migrates an empty database to what its entities say, twice without harm, and sends something", async () => {
    const database = kind === "postgres" ? await createTestDatabase() : undefined
    const lines: string[] = []
    const providers = [logProvider({ log: (line) => void lines.push(line) })]
    const alone = await startNotification({ database: database?.url, providers })

    const ran = await alone.migrate()
    const again = await alone.migrate()
    const drift = await driftOf(alone.database)
    const sent = await alone.notifications.create(aNotification())
    const recorded = await alone.database.transaction(() => alone.notifications.create(aNotification()))
    const retried = await alone.notifications.retryPending()

    expect(ran).toContain("notification/20261101000000_create-notifications")
    expect(again).toEqual([])
    expect(drift).toBe("")
    expect(sent.status).toBe("success")
    expect(retried).toEqual({ sent: [recorded.id], failed: [] })
    expect(lines).toHaveLength(2)
    await alone.close()
    await database?.drop()
  })
})
