import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { z } from "zod"
import {
  compose,
  defineEvent,
  Events,
  type Composition,
  InvalidInput,
  ModuleError,
  NotFound,
  Records,
  rethrowConstraint,
} from "../src/index.ts"
import { statementsOf } from "../src/testing.ts"
import { aBook, Book, bookResource, Chapter, libraryModule, openShop, storageModule, type Shop } from "./shop.ts"

const payload = z.object({ id: z.string() })
const BookMade = defineEvent("book.made", payload)
const BookChanged = defineEvent("book.changed", payload)
const BookGone = defineEvent("book.gone", payload)

class IsbnTaken extends ModuleError {
  readonly code = "book.isbn_taken"
  readonly kind = "conflict"
  override readonly details: { isbns: readonly string[] }
  constructor(isbns: readonly string[]) {
    super("Another book has that ISBN")
    this.details = { isbns }
  }
}

const kind = {
  entity: Book,
  resource: bookResource,
  fields: { "*": true, chapters: { heading: true } },
  created: BookMade,
  updated: BookChanged,
  deleted: BookGone,
  refuse: (rows: readonly { isbn?: string }[]) =>
    rethrowConstraint({ book_isbn_unique: () => new IsbnTaken(rows.flatMap(({ isbn }) => isbn ?? [])) }),
} as const
const recordsOf = ({ database, query, container }: Composition) =>
  new Records(database, container.resolve(Events), query, kind)

