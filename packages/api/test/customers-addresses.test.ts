import { afterAll, beforeAll, describe, expect, it } from "vitest"
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
const addressFields = fields(`id address_name company customer_id first_name last_name address_1 address_2 city province
  postal_code country_code phone metadata is_default_shipping is_default_billing created_at updated_at`)

const customerOf = ({ body }: { body: Json }) => body["customer"] as Json
const addressesOf = (answer: { body: Json }) => rows(customerOf(answer), "addresses")
const send = (sent: Sent, method: "GET" | "POST" | "DELETE", path: string, body?: Json) =>
  people.send(method, path, { ...sent, ...(body !== undefined && { body }) })
const invalid = { status: 400, body: { type: "invalid_data" } }

describe("addresses", () => {
  const add = (sent: Sent, body: Json = {}) => send(sent, "POST", ADDRESSES, body)
  /** Adds one, and answers its id. */
  const added = async (sent: Sent, body: Json = {}) => addressesOf(await add(sent, body)).at(-1)?.["id"] as string

  it("are added, and answered with the customer", async () => {
    const { id, token } = await people.customer()
    const body = {
      address_name: "Home",
      first_name: "Ada",
      last_name: "",
      company: "",
      address_1: "Main Street 1",
      address_2: "",
      city: "London",
      country_code: "GB",
      province: "",
      postal_code: "N1",
      phone: "",
      metadata: { floor: 2 },
      is_default_shipping: true,
    }

    const answer = await add({ token }, body)

    const [address, ...others] = addressesOf(answer)
    expect(answer.status).toBe(200)
    expect(keysOf(customerOf(answer))).toEqual(customerFields)
    expect(others).toEqual([])
    expect(address).toMatchObject({
      ...body,
      id: expect.stringMatching(/^cuaddr_[0-9A-Z]{26}$/) as string,
      country_code: "gb",
      customer_id: id,
      is_default_billing: false,
    })
  })

  it("have one default of each kind", async () => {
    const { token } = await people.customer()
    const first = await added({ token }, { city: "London", is_default_shipping: true, is_default_billing: true })
    const second = await added({ token }, { city: "Turin" })
    const defaults = async () => {
      const { body } = await send({ token }, "GET", ADDRESSES)
      return rows(body, "addresses").map((row) => [row["city"], row["is_default_shipping"], row["is_default_billing"]])
    }

    const before = await defaults()
    await send({ token }, "POST", `${ADDRESSES}/${second}`, { is_default_shipping: true })
    const after = await defaults()
    await Promise.all(
      [first, second].map((id) => send({ token }, "POST", `${ADDRESSES}/${id}`, { is_default_billing: true })),
    )
    const together = await defaults()

    expect(before).toEqual([
      ["London", true, true],
      ["Turin", false, false],
    ])
    expect(after).toEqual([
      ["London", false, true],
      ["Turin", true, false],
    ])
    expect(together.filter(([, , billing]) => billing)).toHaveLength(1)
  })

  it("are read, changed and deleted one by one", async () => {
    const { id: customerId, token } = await people.customer()
    const [id, other] = [await added({ token }, { city: "London" }), await added({ token }, { city: "Turin" })]
    const at = `${ADDRESSES}/${id}`

    const read = await send({ token }, "GET", at)
    const changed = await send({ token }, "POST", `${at}?fields=id,addresses.city`, { city: "Paris", phone: null })
    const deleted = await send({ token }, "DELETE", at)
    const gone = [await send({ token }, "GET", at), await send({ token }, "DELETE", at)]

    expect(read.status).toBe(200)
    expect(keysOf(read.body["address"])).toEqual(addressFields)
    expect(read.body["address"]).toMatchObject({ id, city: "London", customer_id: customerId })
    expect(customerOf(changed)).toEqual({ id: customerId, addresses: [{ city: "Paris" }, { city: "Turin" }] })
    expect(deleted).toMatchObject({ status: 200, body: { id, object: "address", deleted: true } })
    expect(keysOf(deleted.body)).toEqual(["deleted", "id", "object", "parent"])
    expect(keysOf(deleted.body["parent"])).toEqual(customerFields)
    expect(deleted.body["parent"]).toMatchObject({ id: customerId, addresses: [{ id: other }] })
    expect(gone.map(({ status, body }) => [status, body["type"]])).toEqual([
      [404, "not_found"],
      [404, "not_found"],
    ])
  })

  it("are listed, searched and filtered", async () => {
    const { token } = await people.customer()
    await add({ token }, { city: "London", country_code: "gb", postal_code: "N1", last_name: "Byron" })
    await add({ token }, { city: "Turin", country_code: "it", postal_code: "10121" })
    const list = async (query = "") => (await send({ token }, "GET", `${ADDRESSES}${query}`)).body
    const cities = async (query: string) => names(await list(query), "addresses", "city")

    const all = await list()

    expect(all).toMatchObject({ count: 2, offset: 0, limit: 50 })
    expect(rows(all, "addresses").map((row) => keysOf(row))).toEqual([addressFields, addressFields])
    expect(await cities("?q=byr")).toEqual(["London"])
    expect(await cities("?country_code=it")).toEqual(["Turin"])
    expect(await cities("?city[]=Turin&city[]=Rome&postal_code=10121")).toEqual(["Turin"])
    expect(await cities("?order=-city&limit=1")).toEqual(["Turin"])
    expect(await list("?limit=1&offset=1&fields=city")).toMatchObject({ count: 2, addresses: [{ city: "Turin" }] })
    expect(await send({ token }, "GET", `${ADDRESSES}?company=x`)).toMatchObject(invalid)
    expect(await send({ token }, "GET", `${ADDRESSES}?limit=-1`)).toMatchObject(invalid)
  })

  it("of other people are not there", async () => {
    const [ada, bob] = [await people.customer(), await people.customer()]
    const id = await added(ada, { city: "London" })
    const at = `${ADDRESSES}/${id}`

    const answers = [
      await send(bob, "GET", at),
      await send(bob, "GET", `${at}?fields=*customer`),
      await send(bob, "POST", at, { city: "Turin" }),
      await send(bob, "DELETE", at),
    ]

    for (const answer of answers) expect(answer).toMatchObject({ status: 404, body: { type: "not_found" } })
    expect((await send(bob, "GET", ADDRESSES)).body).toMatchObject({ addresses: [], count: 0 })
    expect((await send(bob, "GET", `${ADDRESSES}?city=London`)).body).toMatchObject({ count: 0 })
    expect((await send(ada, "GET", at)).body).toMatchObject({ address: { city: "London" } })
  })

  it.each([
    ["no country", { country_code: "germany" }],
    ["a flag that is none", { is_default_shipping: "yes" }],
    ["unknown fields", { street: "Main Street" }],
    ["the customer of somebody else", { customer_id: "cus_1" }],
    ["a text too long", { address_1: "x".repeat(501) }],
  ])("are refused with %s", async (_, body) => {
    const { token } = await people.customer()
    const id = await added({ token }, { city: "London" })

    expect(await add({ token }, body)).toMatchObject(invalid)
    expect(await send({ token }, "POST", `${ADDRESSES}/${id}`, body)).toMatchObject(invalid)
  })

  it("are added once for a key that makes it safe to repeat", async () => {
    const { token } = await people.customer()
    const request = { token, body: { city: "London" }, headers: { "idempotency-key": "once" } }

    const [first, again] = await Promise.all([
      people.send("POST", ADDRESSES, request),
      people.send("POST", ADDRESSES, request),
    ])
    const later = await people.send("POST", ADDRESSES, request)

    expect([first.status, again.status].filter((status) => status !== 409)).toContain(200)
    expect(later.status).toBe(200)
    expect((await send({ token }, "GET", ADDRESSES)).body).toMatchObject({ count: 1 })
  })

  it("are kept with the client library", async () => {
    const sdk = people.sdk()
    const { email, password } = await people.customer()
    await sdk.auth.login("customer", "emailpass", { email, password })

    const { customer } = (await sdk.store.customer.createAddress({ city: "London", country_code: "gb" } as never)) as {
      customer: { addresses: { id: string }[] }
    }
    const id = customer.addresses[0]?.id as string
    const updated = (await sdk.store.customer.updateAddress(id, { city: "Turin" } as never)) as object
    const read = (await sdk.store.customer.retrieveAddress(id)) as object
    const listed = (await sdk.store.customer.listAddress({ limit: 10 })) as object
    const deleted = (await sdk.store.customer.deleteAddress(id)) as object

    expect(updated).toMatchObject({ customer: { addresses: [{ id, city: "Turin", country_code: "gb" }] } })
    expect(read).toMatchObject({ address: { id, city: "Turin" } })
    expect(listed).toMatchObject({ addresses: [{ id }], count: 1, limit: 10 })
    expect(deleted).toMatchObject({ id, object: "address", deleted: true, parent: { addresses: [] } })
  })
})
