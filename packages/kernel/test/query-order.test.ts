import fc from "fast-check"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { newId, QueryInvalid, type Direction } from "../src/index.ts"
import { statementsOf } from "../src/testing.ts"
import { order as compare } from "./reference.ts"
import { aBook, Author, Book, databaseKinds, openShop, type Shop } from "./shop.ts"

type Row = Record<string, unknown>

const directions = fc.constantFrom<Direction>("asc", "desc")
const paths = ["title", "blurb", "pages", "weight", "inPrint", "printedAt", "author.name", "author.born", "id"]
const orders = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...paths), directions), { maxLength: 3, selector: ([path]) => path })
  .map((terms) => Object.fromEntries(terms))

const word = fc.constantFrom("", "a", "ab", "b")
const books = fc.array(
  fc.record({
    title: word,
    blurb: fc.option(word),
    pages: fc.integer({ min: 0, max: 2 }),
    weight: fc.option(fc.constantFrom("1.5", "1.50", "-2", "10")),
    inPrint: fc.boolean(),
    printedAt: fc.option(fc.constantFrom(0, 1, 999).map((ms) => new Date(Date.UTC(2026, 0, 1) + ms))),
    author: fc.option(fc.constantFrom("ann", "bob")),
  }),
  { maxLength: 12 },
)
const authors = [
  { id: "ann", name: "Ann", born: null },
  { id: "bob", name: "Bob", born: 1950 },
]

/** In an order where nulls are greatest, as Postgres has them; ties by id. */
function sorted(rows: readonly Row[], order: Readonly<Record<string, Direction>>): Row[] {
  const valueOf = (row: Row, path: string) => {
    const [first, second] = path.split(".") as [string, string?]
    if (second === undefined) return row[first]
    return (authors.find(({ id }) => id === row[first]) as Row | undefined)?.[second] ?? null
  }
  const terms = Object.entries({ ...order, ...("id" in order ? {} : { id: "asc" }) })
  return rows.toSorted((a, b) => {
    for (const [path, direction] of terms) {
      const [left, right] = [valueOf(a, path), valueOf(b, path)]
      const sign =
        left === null || right === null ? Number(left === null) - Number(right === null) : compare(left, right)
      if (sign !== 0) return direction === "desc" ? -sign : sign
    }
    return 0
  })
}

describe.each(databaseKinds)("an order, on %s", (kind) => {
  let shop: Shop
  const numRuns = kind === "postgres" ? 60 : 8
  const write = async (rows: readonly Row[]): Promise<Row[]> => {
    await shop.database.run(`delete from "library"."book"`)
    const written = rows.map((row) => ({ ...row, id: newId("book") }))
    await shop.database.insertRows(
      Book,
      written.map((row) => aBook(row)),
    )
    return written
  }
  const idsOf = (rows: readonly Row[]) => rows.map((row) => row["id"])

  beforeAll(async () => {
    shop = await openShop(kind)
    await shop.database.insertRows(Author, authors)
  })
  afterAll(() => shop.end())

  it("is that of the values, nulls greatest, ties by id, cut by limit and offset", async () => {
    const cut = fc.record({ limit: fc.nat(5), offset: fc.nat(5) })
    const run = fc.asyncProperty(books, orders, cut, async (rows, order, { limit, offset }) => {
      const expected = sorted(await write(rows), order)

      const page = await shop.query.listAny("book", { fields: { id: true }, order, limit, offset })

      expect(idsOf(page.rows)).toEqual(idsOf(expected.slice(offset, offset + limit)))
      expect(page.count).toBe(rows.length)
    })
    await fc.assert(run, { numRuns })
  })

  it("is walked by cursors: every row once, while rows before the cursor come and go", async () => {
    const run = fc.asyncProperty(books, orders, fc.integer({ min: 1, max: 4 }), async (rows, order, limit) => {
      const expected = sorted(await write(rows), order)
      const seen: unknown[] = []
      let after: string | null = null
      do {
        const page = await shop.query.listAny("book", { fields: { id: true }, order, limit, after })
        seen.push(...idsOf(page.rows))
        after = page.next
        const [gone, ...rest] = expected.filter((row) => seen.includes(row["id"]))
        if (gone !== undefined && rest.length > 0) {
          // One that was seen goes, and another comes just where it was.
          await shop.database.run(`delete from "library"."book" where id = $1`, [gone["id"]])
          await shop.database.insertRows(Book, [aBook({ ...gone, id: `${String(gone["id"])}0` })])
          expected.splice(expected.indexOf(gone), 1)
          seen.splice(seen.indexOf(gone["id"]), 1)
        }
      } while (after !== null)

      expect(seen).toEqual(idsOf(expected))
    })
    await fc.assert(run, { numRuns })
  })
})

describe("cursors", () => {
  let shop: Shop
  beforeAll(async () => {
    shop = await openShop("postgres")
  })
  beforeEach(async () => {
    await shop.database.run(`delete from "library"."book"`)
    await shop.database.insertRows(
      Book,
      Array.from({ length: 5 }, (_, index) => aBook({ id: `b${index}`, title: `T${index}`, pages: index })),
    )
  })
  afterAll(() => shop.end())
  const read = (options: object) => shop.query.listAny("book", { fields: { id: true }, limit: 2, ...options } as never)
  const forged = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString("base64url")

  it("come with a page in its one statement, and not for a page that is not full", async () => {
    const sent = await statementsOf(shop.database, async () => {
      const first = await read({ after: null, order: { title: "asc" } })
      const second = await read({ after: first.next, order: { title: "asc" } })
      const third = await read({ after: second.next, order: { title: "asc" } })
      expect([first, second, third].map(({ rows }) => rows.length)).toEqual([2, 2, 1])
      expect([first, second, third].map(({ next }) => next === null)).toEqual([false, false, true])
    })

    expect(sent).toHaveLength(3)
  })

  it("go on from JSON as from rows", async () => {
    const { rows, next } = await shop.query.listRaw("book", { fields: { id: true }, limit: 2, after: null })
    const further = await shop.query.listRaw("book", { fields: { id: true }, limit: 2, after: next })

    expect([rows, further.rows].map((text) => JSON.parse(text) as unknown)).toEqual([
      [{ id: "b0" }, { id: "b1" }],
      [{ id: "b2" }, { id: "b3" }],
    ])
  })

  it.each([
    ["nothing", ""],
    ["no base 64", "%%%"],
    ["a text", Buffer.from(`"x"`).toString("base64url")],
    ["another number of values", forged("title+", "a", "b", "c")],
    ["numbers", forged("title+", 1, "b0")],
    ["no id", forged("title+", "a", null)],
    ["U+0000", forged("title+", "a\0", "b0")],
    ["another order", forged("pages+", "1", "b0")],
    ["the other direction", forged("title-", "T1", "b1")],
  ])("are refused when they hold %s", async (_, after) => {
    await expect(read({ after, order: { title: "asc" } })).rejects.toBeInstanceOf(QueryInvalid)
  })

  it.each([
    ["pages", "many"],
    ["created_at", "yesterday-ish"],
    ["in_print", "perhaps"],
  ])("are refused when a value is not one of %s", async (column, value) => {
    await expect(read({ after: forged(`${column}+`, value, "b0"), order: { [column]: "asc" } })).rejects.toBeInstanceOf(
      QueryInvalid,
    )
  })
})
