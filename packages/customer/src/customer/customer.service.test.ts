import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { EmailTaken, startCustomer } from "../index.ts"
import { aCustomer, anAddress } from "../testing.ts"

type Alone = Awaited<ReturnType<typeof startCustomer>>

describe("customers", () => {
  let database: TestDatabase
  let alone: Alone
  let customers: Alone["customers"]

  beforeAll(async () => {
    database = await createTestDatabase()
    // No relay, so that only the service's own statements are counted.
    alone = await startCustomer({ database: database.url, events: { relay: false } })
    await alone.migrate()
    customers = alone.customers
  })

  beforeEach(() => alone.database.run(`delete from "customer"."customer"`))

  afterAll(async () => {
    await alone.close()
    await database.drop()
  })

  const sentOf = (id: string) =>
    alone.database.sql<{ name: string }>(
      `select name from "marquetry"."outbox" where aggregate_id = $1 order by sequence`,
      [id],
    )

  it("keeps what it was made with, texts as they are and the e-mail address in lower case", async () => {
    const made = await customers.create({
      email: " Ada@Example.COM ",
      firstName: "Ada",
      phone: "",
      metadata: { vip: 1 },
    })

    expect(made).toMatchObject({
      email: "ada@example.com",
      firstName: "Ada",
      lastName: null,
      phone: "",
      hasAccount: false,
      createdBy: null,
      metadata: { vip: 1 },
      addresses: [],
      groups: [],
    })
    expect(made.id).toMatch(/^cus_[0-9A-Z]{26}$/)
    expect(await customers.get(made.id)).toEqual(made)
  })

  it("may have no e-mail address, as many as like", async () => {
    const made = await customers.createMany([{ firstName: "A" }, { firstName: "B" }])

    expect(made.map(({ email }) => email)).toEqual([null, null])
  })

  it("makes many in order, in as many statements as one", async () => {
    const inputs = Array.from({ length: 300 }, () => aCustomer())

    const forOne = await statementsOf(alone.database, () => customers.create(aCustomer()))
    let made: (string | null)[] = []
    const forMany = await statementsOf(alone.database, async () => {
      made = (await customers.createMany(inputs)).map(({ email }) => email)
    })

    expect(made).toEqual(inputs.map(({ email }) => email))
    expect(forOne).toHaveLength(3)
    expect(forMany).toHaveLength(3)
    expect(await customers.createMany([])).toEqual([])
  })

  it("lets an account and a guest of one e-mail address be side by side, and no second of either", async () => {
    const email = "ada@example.com"
    const guest = await customers.create({ email })
    const account = await customers.create({ email, hasAccount: true })

    await expect(customers.create({ email: "ADA@example.com" })).rejects.toThrow(EmailTaken)
    await expect(customers.create({ email, hasAccount: true })).rejects.toMatchObject({
      code: "customer.email_taken",
      details: { emails: [email] },
    })

    expect(account.id).not.toBe(guest.id)
    expect((await customers.list()).count).toBe(2)
  })

  it("refuses an e-mail address of another on update, and writes nothing", async () => {
    const { id, email } = await customers.create(aCustomer())
    const other = await customers.create(aCustomer())

    await expect(customers.update(id, { email: other.email, firstName: "Eve" })).rejects.toThrow(EmailTaken)

    expect(await customers.get(id)).toMatchObject({ email, firstName: null })
  })

  it("lets one of many who sign up at once have the account", async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () => customers.create({ email: "ada@example.com", hasAccount: true })),
    )

    const lost = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []))
    expect(lost).toHaveLength(19)
    expect(lost.every((error) => error instanceof EmailTaken)).toBe(true)
    expect((await customers.list()).count).toBe(1)
  })

  it("changes the fields that are named, and leaves the others", async () => {
    const before = await customers.create(aCustomer({ firstName: "Ada", phone: "1", hasAccount: true }))

    const after = await customers.update(before.id, { lastName: "Byron", phone: null })

    expect(after).toMatchObject({ firstName: "Ada", lastName: "Byron", phone: null, hasAccount: true })
    expect(after).toMatchObject({ email: before.email, createdAt: before.createdAt })
  })

  it("is gone with its addresses once it is deleted, and its e-mail address is free", async () => {
    const { id, email } = await customers.create(aCustomer())
    await alone.addresses.create(id, anAddress({ isDefaultShipping: true }))

    await customers.delete(id)

    await expect(customers.get(id)).rejects.toMatchObject({ code: "resource.not_found" })
    expect(await customers.findBuyer(id)).toBeNull()
    expect((await alone.addresses.list(id)).count).toBe(0)
    expect((await customers.create({ email })).id).not.toBe(id)
  })

  it.each(["update", "delete", "get"] as const)("cannot %s whom there is not", async (verb) => {
    await expect(customers[verb]("cus_none", {})).rejects.toMatchObject({ details: { id: "cus_none" } })
  })

  it.each([
    ["what is no e-mail address", { email: "ada" }],
    ["an e-mail address that is too long", { email: `${"a".repeat(60)}@${"b".repeat(200)}.com` }],
    ["a field that there is not", { colour: "red" }],
  ] as [string, object][])("refuses %s", async (_, fault) => {
    await expect(customers.create({ ...aCustomer(), ...fault })).rejects.toMatchObject({ code: "input.invalid" })
  })

  it.each(["ada@", "lov", "BYR ada", "0170", "engines"])("is found by %j", async (q) => {
    const found = await customers.create({
      email: "ada@example.com",
      firstName: "Ada",
      lastName: "Lovelace Byron",
      phone: "0170 123",
      companyName: "Difference Engines",
    })
    await customers.create({ email: "bob@example.com", firstName: "Bob" })

    const { rows } = await customers.list({ q })

    expect(rows.map(({ id }) => id)).toEqual([found.id])
  })

  describe("a guest", () => {
    it("is made by the first who asks and found by the next, in one statement each but for the news", async () => {
      const account = await customers.create({ email: "ada@example.com", hasAccount: true })

      const first = await statementsOf(alone.database, () => customers.guestOf("ada@example.com"))
      const made = await customers.guestOf(" ADA@example.com")
      const again = await statementsOf(alone.database, () => customers.guestOf("ada@example.com"))

      expect(made).toMatchObject({ email: "ada@example.com", hasAccount: false, groupIds: [] })
      expect(made.id).not.toBe(account.id)
      expect(first).toHaveLength(2)
      expect(again).toHaveLength(1)
      expect(await sentOf(made.id)).toEqual([{ name: "customer.created" }])
      expect(await customers.get(made.id)).toMatchObject({ email: made.email, firstName: null, metadata: null })
    })

    it("is the same for many who ask at once, and is told of once", async () => {
      for (const email of ["a@example.com", "b@example.com", "c@example.com"]) {
        const guests = await Promise.all(Array.from({ length: 20 }, () => customers.guestOf(email)))

        const ids = new Set(guests.map(({ id }) => id))
        expect(ids.size).toBe(1)
        expect(await sentOf([...ids][0] as string)).toHaveLength(1)
      }
      expect((await customers.list()).count).toBe(3)
    })

    it("is made anew after the old one was deleted", async () => {
      const old = await customers.guestOf("ada@example.com")
      await customers.delete(old.id)

      expect((await customers.guestOf("ada@example.com")).id).not.toBe(old.id)
    })

    it("needs an e-mail address", async () => {
      await expect(customers.guestOf("nobody")).rejects.toMatchObject({ code: "input.invalid" })
    })
  })

  it("is read with the ids of its groups in one statement", async () => {
    const { id, email } = await customers.create(aCustomer({ hasAccount: true }))
    const groups = await alone.groups.createMany(["A", "B", "C"].map((name) => ({ name: `${name} ${id}` })))
    const ids = groups.map((group) => group.id)
    await alone.groups.addGroupsTo(id, ids)
    await alone.groups.delete(ids[1] as string)

    const buyer = await customers.findBuyer(id)
    const statements = await statementsOf(alone.database, () => customers.findBuyer(id))

    expect(buyer).toEqual({ id, email, hasAccount: true, groupIds: [ids[0], ids[2]] })
    expect(statements).toHaveLength(1)
    expect(await customers.findBuyer("cus_none")).toBeNull()
  })

  it("tells what happened, with the data or not at all", async () => {
    const { id } = await customers.create(aCustomer())
    await alone.database
      .transaction(async () => {
        await customers.update(id, { firstName: "Other" })
        throw new Error("changed my mind")
      })
      .catch(() => {})
    await customers.delete(id)

    expect(await sentOf(id)).toEqual([{ name: "customer.created" }, { name: "customer.deleted" }])
  })
})
