import { OrderService } from "@marquetry/order"
import { anOrder } from "@marquetry/order/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { accountsOf } from "../account-holders.ts"
import { openBackOffice, statusesOf, type BackOffice, type Json, type Sdk } from "./back-office.ts"
import { credentialsOf } from "./people.ts"

let office: BackOffice
let sdk: Sdk
beforeAll(async () => {
  office = await openBackOffice()
  sdk = await office.sdk()
})
afterAll(() => office.drop())

let made = 0
let email: string
beforeEach(() => {
  email = `customer-${++made}@example.com`
})
const newCustomer = async (body: object = {}): Promise<string> => {
  const answer = await office.post("/admin/customers", { email: `other-${++made}@example.com`, ...body })
  return (answer.body["customer"] as { id: string }).id
}
const newGroup = async (): Promise<string> => {
  const answer = await office.post("/admin/customer-groups", { name: `group-${++made}` })
  return (answer.body["customer_group"] as { id: string }).id
}

/** A customer who has registered, and the token that they are logged in with. */
async function account(address: string) {
  const { body: key } = await office.post("/admin/api-keys", { title: "Web", type: "publishable" })
  const headers = { "x-publishable-api-key": (key["api_key"] as { token: string }).token }
  const { body } = await office.post("/auth/customer/emailpass/register", credentialsOf(address), { token: null })
  const made = await office.post("/store/customers", { email: address }, { token: body["token"] as string, headers })
  const login = await office.post("/auth/customer/emailpass", credentialsOf(address), { token: null })
  const token = login.body["token"] as string
  const me = () => office.get("/store/customers/me", { token, headers })
  return { id: (made.body["customer"] as { id: string }).id, me, headers }
}

