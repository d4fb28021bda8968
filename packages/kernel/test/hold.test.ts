import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { assertFound, compose, hold, NotFound, type Composition, type HoldStrength } from "../src/index.ts"
import { statementsOf } from "../src/testing.ts"
import { aBook, Book, bookResource, Chapter, libraryModule, openShop, storageModule, type Shop } from "./shop.ts"

describe("records that are held", () => {
  let shop: Shop
  let other: Composition

  beforeAll(async () => {
    shop = await openShop("postgres")
    other = await compose({ database: shop.url, modules: [libraryModule, storageModule], events: { relay: false } })
  })
  beforeEach(async () => {
    await shop.database.run(`truncate "library"."book" cascade`)
    await shop.database.insertRows(
      Book,
      ["a", "b", "c"].map((id) => aBook({ id })),
    )
  })
  afterAll(async () => {
    await other.close()
    await shop.end()
  })

  const inTurn = {
    refer: () => other.database.insertRows(Chapter, [{ heading: "Oak", book: "a" }]),
    share: () => other.database.transaction(() => hold(other.database, bookResource, ["a"], "share")),
    change: () => other.database.updateRows(Book, [{ id: "a", pages: 7 }]),
    update: () => other.database.transaction(() => hold(other.database, bookResource, ["a"], "update")),
  } as const
  // Not on the connection that holds them: a transaction sees the activity of others as it first looked at it.
  const waiting = () =>
    other.database.sql(`select 1 from pg_locks join pg_stat_activity using (pid)
      where not granted and datname = current_database()`)

  it.each<[HoldStrength, readonly (keyof typeof inTurn)[]]>([
    ["key share", ["update"]],
    ["share", ["change", "update"]],
    ["no key update", ["share", "change", "update"]],
    ["update", ["refer", "share", "change", "update"]],
  ])("for %s let %j wait, and others pass", async (strength, held) => {
    const names = Object.keys(inTurn) as (keyof typeof inTurn)[]
    const before: string[] = []
    let later: Promise<unknown> = Promise.resolve()

    await shop.database.transaction(async () => {
      await hold(shop.database, bookResource, ["a"], strength)
      for (const name of names.filter((one) => !held.includes(one))) {
        await inTurn[name]()
        before.push(name)
      }
      later = Promise.all(held.map((name) => inTurn[name]()))
      await expect.poll(waiting).toHaveLength(held.length)
    })

    await later
    expect(before).toEqual(names.filter((name) => !held.includes(name)))
  })

  it("are there, each of them, or none is held", async () => {
    await shop.database.softDeleteRows(Book, "id", ["b"])

    await expect(hold(shop.database, bookResource, ["a", "b"], "share")).rejects.toThrow(new NotFound("Book", "b"))
    await expect(hold(shop.database, bookResource, ["a", "none"], "share")).rejects.toThrow(
      new NotFound("Book", "none"),
    )
    await hold(shop.database, bookResource, ["c", "a", "c"], "share")
  })

  it("are held in one statement, and in none where there are none", async () => {
    const many = await statementsOf(shop.database, () => hold(shop.database, bookResource, ["a", "b", "c"], "share"))
    const none = await statementsOf(shop.database, () => hold(shop.database, bookResource, [], "share"))

    expect([many.length, none.length]).toEqual([1, 0])
  })

  it("are named as people read them when they are missed", () => {
    expect(() => assertFound({ name: "book_shelf" }, ["a", "b"], ["b"])).toThrow(new NotFound("Book shelf", "a"))
    assertFound({ name: "book_shelf" }, [], ["b"])
  })
})
