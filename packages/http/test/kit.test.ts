import { createHmac } from "node:crypto"
import { compose, ModuleError, type Composition, type ErrorKind } from "@marquetry/kernel"
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from "vitest"
import { z } from "zod"
import {
  allOf,
  createServer,
  describeGuard,
  noBody,
  openApiOf,
  routes,
  Unauthorized,
  type Guard,
  type Server,
  type ServerOptions,
} from "../src/index.ts"
import { at, openLibrary } from "./library.ts"

let composition: Composition
const servers: Server[] = []
beforeAll(async () => {
  composition = await compose({ modules: [] })
})
afterAll(async () => {
  for (const server of servers) await server.close()
  await composition.close()
})

async function open(options: Omit<ServerOptions, "composition">) {
  const server = await createServer({ composition, rateLimit: false, ...options })
  servers.push(server)
  return server.app
}

describe("cookies", () => {
  const cookieRoutes = routes("/session", {}, ({ get, post, delete: remove }) => {
    get("/", { summary: "Reads" }, ({ cookie }) => ({ sid: cookie("connect.sid"), none: cookie("__proto__") ?? null }))
    post("/", { summary: "Sets two" }, ({ setCookie }) => {
      setCookie("connect.sid", "a b;c", { maxAge: 60 })
      setCookie("seen", "1", {
        path: "/store",
        domain: "shop.example",
        httpOnly: false,
        secure: true,
        sameSite: "none",
      })
    })
    remove("/", { summary: "Clears" }, ({ clearCookie }) => clearCookie("connect.sid"))
  })

  it("are read, set and cleared", async () => {
    const app = await open({ routes: cookieRoutes })

    const set = await app.inject({ method: "POST", url: "/session" })
    const [sid = "", seen] = set.headers["set-cookie"] as string[]
    const read = await app.inject({ url: "/session", headers: { cookie: `x=1; ${sid.split(";")[0]}` } })
    const none = await app.inject({ url: "/session" })
    const cleared = await app.inject({ method: "DELETE", url: "/session" })

    expect(sid).toBe("connect.sid=a%20b%3Bc; Max-Age=60; Path=/; HttpOnly; SameSite=Lax")
    expect(seen).toBe("seen=1; Domain=shop.example; Path=/store; Secure; SameSite=None")
    expect(read.json()).toEqual({ sid: "a b;c", none: null })
    expect(none.json()).toEqual({ none: null })
    expect(cleared.headers["set-cookie"]).toBe("connect.sid=; Max-Age=0; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT")
  })

  it("are sent over HTTPS only when they came by it", async () => {
    const app = await open({ routes: cookieRoutes, trustProxy: ["127.0.0.1"] })

    const { headers } = await app.inject({
      method: "POST",
      url: "/session",
      headers: { "x-forwarded-proto": "https" },
    })

    expect((headers["set-cookie"] as string[])[0]).toContain("Secure")
  })
})

describe("a route that asks for the raw body", () => {
  const sign = (body: string | Buffer) => createHmac("sha256", "secret").update(body).digest("hex")
  const hooks = routes("/hooks", {}, ({ post }) => {
    const body = z.strictObject({ eventName: z.string() })
    post("/raw", { summary: "Checks", body, rawBody: true }, ({ rawBody, header, body }) => ({
      genuine: sign(rawBody) === header("x-signature"),
      event: body.eventName,
    }))
    post("/plain", { summary: "Does not ask", body }, ({ rawBody }) => ({ length: rawBody.length }))
  })
  const json = { "content-type": "application/json" }

  it("gets every byte as it was received, beside the JSON", async () => {
    const app = await open({ routes: hooks })
    const payload = `{ "event_name" :\n"paid é" }`

    const good = await app.inject({
      method: "POST",
      url: "/hooks/raw",
      headers: { ...json, "x-signature": sign(payload) },
      payload,
    })

    expect(good.json()).toEqual({ genuine: true, event: "paid é" })
  })

  it("is refused like others what is no JSON, or empty", async () => {
    const app = await open({ routes: hooks })
    const post = async (payload: string, type = "application/json") => {
      const answer = await app.inject({ method: "POST", url: "/hooks/raw", headers: { "content-type": type }, payload })
      return [answer.statusCode, answer.json<{ code: string }>().code]
    }

    expect(await post("{")).toEqual([400, "request.malformed_json"])
    expect(await post("")).toEqual([400, "request.invalid"])
    expect(await post("a=b", "text/plain")).toEqual([415, "request.media_type"])
  })

  it("is the only one that has it", async () => {
    const app = await open({ routes: hooks })

    const answer = await app.inject({
      method: "POST",
      url: "/hooks/plain",
      headers: json,
      payload: { event_name: "x" },
    })

    expect(answer.statusCode).toBe(500)
  })
})

