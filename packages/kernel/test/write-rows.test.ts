import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { constraintOf, rowChanges, type RowChanges } from "../src/index.ts"
import { statementsOf } from "../src/testing.ts"
import {
  aBook,
  Author,
  Book,
  BookTopic,
  bookResource,
  Chapter,
  databaseKinds,
  Language,
  libraryModule,
  openShop,
  speechModule,
  storageModule,
  Topic,
  type Shop,
} from "./shop.ts"

describe.each(databaseKinds)("rows of several entities written together, on %s", (kind) => {
  let shop: Shop
  const old = new Date(0)
  beforeAll(async () => {
    shop = await openShop(kind, { modules: [libraryModule, storageModule, speechModule] })
  })
  beforeEach(async () => {
    await shop.database.run(`truncate "library"."book", "library"."topic", "library"."author" cascade`)
    await shop.database.insertRows(Author, [{ id: "ann", name: "Ann" }])
    const times = { createdAt: old, updatedAt: old }
    await shop.database.insertRows(
      Book,
      ["a", "b", "c"].map((id) => aBook({ id, title: id, pages: 1, blurb: "B", author: "ann", ...times })),
    )
    await shop.database.insertRows(Chapter, [
      { id: "a1", heading: "A1", book: "a" },
      { id: "b1", heading: "B1", book: "b" },
    ])
  })
  afterAll(() => shop.end())

  const write = (changes: readonly RowChanges[]) => shop.database.writeRows(changes)
  const books = async () => {
    const fields = { "*": true, chapters: { id: true, heading: true }, author: { name: true } } as const
    const { rows } = await shop.query.list(bookResource, { fields })
    return new Map(rows.map((row) => [row.title, row]))
  }

  it("are made, changed and deleted in one statement, whatever refers to what", async () => {
    const sent = await statementsOf(shop.database, () =>
      write([
        {
          entity: Chapter,
          insert: [{ heading: "D1", book: "d" }],
          update: [{ id: "b1", heading: "B!" }],
          delete: ["a1"],
        },
        {
          entity: Book,
          delete: ["a"],
          update: [{ id: "b", pages: 7, author: null }],
          insert: [aBook({ id: "d", title: "d", author: "dan" })],
        },
        { entity: Author, insert: [{ id: "dan", name: "Dan" }] },
        { entity: BookTopic, insert: [{ book: "d", topic: "t" }] },
        { entity: Topic, insert: [{ id: "t", name: "T" }] },
      ]),
    )

    const after = await books()
    expect(sent).toHaveLength(1)
    expect([...after.keys()].toSorted((one, other) => one.localeCompare(other))).toEqual(["b", "c", "d"])
    expect(after.get("d")).toMatchObject({ author: { name: "Dan" }, chapters: [{ heading: "D1" }] })
    expect(after.get("b")).toMatchObject({
      pages: 7,
      author: null,
      blurb: "B",
      createdAt: old.toISOString(),
      chapters: [{ id: "b1", heading: "B!" }],
    })
    expect(after.get("c")).toMatchObject({ pages: 1, updatedAt: old.toISOString(), author: { name: "Ann" } })
  })

  it("have ids, defaults and times as insertRows and updateRows would give them", async () => {
    await write([
      { entity: Book, insert: [{ title: "new", isbn: "1" }, aBook({ title: "newer", status: "published" })] },
      { entity: Chapter, insert: [{ heading: "C1", book: "c" }] },
      { entity: Book, update: [{ id: "c", blurb: null }] },
    ])

    const after = await books()
    const fresh = after.get("new")
    expect(fresh).toMatchObject({ status: "draft", pages: 0, inPrint: true, awards: [], metadata: null, blurb: null })
    expect([fresh?.id, after.get("newer")?.id]).toEqual([
      expect.stringMatching(/^book_[0-9A-Z]{26}$/),
      expect.stringMatching(/^book_[0-9A-Z]{26}$/),
    ])
    expect(after.get("newer")?.status).toBe("published")
    expect(after.get("c")).toMatchObject({ blurb: null, chapters: [{ id: expect.stringMatching(/^chap_/) as string }] })
    for (const time of [fresh?.createdAt, fresh?.updatedAt, after.get("c")?.updatedAt]) {
      expect(Date.parse(time ?? "")).toBeGreaterThan(Date.now() - 60_000)
    }
  })

  it("are nothing to send when there is nothing to write", async () => {
    const sent = await statementsOf(shop.database, async () => {
      await write([])
      await write([{ entity: Book }, { entity: Chapter, insert: [], update: [], delete: [] }])
      // What a row does not name stays: this one names nothing.
      await write([{ entity: Chapter, update: [{ id: "a1" }, { id: "b1", heading: undefined }] }])
    })

    expect(sent).toEqual([])
  })

  it("are refused with what has no column, in any of them, before anything is sent", async () => {
    const good = { entity: Author, insert: [{ name: "New" }] }
    const sent = await statementsOf(shop.database, async () => {
      for (const bad of [
        { entity: Book, insert: [aBook(), aBook({ nothing: 1 })] },
        {
          entity: Book,
          update: [
            { id: "a", pages: 1 },
            { id: "b", nothing: 1 },
          ],
        },
        { entity: Chapter, insert: [{ heading: "x", book_id: "a" }] },
      ]) {
        await expect(async () => write([good, bad])).rejects.toThrow(/no column for "(nothing|book_id)"/)
      }
      await expect(async () => write([good, { entity: Book, update: [{ pages: 1 }] }])).rejects.toThrow(/has no "id"/)
      const twice = [1, 2].map((pages) => ({ id: "a", pages }))
      await expect(async () => write([good, { entity: Book, update: twice }])).rejects.toThrow(/have the same "id"/)
    })

    expect(sent).toEqual([])
  })

  it("are all undone when the database refuses one of them, and say by which constraint", async () => {
    const before = await books()

    const refused = write([
      { entity: Author, insert: [{ id: "dan", name: "Dan" }] },
      { entity: Chapter, delete: ["a1"], update: [{ id: "b1", heading: "B!" }] },
      { entity: Book, update: [{ id: "c", pages: -1 }] },
    ]).catch((error: unknown) => constraintOf(error))

    expect(await refused).toBe("book_pages_check")
    expect(await books()).toEqual(before)
    expect((await shop.query.listAny("author", { fields: { id: true } })).rows).toEqual([{ id: "ann" }])
  })

  it("pass over keys that there are not, and are known by a key whatever it is called", async () => {
    await write([
      { entity: Book, delete: ["nobody"], update: [{ id: "none", pages: 3 }] },
      {
        entity: Language,
        insert: [{ isoCode: "fr", name: "French" }],
        update: [{ isoCode: "sr", name: "Srpski" }],
        delete: ["de"],
      },
    ])

    const { rows } = await shop.query.listAny("language", { fields: { "*": true } })
    expect(rows).toEqual([
      { isoCode: "fr", name: "French" },
      { isoCode: "sr", name: "Srpski" },
    ])
    expect((await books()).size).toBe(3)
    await write([{ entity: Language, delete: ["fr"], insert: [{ isoCode: "de", name: "German" }] }])
  })

  it("have one text for as many rows as there are, so that it is prepared once", async () => {
    const textOf = async (count: number) => {
      const ids = Array.from({ length: count }, (_, index) => `x${count}-${index}`)
      const [text] = await statementsOf(shop.database, () =>
        write([
          { entity: Book, insert: ids.map((id) => aBook({ id, pages: count })), update: [{ id: "a", pages: count }] },
          { entity: Chapter, insert: ids.map((book) => ({ heading: book, book })), delete: ids },
        ]),
      )
      return text
    }

    expect(await textOf(2_000)).toBe(await textOf(1))
    const [row] = await shop.database.sql(`select count(*)::int as count from "library"."chapter"`)
    expect(row).toEqual({ count: 2_003 })
  })
})

