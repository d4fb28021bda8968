import { createTestDatabase, driftOf } from "@marquetry/kernel/testing"
import { describe, expect, it } from "vitest"
import { startAudit } from "../src/index.ts"
import { anAuditEntry } from "../src/testing.ts"

describe.each(["postgres", "pglite"])("the module alone, on %s", (kind) => {
  it("migrates an empty database to what its entities say, twice without harm, and keeps entries", async () => {
    const database = kind === "postgres" ? await createTestDatabase() : undefined
    const alone = await startAudit({ database: database?.url })

    const ran = await alone.migrate()
    const again = await alone.migrate()
    const drift = await driftOf(alone.database)
    await alone.audit.record([anAuditEntry(), anAuditEntry({ action: "deleted" })])
    const { rows } = await alone.audit.list()
    const deleted = await alone.audit.deleteBefore(new Date(Date.now() + 60_000), 10)

    expect(ran).toContain("audit/20261126174414_create-audit-entries")
    expect(again).toEqual([])
    expect(drift).toBe("")
    expect(rows.map(({ action }) => action)).toEqual(["deleted", "updated"])
    expect(deleted).toBe(2)
    await alone.close()
    await database?.drop()
  })
})
