import { createHash, randomBytes } from "node:crypto"
import type { Readable } from "node:stream"
import { text } from "node:stream/consumers"
import { compose, ModuleError, type Composition } from "@marquetry/kernel"
import { createTestDatabase, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { createServer, idempotencyModule, routes, type Server } from "../src/index.ts"

class Refused extends ModuleError {
  readonly code = "upload.refused"
  readonly kind = "invalid"
}

let database: TestDatabase
let composition: Composition
let server: Server
let address: string
let calls = 0

const all = routes("", {}, ({ post, put }) => {
  for (const external of [false, true]) {
    const place = external ? "/outside" : "/inside"
    const files = { field: "files", count: 3, size: 20_000_000 }
    post(`${place}/files`, { summary: "Takes files", files, external }, async (context) => {
      const taken: object[] = []
      for await (const { filename, mimeType, content } of context.files())
        taken.push({ filename, mimeType, digest: await digestOf(content) })
      return { call: ++calls, taken }
    })
    post(`${place}/first`, { summary: "Refuses the first file", files, external }, async (context) => {
      calls++
      for await (const { content } of context.files()) throw new Refused(await text(content))
      return {}
    })
    put(`${place}/stream`, { summary: "Takes anything", stream: true, external }, async ({ stream }) => {
      return { call: ++calls, digest: await digestOf(stream) }
    })
  }
})

async function digestOf(content: Readable): Promise<string> {
  const hash = createHash("sha256")
  for await (const chunk of content) hash.update(chunk as Buffer)
  return hash.digest("hex")
}

beforeAll(async () => {
  database = await createTestDatabase()
  composition = await compose({ database: database.url, modules: [idempotencyModule] })
  await composition.migrate()
  server = await createServer({ composition, routes: all, rateLimit: false })
  address = await server.listen({ port: 0, host: "127.0.0.1" })
})
afterAll(async () => {
  await server.close()
  await composition.close()
  await database.drop()
})

let keys = 0
const newKey = () => `key-${(keys += 1)}`

type Part = readonly [name: string, content: string | Buffer<ArrayBuffer>, type?: string]

function form(parts: readonly Part[]): FormData {
  const body = new FormData()
  for (const [name, content, type = "text/plain"] of parts) body.append("files", new File([content], name, { type }))
  return body
}

async function send(path: string, key: string, body: NonNullable<RequestInit["body"]>, method = "POST") {
  const headers = { "idempotency-key": key, ...(method === "PUT" && { "content-type": "text/plain" }) }
  const answer = await fetch(`${address}${path}`, { method, headers, body })
  const replayed = answer.headers.get("idempotency-replayed")
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown>, replayed }
}

const two: readonly Part[] = [
  ["a.txt", "one"],
  ["b.txt", "two"],
]
const reused = { status: 400, body: { type: "invalid_data", code: "idempotency.key_reused" } }

describe.each(["/inside", "/outside"])("an upload with an Idempotency-Key, %s a transaction", (place) => {
  const files = `${place}/files`

  it("is taken once, and answered the same each time it comes, in whatever pieces", async () => {
    const key = newKey()
    const large = randomBytes(3_000_000)
    const before = calls
    const sent: Part[] = [...two, ["large.bin", large, "application/octet-stream"]]

    const answers = [await send(files, key, form(sent)), await send(files, key, form(sent))]

    expect(calls).toBe(before + 1)
    expect(answers[1]?.body).toEqual(answers[0]?.body)
    expect(answers.map(({ replayed }) => replayed)).toEqual([null, "true"])
  })

  it.each<[string, readonly Part[]]>([
    [
      "another content",
      [
        ["a.txt", "one"],
        ["b.txt", "twO"],
      ],
    ],
    [
      "another name",
      [
        ["a.txt", "one"],
        ["c.txt", "two"],
      ],
    ],
    [
      "another type",
      [
        ["a.txt", "one"],
        ["b.txt", "two", "text/csv"],
      ],
    ],
    ["another order", two.toReversed()],
    ["a file less", two.slice(0, 1)],
    ["a file more", [...two, ["c.txt", ""]]],
    [
      "the same bytes, cut elsewhere",
      [
        ["a.txt", "onet"],
        ["b.txt", "wo"],
      ],
    ],
    ["no file", []],
  ])("is refused when the key came with %s before", async (_, other) => {
    const key = newKey()
    await send(files, key, form(two))
    const before = calls

    const refused = await send(files, key, form(other))
    const again = await send(files, key, form(two))

    expect(refused).toMatchObject(reused)
    expect([again.status, again.replayed, calls]).toEqual([200, "true", before])
  })

  it("keeps a refusal for what was looked at, whatever comes behind that", async () => {
    const key = newKey()
    const first = await send(`${place}/first`, key, form(two))
    const before = calls

    const same = await send(
      `${place}/first`,
      key,
      form([
        ["a.txt", "one"],
        ["b.txt", "three"],
      ]),
    )
    const other = await send(`${place}/first`, key, form([["a.txt", "two"]]))

    expect(first).toMatchObject({ status: 400, body: { code: "upload.refused", message: "one" } })
    expect([same.body, same.replayed]).toEqual([first.body, "true"])
    expect(other).toMatchObject(reused)
    expect(calls).toBe(before)
  })

  it("may be a stream of anything", async () => {
    const key = newKey()
    const large = randomBytes(1_000_000)
    const path = `${place}/stream`
    const first = await send(path, key, large, "PUT")
    const before = calls

    const same = await send(path, key, large, "PUT")
    const others = [
      await send(path, key, Buffer.concat([large, Buffer.from("x")]), "PUT"),
      await send(path, key, large.subarray(1), "PUT"),
      await send(path, key, "", "PUT"),
    ]

    expect([same.body, same.replayed]).toEqual([first.body, "true"])
    expect(others).toMatchObject([reused, reused, reused])
    expect(calls).toBe(before)
  })

  it("is taken once though many come at once, and of several that differ one is", async () => {
    const key = newKey()
    const before = calls

    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => send(files, key, form([["a.txt", index % 2 === 0 ? "one" : "two"]]))),
    )

    expect(calls).toBe(before + 1)
    const done = answers.filter(({ status }) => status === 200)
    expect(new Set(done.map(({ body }) => JSON.stringify(body))).size).toBe(1)
    for (const { body } of answers.filter(({ status }) => status !== 200))
      expect(["idempotency.in_progress", "idempotency.key_reused"]).toContain(body["code"])
  })
})
