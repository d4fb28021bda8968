import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { authErrorAnswers, commerceErrorAnswers } from "./error-answers.ts"

const packages = join(import.meta.dirname, "../..")

/** The sources of all packages: an error has its code nowhere else. */
const sources = globSync("*/src/**/*.ts", { cwd: packages, exclude: (path) => path.endsWith(".test.ts") }).map((path) =>
  readFileSync(join(packages, path), "utf8"),
)
const codesIn = (pattern: RegExp) =>
  sources.flatMap((text) => [...text.matchAll(pattern)].map(([, code]) => code as string))
const answers = { ...authErrorAnswers, ...commerceErrorAnswers }

/** The codes in the tables of the README. */
const errors = /^## Errors$([^]*?)^## /m.exec(readFileSync(join(packages, "api/README.md"), "utf8"))?.[1] ?? ""
const listed = [...errors.matchAll(/`([a-z_]+\.[a-z_]+)`/g)].map(([, code]) => code as string)

describe("errors that are answered otherwise than by their kind", () => {
  it("are there", () => {
    const codes = codesIn(/readonly code = "([a-z_.]+)"/g)

    expect(Object.keys(answers).filter((code) => !codes.includes(code))).toEqual([])
  })

  it("are all that say of something unique that it is taken, but handles and SKUs", () => {
    const taken = codesIn(/readonly code = "([a-z_.]+_taken)"\s+readonly kind = "conflict"/g)

    expect(taken.length).toBeGreaterThan(20)
    const invalid = { status: 400, type: "invalid_data" }
    const duplicate = { status: 422, type: "duplicate_error", code: "invalid_request_error" }
    expect(Object.fromEntries(taken.map((code) => [code, answers[code]]))).toEqual(
      Object.fromEntries(taken.map((code) => [code, /handle|sku/.test(code) ? invalid : duplicate])),
    )
  })

  it("are told of in the README, which tells of no others than there are", () => {
    const shown = Object.keys(answers).filter((code) => answers[code]?.code === undefined)
    const codes = codesIn(/"([a-z_]+\.[a-z_]+)"/g)

    expect(listed.length).toBeGreaterThan(50)
    expect(shown.filter((code) => !listed.includes(code))).toEqual([])
    expect(listed.filter((code) => !codes.includes(code))).toEqual([])
  })

  it("have one answer each", () => {
    expect(Object.keys(authErrorAnswers).filter((code) => code in commerceErrorAnswers)).toEqual([])
  })
})
