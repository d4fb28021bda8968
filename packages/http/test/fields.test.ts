import fc from "fast-check"
import { ResourceRegistry, type AnySelection } from "@marquetry/kernel"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { FieldReader, InvalidRequest } from "../src/index.ts"
import { attempt, openLibrary } from "./library.ts"

describe("a choice of fields", () => {
  let library: Awaited<ReturnType<typeof openLibrary>>
  let reader: FieldReader

  beforeAll(async () => {
    library = await openLibrary()
    reader = new FieldReader(library.composition.container.resolve(ResourceRegistry), {
      resource: "book",
      defaults: ["id", "title", "*author"],
      maxDepth: 2,
    })
  })
  afterAll(() => library.close())

  const columns = { id: true, title: true, page_count: true, published_at: true, author_id: true, metadata: true }
  it.each<[string | undefined, AnySelection]>([
    [undefined, { id: true, title: true, author: { "*": true } }],
    ["", { id: true, title: true, author: { "*": true } }],
    [" , ,", { id: true, title: true, author: { "*": true } }],
    ["title", { id: true, title: true }],
    ["title,author.name", { id: true, title: true, author: { name: true } }],
    ["author", { id: true, author: { "*": true } }],
    ["+metadata", { id: true, title: true, author: { "*": true }, metadata: true }],
    [" metadata", { id: true, title: true, author: { "*": true }, metadata: true }],
    ["-author", { id: true, title: true }],
    ["-title,-author.id", { id: true, author: { name: true } }],
    ["*author.books", { id: true, title: true, author: { "*": true, books: { "*": true } } }],
    ["author.books.*", { id: true, title: true, author: { "*": true, books: { "*": true } } }],
    ["*author,-author", { id: true, title: true }],
    ["*,-author_id,-metadata", { id: true, title: true, author: { "*": true }, page_count: true, published_at: true }],
    ["pageCount,title", { id: true, title: true }],
    ["title,author.nothing.name,nothing", { id: true, title: true }],
    ["-__proto__.toString,-constructor.name", { id: true, title: true, author: { "*": true } }],
  ])("%j is read", (fields, expected) => {
    const plain = JSON.parse(JSON.stringify(reader.read(fields))) as AnySelection

    expect(plain["*"] === true ? columns : plain).toEqual(expected)
  })

  it("may go so deep", () => {
    expect(() => reader.read("author.books.author.name")).toThrow("'fields' expands 2 relations deep at most")
    expect(() => reader.read(Array.from({ length: 301 }, () => "id").join(","))).toThrow("300 fields at most")
  })

  it("leads to nothing that is hidden", () => {
    const hidden = new FieldReader(library.composition.container.resolve(ResourceRegistry), {
      resource: "book",
      defaults: ["id"],
      maxDepth: 2,
      hidden: new Set(["author", "book.spine"]),
    })

    expect({ ...hidden.read("*author,author.name,+author,spine") }).toEqual({ id: true })
    expect({ ...reader.read("spine") }).toEqual({ id: true, spine: true })
  })

  it("shows of some resources only what is named", () => {
    const partly = new FieldReader(library.composition.container.resolve(ResourceRegistry), {
      resource: "book",
      defaults: ["id"],
      maxDepth: 2,
      only: { author: new Set(["name"]) },
    })

    const named = { id: true, author: { name: true } }
    const choices = [
      "+author",
      "*author",
      "author.*",
      "author.name,id,author.id",
      "*author.books,author.name,-author.id",
    ]
    expect(choices.map((fields) => JSON.parse(JSON.stringify(partly.read(fields))) as unknown)).toEqual(
      choices.map(() => named),
    )
  })

  it("of any text is read or refused", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "+",
        "-",
        "*",
        ".",
        ",",
        " ",
        "author",
        "books",
        "title",
        "id",
        "__proto__",
        "toString",
        "prototype",
      ),
      fc.string({ maxLength: 4 }),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
        expect(attempt(() => reader.read(pieces.join(""))["id"])).toSatisfy(
          (answer) => answer === true || answer instanceof InvalidRequest,
        )
        expect(typeof Object.prototype.toString).toBe("function")
      }),
      { numRuns: 2_000 },
    )
  })
})
