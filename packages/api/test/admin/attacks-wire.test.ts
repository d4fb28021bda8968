import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openBackOffice, type BackOffice } from "./back-office.ts"

let office: BackOffice
beforeAll(async () => {
  office = await openBackOffice()
})
afterAll(() => office.drop())

const send = async (path: string, type: string | undefined, body: string) => {
  const answer = await fetch(`${office.address}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${office.token}`, ...(type !== undefined && { "content-type": type }) },
    // Bytes have no type of their own.
    body: Buffer.from(body),
  })
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}

const boundary = "multipart/form-data; boundary=b"
const named = 'content-disposition: form-data; name="files"'
const part = (head: string) => `--b\r\n${head}\r\n\r\nx\r\n`
const whole = (head: string) => `${part(head)}--b--\r\n`
const good = whole(`${named}; filename="a.txt"`)

describe("a form", () => {
  it.each([
    ["without a boundary", "multipart/form-data", good],
    ["with an empty boundary", "multipart/form-data; boundary=", good],
    ["with another boundary", "multipart/form-data; boundary=other", good],
    ["that is none", boundary, "garbage"],
    ["of a beginning", boundary, "--b\r\n"],
    ["that ends within a file", boundary, part(`${named}; filename="a.txt"`)],
    ["with a file without a name", boundary, whole(`${named}\r\ncontent-type: application/octet-stream`)],
    ["with a file of an empty name", boundary, whole(`${named}; filename=""`)],
    ["with a file that is called like a folder", boundary, whole(`${named}; filename=".."`)],
    ["with a file of a type that is none", boundary, whole(`${named}; filename="a"\r\ncontent-type: nonsense`)],
    ["with a part without a name", boundary, whole("content-type: text/plain")],
    ["with a header that is none", boundary, whole("nonsense")],
    ["with a field called __proto__", boundary, whole('content-disposition: form-data; name="__proto__"')],
    ["with 51 files", boundary, `${part(`${named}; filename="a.txt"`).repeat(51)}--b--\r\n`],
  ])("%s is refused, and nothing of it is kept", async (_, type, body) => {
    const answer = await send("/admin/uploads", type, body)

    const [kept] = await office.composition.database.sql<{ files: number }>(
      `select count(*)::int as files from "file"."file"`,
    )
    expect(answer).toMatchObject({ status: 400, body: { type: "invalid_data" } })
    expect(kept?.files).toBe(0)
  })
})

describe("a body", () => {
  it.each([
    ["null", 400],
    ["[]", 400],
    ["1", 400],
    ["{", 400],
    ['{"__proto__":{"name":"x"}}', 400],
    ['{"name":"x","__proto__":{"a":1}}', 400],
    ['{"name":"\\ud800"}', 400],
    ['{"name":"x","metadata":{"\\u0000":1}}', 400],
    [`{"name":"x","metadata":${'{"a":'.repeat(5_000)}1${"}".repeat(5_001)}`, 400],
    ["[".repeat(100_000), 400],
    [`"${"x".repeat(3_000_000)}"`, 413],
  ])("of %.40s is refused: %i", async (body, status) => {
    expect(await send("/admin/sales-channels", "application/json", body)).toMatchObject({
      status,
      body: { type: "invalid_data" },
    })
  })

  it.each([undefined, "text/plain", "application/x-www-form-urlencoded", boundary, "nonsense"])(
    "of type %s is no JSON",
    async (type) => {
      const answer = await send("/admin/sales-channels", type, '{"name":"x"}')

      expect(answer).toMatchObject({ status: 415, body: { code: "request.media_type" } })
    },
  )
})
