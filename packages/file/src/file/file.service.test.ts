import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { HandleTaken, startFile } from "../index.ts"
import { aFile } from "../testing.ts"

type Files = Awaited<ReturnType<typeof startFile>>

describe("files", () => {
  let database: TestDatabase
  let alone: Files
  let files: Files["files"]

  beforeAll(async () => {
    database = await createTestDatabase()
    // No relay, so that only the service's own statements are counted.
    alone = await startFile({ database: database.url, events: { relay: false } })
    await alone.migrate()
    files = alone.files
  })

  beforeEach(() => alone.database.run(`delete from "file"."file"`))

  afterAll(async () => {
    await alone.close()
    await database.drop()
  })

  it("keeps what it was made with", async () => {
    const made = await files.create({ name: " First ", handle: "first", metadata: { colour: { id: 7 } } })

    expect(made).toMatchObject({ name: "First", handle: "first", description: null, deletedAt: null })
    expect(made.metadata).toEqual({ colour: { id: 7 } })
    expect(made.id).toMatch(/^file_[0-9A-Z]{26}$/)
    expect(await files.get(made.id)).toEqual(made)
  })

  it("makes many in order, in as many statements as one", async () => {
    const inputs = Array.from({ length: 300 }, () => aFile())

    const forOne = await statementsOf(alone.database, () => files.create(aFile()))
    let made: string[] = []
    const forMany = await statementsOf(alone.database, async () => {
      const rows = await files.createMany(inputs)
      made = rows.map(({ handle }) => handle)
    })

    expect(made).toEqual(inputs.map(({ handle }) => handle))
    expect(forOne).toHaveLength(3)
    expect(forMany).toHaveLength(3)
    expect(await files.createMany([])).toEqual([])
  })

  it("changes the fields that are named, and leaves the others", async () => {
    const before = await files.create(aFile({ description: "Main", metadata: { a: 1 } }))

    const after = await files.update(before.id, { name: "Other", metadata: { b: [2] } })
    const cleared = await files.update(before.id, { description: null, metadata: null })

    expect(after).toMatchObject({ name: "Other", handle: before.handle, description: "Main", metadata: { b: [2] } })
    expect(after.createdAt).toBe(before.createdAt)
    expect(cleared).toMatchObject({ name: "Other", description: null, metadata: null })
  })

  it("refuses a handle that another has, and writes nothing", async () => {
    const { id } = await files.create(aFile({ handle: "second" }))
    await files.create(aFile({ handle: "taken" }))

    await expect(files.createMany([aFile(), aFile({ handle: "taken" })])).rejects.toThrow(HandleTaken)
    await expect(files.update(id, { handle: "taken" })).rejects.toMatchObject({
      code: "file.handle_taken",
      details: { handles: ["taken"] },
    })

    expect((await files.list()).count).toBe(2)
    expect((await files.get(id)).handle).toBe("second")
  })

  it("lets one of many have a handle that all want at once", async () => {
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => files.create(aFile({ handle: "wanted" }))))

    const lost = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []))
    expect(lost).toHaveLength(7)
    expect(lost.every((error) => error instanceof HandleTaken)).toBe(true)
    expect((await files.list()).count).toBe(1)
  })

  it("hides what is deleted, and frees its handle", async () => {
    const { id } = await files.create(aFile({ handle: "free" }))

    await files.delete(id)

    await expect(files.get(id)).rejects.toMatchObject({ code: "resource.not_found" })
    const next = await files.create(aFile({ handle: "free" }))
    expect(next.id).not.toBe(id)
  })

  it.each(["update", "delete", "get"] as const)("cannot %s what there is not", async (verb) => {
    await expect(files[verb]("file_none", {})).rejects.toMatchObject({ details: { id: "file_none" } })
  })

  it.each([
    ["an empty name", { name: " " }],
    ["a handle with capitals", { handle: "First" }],
    ["a field that there is not", { colour: "red" }],
  ] as [string, object][])("refuses %s", async (_, fault) => {
    await expect(files.create({ ...aFile(), ...fault })).rejects.toMatchObject({ code: "input.invalid" })
  })

  it("is found by the beginning of words, and by its fields", async () => {
    await files.createMany([
      aFile({ name: "Blue", description: "For everybody", handle: "blue" }),
      aFile({ name: "Red", description: "For a few" }),
    ])

    const found = await files.list({ q: "every BL" })
    const named = await files.list({ filter: { handle: "blue" } })

    expect(found.rows.map(({ name }) => name)).toEqual(["Blue"])
    expect(named.rows).toEqual(found.rows)
  })

  it("tells what happened, with the data or not at all", async () => {
    const { id } = await files.create(aFile())
    await alone.database
      .transaction(async () => {
        await files.update(id, { name: "Other" })
        throw new Error("changed my mind")
      })
      .catch(() => {})
    await files.delete(id)

    const sent = await alone.database.sql(
      `select name from "marquetry"."outbox" where aggregate_id = $1 order by sequence`,
      [id],
    )

    expect(sent).toEqual([{ name: "file.created" }, { name: "file.deleted" }])
  })
})
