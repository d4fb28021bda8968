import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { compose, Events, subscribe, type Composition } from "../src/index.ts"
import { createTestDatabase, type TestDatabase } from "../src/testing.ts"
import { bookLent } from "./events.ts"
import { startChild } from "./processes/child.ts"
import { libraryModule } from "./shop.ts"

// Processes have to start, and to try again: more than a test has by itself, where the machine is busy.
describe("events, between processes", { timeout: 90_000 }, () => {
  let database: TestDatabase
  let shop: Composition
  beforeEach(async () => {
    database = await createTestDatabase()
    shop = await compose({ database: database.url, modules: [libraryModule], events: { relay: false } })
    await shop.migrate()
  })
  afterEach(async () => {
    await shop.close()
    await database.drop()
  })
  const left = async () => {
    const [row] = await shop.database.sql<{ left: number }>(
      `select count(*)::int as left from "marquetry"."outbox" where status <> 'done'`,
    )
    return row?.left
  }
  const waiting = { timeout: 30_000, interval: 25 }

  it("are each handled once, in order per aggregate, though two processes deliver them and handlers fail", async () => {
    const children = ["one", "two"].map((name) => startChild("relay.ts", database.url, name))
    await vi.waitFor(() => expect(children.map(({ lines }) => lines[0])).toEqual(["ready", "ready"]), waiting)

    const events = shop.container.resolve(Events)
    const aggregates = Array.from({ length: 10 }, (_, index) => `book${index}`)
    for (let reader = 0; reader < 10; reader++) {
      await events.emitMany(
        bookLent,
        aggregates.map((id) => ({ id, reader })),
      )
    }
    await vi.waitFor(async () => expect(await left()).toBe(0), waiting)

    for (const child of children) child.process.kill("SIGTERM")
    expect(await Promise.all(children.map(({ ended }) => ended))).toEqual([0, 0])
    const handled = children.flatMap(({ lines }) => lines.slice(1)).map((line) => line.split(" "))
    expect(handled).toHaveLength(100)
    for (const id of aggregates) {
      const readers = handled.filter(([aggregate]) => aggregate === id).map(([, reader]) => Number(reader))
      expect(readers.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
      for (const { lines } of children) {
        const own = lines.filter((line) => line.startsWith(`${id} `)).map((line) => Number(line.split(" ")[1]))
        expect(own).toEqual(own.toSorted((a, b) => a - b))
      }
    }
  })

  it("wait no longer than what failed before them, though another process takes that at once", async () => {
    let calls = 0
    const lender = subscribe(bookLent, "lender", () => {
      if (++calls % 3 === 0) throw new Error("Not now")
    })
    const options = { database: database.url, modules: [libraryModule], subscribers: [lender] }
    const events = { pollInterval: 3, backoff: 1, maxAttempts: 1_000 }
    const shops = await Promise.all([1, 2, 3, 4].map(() => compose({ ...options, events })))
    for (const one of shops) await one.assertMigrated()

    for (let reader = 0; reader < 20; reader++) {
      await shop.container.resolve(Events).emitMany(
        bookLent,
        Array.from({ length: 10 }, (_, index) => ({ id: `book${index}`, reader })),
      )
    }

    // Whoever is late here is late by the time for which a process may keep what it has taken: a minute.
    await vi.waitFor(async () => expect(await left()).toBe(0), waiting)
    await Promise.all(shops.map((one) => one.close()))
  })

  it("are delivered by another process when one is killed between commit and delivery", async () => {
    const child = startChild("emit.ts", database.url)
    expect(await child.ended).toBe("SIGKILL")
    expect(await left()).toBe(1)

    const seen: unknown[] = []
    const other = await compose({
      database: database.url,
      modules: [libraryModule],
      subscribers: [subscribe(bookLent, "dying", ({ payload }) => void seen.push(payload))],
      events: { pollInterval: 20 },
    })
    await other.assertMigrated()

    await vi.waitFor(() => expect(seen).toEqual([{ id: "book", reader: 1 }]), waiting)
    await other.close()
    expect(await left()).toBe(0)
  })
})
