import { createTestDatabase, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { HandleTaken, startProduct } from "../index.ts"
import { aProduct } from "../testing.ts"

type Catalogue = Awaited<ReturnType<typeof startProduct>>

describe("handles of products", () => {
  let database: TestDatabase
  let one: Catalogue
  let other: Catalogue

  beforeAll(async () => {
    database = await createTestDatabase()
    one = await startProduct({ database: database.url, events: { relay: false } })
    other = await startProduct({ database: database.url, events: { relay: false } })
    await one.migrate()
  })
  beforeEach(() => one.database.run(`truncate "product"."product" cascade`))
  afterAll(async () => {
    await one.close()
    await other.close()
    await database.drop()
  })

  // Asked outside of the transaction that is open: inside, it would be answered once and for all.
  const waiting = () =>
    other.database.sql(`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)

  it("that are asked for are written side by side, though they are of one family", async () => {
    await one.database.transaction(async () => {
      await one.products.create(aProduct({ handle: "stool-1" }))

      const beside = await other.products.create(aProduct({ handle: "stool-2" }))

      expect(beside.handle).toBe("stool-2")
    })
  })

  it("that are made from titles wait for those that are asked for, and go around them", async () => {
    let made: Promise<{ handle: string }> | undefined
    await one.database.transaction(async () => {
      await one.products.create(aProduct({ title: "Stool", handle: "stool" }))
      made = other.products.create(aProduct({ title: "Stool" }))
      await expect.poll(waiting).toHaveLength(1)
    })

    expect((await made)?.handle).toBe("stool-2")
  })

  it("that are asked for wait for those that are made from titles", async () => {
    let asked: Promise<unknown> | undefined
    await one.database.transaction(async () => {
      await one.products.create(aProduct({ title: "Stool" }))
      asked = other.products.create(aProduct({ handle: "stool" }))
      asked.catch(() => {})
      await expect.poll(waiting).toHaveLength(1)
    })

    await expect(asked).rejects.toEqual(new HandleTaken("stool"))
  })

  it("are had by one of many who want the same ones in any order, and nobody is caught in a circle", async () => {
    const handles = Array.from({ length: 200 }, (_, index) => `chair-${index}`)
    const wanting = (order: string[]) => order.map((handle) => aProduct({ handle, variants: [] }))

    const results = await Promise.allSettled(
      [one, other, one, other].map(({ products }, index) =>
        products.createMany(wanting(index % 2 === 0 ? handles : handles.toReversed())),
      ),
    )

    const lost = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []))
    expect(lost).toHaveLength(3)
    for (const error of lost) expect(error).toBeInstanceOf(HandleTaken)
    expect((await one.products.list()).count).toBe(200)
  })
})
