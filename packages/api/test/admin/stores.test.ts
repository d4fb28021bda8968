import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openBackOffice, statusesOf, type BackOffice, type Json, type Sdk } from "./back-office.ts"

let office: BackOffice
let sdk: Sdk
let path: string
beforeAll(async () => {
  office = await openBackOffice()
  sdk = await office.sdk()
  path = `/admin/stores/${office.storeId}`
})
afterAll(() => office.drop())

const currenciesOf = async () => {
  const { body } = await office.get(
    `${path}?fields=supported_currencies.currency_code,supported_currencies.is_tax_inclusive`,
  )
  const { supported_currencies: list } = body["store"] as { supported_currencies: Json[] }
  return list.map(({ currency_code: code, is_tax_inclusive: inclusive }) => [code, inclusive])
}

describe("the store", () => {
  it("is read, listed and changed by the official client", async () => {
    const { sales_channel: channel } = await sdk.admin.salesChannel.create({ name: "Web" })
    const { region } = await sdk.admin.region.create({ name: "Europe", currency_code: "eur" })

    const { store } = await sdk.admin.store.update(office.storeId, {
      name: "Burl & Banding",
      default_sales_channel_id: channel.id,
      default_region_id: region.id,
      metadata: { founded: 1998 },
    })
    const { store: read } = await sdk.admin.store.retrieve(office.storeId)
    const { stores, count } = await sdk.admin.store.list({ q: "burl" })

    expect(store).toMatchObject({
      id: office.storeId,
      name: "Burl & Banding",
      default_sales_channel_id: channel.id,
      default_region_id: region.id,
      default_location_id: null,
      metadata: { founded: 1998 },
      supported_currencies: [{ currency_code: "eur", is_default: true, currency: { code: "eur", symbol: "€" } }],
    })
    expect(read).toEqual(store)
    expect([stores, count]).toEqual([[store], 1])
  })

  it("has currencies, one of them its default, that say whether prices contain tax", async () => {
    await sdk.admin.store.update(office.storeId, {
      supported_currencies: [
        { currency_code: "usd", is_default: true },
        { currency_code: "eur", is_tax_inclusive: true },
      ],
    })
    const both = await currenciesOf()
    await sdk.admin.store.update(office.storeId, {
      supported_currencies: [{ currency_code: "eur", is_default: true }],
    })

    expect(both).toEqual([
      ["usd", false],
      ["eur", true],
    ])
    expect(await currenciesOf()).toEqual([["eur", true]])
    expect((await sdk.admin.pricePreference.list({ value: "eur" })).price_preferences).toMatchObject([
      { attribute: "currency_code", is_tax_inclusive: true },
    ])
  })

  it.each([
    [
      "two default currencies",
      { supported_currencies: ["eur", "usd"].map((currency_code) => ({ currency_code, is_default: true })) },
    ],
    ["no default currency", { supported_currencies: [{ currency_code: "eur" }] }],
    [
      "a currency twice",
      { supported_currencies: ["eur", "eur"].map((code, at) => ({ currency_code: code, is_default: at === 0 })) },
    ],
    ["a currency that there is not", { supported_currencies: [{ currency_code: "abc", is_default: true }] }],
    ["a channel that there is not", { name: "No", default_sales_channel_id: "sc_0" }],
    ["a region that there is not", { name: "No", default_region_id: "reg_0" }],
    ["a location that there is not", { name: "No", default_location_id: "sloc_0" }],
  ])("is not changed to have %s", async (_, body) => {
    const before = await office.get(path)

    const answer = await office.post(path, body)

    expect(answer).toMatchObject({ status: 400, body: { type: "invalid_data" } })
    expect((await office.get(path)).text).toBe(before.text)
  })

  it("is at one version or another when two change it at once, and the log says what became different", async () => {
    const version = (await office.get(path)).headers.get("etag") as string
    const change = { supported_currencies: [{ currency_code: "eur", is_default: true, is_tax_inclusive: false }] }

    const headers = { "if-match": version }
    const answers = await Promise.all([1, 2].map(() => office.post(path, change, { headers })))
    const entry = (await office.audit(office.storeId)).at(-1)

    expect(statusesOf(answers)).toEqual([200, 412])
    expect(Object.entries(entry?.changes as object)).toContainEqual([
      expect.stringMatching(/^supported_currencies\.stocur_\w+\.is_tax_inclusive$/),
      { from: true, to: false },
    ])
  })
})

describe("currencies", () => {
  it("are read and listed by the official client", async () => {
    const { currency } = await sdk.admin.currency.retrieve("eur")
    const { currencies, limit, count } = await sdk.admin.currency.list({ q: "yen" })
    const some = await sdk.admin.currency.list({ code: ["usd", "chf"] })

    expect(currency).toMatchObject({ code: "eur", symbol: "€", name: "Euro", decimal_digits: 2 })
    expect([currencies.map((one: { code: string }) => one.code), limit, count]).toEqual([["jpy"], 200, 1])
    expect(some.currencies.map((one: { code: string }) => one.code)).toEqual(["chf", "usd"])
    await expect(sdk.admin.currency.retrieve("abc")).rejects.toMatchObject({ status: 404 })
  })
})
