import fc from "fast-check"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { statementsOf } from "../src/testing.ts"
import { OutboxEvent } from "../src/events/outbox.entity.ts"
import {
  aBook,
  Author,
  Book,
  BookTopic,
  bookResource,
  Chapter,
  databaseKinds,
  Language,
  openShop,
  Topic,
  libraryModule,
  speechModule,
  storageModule,
  type Shop,
} from "./shop.ts"

describe.each(databaseKinds)("rows written in bulk, on %s", (kind) => {
  let shop: Shop
  beforeAll(async () => {
    shop = await openShop(kind, { modules: [libraryModule, storageModule, speechModule] })
  })
  beforeEach(async () => {
    await shop.database.run(`truncate "library"."book", "library"."topic" cascade`)
  })
  afterAll(() => shop.end())
  const book = (id: string) => shop.query.get(bookResource, id, { fields: { "*": true } })

  describe("by insertRows", () => {
    it("have ids, defaults and times as the ORM would give them", async () => {
      const [id = ""] = await shop.database.insertRows(Book, [aBook({ isbn: "1" })])

      expect(id).toMatch(/^book_[0-9A-Z]{26}$/)
      const { createdAt, updatedAt, ...row } = await book(id)
      expect(row).toEqual({
        id,
        title: "Wood",
        isbn: "1",
        blurb: null,
        status: "draft",
        pages: 0,
        weight: null,
        inPrint: true,
        awards: [],
        printedAt: null,
        languageCode: null,
        authorId: null,
        editorId: null,
        metadata: null,
        deletedAt: null,
      })
      expect(Date.parse(createdAt)).toBeGreaterThan(Date.now() - 60_000)
      expect(updatedAt.slice(0, 19)).toBe(createdAt.slice(0, 19))
    })

    it("come back as they went in, whatever the types", async () => {
      const text = fc
        .string({ unit: "grapheme" })
        .map((value) => value.replaceAll("\0", ""))
        .filter((value) => value.isWellFormed())
      const json = fc.dictionary(
        text.filter((key) => key !== "__proto__"),
        fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null), fc.array(text)),
      )
      const row = fc.record({
        title: text,
        blurb: fc.option(text),
        awards: fc.array(text),
        metadata: fc.option(json),
        weight: fc.option(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }).map((value) => `${value}.125`)),
        pages: fc.nat(2 ** 31 - 1),
        inPrint: fc.boolean(),
        printedAt: fc.option(fc.date({ min: new Date(0), max: new Date("9999-01-01"), noInvalidDate: true })),
      })
      const run = fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 5 }), async (rows) => {
        const ids = await shop.database.insertRows(
          Book,
          rows.map((fields) => aBook(fields)),
        )

        for (const [index, id] of ids.entries()) {
          const { printedAt, ...fields } = rows[index] as (typeof rows)[number]
          const expected = {
            ...fields,
            metadata: fields.metadata === null ? null : { ...fields.metadata },
            printedAt: printedAt?.toISOString() ?? null,
          }
          expect(await book(id)).toMatchObject(expected)
        }
      })
      await fc.assert(run, { numRuns: kind === "postgres" ? 30 : 5 })
    })

    it("may each say other things, and be ten thousand, in one statement", async () => {
      const rows = Array.from({ length: 10_000 }, (_, index) =>
        aBook(index % 2 === 0 ? { pages: index } : { blurb: "odd" }),
      )

      const sent = await statementsOf(shop.database, () => shop.database.insertRows(Book, rows))

      const [counts] = await shop.database.sql(
        `select count(*)::int as rows, count(blurb)::int as odd, sum(pages)::int as pages from "library"."book"`,
      )
      expect(sent).toHaveLength(1)
      expect(counts).toEqual({ rows: 10_000, odd: 5_000, pages: 24_995_000 })
    })

    it("are given what only the database can evaluate, even when others say it", async () => {
      const event = { name: "x.y", aggregateId: "a", payload: {} }
      await shop.database.insertRows(OutboxEvent, [
        { ...event, id: "e1" },
        { ...event, id: "e2" },
      ])
      await shop.database.insertRows(OutboxEvent, [
        { ...event, id: "e3", emittedAt: new Date(0) },
        { ...event, id: "e4" },
      ])

      const rows = await shop.database.sql(
        `select id, emitted_at = 'epoch' as old, status, sequence is not null as ordered from "marquetry"."outbox" order by id`,
      )
      expect(rows).toEqual(
        ["e1", "e2", "e3", "e4"].map((id) => ({ id, old: id === "e3", status: "pending", ordered: true })),
      )
    })

    it("take whole numbers of any size, and tables between two others", async () => {
      await shop.database.insertRows(Author, [{ id: `a${kind}`, name: "Big", born: 2_000_000_000n }])
      await shop.database.insertRows(Topic, [{ id: "t", name: "T" }])
      const [id] = await shop.database.insertRows(Book, [aBook()])
      await shop.database.insertRows(BookTopic, [{ book: id, topic: "t" }])

      const { rows } = await shop.query.listAny("book", { fields: { topics: { name: true } } })
      expect(rows).toEqual([{ topics: [{ name: "T" }] }])
    })

    it("are refused with a property that has no column, in any of them", async () => {
      await expect(shop.database.insertRows(Book, [aBook(), aBook({ nothing: 1 })])).rejects.toThrow(
        `no column for "nothing"`,
      )
    })

    it("may be none", async () => {
      const sent = await statementsOf(shop.database, async () => {
        expect(await shop.database.insertRows(Book, [])).toEqual([])
        expect(await shop.database.updateRows(Book, [])).toBe(0)
      })

      expect(sent).toEqual([])
    })
  })

  describe("by updateRows", () => {
    const old = new Date(0)
    beforeEach(async () => {
      const fields = {
        pages: 1,
        blurb: "B",
        weight: "1.5",
        awards: ["x"],
        metadata: { a: 1 },
        createdAt: old,
        updatedAt: old,
      }
      await shop.database.insertRows(
        Book,
        ["a", "b", "c"].map((id) => aBook({ id, title: id, ...fields })),
      )
    })

    it("change what each names and nothing else, and when they were changed", async () => {
      const before = await book("b")

      const changed = await shop.database.updateRows(Book, [
        { id: "a", title: "A", weight: null, awards: [], metadata: { b: [null] } },
        { id: "b", pages: 7 },
        { id: "nobody", pages: 9 },
      ])

      expect(changed).toBe(2)
      expect(await book("a")).toMatchObject({
        title: "A",
        weight: null,
        awards: [],
        metadata: { b: [null] },
        pages: 1,
        blurb: "B",
        createdAt: old.toISOString(),
      })
      const { updatedAt, ...rest } = await book("b")
      expect(rest).toEqual({ ...before, pages: 7, updatedAt: undefined })
      expect(Date.parse(updatedAt)).toBeGreaterThan(Date.now() - 60_000)
      expect(await book("c")).toMatchObject({ updatedAt: old.toISOString() })
    })

    it("keep the time that they are given, and pass over what is undefined", async () => {
      await shop.database.updateRows(Book, [{ id: "a", title: undefined, updatedAt: new Date(1) }])

      expect(await book("a")).toMatchObject({ title: "a", updatedAt: new Date(1).toISOString() })
    })

    it("may be ten thousand, in one statement, with relations by id", async () => {
      const ids = await shop.database.insertRows(
        Book,
        Array.from({ length: 10_000 }, () => aBook()),
      )
      const [author] = await shop.database.insertRows(Author, [{ name: "New" }])

      const sent = await statementsOf(shop.database, async () => {
        expect(
          await shop.database.updateRows(
            Book,
            ids.map((id, pages) => ({ id, pages, author })),
          ),
        ).toBe(10_000)
      })

      const [counts] = await shop.database.sql(
        `select count(*)::int as rows, sum(pages)::int as pages from "library"."book" where author_id = $1`,
        [author],
      )
      expect(sent).toHaveLength(1)
      expect(counts).toEqual({ rows: 10_000, pages: 49_995_000 })
    })

    it("are named by a key whatever it is called", async () => {
      await shop.database.updateRows(Language, [{ isoCode: "sr", name: "Српски" }])

      const { rows } = await shop.query.listAny("language", { fields: { "*": true }, filter: { isoCode: "sr" } })
      expect(rows).toEqual([{ isoCode: "sr", name: "Српски" }])
    })

    it.each([
      ["without a key", [{ title: "A" }], /has no "id"/],
      [
        "twice",
        [
          { id: "a", pages: 1 },
          { id: "a", pages: 2 },
        ],
        /have the same "id"/,
      ],
      ["with what has no column", [{ id: "a", nothing: 1 }], /no column for "nothing"/],
    ])("are refused %s", async (_, rows, message) => {
      await expect(shop.database.updateRows(Book, rows)).rejects.toThrow(message)
    })

    it.runIf(kind === "postgres")(
      "wait for each other in one order, whatever the order they are given in",
      async () => {
        const ids = await shop.database.insertRows(
          Chapter,
          Array.from({ length: 200 }, () => ({ heading: "x", book: "a" })),
        )
        const turn = (order: readonly string[], rank: number) =>
          shop.database.updateRows(
            Chapter,
            order.map((id) => ({ id, rank })),
          )

        const rounds = Array.from({ length: 20 }, (_, round) => turn(round % 2 === 0 ? ids : ids.toReversed(), round))

        expect(await Promise.all(rounds)).toEqual(rounds.map(() => 200))
      },
    )
  })

  describe("by softDeleteRows", () => {
    beforeEach(async () => {
      await shop.database.insertRows(
        Book,
        ["a", "b", "c"].map((id) => aBook({ id, updatedAt: new Date(1) })),
      )
      await shop.database.insertRows(
        Chapter,
        ["a", "a", "b"].map((owner, index) => ({ id: `of-${owner}-${index}`, heading: "x", book: owner })),
      )
    })
    const left = async (table: string) => {
      const rows = await shop.database.sql<{ id: string }>(
        `select id from "library"."${table}" where deleted_at is null order by id`,
      )
      return rows.map(({ id }) => id)
    }

    it("are marked by key, once, in one statement", async () => {
      let gone: string[] = []
      const sent = await statementsOf(shop.database, async () => {
        gone = await shop.database.softDeleteRows(Book, "id", ["b", "a", "b", "none"])
      })
      const again = await shop.database.softDeleteRows(Book, "id", ["a", "b", "c"])

      expect(sent).toHaveLength(1)
      expect(gone.sort()).toEqual(["a", "b"])
      expect(again).toEqual(["c"])
      const [times] = await shop.database.sql(
        `select count(*)::int as rows from "library"."book" where updated_at = deleted_at and deleted_at > now() - interval '1 minute'`,
      )
      expect(times).toEqual({ rows: 3 })
    })

    it("are marked by whom they belong to, with no time of change where they have none", async () => {
      const gone = await shop.database.softDeleteRows(Chapter, "book", ["a"])

      expect(gone.sort()).toEqual(["of-a-0", "of-a-1"])
      expect(await left("chapter")).toEqual(["of-b-2"])
      expect(await left("book")).toEqual(["a", "b", "c"])
    })

    it("cost nothing where there are none", async () => {
      const sent = await statementsOf(shop.database, () => shop.database.softDeleteRows(Book, "id", []))

      expect(sent).toEqual([])
    })

    it("are refused by what has no column, and where rows are not kept", async () => {
      await expect(shop.database.softDeleteRows(Book, "chapters", ["a"])).rejects.toThrow(/no column for "chapters"/)
      await expect(shop.database.softDeleteRows(Author, "id", ["a"])).rejects.toThrow(/no column for "deletedAt"/)
    })
  })
})
