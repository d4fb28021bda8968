import { ApiKeyService } from "@marquetry/api-key"
import { CustomerGroupService, CustomerService } from "@marquetry/customer"
import { resourceSchema } from "@marquetry/http"
import { ResourceRegistry } from "@marquetry/kernel"
import { statementsOf } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { addressRoutes } from "../src/store/customers/addresses.routes.ts"
import { customerRoutes } from "../src/store/customers/customers.routes.ts"
import { openPeople, type People, type Sent } from "./people.ts"
import { keysOf, names, rows, type Json } from "./shop.ts"

let people: People
beforeAll(async () => {
  people = await openPeople()
})
afterAll(() => people.drop())

const ME = "/store/customers/me"
const ADDRESSES = `${ME}/addresses`
const fields = (text: string) => text.split(/[,\s]+/).toSorted()
const customerFields = fields(
  "id email company_name first_name last_name phone metadata has_account deleted_at created_at updated_at addresses",
)
const customerOf = ({ body }: { body: Json }) => body["customer"] as Json
const addressesOf = (answer: { body: Json }) => rows(customerOf(answer), "addresses")
const register = (token: string, body: Json = {}) => people.send("POST", "/store/customers", { token, body })
const send = (sent: Sent, method: "GET" | "POST" | "DELETE", path: string, body?: Json) =>
  people.send(method, path, { ...sent, ...(body !== undefined && { body }) })
const invalid = { status: 400, body: { type: "invalid_data" } }

describe("who has registered", () => {
  it("becomes a customer, by the e-mail address that they log in with", async () => {
    const { email, token } = await people.register()

    const answer = await register(token, { first_name: "Ada", phone: "", metadata: { size: "M" } })

    expect(answer.status).toBe(200)
    expect(keysOf(customerOf(answer))).toEqual(customerFields)
    expect(customerOf(answer)).toMatchObject({
      id: expect.stringMatching(/^cus_[0-9A-Z]{26}$/) as string,
      email,
      first_name: "Ada",
      last_name: null,
      phone: "",
      has_account: true,
      metadata: { size: "M" },
      addresses: [],
    })
  })

  it("may say another e-mail address, which is taken once", async () => {
    const [ada, bob] = [await people.register(), await people.register()]
    const email = `shared-${ada.email}`

    const first = await register(ada.token, { email: email.toUpperCase() })
    const second = await register(bob.token, { email })
    const third = await register(bob.token)

    expect(customerOf(first)).toMatchObject({ email })
    expect(second).toMatchObject({
      status: 422,
      body: { type: "duplicate_error", code: "invalid_request_error", message: expect.any(String) as string },
    })
    expect(third).toMatchObject({ status: 200, body: { customer: { email: bob.email } } })
  })

  it("may have bought as a guest before", async () => {
    const { email, token } = await people.register()
    const guest = await people.container.resolve(CustomerService).guestOf(email)

    const answer = await register(token)

    expect(answer.status).toBe(200)
    expect(customerOf(answer)["id"]).not.toBe(guest.id)
  })

  it("becomes one customer, however often they ask at once", async () => {
    const [{ token, email }, other] = [await people.register(), await people.register()]
    const ask = (token: string, body: Json) => Promise.all(Array.from({ length: 10 }, () => register(token, body)))
    let made = 0

    const same = await ask(token, {})
    const differing = await Promise.all(
      Array.from({ length: 10 }, () => register(other.token, { email: `${++made}-${other.email}` })),
    )

    const { rows: customers } = await people.container
      .resolve(CustomerService)
      .list({ filter: { $or: [{ email }, { email: { $like: `%-${other.email}` } }] } })
    for (const answers of [same, differing]) {
      const statuses = answers.map(({ status }) => status)
      expect(statuses.filter((status) => status === 200)).toHaveLength(1)
      expect(statuses.filter((status) => status === 400 || status === 422)).toHaveLength(9)
    }
    expect(customers).toHaveLength(2)
  })

  it("is not made a customer twice, by the same token or a new one", async () => {
    const { email, password, token } = await people.register()
    await register(token)
    const login = await people.login({ email, password })

    for (const shown of [token, login]) {
      const again = await register(shown, { email: `another-${email}` })

      expect(again).toMatchObject({ status: 400, body: { type: "invalid_data", code: "auth.actor_exists" } })
    }
  })

  it("who is a user becomes a customer by logging in as one", async () => {
    const user = await people.register("user")
    const asUser = await register(user.token)

    const asCustomer = await register(await people.login(user))

    expect(asUser).toMatchObject({ status: 401 })
    expect(asCustomer).toMatchObject({ status: 200, body: { customer: { email: user.email } } })
  })

  it.each([
    ["what is no e-mail address", { email: "ada" }],
    ["an account by their own word", { has_account: false }],
    ["somebody who made them", { created_by: "user_1" }],
    ["unknown fields", { password: "x" }],
    ["camelCase", { firstName: "Ada" }],
    ["a name too long", { first_name: "x".repeat(201) }],
    ["a text that cannot be kept", { first_name: "\0" }],
    ["a list", []],
  ])("is refused with %s, and nothing was done", async (_, body) => {
    const { token } = await people.register()

    expect(await register(token, body as Json)).toMatchObject(invalid)
    expect(await register(token)).toMatchObject({ status: 200 })
  })

  it("is not made a customer for fields that cannot be answered", async () => {
    const { token } = await people.register()

    const tooMany = "city,".repeat(301)
    const refused = await people.send("POST", `/store/customers?fields=${tooMany}`, { token, body: {} })
    const unknown = await people.send("POST", "/store/customers?colour=red", { token, body: {} })

    expect([refused, unknown]).toMatchObject([invalid, invalid])
    expect(await register(token)).toMatchObject({ status: 200 })
  })
})

