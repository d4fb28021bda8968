import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from "vitest"
import { defineResource, link, Links, type EntityOf, type Resource, type Selected } from "../src/index.ts"
import { statementsOf } from "../src/testing.ts"
import {
  aBook,
  Author,
  authorResource,
  Book,
  bookResource,
  bookShelf,
  BookTopic,
  byText,
  Chapter,
  chapterResource,
  databaseKinds,
  openShop,
  Shelf,
  shelfResource,
  Topic,
  topicResource,
  type Shop,
} from "./shop.ts"

const favourite = link(authorResource, shelfResource, {
  as: "favourite_shelf",
  inverse: "fan",
  left: "one",
  right: "one",
})

describe.each(databaseKinds)("relations, on %s", (kind) => {
  let shop: Shop

  beforeAll(async () => {
    shop = await openShop(kind, { links: [bookShelf, favourite] })
    const { database } = shop
    await database.insertRows(Author, [
      { id: "ann", name: "Ann", secret: "s", born: 1950 },
      { id: "bob", name: "Bob" },
    ])
    await database.insertRows(Book, [
      aBook({ id: "oak", title: "Oak", author: "ann", editor: "bob" }),
      aBook({ id: "elm", title: "Elm", author: "bob", editor: "ann" }),
      aBook({ id: "ash", title: "Ash", deletedAt: new Date() }),
      aBook({ id: "yew", title: "Yew" }),
    ])
    await database.insertRows(Chapter, [
      { id: "c1", heading: "Roots", rank: 2, book: "oak" },
      { id: "c2", heading: "Leaves", rank: 1, book: "oak" },
      { id: "c3", heading: "Bark", rank: 1, book: "elm", deletedAt: new Date() },
      { id: "c4", heading: "Bark", rank: 1, book: "ash" },
    ])
    await database.insertRows(Topic, [
      { id: "trees", name: "Trees" },
      { id: "wood", name: "Wood" },
    ])
    await database.insertRows(BookTopic, [
      { book: "oak", topic: "trees" },
      { book: "oak", topic: "wood" },
      { book: "elm", topic: "trees" },
      { book: "ash", topic: "wood" },
    ])
    await database.insertRows(Shelf, [
      { id: "s1", label: "Left" },
      { id: "s2", label: "Right" },
    ])
    const links = shop.container.resolve(Links)
    await links.add(bookShelf, [
      ["oak", "s2"],
      ["oak", "s1"],
      ["elm", "s1"],
      ["ash", "s1"],
    ])
    await links.add(favourite, [["ann", "s1"]])
  })
  afterAll(() => shop.end())

  const ids = async (resource: string, filter: object) => {
    const { rows, count } = await shop.query.listAny(resource, { fields: { id: true }, filter: filter as never })
    expect(count).toBe(rows.length)
    return rows.map((row) => row["id"])
  }

  it.each([
    ["to one", "book", { author: { name: "Ann" } }, ["oak"]],
    ["to one, by id", "book", { author: "bob" }, ["elm"]],
    ["to one, by its column", "book", { authorId: ["ann", "bob"] }, ["elm", "oak"]],
    ["to one, by its column's own name", "book", { author_id: "ann" }, ["oak"]],
    ["to one, by path", "book", { "author.born": { $gt: 1900 } }, ["oak"]],
    ["to one that is not there", "book", { author: null }, ["yew"]],
    ["to one that is there", "book", { author: {} }, ["elm", "oak"]],
    ["to many", "book", { chapters: { heading: { $like: "%o%" } } }, ["oak"]],
    ["to many, of one row at once", "book", { chapters: { heading: "Roots", rank: 1 } }, []],
    ["to many, of any row each", "book", { "chapters.heading": "Roots", "chapters.rank": 1 }, ["oak"]],
    ["to many, none of them deleted", "book", { chapters: { heading: "Bark" } }, []],
    ["to many that are not there", "book", { chapters: null }, ["elm", "yew"]],
    ["many to many", "book", { topics: { name: "Trees" } }, ["elm", "oak"]],
    ["many to many, from the other side", "topic", { books: { title: "Elm" } }, ["trees"]],
    ["many to many, to none that is deleted", "topic", { books: { title: "Ash" } }, []],
    ["by a link", "book", { shelves: { label: "Right" } }, ["oak"]],
    ["by a link, by ids", "book", { shelves: ["s1"] }, ["elm", "oak"]],
    ["by a link, from the other side", "shelf", { books: { author: { name: "Bob" } } }, ["s1"]],
    ["by a link of one to one", "author", { favouriteShelf: { label: "Left" } }, ["ann"]],
    ["by a link of one to one, in wire names", "shelf", { "fan.name": "Ann" }, ["s1"]],
    ["from the side that does not own it", "author", { books: { title: "Elm" } }, ["bob"]],
    ["through three", "chapter", { book: { topics: { books: { title: "Elm" } } } }, ["c1", "c2"]],
    ["negated", "book", { $not: { topics: "trees" } }, ["yew"]],
  ])("are filtered through %s", async (_, resource, filter, expected) => {
    const found = await ids(resource, filter)

    expect(found.toSorted(byText)).toEqual(expected)
  })

  it("are read in one statement at any depth, each in its own order, without what is deleted", async () => {
    let rows: unknown
    const sent = await statementsOf(shop.database, async () => {
      const page = await shop.query.list(bookResource, {
        fields: {
          title: true,
          authorId: true,
          author: { name: true, books: { title: true } },
          chapters: { heading: true, book: { id: true } },
          topics: { name: true, books: { id: true } },
          shelves: { label: true },
        } as never,
        order: { title: "desc" },
      })
      rows = page.rows
    })

    expect(rows).toEqual([
      { title: "Yew", authorId: null, author: null, chapters: [], topics: [], shelves: [] },
      {
        title: "Oak",
        authorId: "ann",
        author: { name: "Ann", books: [{ title: "Oak" }] },
        chapters: [
          { heading: "Leaves", book: { id: "oak" } },
          { heading: "Roots", book: { id: "oak" } },
        ],
        topics: [
          { name: "Trees", books: [{ id: "elm" }, { id: "oak" }] },
          { name: "Wood", books: [{ id: "oak" }] },
        ],
        shelves: [{ label: "Left" }, { label: "Right" }],
      },
      {
        title: "Elm",
        authorId: "bob",
        author: { name: "Bob", books: [{ title: "Elm" }] },
        chapters: [],
        topics: [{ name: "Trees", books: [{ id: "elm" }, { id: "oak" }] }],
        shelves: [{ label: "Left" }],
      },
    ])
    expect(sent).toHaveLength(1)
  })

  it("answer rows that are deleted when asked for them, at the root and nowhere else", async () => {
    const { rows } = await shop.query.list(bookResource, {
      fields: { id: true, chapters: { id: true } },
      filter: { id: ["ash", "elm"] },
      withDeleted: true,
    })

    expect(rows).toEqual([
      { id: "ash", chapters: [{ id: "c4" }] },
      { id: "elm", chapters: [] },
    ])
  })

  it("to one and the same resource are told apart, in orders too", async () => {
    const by = async (path: string) => {
      const order = { [path]: "asc" as const, id: "asc" as const }
      const { rows } = await shop.query.list(bookResource, { fields: { id: true }, order, filter: { author: {} } })
      return rows.map(({ id }) => id)
    }

    expect(await by("author.name")).toEqual(["oak", "elm"])
    expect(await by("editor.name")).toEqual(["elm", "oak"])
  })

  it("keep what is negated apart from what stands beside it, though all else is the same", async () => {
    const one = await ids("book", { title: { $not: { $eq: "Oak" }, $ne: "Elm" } })
    const other = await ids("book", { title: { $not: { $eq: "Oak", $ne: "Elm" } } })

    expect(one).toEqual(["yew"])
    expect(other.toSorted(byText)).toEqual(["elm", "yew"])
  })

  it("are typed from the entities, links from the side that declares them", async () => {
    const author = await shop.query.get(authorResource, "ann", { fields: { "*": true, books: { title: true } } })
    const chapter = await shop.query.get(chapterResource, "c1", { fields: { book: { author: true } } })

    expectTypeOf(author).toEqualTypeOf<{ id: string; name: string; born: number | null; books: { title: string }[] }>()
    expectTypeOf(chapter.book.author).toExtend<{ name: string } | null>()
    expectTypeOf(topicResource).toEqualTypeOf<Resource<Topic, "topic">>()
    expectTypeOf(defineResource("x", Author, { search: ["name"] })).toEqualTypeOf<Resource<Author, "x">>()
    expectTypeOf<Selected<EntityOf<typeof authorResource>, { "*": true }>>().not.toHaveProperty("secret")
    expect(author).toEqual({ id: "ann", name: "Ann", born: 1950, books: [{ title: "Oak" }] })
    expect(chapter.book.author).toEqual({ id: "ann", name: "Ann", born: 1950 })
  })
})

