import { CustomerGroupService } from "@marquetry/customer"
import { PriceCalculator } from "@marquetry/pricing"
import { Query } from "@marquetry/kernel"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openBackOffice, statusesOf, type BackOffice, type Json, type Sdk } from "./back-office.ts"
import { shirtsOf, type Price, type Shirts } from "./shirts.ts"

let office: BackOffice
let sdk: Sdk
let shirts: Shirts
let group: string
beforeAll(async () => {
  office = await openBackOffice()
  sdk = await office.sdk()
  shirts = await shirtsOf(office)
  group = (await office.container.resolve(CustomerGroupService).create({ name: "Wholesale" })).id
})
afterAll(() => office.drop())

const path = "/admin/price-lists"
const euros = (variant_id: string, amount: number, more: Json = {}) => ({
  variant_id,
  currency_code: "eur",
  amount,
  ...more,
})
type PriceList = Json & { id: string; title: string; updated_at: string }
const create = async (more: Json = {}) => {
  const list = { title: "Sale", description: "Of summer", ...more }
  const { price_list: made } = await sdk.admin.priceList.create(list as never)
  return made as unknown as PriceList
}
/** A shirt, and ids of its variants. */
const aShirt = async () => {
  const { id, variants } = await shirts.create()
  const [small, medium] = variants.map((variant) => variant.id) as [string, string]
  return { id, small, medium }
}
const pricesOf = async (id: string, query = {}) => {
  const { prices, count } = (await sdk.admin.priceList.prices(id, query)) as unknown as {
    prices: Price[]
    count: number
  }
  return { prices, count }
}
const amountsOf = async (id: string) =>
  (await pricesOf(id)).prices.map(({ amount }) => amount).toSorted((a, b) => a - b)

describe("price lists", () => {
  it("are created, read, changed, listed and deleted by the official client", async () => {
    const rules = { "customer.groups.id": [group] }
    const made = await create({ title: "Wholesale", type: "override", rules, metadata: { floor: 1 } })
    const read = await sdk.admin.priceList.retrieve(made.id)
    const times = { starts_at: "2027-01-01T00:00:00.000Z", ends_at: "2027-02-01T00:00:00.000Z" }
    const { price_list: changed } = await sdk.admin.priceList.update(made.id, {
      ...times,
      status: "active",
      rules: {},
    } as never)
    const { price_lists: found, count } = await sdk.admin.priceList.list({ q: "whole", status: ["active"] } as never)
    const deleted = await sdk.admin.priceList.delete(made.id)

    expect(made).toEqual({
      id: expect.stringMatching(/^plist_/),
      title: "Wholesale",
      description: "Of summer",
      type: "override",
      status: "draft",
      starts_at: null,
      ends_at: null,
      rules,
      metadata: { floor: 1 },
      created_at: expect.any(String),
      updated_at: expect.any(String),
      deleted_at: null,
    })
    expect(read).toEqual({ price_list: made })
    expect(changed).toEqual({ ...made, ...times, status: "active", rules: {}, updated_at: changed.updated_at })
    expect([found, count]).toEqual([[changed], 1])
    expect(deleted).toEqual({ id: made.id, object: "price_list", deleted: true })
    await expect(sdk.admin.priceList.retrieve(made.id)).rejects.toMatchObject({ status: 404 })
    expect((await office.audit(made.id)).map(({ action }) => action)).toEqual(["created", "updated", "deleted"])
    expect((await office.audit(made.id))[1]?.changes).toMatchObject({ status: { from: "draft", to: "active" } })
  })

  it("take three statements to list, and are filtered", async () => {
    const { id } = await create({ starts_at: "2030-01-01T00:00:00Z", rules: { anything: ["a"], else: ["b"] } })

    expect(await office.statements(() => office.get(path))).toHaveLength(3)
    for (const query of ["starts_at[$gt]=2029-01-01", "rules_count=2", `id=${id}`, "q=of+sale&starts_at[$ne]=null"]) {
      const { body } = await office.get(`${path}?${query}`)
      expect([query, (body["price_lists"] as { id: string }[]).map((list) => list.id)]).toEqual([query, [id]])
    }
  })

  it("are refused with what is not there, and with an end before the start", async () => {
    const { small } = await aShirt()
    const refusals: [Json, string][] = [
      [{ rules: { "customer.groups.id": ["cusgroup_0"] } }, "reference.unknown"],
      [{ prices: [euros("variant_0", 1)] }, "reference.unknown"],
      [{ prices: [euros(small, 1, { rules: { region_id: "reg_0" } })] }, "reference.unknown"],
      [{ starts_at: "2027-02-01T00:00:00Z", ends_at: "2027-01-01T00:00:00Z" }, "pricing.dates_reversed"],
      [{ starts_at: "tomorrow" }, "request.invalid"],
      [{ prices: [euros(small, -1)] }, "request.invalid"],
    ]
    const { count } = await sdk.admin.priceList.list()

    for (const [more, code] of refusals) {
      const { status, body } = await office.post(path, { title: "Refused", description: "", ...more })
      expect([status, body["type"], body["code"]]).toEqual([400, "invalid_data", code])
    }
    const twice = await office.post(path, { title: "Twice", prices: [euros(small, 1), euros(small, 2)] })
    expect(twice).toMatchObject({ status: 422, body: { type: "duplicate_error" } })
    expect((await sdk.admin.priceList.list()).count).toBe(count)
  })

  it("have a version, by which one of two who have seen the same changes them", async () => {
    const made = await office.post(path, { title: "Seen" })
    const { id } = made.body["price_list"] as PriceList
    const headers = { "if-match": made.headers.get("etag") as string }

    const answers = await Promise.all([
      office.post(`${path}/${id}`, { title: "Mine" }, { headers }),
      office.post(`${path}/${id}`, { rules: { anything: ["else"] } }, { headers }),
    ])

    expect(statusesOf(answers)).toEqual([200, 412])
    const won = answers.find(({ status }) => status === 200)
    expect((await office.get(`${path}/${id}`)).headers.get("etag")).toBe(won?.headers.get("etag"))
  })
})

