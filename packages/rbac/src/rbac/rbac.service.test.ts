import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { HandleTaken, startRbac } from "../index.ts"
import { aRbac } from "../testing.ts"

type Rbacs = Awaited<ReturnType<typeof startRbac>>

describe("rbacs", () => {
  let database: TestDatabase
  let alone: Rbacs
  let rbacs: Rbacs["rbacs"]

  beforeAll(async () => {
    database = await createTestDatabase()
    // No relay, so that only the service's own statements are counted.
    alone = await startRbac({ database: database.url, events: { relay: false } })
    await alone.migrate()
    rbacs = alone.rbacs
  })

  beforeEach(() => alone.database.run(`delete from "rbac"."rbac"`))

  afterAll(async () => {
    await alone.close()
    await database.drop()
  })

  it("keeps what it was made with", async () => {
    const made = await rbacs.create({ name: " First ", handle: "first", metadata: { colour: { id: 7 } } })

    expect(made).toMatchObject({ name: "First", handle: "first", description: null, deletedAt: null })
    expect(made.metadata).toEqual({ colour: { id: 7 } })
    expect(made.id).toMatch(/^role_[0-9A-Z]{26}$/)
    expect(await rbacs.get(made.id)).toEqual(made)
  })

  it("makes many in order, in as many statements as one", async () => {
    const inputs = Array.from({ length: 300 }, () => aRbac())

    const forOne = await statementsOf(alone.database, () => rbacs.create(aRbac()))
    let made: string[] = []
    const forMany = await statementsOf(alone.database, async () => {
      const rows = await rbacs.createMany(inputs)
      made = rows.map(({ handle }) => handle)
    })

    expect(made).toEqual(inputs.map(({ handle }) => handle))
    expect(forOne).toHaveLength(3)
    expect(forMany).toHaveLength(3)
    expect(await rbacs.createMany([])).toEqual([])
  })

  it("changes the fields that are named, and leaves the others", async () => {
    const before = await rbacs.create(aRbac({ description: "Main", metadata: { a: 1 } }))

    const after = await rbacs.update(before.id, { name: "Other", metadata: { b: [2] } })
    const cleared = await rbacs.update(before.id, { description: null, metadata: null })

    expect(after).toMatchObject({ name: "Other", handle: before.handle, description: "Main", metadata: { b: [2] } })
    expect(after.createdAt).toBe(before.createdAt)
    expect(cleared).toMatchObject({ name: "Other", description: null, metadata: null })
  })

  it("refuses a handle that another has, and writes nothing", async () => {
    const { id } = await rbacs.create(aRbac({ handle: "second" }))
    await rbacs.create(aRbac({ handle: "taken" }))

    await expect(rbacs.createMany([aRbac(), aRbac({ handle: "taken" })])).rejects.toThrow(HandleTaken)
    await expect(rbacs.update(id, { handle: "taken" })).rejects.toMatchObject({
      code: "rbac.handle_taken",
      details: { handles: ["taken"] },
    })

    expect((await rbacs.list()).count).toBe(2)
    expect((await rbacs.get(id)).handle).toBe("second")
  })

  it("lets one of many have a handle that all want at once", async () => {
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => rbacs.create(aRbac({ handle: "wanted" }))))

    const lost = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []))
    expect(lost).toHaveLength(7)
    expect(lost.every((error) => error instanceof HandleTaken)).toBe(true)
    expect((await rbacs.list()).count).toBe(1)
  })

  it("hides what is deleted, and frees its handle", async () => {
    const { id } = await rbacs.create(aRbac({ handle: "free" }))

    await rbacs.delete(id)

    await expect(rbacs.get(id)).rejects.toMatchObject({ code: "resource.not_found" })
    const next = await rbacs.create(aRbac({ handle: "free" }))
    expect(next.id).not.toBe(id)
  })

  it.each(["update", "delete", "get"] as const)("cannot %s what there is not", async (verb) => {
    await expect(rbacs[verb]("role_none", {})).rejects.toMatchObject({ details: { id: "role_none" } })
  })

  it.each([
    ["an empty name", { name: " " }],
    ["a handle with capitals", { handle: "First" }],
    ["a field that there is not", { colour: "red" }],
  ] as [string, object][])("refuses %s", async (_, fault) => {
    await expect(rbacs.create({ ...aRbac(), ...fault })).rejects.toMatchObject({ code: "input.invalid" })
  })

  it("is found by the beginning of words, and by its fields", async () => {
    await rbacs.createMany([
      aRbac({ name: "Blue", description: "For everybody", handle: "blue" }),
      aRbac({ name: "Red", description: "For a few" }),
    ])

    const found = await rbacs.list({ q: "every BL" })
    const named = await rbacs.list({ filter: { handle: "blue" } })

    expect(found.rows.map(({ name }) => name)).toEqual(["Blue"])
    expect(named.rows).toEqual(found.rows)
  })

  it("tells what happened, with the data or not at all", async () => {
    const { id } = await rbacs.create(aRbac())
    await alone.database
      .transaction(async () => {
        await rbacs.update(id, { name: "Other" })
        throw new Error("changed my mind")
      })
      .catch(() => {})
    await rbacs.delete(id)

    const sent = await alone.database.sql(
      `select name from "marquetry"."outbox" where aggregate_id = $1 order by sequence`,
      [id],
    )

    expect(sent).toEqual([{ name: "rbac.created" }, { name: "rbac.deleted" }])
  })
})