describe("links", () => {
  it("are added and removed any number at once, in one statement, and again without harm", async () => {
    const shop = await openShop("postgres")
    const links = shop.container.resolve(Links)
    const pairs = Array.from({ length: 1_000 }, (_, index) => [`b${index % 10}`, `s${index}`] as const)

    const sent = await statementsOf(shop.database, async () => {
      await links.add(bookShelf, pairs)
      await links.add(bookShelf, pairs)
      await links.remove(bookShelf, pairs.slice(2))
    })

    expect(sent).toHaveLength(3)
    expect(await links.of(bookShelf, ["b0", "b1", "b2"])).toEqual([
      ["b0", "s0"],
      ["b1", "s1"],
    ])
    await links.removeAllOfRight(bookShelf, ["s1"])
    expect(await links.of(bookShelf, ["b0", "b1", "b2"])).toEqual([["b0", "s0"]])
    await links.removeAllOf(bookShelf, ["b0", "b1"])
    expect(await links.of(bookShelf, ["b0", "b1", "b2"])).toEqual([])
    await shop.end()
  })

  it("refuse a second of what there can be one of", async () => {
    const shop = await openShop("postgres", { links: [favourite] })
    const links = shop.container.resolve(Links)
    await links.add(favourite, [["ann", "s1"]])

    await expect(links.add(favourite, [["ann", "s2"]])).rejects.toMatchObject({ constraint: "author_shelf_single" })
    await expect(links.add(favourite, [["bob", "s1"]])).rejects.toMatchObject({ constraint: "author_shelf_inverse" })
    await shop.end()
  })
})
