import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import pg from "pg"
import { compose, DatabaseUnreachable, type Composition } from "../src/index.ts"
import { createTestDatabase, freePort, statementsOf, type TestDatabase } from "../src/testing.ts"
import { aBook, Author, Book, bookResource, databaseKinds, libraryModule, openShop, type Shop } from "./shop.ts"

const fields = { id: true } as const

describe.each(databaseKinds)("a transaction, on %s", (kind) => {
  let shop: Shop
  beforeAll(async () => {
    shop = await openShop(kind)
  })
  beforeEach(async () => {
    await shop.database.run(`truncate "library"."book" cascade`)
  })
  afterAll(() => shop.end())
  const count = async () => (await shop.query.list(bookResource, { fields })).count

  it("is joined by what is called inside, and commits as one", async () => {
    const { database } = shop

    await database.transaction(async (em) => {
      em.create(Book, aBook() as never)
      await database.transaction(async (inner) => {
        expect(inner).toBe(em)
        await database.insertRows(Book, [aBook()])
      })
      await em.flush()
      expect(await count()).toBe(2)
      expect(database.inTransaction).toBe(true)
    })

    expect(database.inTransaction).toBe(false)
    expect(await count()).toBe(2)
  })

  it("rolls back as one, whoever failed, and calls nobody back", async () => {
    const { database } = shop
    const called: string[] = []

    const work = database.transaction(async (em) => {
      database.afterCommit(() => called.push("outer"))
      em.create(Book, aBook() as never)
      await em.flush()
      await database.insertRows(Book, [aBook()])
      await database.transaction(async () => {
        database.afterCommit(() => called.push("inner"))
        throw new RangeError("no")
      })
    })

    await expect(work).rejects.toBeInstanceOf(RangeError)
    expect(await count()).toBe(0)
    expect(called).toEqual([])
  })

  it("calls back after its commit, in order, and at once where there is none", async () => {
    const { database } = shop
    const called: unknown[] = []

    await database.transaction(async () => {
      database.afterCommit(() => called.push(1))
      await database.transaction(async () => database.afterCommit(() => called.push(2)))
      await database.insertRows(Book, [aBook()])
      expect(called).toEqual([])
    })
    database.afterCommit(() => called.push(3))

    expect(called).toEqual([1, 2, 3])
  })

  it("is alone: those that run at the same time see nothing of each other until they commit", async () => {
    const { database } = shop
    const seen: number[] = []

    const works = Array.from({ length: 8 }, () =>
      database.transaction(async () => {
        await database.insertRows(Book, [aBook(), aBook()])
        seen.push((await count()) % 2)
      }),
    )
    const failing = database.transaction(async () => {
      await database.insertRows(Book, [aBook()])
      throw new RangeError("no")
    })
    await Promise.allSettled([...works, failing])

    expect(seen).toEqual(works.map(() => 0))
    expect(await count()).toBe(16)
  })

  it("tells no statement of those that only begin and end it, nor those that are to be untold", async () => {
    const sent = await statementsOf(shop.database, async () => {
      await shop.database.transaction(() => shop.database.run(`select 1`))
      await shop.database.untold(() => shop.database.run(`select 2`))
    })

    expect(sent).toEqual(["select 1"])
  })
})

