import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { attempt } from "../test/library.ts"
import { InvalidRequest } from "./errors.ts"
import { parseQueryString } from "./query-string.ts"

describe("a query string", () => {
  it.each([
    ["", {}],
    ["a=1&b=2", { a: "1", b: "2" }],
    ["id[]=a&id[]=b", { id: ["a", "b"] }],
    ["id[0]=a&id[1]=b", { id: ["a", "b"] }],
    ["id=a&id=b", { id: ["a", "b"] }],
    ["created_at[$gt]=2026", { created_at: { $gt: "2026" } }],
    ["variants.sku=x", { variants: { sku: "x" } }],
    ["variants.options.value=x&variants.sku=y", { variants: { options: { value: "x" }, sku: "y" } }],
    ["fields=+a,%2Bb,%20c", { fields: " a,+b, c" }],
    ["$or[0][title]=a", { $or: [{ title: "a" }] }],
    ["a", { a: "" }],
  ])("%s is read", (text, expected) => {
    expect(parseQueryString(text)).toEqual(expected)
  })

  it.each([
    "a[b][c][d][e][f][g][h]=1",
    "a.b.c.d=1",
    ".a=1",
    "a..b=1",
    "__proto__.limit=1",
    "a.__proto__=1",
    Array.from({ length: 501 }, () => "a=1").join("&"),
  ])("%.30s is refused", (text) => {
    expect(() => parseQueryString(text)).toThrow(InvalidRequest)
  })

  it("of any text is read or refused, and reaches no prototype", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "a",
        "[",
        "]",
        "[]",
        "=",
        "&",
        ".",
        "%",
        "%5B",
        "__proto__",
        "constructor",
        "+",
        "$or",
        "[0]",
        "\0",
      ),
      fc.string({ maxLength: 4 }),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const answer = attempt(() => Object.getPrototypeOf(parseQueryString(pieces.join(""))))

        expect(answer).toSatisfy((found) => found === Object.prototype || found instanceof InvalidRequest)
        expect(Object.keys(Object.prototype)).toEqual([])
      }),
      { numRuns: 2_000 },
    )
  })
})
