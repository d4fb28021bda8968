import { createTestDatabase, driftOf } from "@marquetry/kernel/testing"
import { describe, expect, it } from "vitest"
import { startUser } from "../src/index.ts"

describe.each(["postgres", "pglite"])("the module alone, on %s", (kind) => {
  it("migrates an empty database to what its entities say, twice without harm, and lets somebody in", async () => {
    const database = kind === "postgres" ? await createTestDatabase() : undefined
    const alone = await startUser({ database: database?.url })

    const ran = await alone.migrate()
    const again = await alone.migrate()
    const drift = await driftOf(alone.database)
    const { token } = await alone.invites.create({ email: "ada@example.com", roles: ["role_1"] })
    const accepted = await alone.invites.accept(token, { firstName: "Ada" })

    expect(ran).toContain("user/20261126174413_create-users")
    expect(again).toEqual([])
    expect(drift).toBe("")
    expect(accepted).toMatchObject({ user: { email: "ada@example.com", firstName: "Ada" }, roles: ["role_1"] })
    await alone.close()
    await database?.drop()
  })
})
