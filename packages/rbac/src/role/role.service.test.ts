import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { RoleInUse, RoleNameTaken, startRbac, type CreateRole } from "../index.ts"
import { aRole } from "../testing.ts"

type Alone = Awaited<ReturnType<typeof startRbac>>

const statusesOf = (settled: readonly PromiseSettledResult<unknown>[]) => settled.map(({ status }) => status)

describe("roles", () => {
  let database: TestDatabase
  let alone: Alone
  let roles: Alone["roles"]

  beforeAll(async () => {
    database = await createTestDatabase()
    // No relay, so that only the service's own statements are counted.
    alone = await startRbac({ database: database.url, events: { relay: false } })
    await alone.migrate()
    roles = alone.roles
  })

  beforeEach(async () => {
    await alone.database.run(`delete from "rbac"."role_assignment"`)
    await alone.database.run(`delete from "rbac"."role"`)
  })

  afterAll(async () => {
    await alone.close()
    await database.drop()
  })

  const eventsOf = async (id: string) => {
    const sent = await alone.database.sql<{ name: string }>(
      `select name from "marquetry"."outbox" where aggregate_id = $1 order by sequence`,
      [id],
    )
    return sent.map(({ name }) => name)
  }
  const manyPermissions = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => `thing_${from + index}:read`)

  it("keep what they were made with, each permission once and in order", async () => {
    const permissions = ["product:read", "*:read", "order:*", "product:read"]
    const made = await roles.create({ name: " Packer ", description: "Packs", permissions, metadata: { floor: 1 } })

    expect(made).toMatchObject({ name: "Packer", description: "Packs", metadata: { floor: 1 }, deletedAt: null })
    expect(made.permissions).toEqual(["*:read", "order:*", "product:read"])
    expect(made.id).toMatch(/^role_[0-9A-Z]{26}$/)
    expect(await roles.get(made.id)).toEqual(made)
    expect(await eventsOf(made.id)).toEqual(["role.created"])
  })

  it("are made many at a time in order, in as many statements as one", async () => {
    const names = Array.from({ length: 300 }, (_, index) => `Many ${index}`)

    const forOne = await statementsOf(alone.database, () => roles.create(aRole()))
    let made: string[] = []
    const forMany = await statementsOf(alone.database, async () => {
      made = (await roles.createMany(names.map((name) => aRole({ name })))).map(({ name }) => name)
    })

    expect(made).toEqual(names)
    expect(forOne).toHaveLength(3)
    expect(forMany).toHaveLength(3)
    expect(await roles.createMany([])).toEqual([])
  })

  it("have names that no other has, until they are deleted", async () => {
    const { id } = await roles.create({ name: "Packer" })
    const other = await roles.create({ name: "Seller" })

    await expect(roles.createMany([{ name: "New" }, { name: "Packer" }])).rejects.toThrow(RoleNameTaken)
    await expect(roles.update(other.id, { name: "Packer" })).rejects.toMatchObject({
      code: "rbac.role_name_taken",
      details: { names: ["Packer"] },
    })
    await roles.delete(id)
    await roles.update(other.id, { name: "Packer" })

    expect((await roles.list()).rows.map(({ name }) => name)).toEqual(["Packer"])
  })

  it("give a name to one of those who want it at once", async () => {
    const settled = await Promise.allSettled(Array.from({ length: 5 }, () => roles.create({ name: "Packer" })))

    expect(statusesOf(settled).filter((status) => status === "fulfilled")).toHaveLength(1)
    expect((await roles.list()).count).toBe(1)
  })

  it("change in the fields that are named, and stay in the others", async () => {
    const before = await roles.create(aRole({ name: "Packer", description: "Packs" }))

    const after = await roles.update(before.id, { permissions: ["order:read", "order:cancel"] })
    const cleared = await roles.update(before.id, { description: null, permissions: [] })

    expect(after).toMatchObject({ name: "Packer", description: "Packs", permissions: ["order:cancel", "order:read"] })
    expect(cleared).toMatchObject({ name: "Packer", description: null, permissions: [] })
    expect(await eventsOf(before.id)).toEqual(["role.created", "role.updated", "role.updated"])
  })

  it("take permissions and lose them, and tell only of what changed", async () => {
    const { id } = await roles.create(aRole({ permissions: ["product:read", "product:write"] }))

    const more = await roles.addPermissions(id, ["order:read", "product:read", "*:*"])
    const same = await roles.addPermissions(id, ["order:read"])
    const less = await roles.removePermissions(id, ["product:write", "order:cancel"])
    const still = await roles.removePermissions(id, ["product:write"])

    expect(more.permissions).toEqual(["*:*", "order:read", "product:read", "product:write"])
    expect(same).toEqual(more)
    expect(less.permissions).toEqual(["*:*", "order:read", "product:read"])
    expect(still).toEqual(less)
    expect(await eventsOf(id)).toEqual(["role.created", "role.updated", "role.updated"])
  })

  it("lose none of the permissions that come at once", async () => {
    const { id } = await roles.create(aRole({ permissions: [] }))
    const given = manyPermissions(0, 12)

    await Promise.all(given.map((permission) => roles.addPermissions(id, [permission])))
    const full = await roles.get(id)
    await Promise.all(given.slice(1).map((permission) => roles.removePermissions(id, [permission])))

    expect(full.permissions).toEqual(given.toSorted())
    expect((await roles.get(id)).permissions).toEqual(given.slice(0, 1))
  })

  it("bear a thousand permissions, be they added one by one", async () => {
    const { id } = await roles.create(aRole({ permissions: manyPermissions(0, 999) }))

    await roles.addPermissions(id, manyPermissions(998, 2))
    const oneMore = roles.addPermissions(id, ["order:read"])

    await expect(oneMore).rejects.toMatchObject({ code: "input.invalid" })
    expect((await roles.get(id)).permissions).toHaveLength(1_000)
  })

  it("are not deleted while somebody has them", async () => {
    const [packer, seller] = await roles.createMany([aRole(), aRole()])
    const ada = { actorType: "user", actorId: "user_ada" }
    await alone.access.assign(ada, [packer!.id, seller!.id])

    await expect(roles.delete(packer!.id)).rejects.toThrow(RoleInUse)
    await expect(roles.delete(packer!.id)).rejects.toMatchObject({
      code: "rbac.role_in_use",
      details: { id: packer!.id },
    })
    await alone.access.remove(ada, [packer!.id])
    await roles.delete(packer!.id)

    await expect(roles.get(packer!.id)).rejects.toMatchObject({ code: "resource.not_found" })
    expect(await eventsOf(packer!.id)).toContain("role.deleted")
  })

  it("are either assigned or deleted, when both come at once", async () => {
    const made = await roles.createMany(Array.from({ length: 12 }, () => aRole()))
    const ada = { actorType: "user", actorId: "user_ada" }

    const outcomes = await Promise.all(
      made.map(async ({ id }, index) => {
        const assign = () => alone.access.assign(ada, [id])
        const both = [assign, () => roles.delete(id)]
        const settled = await Promise.allSettled((index % 2 === 0 ? both : both.toReversed()).map((work) => work()))
        return statusesOf(settled).toSorted()
      }),
    )

    expect(outcomes).toEqual(made.map(() => ["fulfilled", "rejected"]))
    const assigned = await alone.access.rolesOf("user", "user_ada")
    const left = await roles.list()
    expect(assigned.map(({ id }) => id)).toEqual(left.rows.map(({ id }) => id))
  })

  it("let one of many delete them, and tell the others that they are gone", async () => {
    const { id } = await roles.create(aRole())

    const settled = await Promise.allSettled(Array.from({ length: 6 }, () => roles.delete(id)))

    expect(statusesOf(settled).filter((status) => status === "fulfilled")).toHaveLength(1)
    expect(await eventsOf(id)).toEqual(["role.created", "role.deleted"])
  })

  it("are found by words of name and description", async () => {
    await roles.createMany([aRole({ name: "Packer", description: "In the store" }), aRole({ name: "Seller" })])

    const byName = await roles.list({ q: "pack" })
    const byDescription = await roles.list({ q: "STO" })

    expect(byName.rows.map(({ name }) => name)).toEqual(["Packer"])
    expect(byDescription.rows.map(({ name }) => name)).toEqual(["Packer"])
  })

  it.each(["update", "addPermissions", "removePermissions", "delete", "get"] as const)(
    "cannot %s what there is not",
    async (verb) => {
      const call = roles[verb].bind(roles) as (id: string, given: unknown) => Promise<unknown>
      const given = verb === "update" ? {} : ["product:read"]

      await expect(call("role_none", given)).rejects.toMatchObject({ details: { id: "role_none" } })
    },
  )

  it.each([
    ["an empty name", { name: " " }],
    ["a permission that is none", { permissions: ["product"] }],
    ["a permission with capitals", { permissions: ["Product:read"] }],
    ["more permissions than a thousand", { permissions: manyPermissions(0, 1_001) }],
    ["a field that there is not", { colour: "red" }],
  ] as [string, object][])("refuse %s, and make none of the others", async (_, fault) => {
    const inputs = [aRole(), { ...aRole(), ...fault } as CreateRole]

    await expect(roles.createMany(inputs)).rejects.toMatchObject({ code: "input.invalid" })
    expect((await roles.list()).count).toBe(0)
  })

  it("refuse a permission that is none when it is added", async () => {
    const { id } = await roles.create(aRole())

    await expect(roles.addPermissions(id, ["order:read", "everything"])).rejects.toMatchObject({
      details: { issues: [{ path: [1] }] },
    })
    expect((await roles.get(id)).permissions).toEqual(["product:read"])
  })
})
