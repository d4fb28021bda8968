import { createTestDatabase, driftOf } from "@marquetry/kernel/testing"
import { describe, expect, it } from "vitest"
import { startAuth } from "../src/index.ts"
import { someCredentials, testOptions } from "../src/testing.ts"

describe.each(["postgres", "pglite"])("the module alone, on %s", (kind) => {
  it("migrates an empty database to what its entities say, twice without harm, and knows people again", async () => {
    const database = kind === "postgres" ? await createTestDatabase() : undefined
    const alone = await startAuth({ ...testOptions(), database: database?.url })
    const { auth, identities, resets, sessions, tokens } = alone

    const ran = await alone.migrate()
    const again = await alone.migrate()
    const drift = await driftOf(alone.database)
    const person = someCredentials()
    const { claims } = await auth.register("customer", "emailpass", person)
    await identities.attachActor(claims.authIdentityId, "customer", "cus_1")
    const reset = await resets.requestReset("emailpass", person.email, "customer")
    await resets.resetPassword(reset?.token ?? "", { password: "another password" })
    const { token } = await auth.login("customer", "emailpass", { ...person, password: "another password" })
    const verified = await tokens.verify(token)
    const session = verified === null ? null : await sessions.find(await sessions.create(verified))

    expect(ran).toContain("auth/20261122203801_create-auth-identities")
    expect(again).toEqual([])
    expect(drift).toBe("")
    expect(verified).toMatchObject({ actorId: "cus_1", appMetadata: { customer_id: "cus_1" } })
    expect(session).toEqual(verified)
    expect(await auth.deleteExpired()).toBe(0)
    await alone.close()
    await database?.drop()
  })
})
