import fc from "fast-check"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { Links, newId } from "../src/index.ts"
import { meets } from "./reference.ts"
import {
  Author,
  Book,
  bookShelf,
  BookTopic,
  Chapter,
  databaseKinds,
  openShop,
  Shelf,
  Topic,
  type Shop,
} from "./shop.ts"

type Row = Record<string, unknown>

/* Few different values, so that rows and filters meet. */
const text = fc.string({ unit: fc.constantFrom("a", "b", "B", "%", "_", "'"), maxLength: 3 })
const number = fc.integer({ min: -2, max: 2 })
const size = fc.integer({ min: 0, max: 3 })
const decimal = fc.constantFrom("-0.5", "0", "0.10", "1.5", "1.50", "12345678901234567.25")
const instant = fc.constantFrom(0, 1, 1_000, 86_400_000).map((ms) => new Date(Date.UTC(2026, 0, 1) + ms))
const nullable = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 3 })
const json = fc.record({ a: number, b: fc.array(text, { maxLength: 2 }), c: fc.constant(null) }, { requiredKeys: [] })
const status = fc.constantFrom("draft", "published")

const people = ["auth_a", "auth_b", "auth_c"]
const topics = ["topic_a", "topic_b"]
const shelves = ["shelf_a", "shelf_b"]

const author = fc.record({ name: text, born: nullable(number) })
const book = fc.record({
  title: text,
  blurb: nullable(text),
  status,
  pages: size,
  weight: nullable(decimal),
  inPrint: fc.boolean(),
  awards: fc.uniqueArray(text, { maxLength: 3 }),
  printedAt: nullable(instant),
  metadata: nullable(json),
  author: nullable(fc.constantFrom(...people)),
  chapters: fc.array(fc.record({ heading: text, rank: number }), { maxLength: 2 }),
  topics: fc.subarray(topics),
  shelves: fc.subarray(shelves),
})
const library = fc.record({ authors: fc.tuple(author, author, author), books: fc.array(book, { maxLength: 8 }) })

const list = <T>(value: fc.Arbitrary<T>) => fc.array(nullable(value), { maxLength: 3 })
const equality = <T>(value: fc.Arbitrary<T>) => ({
  $eq: nullable(value),
  $ne: nullable(value),
  $in: list(value),
  $nin: list(value),
})
const ordering = <T>(value: fc.Arbitrary<T>) => ({ $gt: value, $gte: value, $lt: value, $lte: value })
const pattern = text.map((part) => `${part.replaceAll("'", "\\_")}%`)
const matching = { $like: pattern, $ilike: pattern, $re: fc.constantFrom("^a", "b$", "[ab]+", "%") }

/** A condition on one field: a value, a list, or operators, negated here and there. */
function comparison<T>(
  value: fc.Arbitrary<T>,
  operators: Record<string, fc.Arbitrary<unknown>>,
): fc.Arbitrary<unknown> {
  const some = fc.record(operators, { requiredKeys: [] }).filter((chosen) => Object.keys(chosen).length > 0)
  return fc.oneof(
    nullable(value),
    list(value),
    some,
    some.map(($not) => ({ $not })),
    fc.tuple(some, some).map(([a, $not]) => ({ ...a, $not })),
  )
}

const texts = (value: fc.Arbitrary<string>) =>
  comparison(value, { ...equality(value), ...ordering(value), ...matching })