describe("who is logged in", () => {
  it("reads who they are, by token or session", async () => {
    const { id, email, token } = await people.customer({ company_name: "Byron & Co" })
    const cookie = await people.session(token)

    const answers = [await send({ token }, "GET", ME), await send({ cookie }, "GET", ME)]

    for (const answer of answers) {
      expect(answer.status).toBe(200)
      expect(keysOf(customerOf(answer))).toEqual(customerFields)
      expect(customerOf(answer)).toMatchObject({ id, email, company_name: "Byron & Co", addresses: [] })
    }
  })

  it("chooses fields, and is not bothered by those that there are not", async () => {
    const { id, email, token } = await people.customer()
    const read = async (query: string) => customerOf(await send({ token }, "GET", `${ME}?fields=${query}`))

    expect(await read("email")).toEqual({ id, email })
    expect(keysOf(await read("*orders"))).toEqual(expect.arrayContaining(customerFields))
    expect(keysOf(await read("-addresses,%20-metadata,"))).toEqual(
      customerFields.filter((name) => !["addresses", "metadata"].includes(name)),
    )
    expect(await read("id,nonsense,constructor,addresses.customer.email")).toEqual({ id })
  })

  it("learns of nobody else through groups", async () => {
    const [ada, bob] = [await people.customer(), await people.customer()]
    const groups = people.container.resolve(CustomerGroupService)
    const { id } = await groups.create({ name: `Members with ${ada.id}` })
    await groups.addCustomers(id, [ada.id, bob.id])

    const answer = await send(ada, "GET", `${ME}?fields=*groups,*groups.customers,groups.customers.email`)

    expect(rows(customerOf(answer), "groups")).toMatchObject([{ id }])
    expect(answer.text).not.toContain(bob.id)
    expect(answer.text).not.toContain(bob.email)
    expect(answer.text).not.toContain('"customers"')
  })

  it("changes what they said", async () => {
    const { token } = await people.customer({ first_name: "Ada", last_name: "Byron", phone: "1" })

    const changed = await send({ token }, "POST", ME, { last_name: null, phone: "", metadata: { size: "L" } })
    const fewer = await send({ token }, "POST", `${ME}?fields=first_name`, { first_name: "Augusta" })
    const nothing = await send({ token }, "POST", ME)

    const expected = { first_name: "Ada", last_name: null, phone: "", metadata: { size: "L" } }
    expect(customerOf(changed)).toMatchObject(expected)
    expect(keysOf(customerOf(changed))).toEqual(customerFields)
    expect(keysOf(customerOf(fewer))).toEqual(["first_name", "id"])
    expect(customerOf(nothing)).toMatchObject({ ...expected, first_name: "Augusta" })
  })

  it.each([
    [{ email: "other@example.com" }],
    [{ has_account: false }],
    [{ id: "cus_1" }],
    [{ first_name: 7 }],
    [{ metadata: "x" }],
  ])("does not change %j", async (body) => {
    const { token, email } = await people.customer()

    const refused = await send({ token }, "POST", ME, body as Json)

    expect(refused).toMatchObject(invalid)
    expect(customerOf(await send({ token }, "GET", ME))).toMatchObject({ email, first_name: null })
  })

  it("is nobody once they were deleted", async () => {
    const { id, token } = await people.customer()
    await people.container.resolve(CustomerService).delete(id)

    expect(await send({ token }, "GET", ME)).toMatchObject({ status: 404, body: { type: "not_found" } })
    expect(await send({ token }, "POST", ME, {})).toMatchObject({ status: 404 })
    expect(await send({ token }, "POST", ADDRESSES, {})).toMatchObject({ status: 404 })
  })
})

