import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { computedField, QueryInvalid, type ComputedField, type NamedRead } from "../src/index.ts"
import { statementsOf } from "../src/testing.ts"
import { aBook, Author, Book, bookResource, Chapter, databaseKinds, openShop, type Shop } from "./shop.ts"

describe.each(databaseKinds)("several reads together, on %s", (kind) => {
  let shop: Shop
  const price = vi.fn<Extract<ComputedField, { key?: undefined }>["resolve"]>()
  beforeAll(async () => {
    const computed = [computedField(bookResource, { name: "price", needs: { pages: true }, resolve: price })]
    shop = await openShop(kind, { computed })
    await shop.database.insertRows(Author, [
      { id: "ann", name: "Ann" },
      { id: "bob", name: "Bob" },
    ])
    await shop.database.insertRows(Book, [
      aBook({ id: "a", title: "Oak", pages: 10, author: "ann", inPrint: false, weight: "1.50" }),
      aBook({ id: "b", title: "Elm", pages: 20, author: "bob" }),
      aBook({ id: "c", title: "Ash", pages: 30, author: "ann", deletedAt: new Date() }),
    ])
    await shop.database.insertRows(Chapter, [
      { id: "a1", heading: "One", rank: 2, book: "a" },
      { id: "a2", heading: "Two", rank: 1, book: "a" },
    ])
  })
  afterAll(() => shop.end())

  const reads: NamedRead[] = [
    {
      resource: "book",
      read: { fields: { title: true, chapters: { heading: true } }, filter: { pages: { $lte: 20 } } },
    },
    { resource: "author", read: { fields: { name: true }, filter: { id: ["bob", "zoe"] }, order: { name: "desc" } } },
    { resource: "book", read: { fields: { id: true }, q: "oak", limit: 1 } },
    { resource: "book", read: { fields: { id: true }, order: { pages: "desc" }, offset: 1, withDeleted: true } },
    { resource: "book", read: { fields: { in_print: true, weight: true }, filter: { id: "a" }, names: "wire" } },
    { resource: "chapter", read: { fields: { id: true }, filter: { heading: "none of them" } } },
    { resource: "chapter", read: { fields: { id: true }, scope: { chapter: { rank: 1 } } } },
  ]

  it("answer the rows of each, in order, in one statement", async () => {
    let answers: unknown
    const sent = await statementsOf(shop.database, async () => {
      answers = await shop.query.listTogether(reads)
    })

    expect(sent).toHaveLength(1)
    expect(answers).toEqual([
      [
        { title: "Oak", chapters: [{ heading: "Two" }, { heading: "One" }] },
        { title: "Elm", chapters: [] },
      ],
      [{ name: "Bob" }],
      [{ id: "a" }],
      [{ id: "b" }, { id: "a" }],
      [{ in_print: false, weight: 1.5 }],
      [],
      [{ id: "a2" }],
    ])
  })

  it("answer what each would by itself, in any order, and one read may come twice", async () => {
    const alone = await Promise.all(reads.map(({ resource, read }) => shop.query.listAny(resource, read)))
    const rows = alone.map((page) => page.rows)

    expect(await shop.query.listTogether(reads.toReversed())).toEqual(rows.toReversed())
    const [first] = reads as [NamedRead]
    expect(await shop.query.listTogether([first, first])).toEqual([rows[0], rows[0]])
    expect(await shop.query.listTogether([first])).toEqual([rows[0]])
  })

  it("have one text whatever values they compare with", async () => {
    const texts = await statementsOf(shop.database, async () => {
      for (const id of ["a", "b'; drop table book; --"]) {
        const read = { fields: { id: true }, filter: { id } } as const
        await shop.query.listTogether([
          { resource: "book", read },
          { resource: "author", read },
        ])
      }
    })

    expect(texts).toHaveLength(2)
    expect(texts[0]).toBe(texts[1])
  })

  it("may be none, and then ask nothing", async () => {
    const sent = await statementsOf(shop.database, async () => {
      expect(await shop.query.listTogether([])).toEqual([])
    })

    expect(sent).toEqual([])
  })

  it("do not count, unless one says so", async () => {
    const [text] = await statementsOf(shop.database, () => shop.query.listTogether(reads.slice(0, 2)))

    expect(text).not.toContain("count(*)")
  })

  it("have computed fields, each with the context of its read", async () => {
    price.mockImplementation(async (rows, { context }) =>
      rows.map(({ pages }) => `${String(pages)} ${String(context["currency"])}`),
    )
    const readIn = (currency: string): NamedRead => ({
      resource: "book",
      read: { fields: { id: true, price: true }, filter: { id: "a" }, context: { currency } },
    })

    expect(await shop.query.listTogether([readIn("eur"), readIn("usd")])).toEqual([
      [{ id: "a", price: "10 eur" }],
      [{ id: "a", price: "10 usd" }],
    ])
  })

  it("see what the transaction under way has written", async () => {
    const found = await shop.database.transaction(async () => {
      await shop.database.updateRows(Author, [{ id: "bob", name: "Rob" }])
      const rows = await shop.query.listTogether(reads.slice(0, 2))
      await shop.database.updateRows(Author, [{ id: "bob", name: "Bob" }])
      return rows[1]
    })

    expect(found).toEqual([{ name: "Rob" }])
  })

  it("are refused together when one of them cannot be made", async () => {
    const bad: NamedRead = { resource: "book", read: { fields: { id: true }, filter: { nothing: 1 } } }
    const failing: NamedRead = { resource: "book", read: { fields: { id: true }, filter: { title: { $re: "(" } } } }

    const sent = await statementsOf(shop.database, async () => {
      await expect(shop.query.listTogether([...reads, bad])).rejects.toBeInstanceOf(QueryInvalid)
    })

    expect(sent).toEqual([])
    await expect(shop.query.listTogether([...reads, failing])).rejects.toBeInstanceOf(QueryInvalid)
  })
})
