import { createTestDatabase, driftOf } from "@marquetry/kernel/testing"
import { describe, expect, it } from "vitest"
import { startRbac } from "../src/index.ts"
import { aRole } from "../src/testing.ts"

describe.each(["postgres", "pglite"])("the module alone, on %s", (kind) => {
  it("migrates an empty database to what its entities say, twice without harm, and assigns roles", async () => {
    const database = kind === "postgres" ? await createTestDatabase() : undefined
    const alone = await startRbac({ database: database?.url })
    const ada = { actorType: "user", actorId: "user_ada" }

    const ran = await alone.migrate()
    const again = await alone.migrate()
    const drift = await driftOf(alone.database)
    const [reader, seller] = await alone.roles.createMany([aRole(), aRole({ permissions: ["order:*"] })])
    await alone.roles.addPermissions(reader!.id, ["order:read"])
    await alone.access.assign(ada, [reader!.id])
    await alone.access.replace(ada, [reader!.id, seller!.id])
    const permissions = await alone.access.permissionsOf("user", "user_ada")
    await alone.access.remove(ada, [seller!.id])
    const roles = await alone.access.rolesOf("user", "user_ada")
    await alone.access.forget("user", "user_ada")
    await alone.roles.delete(reader!.id)

    expect(ran).toContain("rbac/20261126174414_create-roles")
    expect(again).toEqual([])
    expect(drift).toBe("")
    expect(permissions).toEqual(["order:*", "order:read", "product:read"])
    expect(roles.map(({ id }) => id)).toEqual([reader!.id])
    expect((await alone.roles.list()).count).toBe(1)
    await alone.close()
    await database?.drop()
  })
})
