import { Agent, request } from "node:http"
import { Readable } from "node:stream"
import { text } from "node:stream/consumers"
import { compose, type Composition } from "@marquetry/kernel"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { z } from "zod"
import {
  createServer,
  openApiOf,
  PermissionMissing,
  routes,
  StreamedContent,
  VersionOutdated,
  type Server,
} from "../src/index.ts"

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
  get("/content", { summary: "Answers content" }, () => {
    const headers = { "content-type": "text/csv", "content-security-policy": "sandbox" }
    return new StreamedContent(Readable.from([Buffer.from("a,"), Buffer.from("b")]), 3, headers)
  })
  get("/torn", { summary: "Answers a part" }, () => {
    const torn = async function* () {
      yield Buffer.from("a,")
      throw new Error("The disk is gone")
    }
    return new StreamedContent(Readable.from(torn(), { objectMode: false }), 3, { "content-type": "text/csv" })
  })
  put("/half", { summary: "Reads half", stream: true }, async ({ stream }) => {
    for await (const chunk of stream) if ((chunk as Buffer).length > 0) break
    return {}
  })
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

  it("are empty streams when there are none", async () => {
    expect(await send("/notes/any", { method: "PUT" })).toEqual({ status: 200, body: { text: "" } })
    expect(await send("/notes/any", { method: "PUT", headers: { "content-type": "text/csv" }, body: "" })).toEqual({
      status: 200,
      body: { text: "" },
    })
  })

  it.each(["/notes/half", "/notes/files"])("that %s does not read hold up nothing that follows", async (path) => {
    const large = path === "/notes/half" ? { method: "PUT", body: "x".repeat(3_000_000) } : undefined
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const over = (init: { method: string; headers?: Record<string, string>; body: Buffer }) =>
      new Promise<number | undefined>((resolve, reject) => {
        const { body, ...options } = init
        request(`${address}${path}`, { agent, ...options }, (answer) => {
          answer.resume().once("end", () => resolve(answer.statusCode))
        })
          .once("error", reject)
          .end(body)
      })
    const sent = new Request(address, large ?? { method: "POST", ...form(["files", "a", "x".repeat(3_000_000)]) })
    const headers = Object.fromEntries(sent.headers)
    const body = Buffer.from(await sent.arrayBuffer())

    const answers = [
      await over({ method: sent.method, headers, body }),
      await over({ method: sent.method, headers, body }),
    ]
    agent.destroy()

    expect(answers).toEqual(large === undefined ? [400, 400] : [200, 200])
  })

  it("are as large as their route takes", async () => {
    const headers = { "content-type": "application/json" }

    const small = await send("/notes/json", { headers, body: '{"first_line":"x"}' })
    const large = await send("/notes/json", { headers, body: `{"first_line":"${"x".repeat(100)}"}` })

    expect(small.body).toEqual({ firstLine: "x" })
    expect(large).toMatchObject({ status: 413, body: { code: "request.body_too_large" } })
  })
})

describe("content", () => {
  it("is answered as it comes, under the headers of the handler, and not at all to who asks for them alone", async () => {
    const whole = await fetch(`${address}/notes/content`)
    const headers = await fetch(`${address}/notes/content`, { method: "HEAD" })

    expect([whole.status, await whole.text()]).toEqual([200, "a,b"])
    expect(Object.fromEntries(whole.headers)).toMatchObject({
      "content-type": "text/csv",
      "content-length": "3",
      "content-security-policy": "sandbox",
    })
    expect([headers.status, headers.headers.get("content-length"), await headers.text()]).toEqual([200, "3", ""])
  })

  it("that breaks off is not taken for all of it", async () => {
    const torn = await fetch(`${address}/notes/torn`)

    await expect(torn.text()).rejects.toThrow("terminated")
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

it.each([
  [true, ["If-Match"], ["etag"], true],
  ["condition", ["If-Match"], [], true],
  ["answer", [], ["etag"], false],
  [false, [], [], false],
] as const)("are documented by what of versions they heed and answer: %s", (versioned, sent, answered, isRefused) => {
  const changes = routes("/things", {}, ({ post }) => post("/", { summary: "Changes", versioned }, () => ({})))

  const { paths } = openApiOf({ composition, routes: changes })

  const operation = paths["/things"]?.["post"] as {
    parameters: { name: string }[]
    responses: Record<string, { headers?: object }>
  }
  expect(operation.parameters.map(({ name }) => name)).toEqual(sent)
  expect(Object.keys(operation.responses["200"]?.headers ?? {})).toEqual(answered)
  expect(Object.keys(operation.responses).includes("412")).toBe(isRefused)
  expect(Object.keys(operation.responses)).toContain("422")
})

it("are on the page for people too, forms with files and answers of any success", async () => {
  const answer = await fetch(`${address}/docs`)
  const page = await answer.text()

  expect(answer.status).toBe(200)
  expect(page).toContain("/notes/files")
  expect(page).toContain("binary")
  expect(page).not.toContain("<pre>undefined</pre>")
})
