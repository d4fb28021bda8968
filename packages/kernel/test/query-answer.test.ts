import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { computedField, type ComputedField } from "../src/index.ts"
import { statementsOf } from "../src/testing.ts"
import {
  aBook,
  Author,
  Book,
  bookResource,
  Chapter,
  chapterResource,
  databaseKinds,
  openShop,
  type Shop,
} from "./shop.ts"

const printed = new Date("2026-03-29T01:02:03.004Z")

describe.each(databaseKinds)("an answer, on %s", (kind) => {
  let shop: Shop
  const price = vi.fn<Extract<ComputedField, { key?: undefined }>["resolve"]>()
  const rating = vi.fn<Extract<ComputedField, { key: string }>["resolve"]>()
  const fields = { id: true } as const

  beforeAll(async () => {
    const computed = [
      computedField(bookResource, { name: "price", needs: { pages: true, author: { name: true } }, resolve: price }),
      computedField(bookResource, { name: "rating", key: "author.name", resolve: rating }),
      computedField(chapterResource, { name: "sum", needs: { book: { price: true } }, resolve: async (rows) => rows }),
    ]
    shop = await openShop(kind, { computed })
    await shop.database.insertRows(Author, [{ id: "ann", name: `Ann "\\' 😀` }])
    await shop.database.insertRows(Book, [
      aBook({
        id: "a",
        title: "A",
        pages: 3,
        weight: "12345678901234567890.1200",
        author: "ann",
        printedAt: printed,
        awards: ["x", 'y,"z'],
        metadata: { deep: { n: 1.5, t: "é\n" } },
      }),
      aBook({ id: "b", title: "B", pages: 5, inPrint: false }),
    ])
    await shop.database.insertRows(Chapter, [
      { id: "c", heading: "C", book: "a" },
      { id: "d", heading: "D", book: "b" },
    ])
  })
  afterAll(() => shop.end())

  it("has dates in UTC with milliseconds, decimals as exact texts, and JSON, lists and texts as they were written", async () => {
    const book = await shop.query.get(bookResource, "a", {
      fields: {
        printedAt: true,
        weight: true,
        pages: true,
        inPrint: true,
        awards: true,
        metadata: true,
        blurb: true,
        author: { name: true },
      },
    })

    expect(book).toEqual({
      printedAt: "2026-03-29T01:02:03.004Z",
      weight: "12345678901234567890.12",
      pages: 3,
      inPrint: true,
      awards: ["x", 'y,"z'],
      metadata: { deep: { n: 1.5, t: "é\n" } },
      blurb: null,
      author: { name: `Ann "\\' 😀` },
    })
  })

  it("has the columns' names and decimals as numbers, to the last digit, on the wire", async () => {
    const wire = {
      names: "wire",
      filter: { id: "a" },
      fields: { printed_at: true, weight: true, author_id: true, inPrint: true },
    } as const
    const { rows } = await shop.query.listRaw("book", wire)

    expect(rows.replaceAll(" ", "")).toBe(
      '[{"printed_at":"2026-03-29T01:02:03.004Z","weight":12345678901234567890.1200,"author_id":"ann","in_print":true}]',
    )
  })

  it("has all columns for *, and for a relation given as true, but none that is private", async () => {
    const book = await shop.query.get(bookResource, "a", { fields: { "*": true, author: true } })

    expect(Object.keys(book).sort()).toEqual([
      "author",
      "authorId",
      "awards",
      "blurb",
      "createdAt",
      "deletedAt",
      "editorId",
      "id",
      "inPrint",
      "isbn",
      "languageCode",
      "metadata",
      "pages",
      "printedAt",
      "status",
      "title",
      "updatedAt",
      "weight",
    ])
    expect(Object.keys(book.author ?? {})).toEqual(["id", "name", "born"])
  })

  it("comes in one statement with its count, and without it when none was asked for", async () => {
    const sent = await statementsOf(shop.database, async () => {
      const counted = await shop.query.list(bookResource, { fields, filter: { pages: { $gt: 3 } }, limit: 1 })
      const uncounted = await shop.query.list(bookResource, { fields, count: false })
      expect([counted.count, uncounted.count]).toEqual([1, 0])
    })

    expect(sent).toHaveLength(2)
    expect(sent[1]).not.toMatch(/count\(/)
  })

  it("is asked for with the same text whatever the values, so that Postgres prepares it once", async () => {
    const read = (title: string, pages: number[], offset: number) =>
      shop.query.list(bookResource, {
        fields: { title: true },
        filter: { title, pages },
        q: title,
        offset,
      })

    const sent = await statementsOf(shop.database, async () => {
      await read("A'", [1], 10)
      await read("B'drop", [1, 2, 3], 20)
      await read("C-d", [], 30)
    })

    expect(new Set(sent).size).toBe(1)
    expect(sent[0]).not.toMatch(/drop|'A/)
  })

  it("has computed fields, each from one call for all rows at all depths", async () => {
    price.mockReset().mockImplementation(async (rows) => rows.map((row) => Number(row["pages"]) * 10))

    const { rows } = await shop.query.listAny("chapter", {
      fields: { book: { title: true, price: true, chapters: { book: { id: true, price: true } } } },
      context: { currency: "eur" },
    })

    expect(rows).toEqual([
      { book: { title: "A", price: 30, chapters: [{ book: { id: "a", price: 30 } }] } },
      { book: { title: "B", price: 50, chapters: [{ book: { id: "b", price: 50 } }] } },
    ])
    expect(price).toHaveBeenCalledTimes(1)
    expect(price.mock.calls[0]?.[0]).toHaveLength(4)
    expect(price.mock.calls[0]?.[0][0]).toEqual({ pages: 3, author: { name: `Ann "\\' 😀` } })
    expect(price.mock.calls[0]?.[1]).toMatchObject({ context: { currency: "eur" }, wire: false })
  })

  it("has computed fields that are computed from others", async () => {
    price.mockReset().mockImplementation(async (rows) => rows.map((row) => Number(row["pages"])))

    const { rows } = await shop.query.listAny("chapter", { fields: { sum: true } })

    expect(rows).toMatchObject([{ sum: { book: { price: 3 } } }, { sum: { book: { price: 5 } } }])
  })

  it.each(["rows", "JSON"])(
    "asks once per key for what a key decides, and has null without one, as %s",
    async (form) => {
      rating.mockReset().mockImplementation(async (keys) => keys.map((key) => ({ of: key })))
      const read = { fields: { title: true, rating: true, chapters: { book: { id: true, rating: true } } } } as const

      const rows =
        form === "rows"
          ? (await shop.query.listAny("book", read)).rows
          : (JSON.parse((await shop.query.listRaw("book", read)).rows) as unknown)

      const value = { of: `Ann "\\' 😀` }
      expect(rows).toEqual([
        { title: "A", rating: value, chapters: [{ book: { id: "a", rating: value } }] },
        { title: "B", rating: null, chapters: [{ book: { id: "b", rating: null } }] },
      ])
      expect(rating.mock.calls.map(([keys]) => keys)).toEqual([[`Ann "\\' 😀`]])
    },
  )

  it.each([
    ["rows", { price: true, rating: true, title: true }],
    ["JSON", { rating: true, title: true }],
    ["JSON", { rating: true }],
  ])("leaves out what is undefined, as %s of %o", async (form, chosen) => {
    price.mockReset().mockResolvedValue([undefined, 1])
    rating.mockReset().mockResolvedValue([undefined])
    const read = { fields: chosen as never }

    const rows =
      form === "rows"
        ? (await shop.query.listAny("book", read)).rows
        : (JSON.parse((await shop.query.listRaw("book", read)).rows) as unknown)

    // Of a row of which nothing else was asked for, its id is there.
    const row = (id: string) => ("title" in chosen ? { title: id.toUpperCase() } : { id })
    expect(rows).toEqual([row("a"), { ...row("b"), ...("price" in chosen && { price: 1 }), rating: null }])
  })

  it("fails when a resolver answers too few", async () => {
    price.mockReset().mockResolvedValue([1])

    await expect(shop.query.listAny("book", { fields: { price: true } })).rejects.toThrow(
      "must answer one value per row",
    )
  })

  it("holds nothing outside its scope, at any depth, and counts nothing there", async () => {
    const scope = { book: { pages: { $gt: 3 } }, chapter: { heading: { $ne: "D" } } }
    const books = await shop.query.listAny("book", { fields: { id: true, chapters: { id: true } }, scope })
    const chapters = await shop.query.listAny("chapter", { fields: { id: true, book: { id: true } }, scope })
    const filtered = await shop.query.listAny("chapter", { fields, scope, filter: { book: { title: "A" } } })

    expect(books).toMatchObject({ rows: [{ id: "b", chapters: [] }], count: 1 })
    expect(chapters).toMatchObject({ rows: [{ id: "c", book: null }], count: 1 })
    expect(filtered.count).toBe(0)
  })

  it("takes scopes that go through each other", async () => {
    const scope = { book: { chapters: { heading: "C" } }, chapter: { book: { pages: 3 } } }

    const { rows } = await shop.query.listAny("book", { fields: { id: true, chapters: { id: true } }, scope })

    expect(rows).toEqual([{ id: "a", chapters: [{ id: "c" }] }])
  })

  it("is the first that meets a filter, or nothing", async () => {
    expect(await shop.query.find(bookResource, { fields, filter: { pages: { $gt: 0 } } })).toEqual({ id: "a" })
    expect(await shop.query.find(bookResource, { fields, filter: { pages: 99 } })).toBeNull()
  })

  it("comes with other reads in one statement, which say what computed fields are told", async () => {
    price.mockReset().mockImplementation(async (rows, { context }) => rows.map(() => context["factor"]))
    const sent = await statementsOf(shop.database, async () => {
      const beside = [{ resource: "author", read: { fields: { name: true as const }, filter: { id: "ann" } } }]
      const { rows, count } = await shop.query.listRawBeside(
        "book",
        { fields: { id: true, price: true } },
        beside,
        ([authors]) => ({ factor: authors?.length }),
      )
      expect(JSON.parse(rows)).toEqual([
        { id: "a", price: 1 },
        { id: "b", price: 1 },
      ])
      expect(count).toBe(2)
    })

    expect(sent).toHaveLength(1)
  })
})