describe("customers", () => {
  it("are created, read, changed, listed and deleted by the official client", async () => {
    const fields = {
      first_name: "Ada",
      last_name: "Byron",
      company_name: "Engines",
      phone: "1",
      metadata: { vip: true },
    }
    const { customer: created } = await sdk.admin.customer.create({ email: email.toUpperCase(), ...fields })
    const { customer: changed } = await sdk.admin.customer.update(created.id, { last_name: "Lovelace" })
    const { customer: read } = await sdk.admin.customer.retrieve(created.id)
    const { customers: found, count } = await sdk.admin.customer.list({ q: "ada lovelace", email, has_account: false })
    const deleted = await sdk.admin.customer.delete(created.id)

    expect(created).toMatchObject({ email, ...fields, has_account: false, created_by: office.userId, deleted_at: null })
    expect(Object.keys(created)).not.toContain("addresses")
    expect(changed).toEqual({ ...created, last_name: "Lovelace", updated_at: changed.updated_at })
    expect([read, found, count]).toEqual([changed, [changed], 1])
    expect(deleted).toEqual({ id: created.id, object: "customer", deleted: true })
    expect((await office.audit(created.id)).map(({ action }) => action)).toEqual(["created", "updated", "deleted"])
  })

  it.each([
    ["an e-mail address that is none", { email: "ada" }, "an e-mail address"],
    ["a name of another type", { first_name: 1 }, "Expected type: 'string' for field 'first_name', got: 'number'"],
    ["a claim to have an account", { has_account: true }, "Unrecognized fields: 'has_account'"],
  ])("are refused with %s", async (_, body, message) => {
    const { status, body: answer } = await office.post("/admin/customers", body)

    expect(status).toBe(400)
    expect(answer["message"]).toContain(message)
  })

  it("have an e-mail address of their own, of several at once one", async () => {
    const answers = await Promise.all([1, 2, 3].map(() => office.post("/admin/customers", { email })))

    expect(statusesOf(answers)).toEqual([200, 422, 422])
  })

  it("are changed once by two who have seen the same", async () => {
    const id = await newCustomer()
    const headers = { "if-match": (await office.get(`/admin/customers/${id}`)).headers.get("etag") as string }

    const answers = await Promise.all(
      ["A", "B"].map((name) => office.post(`/admin/customers/${id}`, { first_name: name }, { headers })),
    )

    expect(statusesOf(answers)).toEqual([200, 412])
  })

  it("with an account keep the e-mail address that they log in with; guests need not", async () => {
    const guest = await newCustomer()
    const { id } = await account(email)
    const change = (of: string, to: string | null) => office.post(`/admin/customers/${of}`, { email: to })

    const answers = [await change(id, `new-${email}`), await change(id, null)]
    const allowed = [await change(id, email.toUpperCase()), await change(guest, email), await change(guest, null)]

    const refused = { status: 400, body: { type: "not_allowed", code: "customer.email_of_account" } }
    expect(answers).toMatchObject([refused, refused])
    expect(allowed.map(({ status }) => status)).toEqual([200, 200, 200])
  })

  it("show by which accounts payment providers know them, to those who may see payments", async () => {
    const id = await newCustomer()
    const [holder] = await accountsOf(office.container, [id])
    const path = `/admin/customers/${id}?fields=id,*account_holders`
    const tokens = [
      await office.colleague(`holders-${made}@shop.example`, ["customer:read", "payment:read"]),
      await office.colleague(`no-holders-${made}@shop.example`, ["customer:read"]),
    ]

    const [shown, hidden] = await Promise.all(tokens.map((token) => office.get(path, { token })))

    expect(shown?.body["customer"]).toMatchObject({
      id,
      account_holders: [{ id: holder, provider_id: "pp_test", external_id: `ext_${id}`, data: { card: "secret" } }],
    })
    expect(hidden?.body).toEqual({ customer: { id } })
  })

  it("who are deleted keep their orders, are logged out, and may come again", async () => {
    const { id, me, headers } = await account(email)
    const order = await office.container.resolve(OrderService).create(anOrder({ customerId: id, email }))
    const before = (await me()).status

    await office.delete(`/admin/customers/${id}`)
    const after = (await me()).status
    const kept = await office.container.resolve(OrderService).get(order.id)
    const login = await office.post("/auth/customer/emailpass", credentialsOf(email), { token: null })
    const again = await office.post("/store/customers", { email }, { token: login.body["token"] as string, headers })

    expect([before, after]).toEqual([200, 404])
    expect(kept).toMatchObject({ id: order.id, customerId: id })
    expect(again.status).toBe(200)
    expect((again.body["customer"] as { id: string }).id).not.toBe(id)
  })

  it("are found by group, by when they came and by who made them, in three statements", async () => {
    const [group, other] = [await newGroup(), await newGroup()]
    const id = await newCustomer({ company_name: "Findable" })
    await office.post(`/admin/customers/${id}/customer-groups`, { add: [group, other] })
    const found = async (query: string) => {
      const { status, body } = await office.get(`/admin/customers?company_name=Findable&${query}`)
      return status === 200 ? body["count"] : body
    }

    const counts = await Promise.all(
      [
        `groups=${group}`,
        `groups[]=${group}&groups[]=cusgroup_0`,
        `groups[$in][]=${other}`,
        `groups[id]=${group}`,
        "groups=cusgroup_0",
        `id[$in][]=${id}`,
        `created_by=${office.userId}&created_at[$gt]=2020-01-01`,
        "created_at[$lt]=2020-01-01",
      ].map(found),
    )
    const sent = await office.statements(() => office.get(`/admin/customers?groups=${group}&fields=+groups.name`))

    expect(counts).toEqual([1, 1, 1, 1, 0, 1, 1, 0])
    expect(sent).toHaveLength(3)
  })
})

describe("addresses of a customer", () => {
  it("are added, read, changed, listed and deleted by the official client", async () => {
    const id = await newCustomer()
    const fields = {
      address_name: "Home",
      first_name: "Ada",
      address_1: "12 Square",
      city: "London",
      country_code: "GB",
    }

    const { customer } = await sdk.admin.customer.createAddress(id, { ...fields, is_default_shipping: true })
    const { addresses: listed, count } = await sdk.admin.customer.listAddresses(id)
    const addressId = listed[0]?.id as string
    const changed = await sdk.admin.customer.updateAddress(id, addressId, { city: "Paris", country_code: "fr" })
    const { address } = (await sdk.admin.customer.retrieveAddress(id, addressId)) as unknown as { address: Json }
    const deleted = await sdk.admin.customer.deleteAddress(id, addressId)

    expect(Object.keys(customer)).not.toContain("addresses")
    expect([count, listed]).toMatchObject([1, [{ ...fields, country_code: "gb", is_default_shipping: true }]])
    expect(changed.customer.id).toBe(id)
    expect(address).toMatchObject({
      id: addressId,
      customer_id: id,
      city: "Paris",
      country_code: "fr",
      address_2: null,
    })
    expect(deleted).toMatchObject({ id: addressId, object: "customer_address", deleted: true, parent: { id } })
    const entries = await office.audit(id)
    expect(entries.map(({ action }) => action)).toEqual(["created", "address_added", "address_changed", "updated"])
    expect(entries[2]?.changes).toMatchObject({ [`addresses.${addressId}.city`]: { from: "London", to: "Paris" } })
  })

  it("are those of one customer", async () => {
    const [one, other] = [await newCustomer(), await newCustomer()]
    await office.post(`/admin/customers/${one}/addresses`, { city: "London" })
    const { body } = await office.get(`/admin/customers/${one}/addresses`)
    const [{ id }] = body["addresses"] as [{ id: string }]

    const answers = await Promise.all([
      office.get(`/admin/customers/${other}/addresses/${id}`),
      office.post(`/admin/customers/${other}/addresses/${id}`, { city: "Paris" }),
      office.delete(`/admin/customers/${other}/addresses/${id}`),
      office.get(`/admin/customers/${other}/addresses?customer_id=${one}`),
    ])
    const none = await office.get(`/admin/customers/${other}/addresses?city=London`)
    const some = await office.get(`/admin/customers/${one}/addresses?city=London&q=lon`)

    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 400])
    expect([none.body["count"], some.body["count"]]).toEqual([0, 1])
  })

  it("have one default of a kind, however many are made it at once", async () => {
    const id = await newCustomer()

    const answers = await Promise.all(
      ["A", "B", "C"].map((city) =>
        office.post(`/admin/customers/${id}/addresses`, { city, is_default_billing: true }),
      ),
    )
    const { body } = await office.get(`/admin/customers/${id}/addresses`)

    expect(statusesOf(answers)).toEqual([200, 200, 200])
    expect((body["addresses"] as Json[]).filter((address) => address["is_default_billing"])).toHaveLength(1)
  })
})