describe("errors of modules", () => {
  class Refusal extends ModuleError {
    readonly code: string
    readonly kind: ErrorKind
    constructor(code: string, kind: ErrorKind) {
      super(`Refused: ${code}`)
      this.code = code
      this.kind = kind
    }
  }
  const refusing = routes("/refuse", {}, ({ post }) => {
    const params = z.object({ code: z.string() })
    post("/:code", { summary: "Refuses", params }, ({ params: { code } }) => {
      throw new Refusal(code, "conflict")
    })
  })

  it("are answered by their code where the tables name it, else by their kind", async () => {
    const app = await open({
      routes: refusing,
      errorAnswers: [
        { "inventory.insufficient": { status: 400, type: "not_allowed", code: "insufficient_inventory" } },
        { "payment.refused": { status: 422, type: "payment_authorization_error" } },
      ],
    })
    const refuse = async (code: string) => {
      const answer = await app.inject({ method: "POST", url: `/refuse/${code}` })
      return [answer.statusCode, answer.json()]
    }

    expect(await refuse("inventory.insufficient")).toEqual([
      400,
      { type: "not_allowed", message: "Refused: inventory.insufficient", code: "insufficient_inventory" },
    ])
    expect(await refuse("payment.refused")).toEqual([
      422,
      { type: "payment_authorization_error", message: "Refused: payment.refused", code: "payment.refused" },
    ])
    expect(await refuse("cart.changed")).toMatchObject([409, { type: "conflict", code: "cart.changed" }])
  })

  it("have one answer each, and that of an error", async () => {
    const table = { "cart.changed": { status: 409, type: "conflict" } } as const

    await expect(open({ routes: [], errorAnswers: [table, table] })).rejects.toThrow(
      'The error "cart.changed" is given two answers',
    )
    await expect(
      open({ routes: [], errorAnswers: { "cart.changed": { status: 200, type: "conflict" } } }),
    ).rejects.toThrow("cannot be answered with status 200")
  })
})

describe("guards", () => {
  const customer = describeGuard(
    async ({ header, cookie }) => {
      const who = header("authorization") ?? cookie("connect.sid")
      if (who === undefined) throw new Unauthorized()
      return { customer: who }
    },
    { scheme: "bearer" },
    { scheme: "cookie", name: "connect.sid" },
  )
  const key: Guard<number> = ({ header }) => Number(header("x-key"))
  const storefront = describeGuard(key, { scheme: "header", name: "x-key" })
  const optional = describeGuard(key, { scheme: "basic" }, { scheme: "none" })

  it("are joined into one, asked in order, each with its identity", async () => {
    const both = allOf({ key: storefront, customer })
    const guarded = routes("/me", { guard: both }, ({ get }) =>
      get("/", { summary: "Says who" }, ({ identity }) => identity),
    )
    expectTypeOf<Awaited<ReturnType<typeof both>>>().toEqualTypeOf<{
      readonly key: number
      readonly customer: { customer: string }
    }>()
    const app = await open({ routes: guarded })

    const passed = await app.inject({ url: "/me", headers: { "x-key": "7", authorization: "Bearer ann" } })
    const refused = await app.inject({ url: "/me", headers: { "x-key": "7" } })

    expect(passed.json()).toEqual({ key: 7, customer: { customer: "Bearer ann" } })
    expect(refused.statusCode).toBe(401)
  })

  it("are documented by what they take", () => {
    const guarded = (path: string, guard: Guard) =>
      routes(path, { guard }, ({ get }) => get("/", { summary: "Nothing" }, () => ({})))
    const document = openApiOf({
      composition,
      routes: [
        ...guarded("/customer", customer),
        ...guarded("/both", allOf({ storefront, customer })),
        ...guarded("/store/optional", optional),
        ...guarded("/store/plain", key),
        ...guarded("/plain", allOf({ key })),
      ],
    })
    const security = (path: string) => at(document, "paths", path, "get", "security")

    expect(security("/customer")).toEqual([{ bearer: [] }, { "connect.sid": [] }])
    expect(security("/both")).toEqual([
      { "x-key": [], bearer: [] },
      { "x-key": [], "connect.sid": [] },
    ])
    expect(security("/store/optional")).toEqual([{ basic: [] }, {}])
    expect(security("/store/plain")).toEqual([{ publishableKey: [] }])
    expect(security("/plain")).toEqual([])
    expect(document.components["securitySchemes"]).toMatchObject({
      bearer: { type: "http", scheme: "bearer" },
      basic: { type: "http", scheme: "basic" },
      "connect.sid": { type: "apiKey", in: "cookie", name: "connect.sid" },
      "x-key": { type: "apiKey", in: "header", name: "x-key" },
    })
  })
})

it("answers with no body at all where a handler says so", async () => {
  const app = await open({
    routes: routes("/reset", {}, ({ post }) => {
      post("/", { summary: "Sends a mail" }, ({ status }) => {
        status(201)
        return noBody
      })
      post("/nothing", { summary: "Answers nothing" }, () => {})
    }),
  })

  const empty = await app.inject({ method: "POST", url: "/reset" })
  const nothing = await app.inject({ method: "POST", url: "/reset/nothing" })

  expect([empty.statusCode, empty.body, empty.headers["content-length"]]).toEqual([201, "", "0"])
  expect(empty.headers["content-type"]).toBeUndefined()
  expect(nothing.body).toBe("{}")
})

it("documents the numbers of a list as numbers", async () => {
  const library = await openLibrary()
  const { body } = await library.get("/openapi.json")
  await library.close()

  const parameters = at(body, "paths", "/store/books", "get", "parameters") as { name: string }[]
  const find = (wanted: string) => parameters.find(({ name }) => name === wanted)
  expect(find("limit")).toEqual({
    name: "limit",
    in: "query",
    required: false,
    schema: { type: "integer", minimum: 0, maximum: 10_000 },
  })
  expect(find("offset")).toMatchObject({ schema: { type: "integer", minimum: 0 } })
  expect(find("page_count")).toMatchObject({ style: "deepObject" })
})
