import { PGlite } from "@electric-sql/pglite"
import { defineEntity, MikroORM, p } from "@mikro-orm/postgresql"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import pg from "pg"
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest"
import { compose, DatabaseSourceInvalid, Events, type Composition, type DatabaseSource } from "../src/index.ts"
import { createTestDatabase, type TestDatabase } from "../src/testing.ts"
import { bookLent } from "./events.ts"
import { startChild } from "./processes/child.ts"
import { aBook, Book, bookResource, libraryModule, Shelf, shelfResource, storageModule } from "./shop.ts"

const fields = { id: true } as const
const events = { relay: false }
const open = (database: DatabaseSource) => compose({ database, modules: [libraryModule], events })
const write = async (shop: Composition) => {
  await shop.migrate()
  await shop.database.insertRows(Book, [aBook()])
  return (await shop.query.list(bookResource, { fields })).count
}

describe("what is given as database", () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await createTestDatabase()
  })
  afterAll(() => database.drop())

  it("may be the host's pool, which stays open and as the host has set it", async () => {
    const pool = new pg.Pool({ connectionString: database.url, max: 3 })
    const shop = await open(pool)

    expect(await write(shop)).toBeGreaterThan(0)
    await shop.close()

    const { rows } = await pool.query<{ at: unknown }>(`select created_at as at from "library"."book" limit 1`)
    expect(rows[0]?.at).toBeInstanceOf(Date)
    await pool.end()
  })

  it("may be the host's PGlite, which stays open, for several compositions at once", async () => {
    const pglite = await PGlite.create()
    const library = await open(pglite)
    const storage = await compose({ database: pglite, modules: [storageModule], events })
    await library.migrate()
    await storage.migrate()

    // Each transaction has the one connection to itself, whosever it is.
    const failing = library.database.transaction(async () => {
      await library.database.insertRows(Book, [aBook()])
      await library.database.sql("select pg_sleep(0.01)")
      throw new RangeError("no")
    })
    const writing = storage.database.transaction(() => storage.database.insertRows(Shelf, [{ label: "A" }]))
    await Promise.allSettled([failing, writing])

    expect((await library.query.list(bookResource, { fields })).count).toBe(0)
    expect((await storage.query.list(shelfResource, { fields })).count).toBe(1)
    await library.close()
    await storage.close()
    expect(pglite.closed).toBe(false)
    await pglite.close()
  })

  it("may be a directory, which keeps what was written", async () => {
    const directory = await mkdtemp(join(tmpdir(), "marquetry-kernel-"))
    const first = await open(directory)
    expect(first.database.embedded).toBe(true)
    await write(first)
    await first.close()

    const second = await open(`file://${directory}`)
    expect(await second.migrate()).toEqual([])
    expect((await second.query.list(bookResource, { fields })).count).toBe(1)
    await second.close()
    await rm(directory, { recursive: true })
  })

  it.each([undefined, "memory:", "memory://"])(
    "may be nothing, or memory, which is gone when closed: %s",
    async (source) => {
      for (let round = 0; round < 2; round++) {
        const shop = await open(source)
        expect(await write(shop)).toBe(1)
        await shop.close()
      }
    },
  )

  it.each([[""], [42], [null], [true], [() => {}], [{ query: () => {} }]])(
    "is refused when it is %s",
    async (source) => {
      await expect(open(source as never)).rejects.toBeInstanceOf(DatabaseSourceInvalid)
    },
  )

  it.each(["a server", "an embedded one"])(
    "lets the process exit by itself once it is closed, with %s",
    async (place) => {
      const child = startChild("close.ts", ...(place === "a server" ? [database.url] : []))

      expect(await child.ended).toBe(0)
      expect(child.lines).toEqual(["closed"])
    },
  )
})

const NoteTable = defineEntity({ name: "HostNote", tableName: "host_note", properties: { id: p.text().primary() } })
class HostNote extends NoteTable.class {}
NoteTable.setClass(HostNote)

