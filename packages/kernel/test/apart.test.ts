import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { compose, computedField, link, linkByColumn, Links, QueryInvalid, type Composition } from "../src/index.ts"
import { createTestDatabase, statementsOf, type TestDatabase } from "../src/testing.ts"
import {
  aBook,
  Author,
  Book,
  bookLanguage,
  bookResource,
  bookShelf,
  Chapter,
  languageResource,
  libraryModule,
  Shelf,
  shelfResource,
  speechModule,
  storageModule,
} from "./shop.ts"

const shelfLanguage = link(shelfResource, languageResource, { as: "languages", inverse: "shelves" })
const onlyBook = linkByColumn(bookResource, languageResource, {
  column: "isbn",
  as: "dialect",
  inverse: "original",
  right: "one",
})

/* The same answers, whether the modules are together or apart; only the number of statements differs. */
describe.each(["together", "apart"])("modules in databases %s", (place) => {
  let databases: TestDatabase[]
  let shop: Composition
  const apart = place === "apart"

  beforeAll(async () => {
    databases = await Promise.all([createTestDatabase(), createTestDatabase(), createTestDatabase()])
    const [main, second, third] = databases as [TestDatabase, TestDatabase, TestDatabase]
    shop = await compose({
      database: main.url,
      modules: [
        libraryModule,
        apart ? { module: storageModule, database: second.url } : storageModule,
        apart ? { module: speechModule, database: third.url } : speechModule,
      ],
      links: [bookShelf, shelfLanguage, bookLanguage, onlyBook],
      computed: [
        computedField(bookResource, {
          name: "label",
          needs: { language: { name: true }, shelves: { label: true } },
          resolve: async (rows) => rows.map((row) => JSON.stringify(row)),
        }),
        computedField(shelfResource, {
          name: "loud",
          needs: { label: true },
          resolve: async (rows) => rows.map(({ label }) => `${String(label)}!`),
        }),
      ],
      events: { relay: false },
    })
    await shop.migrate()
    const { database } = shop
    await database.insertRows(Author, [{ id: "ann", name: "Ann" }])
    await database.insertRows(Book, [
      aBook({ id: "oak", title: "Oak", languageCode: "de", author: "ann", isbn: "sr" }),
      aBook({ id: "elm", title: "Elm", languageCode: "de" }),
      aBook({ id: "ash", title: "Ash", languageCode: "xx" }),
      aBook({ id: "yew", title: "Yew" }),
      aBook({ id: "fir", title: "Fir", languageCode: "de", deletedAt: new Date() }),
    ])
    await database.insertRows(Chapter, [
      { id: "c1", heading: "One", book: "oak" },
      { id: "c2", heading: "Two", book: "yew" },
    ])
    const shelves = [
      { id: "s1", label: "Left" },
      { id: "s2", label: "Right" },
      { id: "s3", label: "Far" },
    ]
    if (apart) {
      const there = await compose({ database: second.url, modules: [storageModule], events: { relay: false } })
      await there.database.insertRows(Shelf, shelves)
      await there.close()
    } else await database.insertRows(Shelf, shelves)
    const links = shop.container.resolve(Links)
    await links.add(bookShelf, [
      ["oak", "s2"],
      ["oak", "s1"],
      ["elm", "s1"],
      ["fir", "s3"],
    ])
    await links.add(shelfLanguage, [
      ["s1", "sr"],
      ["s2", "de"],
    ])
  })
  afterAll(async () => {
    await shop.close()
    await Promise.all(databases.map((database) => database.drop()))
  })

  const read = async (resource: string, read: object) => {
    const options = { fields: { id: true }, order: {}, ...read } as never
    return (await shop.query.listAny(resource, options)).rows
  }

  it.each([
    [
      "a column",
      "book",
      { title: true, language: { name: true } },
      [
        { title: "Ash", language: null },
        { title: "Elm", language: { name: "German" } },
        { title: "Oak", language: { name: "German" } },
        { title: "Yew", language: null },
      ],
    ],
    [
      "a column, from the other side",
      "language",
      { name: true, books: { title: true } },
      [
        { name: "German", books: [{ title: "Elm" }, { title: "Oak" }] },
        { name: "Serbian", books: [] },
      ],
    ],
    [
      "a unique column, from the other side",
      "language",
      { name: true, original: { title: true } },
      [
        { name: "German", original: null },
        { name: "Serbian", original: { title: "Oak" } },
      ],
    ],
    [
      "a link",
      "book",
      { id: true, shelves: { label: true } },
      [
        { id: "ash", shelves: [] },
        { id: "elm", shelves: [{ label: "Left" }] },
        { id: "oak", shelves: [{ label: "Left" }, { label: "Right" }] },
        { id: "yew", shelves: [] },
      ],
    ],
    [
      "a link, from the other side",
      "shelf",
      { label: true, books: { title: true } },
      [
        { label: "Left", books: [{ title: "Elm" }, { title: "Oak" }] },
        { label: "Right", books: [{ title: "Oak" }] },
        { label: "Far", books: [] },
      ],
    ],
    [
      "several, one behind the other",
      "chapter",
      { id: true, book: { shelves: { label: true, loud: true, languages: { name: true } } } },
      [
        {
          id: "c1",
          book: {
            shelves: [
              { label: "Left", loud: "Left!", languages: [{ name: "Serbian" }] },
              { label: "Right", loud: "Right!", languages: [{ name: "German" }] },
            ],
          },
        },
        { id: "c2", book: { shelves: [] } },
      ],
    ],
  ])("are read through %s", async (_, resource, fields, expected) => {
    expect(await read(resource, { fields })).toEqual(expected)
  })

  it.each([
    ["a column", "book", { language: { name: "German" } }, ["elm", "oak"]],
    ["a column, by key", "book", { language: ["de", "sr"] }, ["elm", "oak"]],
    ["a column, by path", "book", { "language.name": { $like: "G%" } }, ["elm", "oak"]],
    ["a column, negated", "book", { $not: { language: {} } }, ["ash", "yew"]],
    ["a unique column", "book", { dialect: { name: "Serbian" } }, ["oak"]],
    ["a link", "book", { shelves: { label: "Right" } }, ["oak"]],
    ["a link, from the other side", "shelf", { books: { title: "Elm" } }, ["s1"]],
    ["a link, from the other side, to none that is deleted", "shelf", { books: {} }, ["s1", "s2"]],
    ["two links, one behind the other", "book", { shelves: { languages: { name: "Serbian" } } }, ["elm", "oak"]],
    ["a relation and then a link", "chapter", { book: { shelves: { label: "Left" } } }, ["c1"]],
    ["a relation and then a column, by path", "chapter", { "book.language.name": "German" }, ["c1"]],
    [
      "a choice of both",
      "book",
      { $or: [{ shelves: "s2" }, { $and: [{ title: "Yew" }] }, { language: "sr" }] },
      ["oak", "yew"],
    ],
  ])("are filtered through %s", async (_, resource, filter, expected) => {
    const rows = await read(resource, { filter })

    expect(rows.map(({ id }) => id)).toEqual(expected)
  })

  it("are filtered by columns from the side whose key is not called id", async () => {
    const filter = { books: { author: { name: "Ann" } } }

    expect(await read("language", { fields: { isoCode: true }, filter })).toEqual([{ isoCode: "de" }])
  })

  it("have wire names and computed fields of rows there too", async () => {
    const fields = { title: true, language: { iso_code: true }, shelves: { loud: true }, label: true }
    const rows = await read("book", { fields, filter: { id: "oak" }, names: "wire" })

    expect(rows).toMatchObject([
      { title: "Oak", language: { iso_code: "de" }, shelves: [{ loud: "Left!" }, { loud: "Right!" }] },
    ])
    expect(JSON.parse((rows[0] as { label: string }).label)).toEqual({
      language: { name: "German" },
      shelves: [{ label: "Left" }, { label: "Right" }],
    })
  })

  it("ask each database once, however many rows there are", async () => {
    const fields = { language: { name: true }, shelves: { label: true } }
    const sent = await statementsOf(shop.database, () => read("book", { fields }))

    expect(sent).toHaveLength(1)
  })

  it("are read together, each where it is", async () => {
    let rows: unknown
    const sent = await statementsOf(shop.database, async () => {
      rows = await shop.query.listTogether([
        { resource: "shelf", read: { fields: { label: true }, filter: { books: { id: "elm" } } } },
        { resource: "book", read: { fields: { title: true, shelves: { label: true } }, filter: { id: "elm" } } },
        { resource: "language", read: { fields: { name: true }, filter: { isoCode: "de" } } },
      ])
    })

    expect(rows).toEqual([[{ label: "Left" }], [{ title: "Elm", shelves: [{ label: "Left" }] }], [{ name: "German" }]])
    // Apart, the first database is asked for the book of the filter, its ties to shelves, and the book of the second read.
    expect(sent).toHaveLength(apart ? 3 : 1)
  })

  it("keep to the scope of a read, in scopes that reach there too", async () => {
    const scope = {
      shelf: { label: { $ne: "Left" } },
      book: { shelves: { label: "Right" } },
      language: { name: "Serbian" },
    }

    expect(
      await read("book", { fields: { title: true, shelves: { label: true }, language: { name: true } }, scope }),
    ).toEqual([{ title: "Oak", shelves: [{ label: "Right" }], language: null }])
    expect(await read("book", { scope: { shelf: scope.shelf }, filter: { shelves: { label: "Left" } } })).toEqual([])
  })

  it("refuse what is hidden or wrong there before anything is asked", async () => {
    const refused = (filter: object, hidden: string[] = []) =>
      expect(read("book", { filter, hidden: new Set(hidden) })).rejects.toBeInstanceOf(QueryInvalid)

    await refused({ shelves: { nothing: 1 } })
    await refused({ shelves: { languages: { name: "x" } } }, ["language"])
    await refused({ language: "de" }, ["language"])
    await refused({ $or: [null] })
  })

  it.runIf(apart)("cannot be ordered by rows there", async () => {
    await expect(read("book", { order: { "language.name": "asc" } })).rejects.toBeInstanceOf(QueryInvalid)
  })
})

describe("a link by a column", () => {
  it.each([
    ["that there is not", { column: "nothing", as: "x" }, /no field "nothing"/],
    ["under a name that is taken", { column: "languageCode", as: "author" }, /has that already/],
  ])("is refused for one %s", async (_, options, message) => {
    const links = [linkByColumn(bookResource, languageResource, options)]

    await expect(compose({ modules: [libraryModule, speechModule], links })).rejects.toThrow(message)
  })
})