describe("what must be written for rows to become others", () => {
  const before = [
    { id: "a", title: "A", tags: ["x"], metadata: { a: 1, b: [null] }, at: null },
    { id: "b", title: "B", tags: [], metadata: null, at: "2026-01-01" },
  ]

  it("is nothing for equal ones, in any order, of rows and of keys", () => {
    const after = [{ ...before[1] }, { at: null, metadata: { b: [null], a: 1 }, tags: ["x"], title: "A", id: "a" }]

    expect(rowChanges(Book, before, after)).toEqual({ entity: Book, insert: [], update: [], delete: [] })
  })

  it("is what differs of those that stay, those that come as a whole, and the ids of those that go", () => {
    const [a] = before
    const come = { title: "C", id: "c" }

    const changes = rowChanges(Book, before, [
      { ...a, title: "A!", metadata: { a: 2, b: [null] }, at: undefined },
      come,
    ])

    expect(changes).toEqual({
      entity: Book,
      insert: [come],
      update: [{ id: "a", title: "A!", metadata: { a: 2, b: [null] }, at: undefined }],
      delete: ["b"],
    })
  })

  it("leaves what a row does not name, and tells null from a value", () => {
    const changes = rowChanges(Book, before, [
      { id: "a", metadata: null },
      { id: "b", at: "2026-01-01", tags: [""] },
    ])

    expect(changes.update).toEqual([
      { id: "a", metadata: null },
      { id: "b", tags: [""] },
    ])
  })

  it("is all of them, from nothing and to nothing", () => {
    expect(rowChanges(Book, [], before)).toMatchObject({ insert: before, update: [], delete: [] })
    expect(rowChanges(Book, before, [])).toMatchObject({ insert: [], update: [], delete: ["a", "b"] })
  })
})
