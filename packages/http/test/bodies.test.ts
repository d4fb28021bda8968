import { text } from "node:stream/consumers"
import { compose, type Composition } from "@marquetry/kernel"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { z } from "zod"
import { createServer, openApiOf, PermissionMissing, routes, VersionOutdated, type Server } from "../src/index.ts"

let composition: Composition
let server: Server
let address: string
const Note = z.strictObject({ firstLine: z.string().max(10) })

const all = routes("/notes", {}, ({ post, put, get }) => {
  post(
    "/files",
    { summary: "Takes files", files: { field: "files", count: 2, size: 10 }, status: 201 },
    async ({ files }) => {
      const taken: object[] = []
      for await (const { filename, mimeType, content } of files())
        taken.push({ filename, mimeType, text: await text(content) })
      return { taken }
    },
  )
  put("/any", { summary: "Takes anything", stream: true }, async ({ stream }) => ({ text: await text(stream) }))
  post("/json", { summary: "Takes JSON", body: Note, example: { firstLine: "x" }, bodyLimit: 60 }, ({ body }) => body)
  get("/files", { summary: "Wants no files" }, ({ files }) => ({ files: files() }))
  get("/forbidden", { summary: "Is not for all", permissions: ["note:read"] }, ({ permissions }) => {
    throw new PermissionMissing(permissions)
  })
  post("/outdated", { summary: "Has changed", versioned: true }, () => {
    throw new VersionOutdated('"2"')
  })
})

beforeAll(async () => {
  composition = await compose({ modules: [] })
  server = await createServer({ composition, routes: all, rateLimit: false })
  address = await server.listen({ port: 0, host: "127.0.0.1" })
})
afterAll(async () => {
  await server.close()
  await composition.close()
})

async function send(path: string, init: RequestInit): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${address}${path}`, { method: "POST", ...init })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

function form(...files: readonly (readonly [field: string, name: string, content: string])[]): RequestInit {
  const body = new FormData()
  for (const [field, name, content] of files) body.append(field, new File([content], name, { type: "text/plain" }))
  return { body }
}

describe("forms", () => {
  it("give their files one after the other, by names without a path", async () => {
    const answer = await send("/notes/files", form(["files", "a.txt", "one"], ["files", "../../etc/b.txt", "two"]))

    expect(answer).toEqual({
      status: 201,
      body: {
        taken: [
          { filename: "a.txt", mimeType: "text/plain", text: "one" },
          { filename: "b.txt", mimeType: "text/plain", text: "two" },
        ],
      },
    })
  })

  it.each([
    ["a file that is too large", form(["files", "a", "01234567890"]), "A file has 10 bytes at most"],
    [
      "too many files",
      form(["files", "a", "1"], ["files", "b", "2"], ["files", "c", "3"]),
      "A form has 2 files at most",
    ],
    ["a file in another field", form(["file", "a", "1"]), "Unrecognized fields: 'file'"],
  ])("are refused with %s", async (_, request, message) => {
    const { status, body } = await send("/notes/files", request)

    expect(status).toBe(400)
    expect(body).toMatchObject({ type: "invalid_data", message: `Invalid request: ${message}` })
  })

  it("are all that such a route takes, and no other route takes them", async () => {
    const json = { headers: { "content-type": "application/json" }, body: "{}" }

    expect((await send("/notes/files", json)).status).toBe(415)
    expect((await send("/notes/json", form(["files", "a", "1"]))).status).toBe(415)
    expect((await send("/notes/files", { method: "GET" })).status).toBe(500)
  })
})

describe("other bodies", () => {
  it("are streamed, of whatever type", async () => {
    const request = { method: "PUT", headers: { "content-type": "text/csv" }, body: "a,b" }

    expect(await send("/notes/any", request)).toEqual({ status: 200, body: { text: "a,b" } })
  })

  it("are as large as their route takes", async () => {
    const headers = { "content-type": "application/json" }

    const small = await send("/notes/json", { headers, body: '{"first_line":"x"}' })
    const large = await send("/notes/json", { headers, body: `{"first_line":"${"x".repeat(100)}"}` })

    expect(small.body).toEqual({ firstLine: "x" })
    expect(large).toMatchObject({ status: 413, body: { code: "request.body_too_large" } })
  })
})

describe("refusals", () => {
  it("name the permission that is missing, and the version that is current", async () => {
    const forbidden = await send("/notes/forbidden", { method: "GET" })
    const outdated = await send("/notes/outdated", {})

    expect(forbidden).toMatchObject({ status: 403, body: { type: "forbidden", code: "request.permission_missing" } })
    expect(forbidden.body["message"]).toContain("'note:read'")
    expect(outdated).toMatchObject({ status: 412, body: { code: "request.version_outdated", version: '"2"' } })
  })
})

it("are documented: files, examples, permissions, versions and statuses", () => {
  const { paths } = openApiOf({ composition, routes: all })

  expect(paths["/notes/files"]?.["post"]).toMatchObject({
    requestBody: { content: { "multipart/form-data": { schema: { required: ["files"] } } } },
    responses: { "201": {} },
  })
  expect(paths["/notes/json"]?.["post"]).toMatchObject({
    requestBody: { content: { "application/json": { example: { first_line: "x" } } } },
  })
  expect(paths["/notes/forbidden"]?.["get"]).toMatchObject({
    "x-permissions": ["note:read"],
    responses: { "401": {}, "403": {} },
  })
  expect(paths["/notes/outdated"]?.["post"]).toMatchObject({ parameters: [{ name: "If-Match" }] })
})
