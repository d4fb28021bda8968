import { once } from "node:events"
import { createServer as createHttpServer, request as httpRequest } from "node:http"
import type { AddressInfo } from "node:net"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import express from "express"
import { openApiOf } from "../src/index.ts"
import { at, bookRoutes, openLibrary } from "./library.ts"

describe("the server", () => {
  let library: Awaited<ReturnType<typeof openLibrary>>

  beforeAll(async () => {
    library = await openLibrary({ cors: { store: ["https://shop.example"], admin: ["*"] } })
  })
  afterAll(() => library.close())

  it("lists with the fields that a route answers by default", async () => {
    const { status, body, headers } = await library.get("/store/books?limit=1")

    expect(status).toBe(200)
    expect(headers["content-type"]).toBe("application/json; charset=utf-8")
    expect(body).toEqual({
      books: [
        {
          id: library.ids[0],
          title: "Wood",
          page_count: 100,
          published_at: "2026-01-02T03:04:05.678Z",
          author: { id: library.ann, name: "Ann" },
        },
      ],
      count: 3,
      offset: 0,
      limit: 1,
    })
  })

  it.each([
    ["title=Glue", ["Glue"]],
    ["title[]=Glue&title[]=Wood", ["Wood", "Glue"]],
    ["title[]=Glue,Wood", ["Wood", "Glue"]],
    ["title[0]=Glue&title[1]=Veneer", ["Veneer", "Glue"]],
    ["page_count[$gt]=100&page_count[$lte]=200", ["Veneer"]],
    ["page_count=100", ["Wood"]],
    ["is_thick=true&page_count[$lte]=200", ["Veneer"]],
    ["is_thick=false", ["Wood"]],
    ["$or[0][is_thick]=false&$or[1][title]=Glue", ["Wood", "Glue"]],
    ["published_at[$lt]=2026-06-01", ["Wood"]],
    ["published_at=null", ["Veneer", "Glue"]],
    ["author[name]=Bob", ["Veneer"]],
    ["author.name=Bob", ["Veneer"]],
    ["$or[0][title]=Glue&$or[1][page_count][$lt]=150", ["Wood", "Glue"]],
    ["$and[0][title]=Glue&$and[1][page_count]=1", []],
    ["q=ven", ["Veneer"]],
    ["order=-title", ["Wood", "Veneer", "Glue"]],
    ["order=author.name,-page_count", ["Glue", "Wood", "Veneer"]],
    ["offset=1&limit=1", ["Veneer"]],
    ["title=%27%3B%20drop%20table%20book%3B--", []],
  ])("filters, orders and pages by ?%s", async (query, titles) => {
    const { status, body } = await library.get(`/store/books?${query}`)

    expect(status).toBe(200)
    expect((body["books"] as { title: string }[]).map(({ title }) => title)).toEqual(titles)
  })

  it.each([
    ["limit=-1", "Value for field 'limit' too small, expected at least: '0'"],
    ["limit=ten", "Expected type: 'number' for field 'limit', got: 'ten'"],
    ["limit=1000000", "Value for field 'limit' too big, expected at most: '10000'"],
    ["offset=-5", "Value for field 'offset' too small, expected at least: '0'"],
    ["colour=red", "Unrecognized fields: 'colour'"],
    ["order=colour", '"colour"'],
    ["order=author.books.title", '"author.books.title"'],
    ["page_count[$gt]=many", '"page_count" is compared with a number'],
    ["published_at[$gt]=yesterday", '"published_at" is compared with a date (ISO 8601)'],
    ["page_count[$regex]=1", "page_count"],
    ["author[shoe]=1", 'author has no field "shoe" to filter by'],
    ["fields=*author.books.author.books", "'fields' expands 2 relations deep at most"],
    ["title=%00", '"title" is compared with text'],
    ["a[b][c][d][e][f][g][h]=1", "The query string cannot be read"],
    ["$or=1", "$or"],
  ])("refuses ?%s", async (query, message) => {
    const { status, body } = await library.get(`/store/books?${query}`)

    expect({ status, type: body["type"] }).toEqual({ status: 400, type: "invalid_data" })
    expect(body["message"]).toContain(message)
    expect(body["code"]).toMatch(/^(request|query)\.invalid$/)
  })

  it("answers one row, and 404 for none", async () => {
    const one = await library.get(`/store/books/${library.ids[2]}?fields=title,metadata`)
    const none = await library.get("/store/books/book_1'--")

    expect(one.body).toEqual({ book: { id: library.ids[2], title: "Glue", metadata: { pot: "hot" } } })
    expect(none).toMatchObject({
      status: 404,
      body: { type: "not_found", message: "Book with id: book_1'-- was not found", code: "resource.not_found" },
    })
  })

  it("takes bodies in the names of the wire, and no others", async () => {
    const post = (payload: unknown, type = "application/json") =>
      library.server.app.inject({
        method: "POST",
        url: "/store/books",
        headers: { "content-type": type },
        payload: typeof payload === "string" ? payload : JSON.stringify(payload),
      })

    const good = await post({ title: "Saws", page_count: 7, metadata: { sharpTeeth: true } })
    const refused = await Promise.all([
      post({ title: "Saws", pageCount: 7 }),
      post({}),
      post({ title: "", page_count: "7" }),
      post("{"),
      post(""),
    ])
    const media = await post("a=b", "application/x-www-form-urlencoded")
    const large = await post({ title: "x".repeat(2_000_000) })

    expect(good.statusCode).toBe(201)
    expect(good.json()).toEqual({ book: { title: "Saws", pageCount: 7, metadata: { sharpTeeth: true } } })
    expect(refused.map(({ statusCode }) => statusCode)).toEqual([400, 400, 400, 400, 400])
    expect(refused[0]?.json()).toMatchObject({ message: "Invalid request: Unrecognized fields: 'pageCount'" })
    expect(refused[1]?.json()).toMatchObject({ message: "Invalid request: Field 'title' is required" })
    expect(refused[2]?.json<{ message: string }>().message).toContain(
      "; Expected type: 'number' for field 'page_count', got: '7'",
    )
    expect(refused[3]?.json()).toMatchObject({ type: "invalid_data", code: "request.malformed_json" })
    expect(refused[4]?.json()).toMatchObject({ message: "Invalid request: Field 'title' is required" })
    expect([media.statusCode, media.json<{ code: string }>().code]).toEqual([415, "request.media_type"])
    expect([large.statusCode, large.json<{ code: string }>().code]).toEqual([413, "request.body_too_large"])
  })

  it("lets guards decide before anything else", async () => {
    const refused = await library.get("/admin/secret?unknown=1")
    const passed = await library.get("/admin/secret", { authorization: "Bearer good" })

    expect(refused).toMatchObject({ status: 401, body: { message: "Unauthorized" } })
    expect(passed.body).toEqual({ user: "ann" })
  })

  it("says that it is alive, ready, and what it does not know", async () => {
    const health = await library.server.app.inject("/health")
    const ready = await library.server.app.inject("/ready")
    const unknown = await library.get("/store/nothing?x=1")

    expect([health.statusCode, health.body, ready.statusCode]).toEqual([200, "OK", 200])
    expect(unknown).toMatchObject({
      status: 404,
      body: { type: "not_found", code: "request.unknown_path", message: "There is no GET /store/nothing" },
    })
  })

  it("keeps a caller's request id, and makes one otherwise", async () => {
    const kept = await library.get("/store/books", { "x-request-id": "abc-1" })
    const made = await library.get("/store/books", { "x-request-id": "bad id\n" })

    expect(kept.headers["x-request-id"]).toBe("abc-1")
    expect(made.headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/)
  })

  it("answers browsers of the origins of each area", async () => {
    const preflight = (url: string, origin: string) =>
      library.server.app.inject({ method: "OPTIONS", url, headers: { origin, "access-control-request-method": "GET" } })

    const shop = await preflight("/store/books", "https://shop.example")
    const stranger = await preflight("/store/books", "https://evil.example")
    const admin = await preflight("/admin/secret", "https://anything.example")

    expect([shop.statusCode, shop.headers["access-control-allow-origin"]]).toEqual([204, "https://shop.example"])
    expect(shop.headers["access-control-allow-credentials"]).toBe("true")
    expect(stranger.headers["access-control-allow-origin"]).toBeUndefined()
    expect(admin.headers["access-control-allow-origin"]).toBe("https://anything.example")
  })

  it("sets the headers that keep browsers out of trouble", async () => {
    const { headers } = await library.get("/store/books")

    expect(headers).toMatchObject({ "x-content-type-options": "nosniff", "x-frame-options": "SAMEORIGIN" })
  })

  it("is documented, each route with its parameters and answer", async () => {
    const { body } = await library.get("/openapi.json")
    const page = await library.server.app.inject("/docs")

    const list = at(body, "paths", "/store/books", "get")
    const parameters = at(list, "parameters") as { name: string }[]
    const answer = at(list, "responses", "200", "content", "application/json", "schema", "properties", "books")
    expect(body["openapi"]).toBe("3.1.0")
    expect(parameters.map(({ name }) => name)).toEqual(expect.arrayContaining(["fields", "limit", "page_count", "$or"]))
    expect(at(answer, "items", "properties")).toMatchObject({
      title: { type: "string" },
      page_count: { type: "number" },
    })
    expect(at(body, "paths", "/store/books", "post", "requestBody")).toMatchObject({
      content: { "application/json": { schema: { properties: { page_count: {} }, required: ["title"] } } },
    })
    expect(page.headers["content-type"]).toContain("text/html")
    expect(page.body).toContain("/store/books/{id}")
  })

  it("documents nothing that it does not have", () => {
    const document = openApiOf({ composition: library.composition, routes: bookRoutes })

    expect(Object.keys(document.paths)).toEqual(["/store/books", "/store/books/{id}"])
  })

  it("can be mounted in an Express app beside its own routes", async () => {
    const app = express()
    app.get("/own", (_, response) => void response.send("mine"))
    app.use(await library.server.handler())
    const listening = createHttpServer(app).listen(0)
    await once(listening, "listening")
    const origin = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`

    const own = await fetch(`${origin}/own`)
    const books = await fetch(`${origin}/store/books?title=Wood`)

    expect(await own.text()).toBe("mine")
    expect(await books.json()).toMatchObject({ count: 1 })
    listening.close()
  })
})

describe("limits", () => {
  it("lets a client ask so often, and another one too", async () => {
    const library = await openLibrary({ rateLimit: 3, trustProxy: ["127.0.0.1"] })
    const ask = (address: string) => library.get("/store/books", { "x-forwarded-for": address })

    const answers = [
      await ask("10.0.0.1"),
      await ask("10.0.0.1"),
      await ask("10.0.0.1"),
      await ask("10.0.0.1"),
      await ask("10.0.0.2"),
    ]

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429, 200])
    expect(answers[3]?.body).toMatchObject({ type: "not_allowed", code: "request.rate_limited" })
    await library.close()
  })

  it("finishes what it has begun when it closes, and takes nothing new", async () => {
    const library = await openLibrary()
    const address = await library.server.listen({ port: 0, host: "127.0.0.1" })
    const slow = httpRequest(`${address}/store/books`, {
      method: "POST",
      headers: { "content-type": "application/json" },
    })
    slow.write('{"title":')
    await once(slow, "socket")
    await new Promise((resolve) => slow.socket?.once("connect", resolve) ?? resolve(undefined))
    const closing = library.server.close()
    slow.end('"Late"}')
    const [response] = (await once(slow, "response")) as [{ statusCode: number; resume(): void }]
    response.resume()
    await closing

    expect([201, 503]).toContain(response.statusCode)
    await expect(fetch(`${address}/health`)).rejects.toThrow("fetch failed")
    await library.composition.close()
  })
})
