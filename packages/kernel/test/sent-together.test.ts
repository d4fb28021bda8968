import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { allDone, constraintOf } from "../src/index.ts"
import { aBook, Book, databaseKinds, openShop, type Shop } from "./shop.ts"

describe.each(databaseKinds)("statements of one transaction, on %s", (kind) => {
  let shop: Shop
  beforeAll(async () => {
    shop = await openShop(kind)
  })
  beforeEach(() => shop.database.run(`truncate "library"."book" cascade`))
  afterAll(() => shop.end())

  const insert = (isbn: string) => shop.database.insertRows(Book, [aBook({ isbn })])
  const isbns = async () => {
    const rows = await shop.database.sql<{ isbn: string }>(`select isbn from "library"."book" order by isbn`)
    return rows.map(({ isbn }) => isbn)
  }

  it("run in the order in which they were asked for, without waiting for each other", async () => {
    const seen = await shop.database.transaction(async () => {
      const [, between] = await allDone([insert("1"), isbns(), insert("2")])
      return between
    })

    expect(seen).toEqual(["1"])
    expect(await isbns()).toEqual(["1", "2"])
  })

  it("undo each other, and the first that fails is what the transaction rejects with", async () => {
    const failing = shop.database.transaction(() => allDone([insert("1"), insert("1"), insert("2")]))

    await expect(failing).rejects.toSatisfy((error) => constraintOf(error)?.includes("isbn") === true)
    expect(await isbns()).toEqual([])
  })

  it("tell what failed, though what it made fail is heard of before", async () => {
    await insert("1")
    const late = async () => {
      try {
        await insert("1")
      } catch (error) {
        await new Promise((resolve) => setImmediate(resolve))
        throw error
      }
    }

    const failing = shop.database.transaction(() => allDone([late(), insert("2")]))

    await expect(failing).rejects.toSatisfy((error) => constraintOf(error)?.includes("isbn") === true)
  })

  it("are all waited for before a refusal ends the transaction", async () => {
    let isDone = false
    const slow = async () => {
      for (const isbn of ["1", "2", "3"]) await insert(isbn)
      isDone = true
    }

    await expect(shop.database.transaction(() => allDone([slow(), Promise.reject(new Error("no"))]))).rejects.toThrow(
      "no",
    )
    expect(isDone).toBe(true)
    expect(await isbns()).toEqual([])
  })

  it("may end it without being waited for", async () => {
    await shop.database.transaction(() => shop.database.endWith(insert("1")))

    expect(await isbns()).toEqual(["1"])
  })

  it("roll it back when the last one fails, and nothing is told to have been committed", async () => {
    await insert("1")
    let committed = false

    const failing = shop.database.transaction(async () => {
      shop.database.afterCommit(() => (committed = true))
      await insert("2")
      await shop.database.endWith(insert("1"))
    })

    await expect(failing).rejects.toSatisfy((error) => constraintOf(error)?.includes("isbn") === true)
    expect(committed).toBe(false)
    expect(await isbns()).toEqual(["1"])
  })

  it("tell why the last one failed, though others came after it", async () => {
    await insert("1")

    const failing = shop.database.transaction(async () => {
      await shop.database.transaction(() => shop.database.endWith(insert("1")))
      await insert("2")
    })

    await expect(failing).rejects.toSatisfy((error) => constraintOf(error)?.includes("isbn") === true)
    expect(await isbns()).toEqual(["1"])
  })

  it("are refused once it has ended, instead of being written for good", async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    let late: Promise<unknown> | undefined

    await shop.database.transaction(async () => {
      late = promise.then(() => insert("1"))
    })
    resolve()

    await expect(late).rejects.toThrow("after the end of its transaction")
    expect(await isbns()).toEqual([])
  })

  it("need no transaction where there are none", async () => {
    await expect(shop.database.transaction(async () => "nothing")).resolves.toBe("nothing")
    await expect(shop.database.transaction(() => Promise.reject(new Error("no")))).rejects.toThrow("no")
    expect(await isbns()).toEqual([])
  })
})
