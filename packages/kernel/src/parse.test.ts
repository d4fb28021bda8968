import { describe, expect, it } from "vitest"
import { z } from "zod"
import { InvalidInput } from "./errors.ts"
import { parse } from "./parse.ts"

const Anything = z.object({ title: z.string(), metadata: z.record(z.string(), z.unknown()).nullable().default(null) })

const refusal = (input: unknown): InvalidInput => {
  try {
    parse(Anything, input)
  } catch (error) {
    return error as InvalidInput
  }
  throw new Error("Nothing was refused")
}

describe("parse", () => {
  it.each([
    ["a text with U+0000", { title: "a\0b" }, ["title"]],
    ["half a surrogate pair", { title: "\ud83d" }, ["title"]],
    ["a text deep in metadata", { title: "", metadata: { a: [1, { b: "\0" }] } }, ["metadata", "a", 1, "b"]],
    ["a key of metadata", { title: "", metadata: { "\udc00": 1 } }, ["metadata"]],
  ])("refuses %s, which Postgres cannot keep, and says where it is", (_, input, path) => {
    const error = refusal(input)

    expect(error).toBeInstanceOf(InvalidInput)
    expect(error.details.issues).toMatchObject([{ path }])
  })

  it.each([
    ["a pair of surrogates", { title: "😀" }],
    ["control characters", { title: "\u0001\t\n" }],
    ["what looks like an escape", { title: "\\u0000" }],
    ["a list that is long", { title: "", metadata: { list: Array.from({ length: 10_000 }, String) } }],
  ])("takes %s", (_, input) => {
    expect(parse(Anything, input)).toMatchObject(input)
  })

  it("refuses what nests too deep to be walked, and what contains itself", () => {
    const circle: Record<string, unknown> = {}
    circle["self"] = circle

    expect(refusal({ title: "", metadata: circle }).message).toMatch(/nests more than 100 levels/)
  })

  it("tells all issues of a schema at once", () => {
    expect(refusal({ title: 1, metadata: 2 }).details.issues.map(({ path }) => path)).toEqual([["title"], ["metadata"]])
  })
})