describe("connections to Postgres", () => {
  let database: TestDatabase
  let shop: Composition
  beforeAll(async () => {
    database = await createTestDatabase()
    const first = await compose({ database: database.url, modules: [libraryModule] })
    await first.migrate()
    await first.close()
  })
  afterAll(() => database.drop())
  const open = async (options: object = {}) => {
    shop = await compose({
      database: { connectionString: database.url, max: 2 },
      modules: [libraryModule],
      events: { relay: false },
      ...options,
    })
    return shop
  }
  const prepared = (names = false) =>
    shop.database.sql<{ name: string }>(
      `select name from pg_prepared_statements ${names ? "" : "where name like 'mq_%'"}`,
    )

  it("keep statements prepared by name, and no more than they are allowed, dropping what was not used for longest", async () => {
    const { database: db } = await open({ preparedStatements: 5, database: { connectionString: database.url, max: 1 } })

    for (let index = 0; index < 20; index++) {
      await db.sql(`select ${index % 8} + $1::int as sum`, [1])
      await db.sql("select 'often'")
    }
    const texts = await db.sql<{ statement: string }>("select statement from pg_prepared_statements order by 1")

    expect(texts.length).toBeGreaterThan(2)
    expect(texts.length).toBeLessThanOrEqual(5)
    expect(texts.map(({ statement }) => statement)).toContain("select 'often'")
    await shop.close()
  })

  it("stay bounded when what makes room is sent in a transaction that has failed", async () => {
    const { database: db } = await open({ preparedStatements: 3, database: { connectionString: database.url, max: 1 } })
    const failing = () =>
      db.transaction(async () => {
        await db.sql("select 1 / 0").catch(() => {})
        for (let index = 0; index < 6; index++) await db.sql(`select ${index}`).catch(() => {})
        throw new RangeError("no")
      })

    for (let round = 0; round < 3; round++) await expect(failing()).rejects.toBeInstanceOf(RangeError)
    await db.sql("select 'after'")

    expect((await prepared()).length).toBeLessThanOrEqual(3)
    await shop.close()
  })

  it("prepare nothing where that is forbidden", async () => {
    const { query } = await open({ preparedStatements: 0 })

    await query.list(bookResource, { fields })

    expect(await prepared(true)).toEqual([])
    await shop.close()
  })

  it("are replaced when the server ends them, and the next statement works", async () => {
    const { database: db, query } = await open({ database: { connectionString: database.url, max: 1 } })
    const [own] = await db.sql<{ pid: number }>("select pg_backend_pid() as pid")
    const admin = new pg.Client({ connectionString: database.url })
    await admin.connect()

    const lost = db.transaction(async () => {
      await admin.query("select pg_terminate_backend($1)", [own?.pid])
      await db.sql("select 1")
    })
    await expect(lost).rejects.toBeInstanceOf(DatabaseUnreachable)
    expect((await query.list(bookResource, { fields })).rows).toEqual([])

    const [idle] = await db.sql<{ pid: number }>("select pg_backend_pid() as pid")
    await admin.query("select pg_terminate_backend($1)", [idle?.pid])
    const attempt = () => query.list(bookResource, { fields })
    // Whether the end of an idle connection is heard of before the next statement is a matter of luck.
    const page = await attempt().catch(attempt)
    expect(page.rows).toEqual([])
    await admin.end()
    await shop.close()
  })

  it.each([
    ["at which nobody listens", async () => `postgres://x:y@127.0.0.1:${await freePort()}/x`],
    ["of a host that there is not", async () => "postgres://x:y@nowhere.invalid/x"],
    ["with a wrong password", async () => database.url.replace(/:[^:@/]+@/, ":wrong@")],
    ["of a database that there is not", async () => database.url.replace(/\/[^/]+$/, "/nothing")],
  ])("to an address %s fail with a code", async (_, url) => {
    const elsewhere = await compose({ database: await url(), modules: [libraryModule] })

    const errors = await Promise.all(
      [() => elsewhere.migrate(), () => elsewhere.query.list(bookResource, { fields })].map((attempt) =>
        attempt().catch((error: unknown) => error),
      ),
    )

    for (const error of errors) {
      expect(error).toBeInstanceOf(DatabaseUnreachable)
      expect(error).toMatchObject({ code: "database.unreachable", kind: "unavailable" })
    }
    await elsewhere.close()
  })

  it("read from the replica when told to, and never inside a transaction", async () => {
    const replica = await createTestDatabase()
    const copy = await compose({ database: replica.url, modules: [libraryModule] })
    await copy.migrate()
    await copy.database.insertRows(Book, [aBook({ id: "copy" })])
    await open({ replica: replica.url })
    const ids = async (options: object) => {
      const { rows } = await shop.query.list(bookResource, { fields, ...options })
      return rows.map(({ id }) => id)
    }

    expect(await ids({ replica: true })).toEqual(["copy"])
    expect(await ids({})).toEqual([])
    expect(await shop.database.transaction(() => ids({ replica: true }))).toEqual([])
    expect(shop.database.hasReplica).toBe(true)
    await shop.close()
    await copy.close()
    await replica.drop()
  })

  it("write at once what several callers write, each with its own connection", async () => {
    await open()
    const names = Array.from({ length: 30 }, (_, index) => `writer ${index}`)

    await Promise.all(names.map((name) => shop.database.transaction(async (em) => void em.create(Author, { name }))))

    const [row] = await shop.database.sql(`select count(distinct name)::int as names from "library"."author"`)
    expect(row).toEqual({ names: 30 })
    await shop.close()
  })
})
