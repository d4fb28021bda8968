import { createTestDatabase, driftOf, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import { compose } from "@marquetry/kernel"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { createServer, forgetIdempotentRequests, openApiOf } from "../src/index.ts"
import { at } from "./library.ts"
import { notesRoutes, openNotebook, Script, type Notebook } from "./notebook.ts"

const replayed = ({ headers }: { headers: Record<string, unknown> }) => headers["idempotency-replayed"]

describe.each(["postgres", "pglite"])("a request with an Idempotency-Key, on %s", (kind) => {
  let database: TestDatabase | undefined
  let notebook: Notebook
  let script: Script
  beforeAll(async () => {
    script = new Script()
    database = kind === "postgres" ? await createTestDatabase() : undefined
    notebook = await openNotebook(database, script)
  })
  beforeEach(async () => {
    script.calls = 0
    await notebook.composition.database.run(`truncate "notes"."note", "http"."idempotent_request"`)
  })
  afterAll(async () => {
    await notebook.close()
    await database?.drop()
  })

  it("is done once, and answered the same each time, with its headers", async () => {
    const first = await notebook.send("/notes?a=1", "key-1", { text: "veneer" })
    const second = await notebook.send("/notes?a=1", "key-1", { text: "veneer" })

    expect(first).toMatchObject({ status: 201, body: { call: 1 } })
    expect(replayed(first)).toBeUndefined()
    expect(second).toMatchObject({ status: first.status, body: first.body, headers: { "x-note": "veneer" } })
    expect(second.headers["set-cookie"]).toEqual(first.headers["set-cookie"])
    expect(second.headers["content-type"]).toBe(first.headers["content-type"])
    expect(replayed(second)).toBe("true")
    expect(await notebook.notes()).toEqual(["veneer"])
  })

  it("is done again under another key, by another caller, and without one", async () => {
    const options = { text: "veneer" }
    const answers = [
      await notebook.send("/notes", "key-1", options),
      await notebook.send("/notes", "key-2", options),
      await notebook.send("/notes", "key-1", { ...options, authorization: "Bearer ann" }),
      await notebook.send("/notes", "key-1", { ...options, cookie: "connect.sid=1" }),
      await notebook.send("/notes", undefined, options),
      await notebook.send("/notes", undefined, options),
    ]
    // What else a browser sends changes nothing.
    const again = await notebook.send("/notes", "key-1", { ...options, cookie: "theme=dark; connect.sid=1" })

    expect(answers.map(({ body }) => body["call"])).toEqual([1, 2, 3, 4, 5, 6])
    expect(again.body).toEqual(answers[3]?.body)
  })

  it.each([
    ["another body", "/notes", { text: "glue" }],
    ["another query", "/notes?a=1", { text: "veneer" }],
    ["another path", "/notes/outside", { text: "veneer" }],
    ["another method", "/notes", { method: "DELETE" as const }],
  ])("is refused when the key came with %s before", async (_, url, options) => {
    await notebook.send("/notes", "key-1", { text: "veneer" })

    const refused = await notebook.send(url, "key-1", options)

    expect(refused).toMatchObject({ status: 400, body: { type: "invalid_data", code: "idempotency.key_reused" } })
    expect(await notebook.notes()).toEqual(["veneer"])
  })

  it.each(["", "a b", "é", "x".repeat(256)])("is refused when the key is %j", async (key) => {
    const refused = await notebook.send("/notes", key, { text: "veneer" })

    expect(refused).toMatchObject({ status: 400, body: { type: "invalid_data", code: "idempotency.key_invalid" } })
    expect(script.calls).toBe(0)
  })

  it("may be one that deletes; one that only reads is done each time", async () => {
    await notebook.send("/notes", undefined, { text: "veneer" })
    const remove = () => notebook.send("/notes", "key-1", { method: "DELETE" })
    const read = () => notebook.send("/notes", "key-2", { method: "GET" })

    const answers = [await remove(), await remove(), await read(), await read()]

    expect(answers.map(({ body }) => body)).toEqual([{ deleted: 1 }, { deleted: 1 }, { calls: 2 }, { calls: 3 }])
  })

  it.each([
    ["/notes/refuse", []],
    ["/notes/outside/refuse", ["refused"]],
  ])("is refused the same each time by %s", async (url, left) => {
    const first = await notebook.send(url, "key-1")
    const second = await notebook.send(url, "key-1")

    expect(first).toMatchObject({ status: 400, body: { message: "Not this one", code: "notes.refused" } })
    expect(second).toMatchObject({ status: 400, body: first.body, headers: { "x-tried": "yes" } })
    expect(second.headers["content-type"]).toBe(first.headers["content-type"])
    expect([replayed(first), replayed(second)]).toEqual([undefined, "true"])
    expect(script.calls).toBe(1)
    expect(await notebook.notes()).toEqual(left)
  })

  it.each([
    ["/notes/fail", 500, []],
    ["/notes/unavailable", 503, []],
    ["/notes/outside/fail", 500, ["failed", "failed"]],
    ["/notes/outside/unavailable", 503, ["unavailable", "unavailable"]],
  ])("is done again after %s has failed", async (url, status, left) => {
    const answers = [await notebook.send(url, "key-1"), await notebook.send(url, "key-1")]

    expect(answers.map((answer) => [answer.status, replayed(answer)])).toEqual([
      [status, undefined],
      [status, undefined],
    ])
    expect(script.calls).toBe(2)
    expect(await notebook.notes()).toEqual(left)
  })

  it("is not kept when it was refused before it was done", async () => {
    const refused = await notebook.send("/notes", "key-1", { text: "" })
    const stranger = await notebook.send("/notes", "key-1", { text: "veneer", authorization: "Bearer bad" })
    const good = await notebook.send("/notes", "key-1", { text: "veneer" })

    expect([refused.status, stranger.status, good.status]).toEqual([400, 401, 201])
  })

  it("is forgotten after a day", async () => {
    await notebook.send("/notes", "key-1", { text: "veneer" })
    await notebook.age("created_at", "24 hours 1 second")

    const again = await notebook.send("/notes", "key-1", { text: "glue" })
    const kept = await notebook.send("/notes", "key-1", { text: "glue" })
    await notebook.send("/notes", "key-2", { text: "glue" })
    const before = await forgetIdempotentRequests(notebook.composition.database)
    await notebook.age("created_at", "24 hours 1 second")
    const after = await forgetIdempotentRequests(notebook.composition.database)

    expect([again.body["call"], kept.body["call"]]).toEqual([2, 2])
    expect([before, after]).toEqual([0, 2])
  })

  it("costs two statements more, and nothing without the key", async () => {
    const count = async (key?: string) => {
      const sent = await statementsOf(notebook.composition.database, () =>
        notebook.send("/notes", key, { text: "veneer" }),
      )
      return sent.length
    }

    expect([await count(), await count("key-1"), await count("key-1")]).toEqual([1, 3, 2])
  })

  it("leaves nothing readable in the database", async () => {
    await notebook.send("/notes", "key-1", { text: "veneer", authorization: "Bearer ann" })

    const rows = await notebook.composition.database.sql(`select * from "http"."idempotent_request"`)

    const [{ answer }] = rows as [{ answer: string }]
    expect(JSON.stringify(rows)).not.toMatch(/key-1|ann|veneer/)
    expect(Buffer.from(answer, "base64").toString()).not.toContain("veneer")
  })

  it("has a table that is what its entity says", async () => {
    // The notes' own table is that of this test.
    const drift = await driftOf(notebook.composition.database)

    expect(drift).not.toContain("idempotent_request")
  })
})

describe("requests with one Idempotency-Key, at two servers of one database", () => {
  let database: TestDatabase
  let notebooks: [Notebook, Notebook]
  let script: Script
  beforeAll(async () => {
    script = new Script()
    database = await createTestDatabase()
    notebooks = [await openNotebook(database, script), await openNotebook(database, script)]
  })
  beforeEach(async () => {
    script.calls = 0
    await notebooks[0].composition.database.run(`truncate "notes"."note", "http"."idempotent_request"`)
  })
  afterAll(async () => {
    for (const notebook of notebooks) await notebook.close()
    await database.drop()
  })

  it.each(["/notes", "/notes/outside"])(
    "are done once by %s, though 20 come together, again and again",
    async (url) => {
      for (let round = 1; round <= 10; round++) {
        const answers = await Promise.all(
          Array.from({ length: 20 }, (_, index) =>
            (notebooks[index % 2] as Notebook).send(url, `key-${round}`, { text: `note ${round}` }),
          ),
        )
        const done = answers.filter(({ status }) => status < 300)
        const others = answers.filter(({ status }) => status >= 300)

        expect(script.calls).toBe(round)
        expect(done.length).toBeGreaterThan(0)
        expect(new Set(done.map(({ body }) => JSON.stringify(body))).size).toBe(1)
        expect(done.filter((answer) => replayed(answer) === undefined)).toHaveLength(1)
        for (const { status, body } of others) expect([status, body["code"]]).toEqual([409, "idempotency.in_progress"])
      }
      expect(await notebooks[0].notes()).toHaveLength(10)
    },
  )

  it("are refused alike, though 20 come together", async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => (notebooks[index % 2] as Notebook).send("/notes/refuse", "key-1")),
    )
    const last = await notebooks[0].send("/notes/refuse", "key-1")

    const codes = new Set(answers.map(({ body }) => body["code"]))
    expect([...codes].filter((code) => code !== "idempotency.in_progress")).toEqual(["notes.refused"])
    expect([last.body["code"], replayed(last)]).toEqual(["notes.refused", "true"])
    expect(await notebooks[0].notes()).toEqual([])
  })

  it.each(["/notes", "/notes/outside"])("do not wait for the one that %s is at", async (url) => {
    const { begun, release } = script.hold("slow")
    const first = notebooks[0].send(url, "key-1", { text: "slow" })
    await begun

    const second = await notebooks[1].send(url, "key-1", { text: "slow" })
    const other = await notebooks[1].send(url, "key-2", { text: "slow" })
    release()
    const answer = await first
    const third = await notebooks[1].send(url, "key-1", { text: "slow" })

    expect(second).toMatchObject({ status: 409, body: { type: "conflict", code: "idempotency.in_progress" } })
    expect(other.status).toBeLessThan(300)
    expect(third.body).toEqual(answer.body)
    expect(replayed(third)).toBe("true")
  })

  it("are taken over when the process that was at it has died, and only then", async () => {
    const { begun, release } = script.hold("lost")
    const lost = notebooks[0].send("/notes/outside", "key-1", { text: "lost" })
    await begun
    const early = await notebooks[1].send("/notes/outside", "key-1", { text: "lost" })
    await notebooks[1].age("leased_until", "1 second")

    const other = await notebooks[1].send("/notes/outside", "key-1", { text: "another" })
    const second = await notebooks[1].send("/notes/outside", "key-1", { text: "lost" })
    // It was not dead after all: its answer comes too late to be kept.
    release()
    await lost
    const third = await notebooks[0].send("/notes/outside", "key-1", { text: "lost" })

    expect([early.body["code"], other.body["code"]]).toEqual(["idempotency.in_progress", "idempotency.key_reused"])
    expect(second.status).toBe(200)
    expect(third.body).toEqual(second.body)
  })
})

describe("a server that keeps no answers", () => {
  it("says so, and documents no key", async () => {
    const composition = await compose({ modules: [] })
    const routes = notesRoutes(new Script())
    const server = await createServer({ composition, routes, rateLimit: false })

    const { statusCode, body } = await server.app.inject({
      method: "POST",
      url: "/notes",
      headers: { "idempotency-key": "key-1" },
    })

    expect(statusCode).toBe(501)
    expect(JSON.parse(body)).toMatchObject({ type: "not_allowed", code: "idempotency.not_available" })
    expect(JSON.stringify(openApiOf({ composition, routes }))).not.toContain("Idempotency-Key")
    await server.close()
    await composition.close()
  })
})

it("is documented on every route that changes something, and on no other", async () => {
  const notebook = await openNotebook(undefined, new Script())
  const document = openApiOf({ composition: notebook.composition, routes: notesRoutes(new Script()) })
  await notebook.close()

  const names = (method: string) =>
    (at(document, "paths", "/notes", method, "parameters") as { name: string }[]).map(({ name }) => name)
  expect([names("get"), names("post"), names("delete")]).toEqual([[], ["Idempotency-Key"], ["Idempotency-Key"]])
})
