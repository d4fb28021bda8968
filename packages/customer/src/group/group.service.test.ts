import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { GroupNameTaken, startCustomer } from "../index.ts"
import { aCustomer } from "../testing.ts"

type Alone = Awaited<ReturnType<typeof startCustomer>>

describe("customer groups", () => {
  let database: TestDatabase
  let alone: Alone
  let groups: Alone["groups"]

  beforeAll(async () => {
    database = await createTestDatabase()
    // No relay, so that only the service's own statements are counted.
    alone = await startCustomer({ database: database.url, events: { relay: false } })
    await alone.migrate()
    groups = alone.groups
  })

  beforeEach(async () => {
    await alone.database.run(`delete from "customer"."customer"`)
    await alone.database.run(`delete from "customer"."customer_group"`)
    await alone.database.run(`delete from "marquetry"."outbox"`)
  })

  afterAll(async () => {
    await alone.close()
    await database.drop()
  })

  const someCustomers = async (count: number) => {
    const made = await alone.customers.createMany(Array.from({ length: count }, () => aCustomer()))
    return made.map(({ id }) => id)
  }
  const told = (name: string) =>
    alone.database.sql<{ payload: { id: string; customerIds: string[] } }>(
      `select payload from "marquetry"."outbox" where name = $1 order by sequence`,
      [name],
    )

  it("keep what they were made with", async () => {
    const made = await groups.create({ name: " Members ", createdBy: "user_1", metadata: { tier: 1 } })

    expect(made).toMatchObject({ name: "Members", createdBy: "user_1", metadata: { tier: 1 } })
    expect(made.id).toMatch(/^cusgroup_[0-9A-Z]{26}$/)
    expect(await groups.get(made.id)).toEqual(made)
    expect(await groups.update(made.id, { metadata: null })).toMatchObject({ name: "Members", metadata: null })
    expect((await groups.list({ q: "mem" })).rows.map(({ id }) => id)).toEqual([made.id])
  })

  it("have names that no other has, until they are deleted", async () => {
    const { id } = await groups.create({ name: "Members" })
    const other = await groups.create({ name: "Staff" })

    await expect(groups.createMany([{ name: "New" }, { name: "Members" }])).rejects.toThrow(GroupNameTaken)
    await expect(groups.update(other.id, { name: "Members" })).rejects.toMatchObject({
      details: { names: ["Members"] },
    })
    await groups.delete(id)
    await groups.update(other.id, { name: "Members" })

    expect((await groups.list()).rows.map(({ name }) => name)).toEqual(["Members"])
  })

  it("take customers in, any number in two statements, and say who is new", async () => {
    const { id } = await groups.create({ name: "Members" })
    const customers = await someCustomers(200)
    await groups.addCustomers(id, customers.slice(0, 3))

    const statements = await statementsOf(alone.database, () => groups.addCustomers(id, customers))
    await groups.addCustomers(id, customers)

    expect(statements).toHaveLength(2)
    const { count } = await alone.customers.list({ filter: { groups: { id } }, limit: 1 })
    expect(count).toBe(200)
    const news = await told("customer-group.customers-added")
    expect(news.map(({ payload }) => payload.customerIds)).toEqual([customers.slice(0, 3), customers.slice(3)])
  })

  it("let customers go, and pass over who is not in it", async () => {
    const { id } = await groups.create({ name: "Members" })
    const [first, second, third] = (await someCustomers(3)) as [string, string, string]
    await groups.addCustomers(id, [first, second])

    await groups.removeCustomers(id, [second, third])

    expect(await groups.groupIdsOf(first)).toEqual([id])
    expect(await groups.groupIdsOf(second)).toEqual([])
    const news = await told("customer-group.customers-removed")
    expect(news.map(({ payload }) => payload)).toEqual([{ id, customerIds: [second] }])
  })

  it("are taken from a customer's side too", async () => {
    const made = await groups.createMany([{ name: "A" }, { name: "B" }])
    const ids = made.map(({ id }) => id)
    const [customer] = (await someCustomers(1)) as [string]

    await groups.addGroupsTo(customer, ids)
    await groups.removeGroupsFrom(customer, ids.slice(0, 1))

    expect(await groups.groupIdsOf(customer)).toEqual(ids.slice(1))
    expect((await alone.customers.get(customer)).groups).toEqual([{ id: ids[1], name: "B" }])
    expect(await told("customer-group.customers-added")).toHaveLength(2)
  })

  it("are no longer those of a customer once they are deleted", async () => {
    const { id } = await groups.create({ name: "Members" })
    const [customer] = (await someCustomers(1)) as [string]
    await groups.addCustomers(id, [customer])

    await groups.delete(id)
    const statements = await statementsOf(alone.database, () => groups.groupIdsOf(customer))

    expect(await groups.groupIdsOf(customer)).toEqual([])
    expect((await alone.customers.get(customer)).groups).toEqual([])
    expect(statements).toHaveLength(1)
  })

  it("take in nobody when one of them is not there", async () => {
    const { id } = await groups.create({ name: "Members" })
    const [customer] = (await someCustomers(1)) as [string]

    await expect(groups.addCustomers(id, [customer, "cus_none"])).rejects.toMatchObject({ details: { id: "cus_none" } })
    await expect(groups.addGroupsTo(customer, [id, "cusgroup_none"])).rejects.toMatchObject({
      details: { id: "cusgroup_none" },
    })
    await expect(groups.removeCustomers("cusgroup_none", [])).rejects.toMatchObject({ code: "resource.not_found" })

    expect(await groups.groupIdsOf(customer)).toEqual([])
  })

  it("bear that many come and go at once", async () => {
    const ids = (await groups.createMany([{ name: "A" }, { name: "B" }])).map(({ id }) => id)
    const customers = await someCustomers(20)
    const backwards = customers.toReversed()

    await Promise.all(
      ids.flatMap((id) => [
        groups.addCustomers(id, customers),
        groups.addCustomers(id, backwards),
        groups.removeCustomers(id, backwards),
        groups.removeCustomers(id, customers),
      ]),
    )
    await Promise.all(customers.map((customer) => groups.addGroupsTo(customer, ids.toReversed())))

    const { count } = await alone.customers.list({ filter: { groups: { id: ids[0] as string } }, limit: 1 })
    expect(count).toBe(20)
  })

  it.each(["update", "delete", "get"] as const)("cannot %s what there is not", async (verb) => {
    await expect(groups[verb]("cusgroup_none", {})).rejects.toMatchObject({ details: { id: "cusgroup_none" } })
  })

  it.each([
    ["an empty name", { name: " " }],
    ["a field that there is not", { name: "A", colour: "red" }],
  ] as [string, { name: string }][])("refuse %s", async (_, input) => {
    await expect(groups.create(input)).rejects.toMatchObject({ code: "input.invalid" })
  })
})
