import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { startAudit, type NewAuditEntry } from "../index.ts"
import { anAuditEntry } from "../testing.ts"

type Alone = Awaited<ReturnType<typeof startAudit>>

const inAnHour = () => new Date(Date.now() + 3_600_000)

describe("the audit log", () => {
  let database: TestDatabase
  let alone: Alone
  let audit: Alone["audit"]

  beforeAll(async () => {
    database = await createTestDatabase()
    alone = await startAudit({ database: database.url })
    await alone.migrate()
    audit = alone.audit
  })

  beforeEach(() => alone.database.run(`delete from "audit"."audit_entry"`))

  afterAll(async () => {
    await alone.close()
    await database.drop()
  })

  const age = (days: number, resourceIds: readonly string[]) =>
    alone.database.run(
      `update "audit"."audit_entry" set created_at = now() - $1::int * interval '1 day' where resource_id = any($2::text[])`,
      [days, resourceIds],
    )
  const idsOf = async (options: Parameters<typeof audit.list>[0] = {}) => {
    const { rows } = await audit.list(options)
    return rows.map(({ resourceId }) => resourceId)
  }

  it("keeps what it was told, and when", async () => {
    const changes = { "variants.variant_01.sku": { from: null, to: "S-1" }, "metadata.__proto__": { to: { a: [1] } } }
    const begun = Date.now()
    await audit.record([anAuditEntry({ changes, requestId: "req-1" }), anAuditEntry({ actorType: "api_key" })])

    const [second, first] = (await audit.list()).rows

    expect(first).toEqual({
      id: expect.stringMatching(/^audit_[0-9A-Z]{26}$/),
      actorType: "user",
      actorId: "user_1",
      action: "updated",
      resourceType: "product",
      resourceId: "prod_1",
      changes,
      requestId: "req-1",
      createdAt: expect.any(String),
    })
    expect(Date.parse(first?.createdAt ?? "")).toBeGreaterThanOrEqual(begun)
    expect(second).toMatchObject({ actorType: "api_key", requestId: null })
    expect(await audit.get(first?.id ?? "")).toEqual(first)
  })

  it("takes any number of entries in one statement, and none in none", async () => {
    const entries = Array.from({ length: 20_000 }, (_, index) => anAuditEntry({ resourceId: `prod_${index}` }))

    const forMany = await statementsOf(alone.database, () => audit.record(entries))
    const forNone = await statementsOf(alone.database, () => audit.record([]))

    expect(forMany).toHaveLength(1)
    expect(forNone).toHaveLength(0)
    expect(await idsOf({ limit: 2 })).toEqual(["prod_19999", "prod_19998"])
    expect((await audit.list({ limit: 0 })).count).toBe(20_000)
  })

  it("forgets what was rolled back", async () => {
    const changeOfMind = alone.database.transaction(async () => {
      await audit.record([anAuditEntry()])
      throw new Error("changed my mind")
    })

    await expect(changeOfMind).rejects.toThrow("changed my mind")
    expect((await audit.list()).count).toBe(0)
  })

  it("is read by who, what, which and when, newest first unless said", async () => {
    await audit.record([
      anAuditEntry({ resourceId: "old" }),
      anAuditEntry({ resourceId: "key", actorType: "api_key", actorId: "apk_1" }),
      anAuditEntry({ resourceId: "order", resourceType: "order", action: "captured" }),
      anAuditEntry({ resourceId: "new" }),
    ])
    await age(10, ["old"])
    const yesterday = new Date(Date.now() - 86_400_000)

    expect(await idsOf()).toEqual(["new", "order", "key", "old"])
    expect(await idsOf({ order: { createdAt: "asc" }, limit: 1 })).toEqual(["old"])
    expect(await idsOf({ filter: { actorId: "apk_1" } })).toEqual(["key"])
    expect(await idsOf({ filter: { actorType: "user" } })).toEqual(["new", "order", "old"])
    expect(await idsOf({ filter: { action: "captured" } })).toEqual(["order"])
    expect(await idsOf({ filter: { resourceType: "product", resourceId: ["new", "order"] } })).toEqual(["new"])
    expect(await idsOf({ filter: { createdAt: { $lt: yesterday } } })).toEqual(["old"])
    expect(await idsOf({ filter: { createdAt: { $gte: yesterday, $lt: inAnHour() } } })).toEqual([
      "new",
      "order",
      "key",
    ])
  })

  it("drops what is older than a date, the oldest first, a number at a time", async () => {
    const resourceIds = ["a", "b", "c", "d"]
    await audit.record(resourceIds.map((resourceId) => anAuditEntry({ resourceId })))
    await age(30, ["a"])
    await age(20, ["b", "c"])
    const tenDaysAgo = new Date(Date.now() - 10 * 86_400_000)

    expect(await audit.deleteBefore(tenDaysAgo, 1)).toBe(1)
    expect(await idsOf()).toEqual(["d", "c", "b"])
    expect(await audit.deleteBefore(tenDaysAgo, 10)).toBe(2)
    expect(await audit.deleteBefore(tenDaysAgo, 10)).toBe(0)
    expect(await idsOf()).toEqual(["d"])
  })

  it("lets those who drop at once share the work", async () => {
    await audit.record(Array.from({ length: 200 }, () => anAuditEntry()))

    const deleted = await Promise.all(Array.from({ length: 6 }, () => audit.deleteBefore(inAnHour(), 200)))

    expect(deleted.reduce((sum, count) => sum + count)).toBe(200)
    expect((await audit.list()).count).toBe(0)
  })

  it("cannot get what there is not", async () => {
    await expect(audit.get("audit_none")).rejects.toMatchObject({ details: { id: "audit_none" } })
  })

  it.each([
    ["no actor", { actorId: "" }],
    ["an action without end", { action: "a".repeat(201) }],
    ["changes that are a list", { changes: [] }],
    ["no changes", { changes: null }],
    ["a text that Postgres cannot keep", { changes: { title: { to: "\0" } } }],
    ["a field that there is not", { colour: "red" }],
  ] as [string, object][])("refuses %s, and keeps none of the others", async (_, fault) => {
    const entries = [anAuditEntry(), { ...anAuditEntry(), ...fault } as NewAuditEntry]

    await expect(audit.record(entries)).rejects.toMatchObject({ code: "input.invalid" })
    expect((await audit.list()).count).toBe(0)
  })

  it.each([
    ["a date that is none", new Date(NaN), 1],
    ["no number at a time", new Date(), 0],
    ["half an entry", new Date(), 0.5],
  ])("does not drop entries by %s", async (_, date, limit) => {
    await expect(audit.deleteBefore(date, limit)).rejects.toMatchObject({ code: "input.invalid" })
  })
})