describe("records", () => {
  let shop: Shop
  let books: ReturnType<typeof recordsOf>

  beforeAll(async () => {
    shop = await openShop("postgres")
    books = recordsOf(shop)
  })
  beforeEach(async () => {
    await shop.database.run(`truncate "library"."book" cascade`)
    await shop.database.run(`delete from "marquetry"."outbox"`)
  })
  afterAll(() => shop.end())

  const sent = async () =>
    (await shop.database.sql<{ name: string }>(`select name from "marquetry"."outbox" order by sequence`)).map(
      ({ name }) => name,
    )

  it("are made in order, with what belongs to them, in a constant number of statements", async () => {
    const rows = (count: number) => Array.from({ length: count }, (_, index) => aBook({ title: `Book ${index}` }))
    const withChapters = (count: number) =>
      books.insertMany(rows(count), (ids) =>
        shop.database.insertRows(
          Chapter,
          ids.map((book, index) => ({ book, heading: `Of ${index}` })),
        ),
      )

    const forOne = await statementsOf(shop.database, () => withChapters(1))
    let made: Awaited<ReturnType<typeof withChapters>> = []
    const forMany = await statementsOf(shop.database, async () => {
      made = await withChapters(120)
    })

    expect(forMany).toHaveLength(forOne.length)
    expect(made.map(({ title }) => title)).toEqual(rows(120).map(({ title }) => title))
    expect(made[7]?.chapters).toEqual([{ heading: "Of 7" }])
    expect(await sent()).toEqual(Array.from({ length: 121 }, () => "book.made"))
  })

  it("are made one by one, too, with what belongs to each", async () => {
    const made = await books.insert(aBook({ title: "Wood" }), (book) =>
      shop.database.insertRows(Chapter, [{ book, heading: "Oak" }]),
    )

    expect(made).toMatchObject({ title: "Wood", chapters: [{ heading: "Oak" }] })
    expect(await sent()).toEqual(["book.made"])
  })

  it("cost nothing where there are none", async () => {
    const statements = await statementsOf(shop.database, () => books.insertMany([]))

    expect(statements).toEqual([])
  })

  it("are all made or none, and no event is sent of what was not", async () => {
    const twice = [aBook({ isbn: "1" }), aBook({ isbn: "1" })]

    await expect(books.insertMany(twice)).rejects.toMatchObject({ details: { isbns: ["1", "1"] } })
    await expect(
      books.insertMany([aBook()], () => Promise.reject(new InvalidInput([{ path: [], message: "no" }]))),
    ).rejects.toThrow(InvalidInput)

    expect((await books.list()).rows).toEqual([])
    expect(await sent()).toEqual([])
  })

  it("change what is named, and say so", async () => {
    const { id } = await books.insert(aBook({ isbn: "1", pages: 3 }))
    await books.insert(aBook({ isbn: "2" }))

    const changed = await books.update(id, { title: "Stone" })
    const taken = books.update(id, { isbn: "2" })

    expect(changed).toMatchObject({ id, title: "Stone", pages: 3 })
    await expect(taken).rejects.toThrow(IsbnTaken)
    expect(await sent()).toEqual(["book.made", "book.made", "book.changed"])
  })

  it("are found by their fields, or not", async () => {
    await books.insertMany([aBook({ isbn: "1" }), aBook({ isbn: "2", title: "Stone" })])

    expect(await books.find({ isbn: "2" })).toMatchObject({ title: "Stone" })
    expect(await books.find({ isbn: "3" })).toBeNull()
  })

  it("are held while what belongs to them changes: changes follow each other", async () => {
    const { id } = await books.insert(aBook())
    const other = await compose({
      database: shop.url,
      modules: [libraryModule, storageModule],
      events: { relay: false },
    })
    const order: string[] = []
    let second: Promise<void> | undefined

    await books.update(id, {}, async () => {
      second = recordsOf(other).delete(id, async () => void order.push("deleted"))
      // Not on the connection that holds it: a transaction sees the activity of others as it first looked at it.
      await expect
        .poll(() =>
          other.database.sql(`select 1 from pg_locks join pg_stat_activity using (pid)
            where not granted and datname = current_database()`),
        )
        .toHaveLength(1)
      order.push("changed")
    })
    await second
    await other.close()

    expect(order).toEqual(["changed", "deleted"])
  })

  it("are deleted once, keep their row, and are not found afterwards", async () => {
    const { id } = await books.insert(aBook())

    const answers = await Promise.allSettled([books.delete(id), books.delete(id)])

    expect(answers.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"])
    const gone = new NotFound("Book", id)
    await expect(books.get(id)).rejects.toThrow(gone)
    await expect(books.update(id, { title: "Stone" })).rejects.toThrow(gone)
    expect(await shop.database.sql(`select id from "library"."book"`)).toEqual([{ id }])
    expect(await sent()).toEqual(["book.made", "book.gone"])
  })

  it("are deleted together, each once, or none of them", async () => {
    const ids = (await books.insertMany(Array.from({ length: 30 }, () => aBook()))).map(({ id }) => id)
    const kept = await books.insert(aBook())
    const seen: string[] = []

    await expect(books.deleteMany([kept.id, "book_none"])).rejects.toThrow(new NotFound("Book", "book_none"))
    const statements = await statementsOf(shop.database, () =>
      books.deleteMany([...ids, ...ids], async (gone) => void seen.push(...gone)),
    )
    await books.deleteMany([])

    expect(statements).toHaveLength(2)
    expect(seen).toEqual(ids)
    expect((await books.list()).rows).toEqual([kept])
    expect((await sent()).filter((name) => name === "book.gone")).toHaveLength(30)
  })

  it("may be deleted together by several at once, in any order", async () => {
    const ids = (await books.insertMany(Array.from({ length: 40 }, () => aBook()))).map(({ id }) => id)

    const answers = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) => books.deleteMany(index % 2 === 0 ? ids : ids.toReversed())),
    )

    const refused = answers.flatMap((answer) => (answer.status === "rejected" ? [answer.reason as unknown] : []))
    expect(refused).toHaveLength(7)
    expect(refused.every((reason) => reason instanceof NotFound)).toBe(true)
    expect(await sent()).toHaveLength(80)
  })

  it("stay when what they are needed for refuses", async () => {
    const { id } = await books.insert(aBook())

    const refused = books.delete(id, () => Promise.reject(new InvalidInput([{ path: [], message: "in use" }])))

    await expect(refused).rejects.toThrow("in use")
    expect(await books.get(id)).toMatchObject({ id, deletedAt: null })
  })
})
