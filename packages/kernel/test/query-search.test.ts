import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { statementsOf } from "../src/testing.ts"
import {
  aBook,
  Author,
  Book,
  BookTopic,
  byText,
  Chapter,
  databaseKinds,
  openShop,
  Shelf,
  Topic,
  type Shop,
} from "./shop.ts"

describe.each(databaseKinds)("q, on %s", (kind) => {
  let shop: Shop
  const found = async (resource: string, q: string, more: object = {}) => {
    const { rows, count } = await shop.query.listAny(resource, { fields: { id: true }, q, ...more })
    expect(count).toBe(rows.length)
    return rows.map((row) => row["id"])
  }

  beforeAll(async () => {
    shop = await openShop(kind)
    const { database } = shop
    await database.insertRows(Author, [{ id: "ann", name: "Ann Önner" }])
    await database.insertRows(Book, [
      aBook({ id: "oak", title: "The Oak", blurb: "A tree-house in it's crown", author: "ann" }),
      aBook({ id: "elm", title: "The Elm", blurb: null }),
      aBook({ id: "fir", title: "Letters", blurb: "from Ada.Fir@trees.example, nr. AB-12/3" }),
      aBook({ id: "ash", title: "The Ash", deletedAt: new Date() }),
    ])
    await database.insertRows(Chapter, [
      { id: "c1", heading: "Deep roots", book: "oak" },
      { id: "c2", heading: "Bright leaves", book: "oak" },
      { id: "c3", heading: "Deep bark", book: "elm" },
      { id: "c4", heading: "Hidden sap", book: "elm", deletedAt: new Date() },
      { id: "c5", heading: "Ashes", book: "ash" },
    ])
    await database.insertRows(Topic, [
      { id: "trees", name: "Trees" },
      { id: "wood", name: "Wood" },
    ])
    await database.insertRows(BookTopic, [
      { book: "oak", topic: "trees" },
      { book: "elm", topic: "wood" },
      { book: "ash", topic: "wood" },
    ])
    await database.insertRows(Shelf, [{ label: "Oak" }])
  })
  afterAll(() => shop.end())

  it.each([
    ["a word", "oak", ["oak"]],
    ["the beginning of a word", "the", ["elm", "oak"]],
    ["capitals", "OAK", ["oak"]],
    ["words in one column", "the oak", ["oak"]],
    ["words in two columns of a table", "oak crown", ["oak"]],
    ["words in two tables", "oak deep", ["oak"]],
    ["words in two rows of another table", "roots leaves", ["oak"]],
    ["words of which one is nowhere", "oak bark", []],
    ["a word of another table", "bark", ["elm"]],
    ["a word that many have", "deep", ["elm", "oak"]],
    ["the beginning of an e-mail address", "ada.fir@tre", ["fir"]],
    ["an e-mail address up to its middle", "Ada.fir@", ["fir"]],
    ["a whole e-mail address", "ada.fir@trees.example", ["fir"]],
    ["no other e-mail address", "ada.fir@trees.net", []],
    ["a number with signs in it", "ab-12/3", ["fir"]],
    ["the beginning of one", "AB-1", ["fir"]],
    ["words with a hyphen", "tree-house", ["oak"]],
    ["an apostrophe", "it's", ["oak"]],
    ["what is deleted there", "sap", []],
    ["what is itself deleted", "ash", []],
    ["nothing but signs, which asks for nothing", " ' & | ! ", ["elm", "fir", "oak"]],
    ["nothing", "", ["elm", "fir", "oak"]],
    ["signs of the query language", "oak & ! ( ) :* <->", ["oak"]],
    ["a quotation mark and a backslash", `oak' \\`, ["oak"]],
  ])("finds %s", async (_, q, expected) => {
    expect((await found("book", q)).toSorted(byText)).toEqual(expected)
  })

  it("finds by what belongs to one that a row belongs to", async () => {
    expect(await found("chapter", "oak")).toEqual(["c1", "c2"])
    expect(await found("chapter", "crown leaves")).toEqual(["c2"])
    expect(await found("chapter", "elm roots")).toEqual([])
    expect(await found("chapter", "ash")).toEqual(["c5"])
  })

  it("finds through many to many", async () => {
    expect(await found("topic", "oak")).toEqual(["trees"])
    expect(await found("topic", "wood elm")).toEqual(["wood"])
    expect(await found("topic", "ash")).toEqual([])
  })

  it("finds letters of any language, and nothing where nothing is searched", async () => {
    expect(await found("author", "önn")).toEqual(["ann"])
    expect(await found("shelf", "oak")).toEqual([])
  })

  it("goes together with filters, and past twenty words", async () => {
    expect(await found("book", "deep", { filter: { author: "ann" } })).toEqual(["oak"])
    expect(await found("book", `${"oak ".repeat(20)} nowhere`)).toEqual(["oak"])
  })
})

describe("q over many rows", () => {
  it("reads every table by its index", async () => {
    const shop = await openShop("postgres")
    const books = Array.from({ length: 5_000 }, (_, index) => ({
      ...aBook({ title: `Volume w${index}` }),
      id: `b${index}`,
    }))
    await shop.database.insertRows(Book, books)
    await shop.database.insertRows(
      Chapter,
      books.map(({ id }, index) => ({ heading: `Part h${index}`, book: id })),
    )
    await shop.database.run("analyze")
    const plan = async (resource: string, q: string) => {
      const read = () => shop.query.listAny(resource, { fields: { id: true }, q, count: false })
      const [text] = (await statementsOf(shop.database, read)) as [string]
      const words = q.split(" ").map((word) => `'${word}':*`)
      const rows = await shop.database.sql<{ "QUERY PLAN": string }>(`explain ${text}`, words)
      return rows.map((row) => row["QUERY PLAN"]).join("\n")
    }

    const both = await plan("book", "w4711 h4711")
    const upwards = await plan("chapter", "w4711")

    expect(both).toMatch(/Bitmap Index Scan on book_search_index/)
    expect(both).toMatch(/Bitmap Index Scan on chapter_search_index/)
    expect(upwards).toMatch(/Bitmap Index Scan on book_search_index/)
    expect(upwards).toMatch(/Index Scan (using|on) chapter_book_id_index/)
    expect(`${both}${upwards}`).not.toMatch(/Seq Scan/)
    await shop.end()
  })
})
