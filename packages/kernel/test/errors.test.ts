import { afterAll, beforeAll, describe, expect, it } from "vitest"
import {
  InvalidInput,
  ModuleError,
  NotFound,
  QueryInvalid,
  rethrow,
  rethrowConstraint,
  UniqueConstraintViolationException,
} from "../src/index.ts"
import { aBook, Book, bookResource, databaseKinds, openShop, type Shop } from "./shop.ts"

class IsbnTaken extends ModuleError {
  readonly code = "library.isbn_taken"
  readonly kind = "conflict"
  constructor(cause: Error) {
    super("taken", { cause })
  }
}

describe.each(databaseKinds)("errors of the database, on %s", (kind) => {
  let shop: Shop
  const catching = rethrowConstraint({
    book_isbn_unique: (error) => new IsbnTaken(error),
    book_pages_check: () => new RangeError("pages"),
  })

  beforeAll(async () => {
    shop = await openShop(kind)
    await shop.database.insertRows(Book, [aBook({ id: "first", isbn: "1" }), aBook({ id: "second", isbn: "2" })])
  })
  afterAll(() => shop.end())

  it.each([
    ["insertRows", () => shop.database.insertRows(Book, [aBook({ isbn: "1" })])],
    ["updateRows", () => shop.database.updateRows(Book, [{ id: "second", isbn: "1" }])],
    ["run", () => shop.database.run(`update "library"."book" set isbn = '1' where id = 'second'`)],
    [
      "a flush",
      () =>
        shop.database.transaction(async (em) => {
          em.create(Book, aBook({ isbn: "1" }) as never)
          await em.flush().catch(catching)
        }),
    ],
  ])("of %s are told apart by the constraint that was violated", async (_, write) => {
    const error = await write()
      .catch(catching)
      .catch((thrown: unknown) => thrown)

    expect(error).toBeInstanceOf(IsbnTaken)
    expect((error as IsbnTaken).cause).toMatchObject({ code: "23505" })
  })

  it("tells check constraints from unique ones, and lets those pass that nobody named", async () => {
    const change = (fields: object) => shop.database.updateRows(Book, [{ id: "first", ...fields }]).catch(catching)

    await expect(change({ pages: -1 })).rejects.toBeInstanceOf(RangeError)
    await expect(change({ status: "burnt" })).rejects.toMatchObject({ constraint: "book_status_check" })
    await expect(Promise.reject(undefined as never).catch(catching)).rejects.toBeUndefined()
  })

  it("still turns one class of the ORM's errors into another", async () => {
    const write = shop.database.transaction(async (em) => {
      em.create(Book, aBook({ isbn: "1" }) as never)
      await em
        .flush()
        .catch(rethrow(UniqueConstraintViolationException, () => new RangeError("taken"), "book_isbn_unique"))
    })

    await expect(write).rejects.toBeInstanceOf(RangeError)
  })

  it.each([
    ["an id that is looked for", () => shop.query.get(bookResource, "a\0b", { fields: { id: true } })],
    [
      "an id that is filtered by",
      () => shop.query.list(bookResource, { fields: { id: true }, filter: { id: ["a\0b"] } }),
    ],
    [
      "half a surrogate pair in JSON",
      () => shop.query.listAny("book", { fields: { id: true }, filter: { metadata: { a: "\ud800" } } }),
    ],
    ["an id in a list", () => shop.query.listAny("book", { fields: { id: true }, filter: { author: ["\0"] } })],
  ])("refuses U+0000 and the like in %s", async (_, read) => {
    await expect(read()).rejects.toBeInstanceOf(QueryInvalid)
  })

  it.each([
    ["sql", () => shop.database.sql(`select $1::text`, ["a\0b"])],
    ["run", () => shop.database.run(`update "library"."book" set title = $1 where id = $2`, ["x", "a\0b"])],
    ["insertRows", () => shop.database.insertRows(Book, [aBook({ title: "a\0b" })])],
    [
      "insertRows of half a surrogate pair",
      () => shop.database.insertRows(Book, [aBook({ metadata: { a: "\ud800" } })]),
    ],
    ["updateRows", () => shop.database.updateRows(Book, [{ id: "first", metadata: { a: "\0" } }])],
    ["the ORM", () => shop.database.transaction((em) => em.findOne(Book, { id: "a\0b" }))],
  ])("says that the input is invalid when such a text comes as far as %s", async (_, send) => {
    await expect(send()).rejects.toBeInstanceOf(InvalidInput)
  })

  it("says that there is no such row for an id that there is not", async () => {
    const error = await shop.query
      .get(bookResource, "nobody", { fields: { id: true } })
      .catch((thrown: unknown) => thrown)

    expect(error).toBeInstanceOf(NotFound)
    expect(error).toMatchObject({
      message: "Book with id: nobody was not found",
      details: { resource: "Book", id: "nobody" },
    })
  })
})
