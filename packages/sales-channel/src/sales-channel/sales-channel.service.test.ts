import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { startSalesChannel } from "../index.ts"
import { aSalesChannel } from "../testing.ts"

type SalesChannels = Awaited<ReturnType<typeof startSalesChannel>>

describe("sales channels", () => {
  let database: TestDatabase
  let alone: SalesChannels
  let salesChannels: SalesChannels["salesChannels"]

  const eventsOf = async (id: string) => {
    const sent = await alone.database.sql<{ name: string }>(
      `select name from "marquetry"."outbox" where aggregate_id = $1 order by sequence`,
      [id],
    )
    return sent.map(({ name }) => name)
  }

  beforeAll(async () => {
    database = await createTestDatabase()
    // No relay, so that only the service's own statements are counted.
    alone = await startSalesChannel({ database: database.url, events: { relay: false } })
    await alone.migrate()
    salesChannels = alone.salesChannels
  })

  beforeEach(() => alone.database.run(`delete from "sales_channel"."sales_channel"`))

  afterAll(async () => {
    await alone.close()
    await database.drop()
  })

  it("keeps what it was made with, and is open unless said", async () => {
    const channel = await salesChannels.create({ name: " App ", description: "iOS", metadata: { store: { id: 7 } } })

    expect(channel).toMatchObject({ name: "App", description: "iOS", isDisabled: false, deletedAt: null })
    expect(channel.metadata).toEqual({ store: { id: 7 } })
    expect(channel.id).toMatch(/^sc_[0-9A-Z]{26}$/)
    expect(await salesChannels.get(channel.id)).toEqual(channel)
  })

  it("makes many in order, in as many statements as one", async () => {
    const names = Array.from({ length: 300 }, (_, index) => `Channel ${index}`)

    const forOne = await statementsOf(alone.database, () => salesChannels.create(aSalesChannel()))
    let made: string[] = []
    const forMany = await statementsOf(alone.database, async () => {
      const channels = await salesChannels.createMany(names.map((name) => aSalesChannel({ name })))
      made = channels.map(({ name }) => name)
    })

    expect(made).toEqual(names)
    expect(forOne).toHaveLength(3)
    expect(forMany).toHaveLength(3)
    expect(await salesChannels.createMany([])).toEqual([])
  })

  it("makes all of many or none, and names the one at fault", async () => {
    const inputs = [aSalesChannel(), aSalesChannel({ name: "" })]

    await expect(salesChannels.createMany(inputs)).rejects.toMatchObject({
      code: "input.invalid",
      details: { issues: [{ path: [1, "name"] }] },
    })
    expect((await salesChannels.list()).count).toBe(0)
  })

  it("changes the fields that are named, and leaves the others", async () => {
    const before = await salesChannels.create(aSalesChannel({ description: "Main", metadata: { a: 1 } }))

    const after = await salesChannels.update(before.id, { isDisabled: true, metadata: { b: [2] } })
    const cleared = await salesChannels.update(before.id, { description: null, metadata: null })

    expect(after).toMatchObject({ name: "Web shop", description: "Main", isDisabled: true, metadata: { b: [2] } })
    expect(Date.parse(after.updatedAt)).toBeGreaterThanOrEqual(Date.parse(before.updatedAt))
    expect(after.createdAt).toBe(before.createdAt)
    expect(cleared).toMatchObject({ isDisabled: true, description: null, metadata: null })
  })

  it("hides what is deleted, and brings it back as it was", async () => {
    const channel = await salesChannels.create(aSalesChannel({ name: "Till" }))

    await salesChannels.delete(channel.id)

    await expect(salesChannels.get(channel.id)).rejects.toMatchObject({ code: "resource.not_found" })
    expect((await salesChannels.list()).count).toBe(0)
    const { rows } = await salesChannels.list({ withDeleted: true })
    expect(rows.map(({ deletedAt }) => deletedAt)).toEqual([expect.any(String)])

    const back = await salesChannels.restore(channel.id)
    expect(back).toEqual({ ...channel, updatedAt: back.updatedAt })
  })

  it("restores what was not deleted without a word", async () => {
    const channel = await salesChannels.create(aSalesChannel())

    expect(await salesChannels.restore(channel.id)).toEqual(channel)
    expect(await eventsOf(channel.id)).toEqual(["sales-channel.created"])
  })

  it("lets one of many delete it, and tells the others that it is gone", async () => {
    const { id } = await salesChannels.create(aSalesChannel())

    const results = await Promise.allSettled(Array.from({ length: 6 }, () => salesChannels.delete(id)))

    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
    expect(await eventsOf(id)).toEqual(["sales-channel.created", "sales-channel.deleted"])
  })

  it.each(["update", "delete", "restore", "get"] as const)("cannot %s what there is not", async (verb) => {
    await expect(salesChannels[verb]("sc_none", {})).rejects.toMatchObject({ details: { id: "sc_none" } })
  })

  it.each([
    ["an empty name", { name: " " }],
    ["no name", { name: undefined }],
    ["a name without end", { name: "n".repeat(201) }],
    ["a field that there is not", { colour: "red" }],
  ] as [string, object][])("refuses %s", async (_, fault) => {
    const input = { ...aSalesChannel(), ...fault } as ReturnType<typeof aSalesChannel>

    await expect(salesChannels.create(input)).rejects.toMatchObject({ code: "input.invalid" })
  })

  it("is found by words of name and description, and by its fields", async () => {
    await salesChannels.createMany([
      aSalesChannel({ name: "Web shop", description: "For everybody" }),
      aSalesChannel({ name: "Marketplace", description: "A shop of others" }),
      aSalesChannel({ name: "Till", isDisabled: true }),
    ])

    const found = await salesChannels.list({ q: "SHO", order: { name: "asc" } })
    const both = await salesChannels.list({ q: "every web" })
    const closed = await salesChannels.list({ filter: { isDisabled: true } })

    expect(found.rows.map(({ name }) => name)).toEqual(["Marketplace", "Web shop"])
    expect(both.rows.map(({ name }) => name)).toEqual(["Web shop"])
    expect(closed.rows.map(({ name }) => name)).toEqual(["Till"])
  })

  it("tells what happened, with the data or not at all", async () => {
    const { id } = await salesChannels.create(aSalesChannel())
    await salesChannels.update(id, { name: "Other" })
    await alone.database
      .transaction(async () => {
        await salesChannels.update(id, { name: "Third" })
        throw new Error("changed my mind")
      })
      .catch(() => {})
    await salesChannels.delete(id)
    await salesChannels.restore(id)

    expect((await salesChannels.get(id)).name).toBe("Other")
    expect(await eventsOf(id)).toEqual([
      "sales-channel.created",
      "sales-channel.updated",
      "sales-channel.deleted",
      "sales-channel.restored",
    ])
  })
})
