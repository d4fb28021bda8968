import fc from "fast-check"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { computedField, MAX_LIMIT, QueryInvalid } from "../src/index.ts"
import { MAX_CONDITIONS, MAX_DEPTH, MAX_VALUES } from "../src/query/filter.ts"
import { MAX_LEVELS } from "../src/query/selection.ts"
import { aBook, authorResource, Book, bookResource, openShop, type Shop } from "./shop.ts"

const fields = { id: true } as const
const deep = (levels: number, wrap: (inner: object) => object, inner: object = {}) => {
  let nested = inner
  for (let level = 0; level < levels; level++) nested = wrap(nested)
  return nested
}

describe("a read", () => {
  let shop: Shop
  /** What a read was answered with: the error, when it was refused. */
  const answerTo = (read: object): Promise<unknown> =>
    shop.query.listAny("book", { fields, ...read } as never).catch((error: unknown) => error)

  beforeAll(async () => {
    const selfish = computedField(bookResource, { name: "selfish", needs: { selfish: true }, resolve: async () => [] })
    shop = await openShop("postgres", { computed: [selfish] })
    await shop.database.insertRows(Book, [aBook({ id: "a", title: "A" }), aBook({ id: "b", title: "B" })])
  })
  afterAll(() => shop.end())

  it.each([
    ["a field that there is not", { nothing: 1 }],
    ["a private field", { "author.secret": "x" }],
    ["a private field of a relation", { author: { secret: "x" } }],
    ["what every object has", { constructor: 1 }],
    ["a relation's field that there is not", { chapters: { nothing: 1 } }],
    ["a path that ends in nothing", { "author.name.first": 1 }],
    ["an operator that there is not", { title: { $regex: "x" } }],
    ["an operator as a field", { $eq: 1 }],
    ["no operator at all", { title: {} }],
    ["text operators on numbers", { pages: { $like: "1%" } }],
    ["$contains on text", { title: { $contains: "x" } }],
    ["$gt on a list", { awards: { $gt: "x" } }],
    ["an order with null", { pages: { $gt: null } }],
    ["text as a number", { pages: "many" }],
    ["a number that is none", { pages: Number.NaN }],
    ["a number beyond all numbers", { pages: Number.POSITIVE_INFINITY }],
    ["an object as a text", { title: { $eq: {} } }],
    ["a list as a text", { title: { $eq: ["x"] } }],
    ["a word as a boolean", { inPrint: "perhaps" }],
    ["a day that there is not", { createdAt: "2026-13-01" }],
    ["a word as a date", { createdAt: "now" }],
    ["a year that Postgres has not", { createdAt: "0000-01-01" }],
    ["numbers in a list of texts", { awards: [1] }],
    ["a pattern that ends in the middle", { title: { $like: "%\\" } }],
    ["a broken regular expression", { title: { $re: "(" } }],
    ["$and of no list", { $and: {} }],
    ["$or of null", { $or: [null] }],
    ["$or of texts", { $or: ["x"] }],
    ["$not of a list", { $not: [] }],
    ["a list", []],
    ["a text", "title = 'x'"],
    ["a date", new Date()],
  ])("refuses to filter by %s", async (_, filter) => {
    expect(await answerTo({ filter })).toBeInstanceOf(QueryInvalid)
  })

  it.each([
    ["more conditions", MAX_CONDITIONS, (n: number) => ({ $or: Array.from({ length: n - 1 }, () => ({ pages: 1 })) })],
    ["deeper", MAX_DEPTH, (n: number) => deep(n, (inner) => ({ $not: inner }))],
    ["through more relations", MAX_DEPTH, (n: number) => deep(n / 2, (inner) => ({ chapters: { book: inner } }))],
    ["by more values", MAX_VALUES, (n: number) => ({ title: Array.from({ length: n }, String) })],
  ])("refuses to filter %s than the limit says, and takes what it says", async (_, limit, filter) => {
    await shop.query.listAny("book", { fields, filter: filter(limit) as never })

    expect(await answerTo({ filter: filter(limit + 2) })).toBeInstanceOf(QueryInvalid)
  })

  it.each([
    ["by a field that there is not", { order: { nothing: "asc" } }],
    ["by a private field", { order: { "author.secret": "asc" } }],
    ["through many", { order: { "chapters.heading": "asc" } }],
    ["by JSON", { order: { metadata: "asc" } }],
    ["by a list", { order: { awards: "asc" } }],
    ["by a relation", { order: { author: "asc" } }],
    ["sideways", { order: { title: "sideways" } }],
  ])("refuses to order %s", async (_, read) => {
    expect(await answerTo(read)).toBeInstanceOf(QueryInvalid)
  })

  it.each([-1, 1.5, MAX_LIMIT + 1, Number.NaN, "5"])("refuses a limit of %s", async (limit) => {
    expect(await answerTo({ limit })).toBeInstanceOf(QueryInvalid)
  })
  it.each([-1, 1.5, 1e12, "5"])("refuses an offset of %s", async (offset) => {
    expect(await answerTo({ offset })).toBeInstanceOf(QueryInvalid)
  })
  it("takes a limit of 0, and counts all the same", async () => {
    const page = await shop.query.list(bookResource, { fields, limit: 0 })

    expect(page).toEqual({ rows: [], count: 2, next: null })
  })

  it.each([
    ["a field that there is not", { nothing: true }],
    ["a private field", { author: { secret: true } }],
    ["fields of nothing", { chapters: null }],
    ["fields given as text", { chapters: "id" }],
    ["itself, in order to be computed", { selfish: true }],
  ])("refuses to select %s", async (_, chosen) => {
    expect(await answerTo({ fields: chosen })).toBeInstanceOf(QueryInvalid)
  })

  it.each([[null], [undefined], ["*"]])("refuses a selection that is %s", async (chosen) => {
    expect(await answerTo({ fields: chosen })).toBeInstanceOf(QueryInvalid)
  })

  it("selects through ten relations and no more", async () => {
    const nested = (levels: number) => deep(levels / 2, (inner) => ({ chapters: { book: inner } }), { id: true })

    await shop.query.listAny("book", { fields: nested(MAX_LEVELS) as never })
    expect(await answerTo({ fields: nested(MAX_LEVELS + 2) })).toBeInstanceOf(QueryInvalid)
  })

  it("drops selected fields that there are not, when told to, and keeps the rest", async () => {
    const { rows } = await shop.query.listAny("book", {
      fields: { title: true, nothing: true, chapters: { nothing: true } },
      limit: 1,
      unknown: "drop",
    })

    expect(rows).toEqual([{ title: "A", chapters: [] }])
  })

  it("refuses a resource that there is not", async () => {
    await expect(shop.query.listAny("nothing", { fields })).rejects.toBeInstanceOf(QueryInvalid)
  })

  it("refuses filters and orders through resources that are hidden, however they are written", async () => {
    const hidden = new Set(["author"])

    expect(await answerTo({ hidden, filter: { author: { name: "x" } } })).toBeInstanceOf(QueryInvalid)
    expect(await answerTo({ hidden, filter: { "author.name": "x" } })).toBeInstanceOf(QueryInvalid)
    expect(await answerTo({ hidden, filter: { author: "x" } })).toBeInstanceOf(QueryInvalid)
    expect(await answerTo({ hidden, filter: { chapters: { book: { author: null } } } })).toBeInstanceOf(QueryInvalid)
    expect(await answerTo({ hidden, order: { "author.name": "asc" } })).toBeInstanceOf(QueryInvalid)
    await shop.query.listAny("book", { fields, hidden, scope: { book: { author: null } } })
  })

  it("does no more with nasty texts than compare them, as values, names of fields and orders", async () => {
    const nasty = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.constantFrom(
        "'; drop table library.book; --",
        `"`,
        `\\`,
        "$1",
        "?",
        "??",
        "\\?",
        "%s",
        "${x}",
        "\0",
        "\ud800",
        "__proto__",
      ),
      fc.string({ unit: fc.constantFrom("'", '"', "\\", "$", "1", "?", ";", "-", ".", " ") }),
    )
    const run = fc.asyncProperty(
      nasty,
      fc.constantFrom("$eq", "$in", "$like", "$re", "$ilike"),
      async (text, operator) => {
        const reads = [
          { filter: { title: { [operator]: operator === "$in" ? [text] : text } } },
          { filter: { metadata: { [text]: text } } },
          { filter: { awards: [text] } },
          { filter: { [text]: text } },
          { filter: { author: { [text]: 1 } } },
          { order: { [text]: "asc" } },
          { fields: { [text]: true } },
          { q: text },
          { after: text },
          { filter: { createdAt: text } },
          { filter: { pages: text } },
        ]
        for (const read of reads) {
          const answer = await answerTo(read)
          expect(answer instanceof Error ? answer.constructor : QueryInvalid).toBe(QueryInvalid)
        }
      },
    )
    await fc.assert(run, { numRuns: 60 })

    expect((await shop.query.list(bookResource, { fields })).count).toBe(2)
  })

  it("knows in its types what may be read", async () => {
    const read = shop.query
    const attempts = [
      // @ts-expect-error there is no such field
      () => read.list(bookResource, { fields: { nothing: true } }),
      // @ts-expect-error there is no such field of a relation
      () => read.list(bookResource, { fields: { chapters: { nothing: true } } }),
      // @ts-expect-error there is no such field to filter by
      () => read.list(bookResource, { fields, filter: { nothing: 1 } }),
      // @ts-expect-error a number is not compared with a text
      () => read.list(bookResource, { fields, filter: { pages: "many" } }),
      // @ts-expect-error there is no such operator
      () => read.list(bookResource, { fields, filter: { pages: { $between: 1 } } }),
      // @ts-expect-error the field is private
      () => read.list(authorResource, { fields: { secret: true } }),
      // @ts-expect-error the field is private, to filters too
      () => read.list(authorResource, { fields, filter: { secret: "x" } }),
      // @ts-expect-error what is read from the other side has no such field
      () => read.list(authorResource, { fields: { books: { nothing: true } } }),
    ]

    for (const attempt of attempts) await expect(attempt()).rejects.toBeInstanceOf(QueryInvalid)
  })
})