describe("customer groups", () => {
  it("are created, read, changed, listed and deleted by the official client", async () => {
    const name = `group-${++made}`
    const { customer_group: created } = await sdk.admin.customerGroup.create({ name, metadata: { a: 1 } })
    const { customer_group: changed } = await sdk.admin.customerGroup.update(created.id, { metadata: null })
    const { customer_group: read } = await sdk.admin.customerGroup.retrieve(created.id)
    const { customer_groups: found, count } = await sdk.admin.customerGroup.list({ name })
    const deleted = await sdk.admin.customerGroup.delete(created.id)

    expect(created).toMatchObject({ name, created_by: office.userId, metadata: { a: 1 } })
    expect([read, found, count]).toEqual([changed, [changed], 1])
    expect(changed.metadata).toBeNull()
    expect(deleted).toEqual({ id: created.id, object: "customer_group", deleted: true })
    expect((await office.audit(created.id)).map(({ action }) => action)).toEqual(["created", "updated", "deleted"])
  })

  it("have names of their own", async () => {
    const answers = await Promise.all([1, 2].map(() => office.post("/admin/customer-groups", { name: "Same" })))

    expect(statusesOf(answers)).toEqual([200, 422])
  })

  it("take customers in and let them go, from either side, all or none", async () => {
    const group = await newGroup()
    const [one, two] = [await newCustomer(), await newCustomer()]
    const members = async () => {
      const { body } = await office.get(`/admin/customer-groups/${group}?fields=customers.id`)
      return ((body["customer_group"] as Json)["customers"] as { id: string }[]).map(({ id }) => id)
    }

    const { customer_group: answered } = await sdk.admin.customerGroup.batchCustomers(group, { add: [one, two] })
    const both = await members()
    const unknown = await office.post(`/admin/customer-groups/${group}/customers`, { add: ["cus_0"], remove: [one] })
    const { customer } = await sdk.admin.customer.batchCustomerGroups(one, { remove: [group] })
    const missing = await office.post(`/admin/customers/${one}/customer-groups`, { add: [group, "cusgroup_0"] })
    const left = await members()

    expect([answered.id, customer.id]).toEqual([group, one])
    expect([both, left]).toEqual([[one, two], [two]])
    expect([unknown.status, missing.status]).toEqual([404, 404])
    const entries = await office.audit(one)
    expect(entries.map(({ action }) => action)).toEqual(["created", "groups_changed", "groups_changed"])
    expect(Object.keys(entries[1]?.changes as object)).toEqual([`groups.${group}`])
  })

  it("take customers in from both sides at once", async () => {
    const groups = await Promise.all([1, 2, 3].map(newGroup))
    const people = await Promise.all([1, 2, 3].map(() => newCustomer()))

    const answers = await Promise.all([
      ...groups.map((id) => office.post(`/admin/customer-groups/${id}/customers`, { add: people })),
      ...people.map((id) => office.post(`/admin/customers/${id}/customer-groups`, { add: groups })),
    ])
    const { body } = await office.get(`/admin/customers?groups=${groups[1]}`)

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(body["count"]).toBe(3)
  })
})
