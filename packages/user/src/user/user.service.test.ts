import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { EmailTaken, startUser, type CreateUser, type UpdateUser } from "../index.ts"
import { aUser } from "../testing.ts"

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

  it("keep what they were made with, and their e-mail address in lower case", async () => {
    const made = await users.create({ email: " Ada@Example.com ", firstName: " Ada ", metadata: { desk: { no: 7 } } })

    expect(made).toMatchObject({ email: "ada@example.com", firstName: "Ada", lastName: null, avatarUrl: null })
    expect(made).toMatchObject({ metadata: { desk: { no: 7 } }, deletedAt: null })
    expect(made.id).toMatch(/^user_[0-9A-Z]{26}$/)
    expect(await users.get(made.id)).toEqual(made)
    expect(await users.find(made.id)).toEqual(made)
  })

  it("are made in order, many in as many statements as one", async () => {
    const inputs = Array.from({ length: 300 }, () => aUser())

    const forOne = await statementsOf(alone.database, () => users.create(aUser()))
    let made: string[] = []
    const forMany = await statementsOf(alone.database, async () => {
      const rows = await users.createMany(inputs)
      made = rows.map(({ email }) => email)
    })

    expect(made).toEqual(inputs.map(({ email }) => email))
    expect(forOne).toHaveLength(3)
    expect(forMany).toHaveLength(3)
    expect(await users.createMany([])).toEqual([])
  })

  it("change in the fields that are named, and in no others", async () => {
    const before = await users.create(aUser({ metadata: { a: 1 } }))

    const after = await users.update(before.id, { firstName: "Grace", avatarUrl: "https://example.com/grace.png" })
    const cleared = await users.update(before.id, { lastName: null, metadata: null })

    expect(after).toMatchObject({ firstName: "Grace", lastName: "Byron", metadata: { a: 1 }, email: before.email })
    expect(after.createdAt).toBe(before.createdAt)
    expect(cleared).toMatchObject({ firstName: "Grace", lastName: null, metadata: null })
    expect(cleared.avatarUrl).toBe("https://example.com/grace.png")
  })

  it("are one per e-mail address: of those who come later none is written", async () => {
    await users.create(aUser({ email: "taken@example.com" }))

    await expect(users.createMany([aUser(), aUser({ email: "Taken@example.com" })])).rejects.toThrow(EmailTaken)
    await expect(users.create(aUser({ email: "taken@example.com" }))).rejects.toMatchObject({
      code: "user.email_taken",
      kind: "conflict",
      details: { emails: ["taken@example.com"] },
    })

    expect((await users.list()).count).toBe(1)
  })

  it("are one of many who want the same e-mail address at once", async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, () => users.create(aUser({ email: "wanted@example.com" }))),
    )

    const lost = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []))
    expect(lost).toHaveLength(7)
    expect(lost.every((error) => error instanceof EmailTaken)).toBe(true)
    expect((await users.list()).count).toBe(1)
  })

  it("leave their e-mail address to others when they are deleted", async () => {
    const { id } = await users.create(aUser({ email: "free@example.com" }))

    await users.delete(id)

    await expect(users.get(id)).rejects.toMatchObject({ code: "resource.not_found" })
    expect(await users.find(id)).toBeNull()
    expect(await users.findByEmail("free@example.com")).toBeNull()
    const next = await users.create(aUser({ email: "free@example.com" }))
    expect(next.id).not.toBe(id)
  })

  it("are found by their e-mail address, however it is written", async () => {
    const ada = await users.create(aUser({ email: "ada@example.com" }))

    expect(await users.findByEmail(" ADA@example.com")).toEqual(ada)
    expect(await users.findByEmail("grace@example.com")).toBeNull()
    await expect(users.findByEmail("ada")).rejects.toMatchObject({ code: "input.invalid" })
  })

  it("are found by the beginning of their names and of their e-mail address, and by their fields", async () => {
    await users.createMany([
      aUser({ email: "ada@example.com", firstName: "Ada", lastName: "Byron" }),
      aUser({ email: "grace@example.com", firstName: "Grace", lastName: "Hopper" }),
    ])
    const found = async (...options: Parameters<typeof users.list>) =>
      (await users.list(...options)).rows.map(({ firstName }) => firstName)

    expect(await found({ q: "hop gra" })).toEqual(["Grace"])
    expect(await found({ q: "ada@example.com" })).toEqual(["Ada"])
    expect(await found({ filter: { lastName: "Byron" } })).toEqual(["Ada"])
    expect(await found({ order: { firstName: "desc" }, limit: 1 })).toEqual(["Grace"])
  })

  it.each(["update", "delete", "get"] as const)("cannot %s when there is none", async (verb) => {
    await expect(users[verb]("user_none", {})).rejects.toMatchObject({ details: { id: "user_none" } })
  })

  it.each([
    ["without an e-mail address", () => users.create({ firstName: "Ada" } as CreateUser)],
    ["with half an e-mail address", () => users.create({ email: "ada@" })],
    ["with a name of 201 characters", () => users.create(aUser({ lastName: "x".repeat(201) }))],
    ["with a field that there is not", () => users.create({ ...aUser(), roles: [] } as CreateUser)],
    ["with another e-mail address than before", () => users.update("user_1", { email: "a@b.example" } as UpdateUser)],
  ])("are refused %s", async (_, work) => {
    await expect(work()).rejects.toMatchObject({ code: "input.invalid" })
    expect((await users.list()).count).toBe(0)
  })

  it("tell what happened to them, with the data or not at all", async () => {
    const { id } = await users.create(aUser())
    await alone.database
      .transaction(async () => {
        await users.update(id, { firstName: "Other" })
        throw new Error("changed my mind")
      })
      .catch(() => {})
    await users.update(id, { firstName: "Grace" })
    await users.delete(id)

    const sent = await alone.database.sql(
      `select name, payload from "marquetry"."outbox" where aggregate_id = $1 order by sequence`,
      [id],
    )

    expect(sent).toEqual(["user.created", "user.updated", "user.deleted"].map((name) => ({ name, payload: { id } })))
  })
})
