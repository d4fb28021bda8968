import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { HandleTaken, startAudit } from "../index.ts"
import { anAudit } from "../testing.ts"

type Audits = Awaited<ReturnType<typeof startAudit>>

describe("audits", () => {
  let database: TestDatabase
  let alone: Audits
  let audits: Audits["audits"]

  beforeAll(async () => {
    database = await createTestDatabase()
    // No relay, so that only the service's own statements are counted.
    alone = await startAudit({ database: database.url, events: { relay: false } })
    await alone.migrate()
    audits = alone.audits
  })

  beforeEach(() => alone.database.run(`delete from "audit"."audit"`))

  afterAll(async () => {
    await alone.close()
    await database.drop()
  })

  it("keeps what it was made with", async () => {
    const made = await audits.create({ name: " First ", handle: "first", metadata: { colour: { id: 7 } } })

    expect(made).toMatchObject({ name: "First", handle: "first", description: null, deletedAt: null })
    expect(made.metadata).toEqual({ colour: { id: 7 } })
    expect(made.id).toMatch(/^audit_[0-9A-Z]{26}$/)
    expect(await audits.get(made.id)).toEqual(made)
  })

  it("makes many in order, in as many statements as one", async () => {
    const inputs = Array.from({ length: 300 }, () => anAudit())

    const forOne = await statementsOf(alone.database, () => audits.create(anAudit()))
    let made: string[] = []
    const forMany = await statementsOf(alone.database, async () => {
      const rows = await audits.createMany(inputs)
      made = rows.map(({ handle }) => handle)
    })

    expect(made).toEqual(inputs.map(({ handle }) => handle))
    expect(forOne).toHaveLength(3)
    expect(forMany).toHaveLength(3)
    expect(await audits.createMany([])).toEqual([])
  })

  it("changes the fields that are named, and leaves the others", async () => {
    const before = await audits.create(anAudit({ description: "Main", metadata: { a: 1 } }))

    const after = await audits.update(before.id, { name: "Other", metadata: { b: [2] } })
    const cleared = await audits.update(before.id, { description: null, metadata: null })

    expect(after).toMatchObject({ name: "Other", handle: before.handle, description: "Main", metadata: { b: [2] } })
    expect(after.createdAt).toBe(before.createdAt)
    expect(cleared).toMatchObject({ name: "Other", description: null, metadata: null })
  })

  it("refuses a handle that another has, and writes nothing", async () => {
    const { id } = await audits.create(anAudit({ handle: "second" }))
    await audits.create(anAudit({ handle: "taken" }))

    await expect(audits.createMany([anAudit(), anAudit({ handle: "taken" })])).rejects.toThrow(HandleTaken)
    await expect(audits.update(id, { handle: "taken" })).rejects.toMatchObject({
      code: "audit.handle_taken",
      details: { handles: ["taken"] },
    })

    expect((await audits.list()).count).toBe(2)
    expect((await audits.get(id)).handle).toBe("second")
  })

  it("lets one of many have a handle that all want at once", async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, () => audits.create(anAudit({ handle: "wanted" }))),
    )

    const lost = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []))
    expect(lost).toHaveLength(7)
    expect(lost.every((error) => error instanceof HandleTaken)).toBe(true)
    expect((await audits.list()).count).toBe(1)
  })

  it("hides what is deleted, and frees its handle", async () => {
    const { id } = await audits.create(anAudit({ handle: "free" }))

    await audits.delete(id)

    await expect(audits.get(id)).rejects.toMatchObject({ code: "resource.not_found" })
    const next = await audits.create(anAudit({ handle: "free" }))
    expect(next.id).not.toBe(id)
  })

  it.each(["update", "delete", "get"] as const)("cannot %s what there is not", async (verb) => {
    await expect(audits[verb]("audit_none", {})).rejects.toMatchObject({ details: { id: "audit_none" } })
  })

  it.each([
    ["an empty name", { name: " " }],
    ["a handle with capitals", { handle: "First" }],
    ["a field that there is not", { colour: "red" }],
  ] as [string, object][])("refuses %s", async (_, fault) => {
    await expect(audits.create({ ...anAudit(), ...fault })).rejects.toMatchObject({ code: "input.invalid" })
  })

  it("is found by the beginning of words, and by its fields", async () => {
    await audits.createMany([
      anAudit({ name: "Blue", description: "For everybody", handle: "blue" }),
      anAudit({ name: "Red", description: "For a few" }),
    ])

    const found = await audits.list({ q: "every BL" })
    const named = await audits.list({ filter: { handle: "blue" } })

    expect(found.rows.map(({ name }) => name)).toEqual(["Blue"])
    expect(named.rows).toEqual(found.rows)
  })

  it("tells what happened, with the data or not at all", async () => {
    const { id } = await audits.create(anAudit())
    await alone.database
      .transaction(async () => {
        await audits.update(id, { name: "Other" })
        throw new Error("changed my mind")
      })
      .catch(() => {})
    await audits.delete(id)

    const sent = await alone.database.sql(
      `select name from "marquetry"."outbox" where aggregate_id = $1 order by sequence`,
      [id],
    )

    expect(sent).toEqual([{ name: "audit.created" }, { name: "audit.deleted" }])
  })
})