const numbers = <T>(value: fc.Arbitrary<T>) => comparison(value, { ...equality(value), ...ordering(value) })
const { filter } = fc.letrec<{ filter: Row; conditions: Row }>((tie) => ({
  filter: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    { weight: 3, arbitrary: tie("conditions") },
    { weight: 1, arbitrary: fc.record({ $and: fc.array(tie("filter"), { maxLength: 3 }) }) },
    { weight: 1, arbitrary: fc.record({ $or: fc.array(tie("filter"), { maxLength: 3 }) }) },
    { weight: 1, arbitrary: fc.record({ $not: tie("filter") }) },
  ),
  conditions: fc.record(
    {
      title: texts(text),
      blurb: texts(text),
      status: texts(status),
      pages: numbers(number),
      weight: numbers(decimal),
      inPrint: comparison(fc.boolean(), equality(fc.boolean())),
      awards: fc.oneof(
        text,
        fc.array(text, { maxLength: 2 }),
        fc.record({ $contains: fc.array(text, { maxLength: 2 }) }),
      ),
      printedAt: numbers(
        fc.oneof(
          instant,
          instant.map((date) => date.toISOString()),
        ),
      ),
      metadata: fc.oneof(fc.constant(null), json),
      author: fc.oneof(
        fc.constant(null),
        fc.constantFrom(...people),
        fc.subarray(people),
        fc.record({ name: texts(text), born: numbers(number) }, { requiredKeys: [] }),
        fc.record({ $not: fc.record({ born: numbers(number) }) }),
      ),
      chapters: fc.oneof(
        fc.constant(null),
        fc.record({ heading: texts(text), rank: numbers(number) }, { requiredKeys: [] }),
      ),
      topics: fc.oneof(fc.constant(null), fc.subarray(topics), fc.record({ name: texts(text) })),
      shelves: fc.oneof(fc.constant(null), fc.constantFrom(...shelves), fc.record({ label: texts(text) })),
    },
    { requiredKeys: [] },
  ),
}))

describe.each(databaseKinds)("a filter, on %s", (kind) => {
  let shop: Shop
  beforeAll(async () => {
    shop = await openShop(kind)
    await shop.database.insertRows(
      Topic,
      topics.map((id) => ({ id, name: id.slice(-1) })),
    )
    await shop.database.insertRows(
      Shelf,
      shelves.map((id) => ({ id, label: id.slice(-1) })),
    )
  })
  afterAll(() => shop.end())

  it("finds the rows that a slow reference finds, whatever the fields, operators and nesting", async () => {
    const run = fc.asyncProperty(library, fc.array(filter, { minLength: 1, maxLength: 6 }), async (rows, filters) => {
      const world = await write(shop, rows)
      for (const where of filters) {
        const page = await shop.query.listAny("book", { fields: { id: true }, filter: where })

        const expected = world.filter((row) => meets(row, where)).map((row) => row["id"])
        expect({ where, found: page.rows.map((row) => row["id"]) }).toEqual({ where, found: expected })
        expect(page.count).toBe(expected.length)
      }
    })
    await fc.assert(run, { numRuns: kind === "postgres" ? 100 : 10 })
  })
})

/** Replaces what is in the library. @returns the books with all that belongs to them, in order of their ids. */
async function write(shop: Shop, { authors, books }: { authors: Row[]; books: Row[] }): Promise<Row[]> {
  await shop.database.run(`truncate "library"."author", "link"."book_shelf" cascade`)
  const written = authors.map((row, index) => ({ ...row, id: people[index] as string }))
  await shop.database.insertRows(Author, written)
  const world = books.map((row) => ({
    ...row,
    id: newId("book"),
    author: written.find(({ id }) => id === row["author"]) ?? null,
    topics: (row["topics"] as string[]).map((id) => ({ id, name: id.slice(-1) })),
    shelves: (row["shelves"] as string[]).map((id) => ({ id, label: id.slice(-1) })),
  })) as Row[]
  const parts = (name: string) =>
    world.flatMap((row) => (row[name] as Row[]).map((part) => ({ book: row["id"] as string, part })))
  await shop.database.insertRows(
    Book,
    world.map((row) => {
      const { chapters, topics, shelves, ...columns } = row
      void [chapters, topics, shelves]
      return { ...columns, isbn: row["id"], author: (row["author"] as Row | null)?.["id"] ?? null }
    }),
  )
  await shop.database.insertRows(
    Chapter,
    parts("chapters").map(({ book, part }) => ({ ...part, book })),
  )
  await shop.database.insertRows(
    BookTopic,
    parts("topics").map(({ book, part }) => ({ book, topic: part["id"] })),
  )
  await shop.container.resolve(Links).add(
    bookShelf,
    parts("shelves").map(({ book, part }) => [book, part["id"] as string] as const),
  )
  return world
}
