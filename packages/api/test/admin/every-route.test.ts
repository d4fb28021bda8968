import { codecOf, openApiOf, type Route } from "@marquetry/http"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { adminApi } from "../../src/index.ts"
import { openBackOffice, type BackOffice } from "./back-office.ts"

const routes = (adminApi().routes ?? []).map((route) => ({ ...route, name: `${route.method} ${route.path}` }))

/** Anybody who works for the shop may learn who they are, and what they may do. */
const ofOneself = new Set(["GET /admin/users/me", "GET /admin/rbac/me/permissions"])
/** Takes the token of somebody who is no user yet. */
const ofNewcomers = new Set(["POST /admin/invites/accept"])

/** Their parameters name a kind of thing, and no row. */
const ofKinds = new Set([
  "GET /admin/promotions/rule-attribute-options/:rule_type",
  "GET /admin/promotions/rule-value-options/:rule_type/:rule_attribute_id",
])

const guarded = routes.filter(({ name }) => !ofNewcomers.has(name))
const withBody = guarded.filter(({ schemas }) => schemas.body !== undefined)
const ofOneRow = guarded.filter(({ name, path }) => path.includes(":") && !ofKinds.has(name))

/** Policies are refused whatever is asked. */
const changing = guarded.filter(({ method, path }) => method !== "GET" && !path.startsWith("/admin/rbac/policies"))

const unknown = (path: string) => path.replaceAll(/:(\w+)/g, "none_01")

/** A body that the route takes, in names of the wire. */
const exampleOf = ({ schemas }: Pick<Route, "schemas">): unknown =>
  schemas.body === undefined ? undefined : codecOf(schemas.body).encode(schemas.example ?? {})

let office: BackOffice
let stranger: string
let reader: string
beforeAll(async () => {
  office = await openBackOffice()
  stranger = await office.colleague("stranger@shop.example", ["nothing:read"])
  reader = await office.colleague("reader@shop.example", ["*:read"])
})
afterAll(() => office.drop())

/** What the documentation says of a route. */
function documentedOf(route: Route) {
  const { paths } = openApiOf({ composition: office.composition, routes: [route] })
  return paths[route.path.replaceAll(/:(\w+)/g, "{$1}")]?.[route.method.toLowerCase()] as {
    parameters: { name: string; in: string }[]
    responses: Record<string, unknown>
    "x-permissions"?: readonly string[]
  }
}

async function ask(
  { method, path, schemas }: Route,
  sent: { token?: string | null; headers?: Record<string, string>; body?: unknown } = {},
) {
  if (schemas.files !== undefined) {
    const body = new FormData()
    body.append(schemas.files.field, new File(["x"], "x.txt"))
    const given = sent.token === undefined ? office.token : sent.token
    const headers = { ...(given !== null && { authorization: `Bearer ${given}` }), ...sent.headers }
    const answer = await fetch(`${office.address}${unknown(path)}`, { method, headers, body })
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
  }
  return office[method === "GET" ? "get" : method === "DELETE" ? "delete" : "post"](
    ...((method === "POST"
      ? [unknown(path), exampleOf({ schemas }), sent]
      : [unknown(path), method === "DELETE" ? { ...sent, body: exampleOf({ schemas }) } : sent]) as [string, never]),
  )
}

describe("every route", () => {
  it("is declared once, with a body that is documented by an example", () => {
    expect(new Set(routes.map(({ name }) => name)).size).toBe(routes.length)
    expect(withBody.filter(({ schemas }) => schemas.example === undefined).map(({ name }) => name)).toEqual([])
  })

  it.each(withBody)("$name has an example that it takes", ({ schemas }) => {
    const body = schemas.body as NonNullable<typeof schemas.body>
    const decoded = codecOf(body).decode(JSON.parse(JSON.stringify(exampleOf({ schemas }))))

    expect(body.safeParse(decoded).error?.issues ?? []).toEqual([])
  })

  it.each(guarded)("$name is documented, with the credentials and the permissions that it takes", (route) => {
    const { schemas } = route
    const documented = documentedOf(route)

    expect(documented).toMatchObject({
      summary: schemas.summary,
      security: [{ bearer: [] }, { "connect.sid": [] }, { basic: [] }],
    })
    expect(documented?.["x-permissions"]).toEqual(ofOneself.has(route.name) ? undefined : schemas.permissions)
  })

  it.each(guarded)(
    "$name is for nobody without credentials, with bad ones, or with those of a shopper",
    async (route) => {
      const strangers = [
        await ask(route, { token: null }),
        await ask(route, { token: `${office.token.slice(0, -6)}AAAAAA` }),
        await ask(route, { token: null, headers: { "x-publishable-api-key": "pk_01" } }),
        await ask(route, { token: null, headers: { authorization: `Basic ${btoa("sk_01:")}` } }),
      ]

      expect(strangers.map(({ status }) => status)).toEqual([401, 401, 401, 401])
      expect(strangers[0]?.body).toEqual({ message: "Unauthorized" })
    },
  )

  it.each(guarded.filter(({ name }) => !ofOneself.has(name)))("$name is for those who may", async (route) => {
    const refused = await ask(route, { token: stranger })
    const reading = await ask(route, { token: reader })

    expect(refused).toMatchObject({ status: 403, body: { type: "forbidden", code: "request.permission_missing" } })
    expect(reading.status === 403).toBe(!(route.schemas.permissions ?? []).some((one) => one.endsWith(":read")))
  })

  it.each(changing)("$name heeds If-Match as it is documented, or refuses it", async (route) => {
    const { parameters, responses } = documentedOf(route)
    const isHeeded = parameters.some((one) => one.in === "header" && one.name === "If-Match")

    const answer = await ask(route, { headers: { "if-match": '"other"' } })
    const any = await ask(route, { headers: { "if-match": "*" } })

    const isRefused = ({ status, body }: typeof answer) =>
      status === 400 && body["code"] === "request.condition_unsupported"
    expect([isRefused(answer), isRefused(any)]).toEqual([!isHeeded, false])
    expect(Object.keys(responses).includes("412")).toBe(isHeeded)
    expect(Object.keys(responses)).toEqual(expect.arrayContaining(["400", "401", "403", "409", "422"]))
  })

  it.each(withBody)("$name refuses a field that it does not know", async ({ method, path }) => {
    const body = { no_such_field: 1 }
    const answer = await (method === "DELETE"
      ? office.delete(unknown(path), { body })
      : office.post(unknown(path), body))

    expect(answer).toMatchObject({ status: 400, body: { type: "invalid_data", code: "request.invalid" } })
    expect(answer.body["message"]).toContain("Unrecognized fields: 'no_such_field'")
  })

  it.each(ofOneRow)("$name does not find what is not there", async (route) => {
    const answer = await ask(route)

    expect(answer).toMatchObject({ status: 404, body: { type: "not_found" } })
  })

  it.each(guarded.filter(({ method, schemas }) => method === "GET" && schemas.query !== undefined))(
    "$name refuses a parameter that it does not know",
    async ({ path }) => {
      const { status, body } = await office.get(`${unknown(path)}?no_such_parameter=1`)

      expect(status).toBe(400)
      expect(body["message"]).toContain("no_such_parameter")
    },
  )
})
