import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { isAllowed, LastRole, roleAssignmentResource, startRbac } from "../index.ts"
import { aRole } from "../testing.ts"

type Alone = Awaited<ReturnType<typeof startRbac>>

const ada = { actorType: "user", actorId: "user_ada" }
const userIds = (count: number) => Array.from({ length: count }, (_, index) => `user_${index}`)

describe("access", () => {
  let database: TestDatabase
  let alone: Alone
  let access: Alone["access"]

  beforeAll(async () => {
    database = await createTestDatabase()
    // No relay, so that only the service's own statements are counted.
    alone = await startRbac({ database: database.url, events: { relay: false } })
    await alone.migrate()
    access = alone.access
  })

  beforeEach(async () => {
    await alone.database.run(`delete from "rbac"."role_assignment"`)
    await alone.database.run(`delete from "rbac"."role"`)
    await alone.database.run(`delete from "marquetry"."outbox"`)
  })

  afterAll(async () => {
    await alone.close()
    await database.drop()
  })

  const rolesThatAllow = async (...permissions: string[][]) => {
    const made = await alone.roles.createMany(permissions.map((allowed) => aRole({ permissions: allowed })))
    return made.map(({ id }) => id) as [string, string, string]
  }
  const roleIdsOf = async ({ actorType, actorId }: typeof ada) =>
    (await access.rolesOf(actorType, actorId)).map(({ id }) => id)
  const told = async (name: string) => {
    const rows = await alone.database.sql<{ payload: { id: string; actorType: string; actorIds: string[] } }>(
      `select payload from "marquetry"."outbox" where name = $1 order by sequence`,
      [name],
    )
    return rows.map(({ payload }) => payload)
  }

  it("is to everything without a role", async () => {
    const permissions = await access.permissionsOf("user", "user_ada")

    expect(permissions).toEqual(["*:*"])
    expect(isAllowed(permissions, "product:delete")).toBe(true)
    expect(await access.rolesOf("user", "user_ada")).toEqual([])
  })

  it("is to what any role allows, found in one statement", async () => {
    const roleIds = await rolesThatAllow(["product:read", "order:*"], ["product:read", "*:read"], ["tag:read"])
    await access.assign(ada, roleIds.slice(0, 2))
    await access.assign({ actorType: "api_key", actorId: "user_ada" }, roleIds.slice(2))

    let permissions: readonly string[] = []
    const statements = await statementsOf(alone.database, async () => {
      permissions = await access.permissionsOf("user", "user_ada")
    })
    const forRoles = await statementsOf(alone.database, () => access.rolesOf("user", "user_ada"))

    expect(permissions).toEqual(["*:read", "order:*", "product:read"])
    expect(await access.permissionsOf("api_key", "user_ada")).toEqual(["tag:read"])
    expect(statements).toHaveLength(1)
    expect(forRoles).toHaveLength(1)
  })

  it("is to nothing with a role that allows nothing", async () => {
    const [idle] = await rolesThatAllow([])

    await access.assign(ada, [idle])

    expect(await access.permissionsOf("user", "user_ada")).toEqual([])
  })

  it("follows what a role allows", async () => {
    const [packer] = await rolesThatAllow(["order:read"])
    await access.assign(ada, [packer])

    await alone.roles.addPermissions(packer, ["order:fulfill"])

    expect(await access.permissionsOf("user", "user_ada")).toEqual(["order:fulfill", "order:read"])
  })

  it("comes with roles, and goes with them; what is so already is passed over", async () => {
    const [packer, seller, buyer] = await rolesThatAllow(["order:read"], ["product:read"], ["stock:read"])

    await access.assign(ada, [packer, seller, packer])
    await access.assign(ada, [seller])
    await access.remove(ada, [seller, buyer])

    expect(await roleIdsOf(ada)).toEqual([packer])
    expect(await told("role.assigned")).toEqual(
      [packer, seller].map((id) => ({ id, actorType: "user", actorIds: ["user_ada"] })),
    )
    expect(await told("role.unassigned")).toEqual([{ id: seller, actorType: "user", actorIds: ["user_ada"] }])
  })

  it("is given to many in as many statements as to one, and taken likewise", async () => {
    const [packer, seller] = await rolesThatAllow(["order:read"], ["product:read"])
    const everybody = userIds(1_000)
    await access.assignMany(seller, "user", everybody)

    const [toOne, toAll, fromAll] = [
      await statementsOf(alone.database, () => access.assign(ada, [packer])),
      await statementsOf(alone.database, () => access.assignMany(packer, "user", everybody)),
      await statementsOf(alone.database, () => access.removeMany(packer, "user", everybody)),
    ]

    expect([toOne, toAll, fromAll].map((statements) => statements.length)).toEqual([4, 4, 4])
    expect((await access.listActors(seller)).count).toBe(1_000)
    expect((await access.listActors(packer)).rows.map(({ actorId }) => actorId)).toEqual(["user_ada"])
    expect((await told("role.unassigned")).map(({ actorIds }) => actorIds.length)).toEqual([1_000])
  })

  it("lists who has a role", async () => {
    const [packer, seller] = await rolesThatAllow([], [])
    await access.assignMany(packer, "user", ["user_b", "user_a"])
    await access.assign({ actorType: "api_key", actorId: "apk_1" }, [packer, seller])

    const { rows, count } = await access.listActors(packer, { limit: 2 })
    const keys = await access.listActors(packer, { filter: { actorType: "api_key" } })

    expect(rows[0]).toEqual({
      id: expect.stringMatching(/^rolasgn_[0-9A-Z]{26}$/),
      roleId: packer,
      actorType: "user",
      actorId: "user_b",
      createdAt: expect.any(String),
    })
    expect(count).toBe(3)
    expect(keys.rows.map(({ actorId }) => actorId)).toEqual(["apk_1"])
    expect(await access.listActors("role_none")).toMatchObject({ rows: [], count: 0 })
  })

  it("is read across modules from either side", async () => {
    const [packer] = await rolesThatAllow(["order:read"])
    await access.assign(ada, [packer])

    const { rows } = await alone.query.list(roleAssignmentResource, {
      fields: { actorId: true, role: { permissions: true } },
      filter: { role: { permissions: { $contains: ["order:read"] } } },
    })

    expect(rows).toEqual([{ actorId: "user_ada", role: { permissions: ["order:read"] } }])
  })

  it("is never raised by taking the last role", async () => {
    const [packer, seller] = await rolesThatAllow(["order:read"], ["product:read"])
    await access.assign(ada, [packer, seller])

    await expect(access.remove(ada, [packer, seller])).rejects.toThrow(LastRole)
    await expect(access.replace(ada, [])).rejects.toMatchObject({ code: "rbac.last_role" })

    expect(await roleIdsOf(ada)).toEqual([packer, seller])
    expect(await told("role.unassigned")).toEqual([])
  })

  it("is taken from many or from none, and says who has no other role", async () => {
    const [packer, seller] = await rolesThatAllow(["order:read"], ["product:read"])
    await access.assignMany(packer, "user", ["user_c", "user_b", "user_a"])
    await access.assignMany(seller, "user", ["user_b"])
    // Another actor of the same id has other roles.
    await access.assign({ actorType: "api_key", actorId: "user_a" }, [seller])

    await expect(access.removeMany(packer, "user", ["user_c", "user_b", "user_a", "user_x"])).rejects.toMatchObject({
      kind: "conflict",
      details: { actorType: "user", actorIds: ["user_a", "user_c"] },
    })

    expect((await access.listActors(packer)).count).toBe(3)
  })

  it("lets one of two take one of two roles, when both come at once", async () => {
    const [packer, seller] = await rolesThatAllow(["order:read"], ["product:read"])
    const users = userIds(10)
    await access.assignMany(packer, "user", users)
    await access.assignMany(seller, "user", users)

    const settled = await Promise.allSettled(
      users.flatMap((actorId) => [packer, seller].map((id) => access.remove({ actorType: "user", actorId }, [id]))),
    )

    expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(users.length)
    const left = await Promise.all(users.map((actorId) => roleIdsOf({ actorType: "user", actorId })))
    expect(left.map((roleIds) => roleIds.length)).toEqual(users.map(() => 1))
  })

  it("lets nobody go bare when roles are taken from many, replaced and taken from one at once", async () => {
    const [packer, seller, buyer] = await rolesThatAllow([], [], [])
    const users = userIds(8)
    await access.assignMany(packer, "user", users)
    await access.assignMany(seller, "user", users.toReversed())

    await Promise.allSettled([
      access.removeMany(packer, "user", users),
      access.removeMany(seller, "user", users.toReversed()),
      ...users.map((actorId) => access.replace({ actorType: "user", actorId }, [buyer])),
      ...users.map((actorId) => access.remove({ actorType: "user", actorId }, [buyer])),
    ])

    const left = await Promise.all(users.map((actorId) => roleIdsOf({ actorType: "user", actorId })))
    expect(left.filter((roleIds) => roleIds.length === 0)).toEqual([])
  })

  it("is replaced as a whole", async () => {
    const [packer, seller, buyer] = await rolesThatAllow(["order:read"], ["product:read"], ["stock:read"])
    await access.assign(ada, [packer, seller])

    await access.replace(ada, [seller, buyer])
    await access.replace(ada, [buyer, seller])

    expect(await roleIdsOf(ada)).toEqual([seller, buyer])
    expect((await told("role.assigned")).map(({ id }) => id)).toEqual([packer, seller, buyer])
    expect((await told("role.unassigned")).map(({ id }) => id)).toEqual([packer])
  })

  it("is what one of two wanted who replace it at once, and no mixture", async () => {
    const [packer, seller] = await rolesThatAllow([], [])
    const users = userIds(20)

    await Promise.all(
      users.flatMap((actorId) => [packer, seller].map((id) => access.replace({ actorType: "user", actorId }, [id]))),
    )

    const left = await Promise.all(users.map((actorId) => roleIdsOf({ actorType: "user", actorId })))
    expect(left.map((roleIds) => roleIds.length)).toEqual(users.map(() => 1))
  })

  it("is replaced by nothing where there is nothing", async () => {
    await access.replace(ada, [])

    expect(await access.permissionsOf("user", "user_ada")).toEqual(["*:*"])
  })

  it("is forgotten with whoever had it", async () => {
    const [packer, seller] = await rolesThatAllow(["order:read"], ["product:read"])
    await access.assign(ada, [packer, seller])
    await access.assign({ actorType: "api_key", actorId: "user_ada" }, [packer])

    await access.forget("user", "user_ada")
    await access.forget("user", "user_ada")

    expect(await roleIdsOf(ada)).toEqual([])
    expect((await access.listActors(packer)).rows.map(({ actorType }) => actorType)).toEqual(["api_key"])
    expect((await told("role.unassigned")).map(({ id }) => id)).toEqual([packer, seller])
  })

  it.each(["assign", "remove", "replace"] as const)(
    "is not changed by %s when there is not one of the roles",
    async (verb) => {
      const [packer, seller] = await rolesThatAllow(["order:read"], ["product:read"])
      await access.assign(ada, [packer])
      await alone.roles.delete(seller)

      const call = access[verb](ada, [packer, seller])

      await expect(call).rejects.toMatchObject({ code: "resource.not_found", details: { id: seller } })
      expect(await roleIdsOf(ada)).toEqual([packer])
    },
  )

  it("is not for an actor without a name", async () => {
    const [packer] = await rolesThatAllow([])

    await expect(access.assign({ actorType: "user", actorId: "" }, [packer])).rejects.toMatchObject({
      code: "input.invalid",
    })
    await expect(access.assignMany(packer, "", ["user_ada"])).rejects.toMatchObject({ code: "input.invalid" })
    await expect(access.forget("user", "")).rejects.toMatchObject({ code: "input.invalid" })
  })

  it("tells what happened, with the data or not at all", async () => {
    const [packer] = await rolesThatAllow(["order:read"])
    const changeOfMind = alone.database.transaction(async () => {
      await access.assign(ada, [packer])
      throw new Error("changed my mind")
    })

    await expect(changeOfMind).rejects.toThrow("changed my mind")
    expect(await access.permissionsOf("user", "user_ada")).toEqual(["*:*"])
    expect(await told("role.assigned")).toEqual([])
  })
})