describe("prices of a list", () => {
  it("are made, listed with their variants, changed and removed by the official client", async () => {
    const { id: productId, small, medium } = await aShirt()
    const region = { rules: { region_id: shirts.region } }
    const { id } = await create({ status: "active", prices: [euros(small, 8), euros(small, 7, { min_quantity: 10 })] })
    const { prices: before } = await pricesOf(id)

    const batch = {
      create: [euros(medium, 6, region)],
      update: [{ id: before[0]?.id as string, variant_id: small, amount: 9 }],
      delete: [before[1]?.id as string],
    }
    const done = (await sdk.admin.priceList.batchPrices(id, batch)) as unknown as {
      created: Price[]
      updated: Price[]
      deleted: Json
    }
    const { prices, count } = await pricesOf(id)
    const product = await shirts.retrieve(productId)

    expect(before).toMatchObject([
      {
        amount: 8,
        currency_code: "eur",
        price_list_id: id,
        price_list_type: "sale",
        variant_id: small,
        price_set: { variant: { id: small } },
        rules: {},
      },
      { amount: 7, min_quantity: 10 },
    ])
    expect(done).toEqual({
      created: [expect.objectContaining({ amount: 6, variant_id: medium, ...region })],
      updated: [{ ...before[0], amount: 9, updated_at: done.updated[0]?.["updated_at" as never] }],
      deleted: { ids: batch.delete, object: "price", deleted: true },
    })
    expect([prices, count]).toEqual([[...done.updated, ...done.created], 2])
    expect(product.variants.flatMap((variant) => variant.prices.map(({ amount }) => amount))).toEqual([20, 18, 20, 18])
    expect((await office.audit(before[0]?.id as string)).at(-1)).toMatchObject({
      action: "updated",
      changes: { amount: { from: 8, to: 9 } },
    })
  })

  it("decide what variants cost, and find the products that they are for", async () => {
    const { id: productId, small } = await aShirt()
    const { id } = await create({ status: "active", prices: [euros(small, 3)] })
    const { rows } = await office.container.resolve(Query).listAny("product_variant", {
      fields: { priceSet: { id: true } },
      filter: { id: small },
    })
    const [{ priceSet }] = rows as unknown as [{ priceSet: { id: string } }]

    const [price] = await office.container.resolve(PriceCalculator).calculate([priceSet.id], { currencyCode: "eur" })
    const { body } = await office.get(`/admin/products?price_list_id=${id}&fields=id`)
    const ofProduct = await pricesOf(id, { product_id: productId })

    expect(price).toMatchObject({ calculatedAmount: "3", originalAmount: "20" })
    expect([body["products"], body["count"]]).toEqual([[{ id: productId }], 1])
    expect(ofProduct.count).toBe(1)
  })

  it("are all changed or none, and are those of this list only", async () => {
    const { small, medium } = await aShirt()
    const [one, other] = [await create({ prices: [euros(small, 1)] }), await create({ prices: [euros(small, 2)] })]
    const [mine, foreign] = [(await pricesOf(one.id)).prices[0], (await pricesOf(other.id)).prices[0]]
    const change = (body: Json) => office.post(`${path}/${one.id}/prices/batch`, body)
    const made = { create: [euros(medium, 5)] }

    const answers = [
      await change({ ...made, update: [{ id: foreign?.id, amount: 9 }] }),
      await change({ ...made, delete: [foreign?.id] }),
      await change({ create: [euros(medium, 5), euros(small, 5)] }),
      await change({ ...made, update: [{ id: mine?.id, variant_id: medium }] }),
    ]

    expect(answers.map(({ status }) => status)).toEqual([404, 404, 422, 400])
    expect([await amountsOf(one.id), await amountsOf(other.id)]).toEqual([[1], [2]])
  })

  it("are one for each variant and currency, whoever sets them at once, and go with their variants", async () => {
    const { id: productId, small } = await aShirt()
    const { id } = await create()
    const add = (amount: number) => office.post(`${path}/${id}/prices/batch`, { create: [euros(small, amount)] })

    const answers = await Promise.all([add(1), add(2), add(3)])
    const [price] = (await pricesOf(id)).prices
    const change = (amount: number) => ({
      update: [{ id: price?.id, amount }],
      create: [euros(small, amount, { min_quantity: 1 + amount })],
    })
    const raced = await Promise.all([
      office.post(`${path}/${id}/prices/batch`, change(4)),
      office.delete(`/admin/products/${productId}`),
      office.post(`${path}/${id}/prices/batch`, change(5)),
    ])

    expect(statusesOf(answers)).toEqual([200, 422, 422])
    expect(raced[1]?.status).toBe(200)
    for (const { status } of raced) expect([200, 400, 404]).toContain(status)
    expect(await amountsOf(id)).toEqual([])
  })

  it("are removed with the products that they are for, and take as many statements for many as for one", async () => {
    const [one, other] = [await aShirt(), await aShirt()]
    const variants = [one.small, one.medium, other.small, other.medium]
    const { id } = await create()
    const batch = (some: string[]) => ({
      create: some.map((variant) => euros(variant, 4, { min_quantity: some.length })),
    })
    const few = await office.statements(() => office.post(`${path}/${id}/prices/batch`, batch(variants.slice(0, 1))))
    const many = await office.statements(() => office.post(`${path}/${id}/prices/batch`, batch(variants)))

    const { price_list: list } = await sdk.admin.priceList.linkProducts(id, { remove: [one.id] })
    const { prices } = await pricesOf(id)

    expect(many.length).toBe(few.length)
    expect(list).toMatchObject({ id })
    expect(prices.map(({ variant_id }) => variant_id)).toEqual([other.small, other.medium])
    expect((await office.audit(id)).at(-1)).toMatchObject({ action: "products_removed" })
  })

  it("take the permission to change their list", async () => {
    const token = await office.colleague("reader@shop.example", ["price_list:read"])
    const { small } = await aShirt()
    const { id } = await create({ prices: [euros(small, 1)] })

    expect((await office.get(`${path}/${id}/prices`, { token })).body["count"]).toBe(1)
    const refused = await office.post(`${path}/${id}/prices/batch`, { delete: [] }, { token })
    expect(refused).toMatchObject({ status: 403, body: { code: "request.permission_missing" } })
  })
})