describe("the host's EntityManager", () => {
  let database: TestDatabase
  let host: MikroORM
  let shop: Composition
  const handled = vi.fn<() => void>()

  beforeAll(async () => {
    database = await createTestDatabase()
    host = (await MikroORM.init({
      clientUrl: database.url,
      entities: [HostNote],
      debug: false,
    })) as never
    await host.em.getConnection().execute(`create table host_note (id text primary key)`)
    shop = await compose({
      database: host.em as never,
      modules: [libraryModule],
      subscribers: [{ name: "lender", event: bookLent.name, handle: handled }],
    })
    await shop.migrate()
  })
  beforeEach(async () => {
    await shop.relay.settled()
    handled.mockReset()
    await host.em.getConnection().execute(`truncate host_note, "library"."book", "marquetry"."outbox" cascade`)
  })
  afterAll(async () => {
    await shop.close()
    await host.close(true)
    await database.drop()
  })
  const both = async () => ({
    notes: (await host.em.fork().find(HostNote, {})).length,
    books: (await shop.query.list(bookResource, { fields })).count,
  })
  const work = async (id: string) => {
    await shop.database.transaction(async (em) => void em.create(Book, aBook() as never))
    await shop.database.insertRows(Book, [aBook()])
    await shop.container.resolve(Events).emit(bookLent, { id, reader: 1 })
  }

  it("has its transaction span our work, and events leave after its commit", async () => {
    await host.em.transactional(async (em) => {
      em.create(HostNote, { id: "n" })
      await em.flush()
      await work("b")
      expect(await shop.query.list(bookResource, { fields })).toMatchObject({ count: 2 })
      expect(shop.database.inTransaction).toBe(true)
      await shop.relay.settled()
      expect(handled).not.toHaveBeenCalled()
    })

    expect(await both()).toEqual({ notes: 1, books: 2 })
    await vi.waitFor(() => expect(handled).toHaveBeenCalledTimes(1))
  })

  it("takes our work with it when it rolls back, and no later commit tells of it", async () => {
    const woken = vi.fn<() => void>()
    const failing = host.em.transactional(async (em) => {
      em.create(HostNote, { id: "n" })
      await em.flush()
      await work("b")
      shop.database.afterCommit(woken)
      throw new RangeError("no")
    })
    await expect(failing).rejects.toBeInstanceOf(RangeError)
    await host.em.transactional(async (em) => void em.create(HostNote, { id: "other" }))

    expect(await both()).toEqual({ notes: 1, books: 0 })
    expect(woken).not.toHaveBeenCalled()
  })

  it("tells of a commit once the outermost of nested transactions has committed", async () => {
    const told: string[] = []
    await host.em.transactional(async (em) => {
      em.create(HostNote, { id: "n" })
      await em.flush()
      await host.em.transactional(async () => {
        await work("b")
        shop.database.afterCommit(() => told.push("told"))
      })
      expect(told).toEqual([])
    })

    expect(told).toEqual(["told"])
    expect(await both()).toEqual({ notes: 1, books: 2 })
  })

  it("loses our work when ours fails, without what the host did before", async () => {
    const failing = host.em.transactional(() =>
      shop.database.insertRows(Book, [aBook({ isbn: "1" }), aBook({ isbn: "1" })]),
    )

    await expect(failing).rejects.toMatchObject({ constraint: "book_isbn_unique" })
    expect(await both()).toEqual({ notes: 0, books: 0 })
  })

  it("is not needed for a transaction of ours, and stays open when we close", async () => {
    const other = await compose({ database: host.em as never, modules: [storageModule], events })
    await other.migrate()
    await other.database.transaction(async (em) => void em.create(Shelf, { label: "A" }))
    expect((await other.query.list(shelfResource, { fields })).count).toBe(1)

    await other.close()

    expect(await both()).toEqual({ notes: 0, books: 0 })
  })
})
