import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { HandleTaken, startUser } from "../index.ts"
import { anUser } from "../testing.ts"

type Users = Awaited<ReturnType<typeof startUser>>

describe("users", () => {
  let database: TestDatabase
  let alone: Users
  let users: Users["users"]

  beforeAll(async () => {
    database = await createTestDatabase()
    // No relay, so that only the service's own statements are counted.
    alone = await startUser({ database: database.url, events: { relay: false } })
    await alone.migrate()
    users = alone.users
  })

  beforeEach(() => alone.database.run(`delete from "user"."user"`))

  afterAll(async () => {
    await alone.close()
    await database.drop()
  })

  it("keeps what it was made with", async () => {
    const made = await users.create({ name: " First ", handle: "first", metadata: { colour: { id: 7 } } })

    expect(made).toMatchObject({ name: "First", handle: "first", description: null, deletedAt: null })
    expect(made.metadata).toEqual({ colour: { id: 7 } })
    expect(made.id).toMatch(/^user_[0-9A-Z]{26}$/)
    expect(await users.get(made.id)).toEqual(made)
  })

  it("makes many in order, in as many statements as one", async () => {
    const inputs = Array.from({ length: 300 }, () => anUser())

    const forOne = await statementsOf(alone.database, () => users.create(anUser()))
    let made: string[] = []
    const forMany = await statementsOf(alone.database, async () => {
      const rows = await users.createMany(inputs)
      made = rows.map(({ handle }) => handle)
    })

    expect(made).toEqual(inputs.map(({ handle }) => handle))
    expect(forOne).toHaveLength(3)
    expect(forMany).toHaveLength(3)
    expect(await users.createMany([])).toEqual([])
  })

  it("changes the fields that are named, and leaves the others", async () => {
    const before = await users.create(anUser({ description: "Main", metadata: { a: 1 } }))

    const after = await users.update(before.id, { name: "Other", metadata: { b: [2] } })
    const cleared = await users.update(before.id, { description: null, metadata: null })

    expect(after).toMatchObject({ name: "Other", handle: before.handle, description: "Main", metadata: { b: [2] } })
    expect(after.createdAt).toBe(before.createdAt)
    expect(cleared).toMatchObject({ name: "Other", description: null, metadata: null })
  })

  it("refuses a handle that another has, and writes nothing", async () => {
    const { id } = await users.create(anUser({ handle: "second" }))
    await users.create(anUser({ handle: "taken" }))

    await expect(users.createMany([anUser(), anUser({ handle: "taken" })])).rejects.toThrow(HandleTaken)
    await expect(users.update(id, { handle: "taken" })).rejects.toMatchObject({
      code: "user.handle_taken",
      details: { handles: ["taken"] },
    })

    expect((await users.list()).count).toBe(2)
    expect((await users.get(id)).handle).toBe("second")
  })

  it("lets one of many have a handle that all want at once", async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, () => users.create(anUser({ handle: "wanted" }))),
    )

    const lost = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []))
    expect(lost).toHaveLength(7)
    expect(lost.every((error) => error instanceof HandleTaken)).toBe(true)
    expect((await users.list()).count).toBe(1)
  })

  it("hides what is deleted, and frees its handle", async () => {
    const { id } = await users.create(anUser({ handle: "free" }))

    await users.delete(id)

    await expect(users.get(id)).rejects.toMatchObject({ code: "resource.not_found" })
    const next = await users.create(anUser({ handle: "free" }))
    expect(next.id).not.toBe(id)
  })

  it.each(["update", "delete", "get"] as const)("cannot %s what there is not", async (verb) => {
    await expect(users[verb]("user_none", {})).rejects.toMatchObject({ details: { id: "user_none" } })
  })

  it.each([
    ["an empty name", { name: " " }],
    ["a handle with capitals", { handle: "First" }],
    ["a field that there is not", { colour: "red" }],
  ] as [string, object][])("refuses %s", async (_, fault) => {
    await expect(users.create({ ...anUser(), ...fault })).rejects.toMatchObject({ code: "input.invalid" })
  })

  it("is found by the beginning of words, and by its fields", async () => {
    await users.createMany([
      anUser({ name: "Blue", description: "For everybody", handle: "blue" }),
      anUser({ name: "Red", description: "For a few" }),
    ])

    const found = await users.list({ q: "every BL" })
    const named = await users.list({ filter: { handle: "blue" } })

    expect(found.rows.map(({ name }) => name)).toEqual(["Blue"])
    expect(named.rows).toEqual(found.rows)
  })

  it("tells what happened, with the data or not at all", async () => {
    const { id } = await users.create(anUser())
    await alone.database
      .transaction(async () => {
        await users.update(id, { name: "Other" })
        throw new Error("changed my mind")
      })
      .catch(() => {})
    await users.delete(id)

    const sent = await alone.database.sql(
      `select name from "marquetry"."outbox" where aggregate_id = $1 order by sequence`,
      [id],
    )

    expect(sent).toEqual([{ name: "user.created" }, { name: "user.deleted" }])
  })
})
