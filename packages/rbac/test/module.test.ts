import { createTestDatabase, driftOf } from "@marquetry/kernel/testing"
import { describe, expect, it } from "vitest"
import { startRbac } from "../src/index.ts"

describe.each(["postgres", "pglite"])("the module alone, on %s", (kind) => {
  it("migrates an empty database to what its entities say, twice without harm, and keeps a row", async () => {
    const database = kind === "postgres" ? await createTestDatabase() : undefined
    const alone = await startRbac({ database: database?.url })

    const ran = await alone.migrate()
    const again = await alone.migrate()
    const drift = await driftOf(alone.database)
    const { handle } = await alone.rbacs.create({ name: "First", handle: "first" })

    expect(ran).toContain("rbac/20261126174414_create-rbacs")
    expect(again).toEqual([])
    expect(drift).toBe("")
    expect(handle).toBe("first")
    await alone.close()
    await database?.drop()
  })
})
