import { createTestDatabase, driftOf } from "@marquetry/kernel/testing"
import { describe, expect, it } from "vitest"
import { startApiKey } from "../src/index.ts"

describe.each(["postgres", "pglite"])("the module alone, on %s", (kind) => {
  it("migrates an empty database to what its entities say, twice without harm, and lets a key in", async () => {
    const database = kind === "postgres" ? await createTestDatabase() : undefined
    const alone = await startApiKey({ database: database?.url })

    const ran = await alone.migrate()
    const again = await alone.migrate()
    const drift = await driftOf(alone.database)
    const { id, token } = await alone.apiKeys.create({ title: "ERP", type: "secret" })
    const known = await alone.apiKeys.authenticate(token)
    await alone.apiKeys.revoke(id)
    const revoked = await alone.apiKeys.authenticate(token)

    expect(ran).toContain("api_key/20261101000000_create-api-keys")
    expect(again).toEqual([])
    expect(drift).toBe("")
    expect(known?.id).toBe(id)
    expect(revoked).toBeNull()
    await alone.close()
    await database?.drop()
  })
})