const calls = [
  ["GET", ME],
  ["POST", ME],
  ["GET", ADDRESSES],
  ["POST", ADDRESSES],
  ["GET", `${ADDRESSES}/cuaddr_1`],
  ["POST", `${ADDRESSES}/cuaddr_1`],
  ["DELETE", `${ADDRESSES}/cuaddr_1`],
] as const

describe.each([...calls, ["POST", "/store/customers"] as const])("%s %s", (method, path) => {
  const body = method === "POST" ? {} : undefined

  it("is refused without a login, which costs nothing", async () => {
    let answer: Awaited<ReturnType<typeof send>> | undefined
    const statements = await statementsOf(people.composition.database, async () => {
      answer = await send({}, method, path, body)
    })

    expect([answer?.status, answer?.body]).toEqual([401, { message: "Unauthorized" }])
    expect(statements).toEqual([])
  })

  it("is refused with what is no login", async () => {
    const user = await people.register("user")

    for (const shown of [{ token: user.token }, { token: "undefined" }, { cookie: "connect.sid=x" }]) {
      expect(await send(shown, method, path, body)).toMatchObject({ status: 401 })
    }
  })

  it("is refused without a valid key, and nothing was done", async () => {
    const person = path === "/store/customers" ? await people.register() : await people.customer()
    const made = await send(person, "POST", ADDRESSES, { city: "London" })
    const own = path.replace("cuaddr_1", String(made.status === 200 && addressesOf(made)[0]?.["id"]))
    const keys = people.container.resolve(ApiKeyService)
    const { id, token: revoked } = await keys.create({ type: "publishable", title: "Old" })
    await keys.revoke(id)
    const ask = (key: string) =>
      people.send(method, own, {
        token: person.token,
        headers: { "x-publishable-api-key": key },
        ...(body && { body: own.startsWith(ADDRESSES) ? { city: "Turin" } : { first_name: "Changed" } }),
      })

    const refused = [await ask(""), await ask(revoked)]

    expect(refused.map(({ status, body }) => [status, body["type"], body["code"]])).toEqual([
      [400, "not_allowed", "store.publishable_key_missing"],
      [400, "not_allowed", "store.publishable_key_invalid"],
    ])
    const now = path === "/store/customers" ? await register(person.token) : await send(person, "GET", ME)
    expect(customerOf(now)).toMatchObject({ first_name: null })
    expect(names(customerOf(now), "addresses", "city")).toEqual(made.status === 200 ? ["London"] : [])
  })
})

describe("somebody who has registered and is no customer yet", () => {
  it.each(calls)("is nobody: %s %s", async (method, path) => {
    const { token } = await people.register()

    const answer = await send({ token }, method, path, method === "POST" ? {} : undefined)

    expect([answer.status, answer.body]).toEqual([401, { message: "Unauthorized" }])
  })
})

describe("answers", () => {
  it("are what the documentation says", async () => {
    const { token } = await people.customer()
    await send({ token }, "POST", ADDRESSES, { city: "London", metadata: { floor: 2 } })
    const registry = people.container.resolve(ResourceRegistry)
    const { body } = await send({ token }, "GET", ADDRESSES)
    const [{ id } = {}] = rows(body, "addresses")

    for (const { method, path, schemas } of [...customerRoutes, ...addressRoutes].filter(
      ({ method }) => method === "GET",
    )) {
      const response = schemas.response as {
        key: string
        resource: string
        fields: (registry: ResourceRegistry) => Json
      }
      const schema = resourceSchema(registry, response.resource, response.fields(registry) as never)
      const answer = await send({ token }, method as "GET", path.replace(":address_id", id as string))
      const answered = [answer.body[response.key]].flat()

      expect(answered).toHaveLength(1)
      expect(answered.map((row) => schema.parse(row))).toEqual(answered)
    }
  })

  it("take few statements", async () => {
    const { token } = await people.customer()
    const cookie = await people.session(token)
    const count = async (sent: Sent, method: "GET" | "POST", path: string, body?: Json) => {
      const statements = await statementsOf(people.composition.database, () => send(sent, method, path, body))
      return statements.length
    }
    // The first request of a minute notes that the key was used.
    await send({ token }, "GET", ME)

    expect(await count({ token }, "GET", ME)).toBe(1)
    expect(await count({ cookie }, "GET", ME)).toBe(2)
    expect(await count({ token }, "GET", ADDRESSES)).toBe(1)
    expect(await count({ token }, "POST", ADDRESSES, { city: "London" })).toBeLessThanOrEqual(5)
  })
})
