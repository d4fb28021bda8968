import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { openBackOffice, statusesOf, type BackOffice, type Json, type Sdk } from "./back-office.ts"
import { liveSets, optionOf, placeOf, type Place } from "./shipping-places.ts"

let office: BackOffice
let sdk: Sdk
beforeAll(async () => {
  office = await openBackOffice()
  sdk = await office.sdk()
})
afterAll(() => office.drop())

const rule = (attribute: string, value: string) => ({ attribute, operator: "eq" as const, value })

describe("shipping options", () => {
  let here: Place
  let region: string
  beforeEach(async () => {
    here = await placeOf(sdk)
    region = (await sdk.admin.region.create({ name: "Europe", currency_code: "eur" })).region.id
  })

  it("are created, read, changed, listed and deleted by the official client", async () => {
    const { shipping_option: made } = await sdk.admin.shippingOption.create(
      optionOf(here, {
        type: { label: "Standard", description: "In two days", code: "standard" },
        data: { id: "manual-fulfillment" },
        prices: [
          { currency_code: "eur", amount: 5 },
          { region_id: region, amount: 0, rules: [{ attribute: "item_total", operator: "gte", value: 100.5 }] },
        ],
        rules: [rule("enabled_in_store", "true"), rule("is_return", "false")],
        metadata: { carrier: "post" },
      }),
    )
    const { shipping_option: changed } = await sdk.admin.shippingOption.update(made.id, { name: "Economy" })
    const { shipping_option: read } = await sdk.admin.shippingOption.retrieve(made.id)
    const deleted = await sdk.admin.shippingOption.delete(made.id)

    expect(made).toMatchObject({
      name: "Standard",
      price_type: "flat",
      data: { id: "manual-fulfillment" },
      metadata: { carrier: "post" },
      provider: { id: "manual_manual", is_enabled: true },
      service_zone: { id: here.zone, name: "Germany" },
      shipping_profile: { id: here.profile },
      type: { label: "Standard", code: "standard", description: "In two days" },
      rules: [rule("enabled_in_store", "true"), rule("is_return", "false")],
      prices: [
        { currency_code: "eur", amount: 5, rules_count: 0, price_rules: [] },
        {
          currency_code: "eur",
          amount: 0,
          rules_count: 2,
          price_rules: [
            { attribute: "item_total", operator: "gte", value: "100.5" },
            { attribute: "region_id", operator: "eq", value: region },
          ],
        },
      ],
    })
    expect(changed).toEqual({ ...made, name: "Economy", updated_at: changed.updated_at })
    expect(read).toEqual(changed)
    expect(deleted).toEqual({ id: made.id, object: "shipping_option", deleted: true })
    expect((await office.audit(made.id)).map(({ action }) => action)).toEqual(["created", "updated", "deleted"])
  })

  it("have their provider send from where they are offered", async () => {
    const sendersOf = async () => {
      const fields = { fields: "fulfillment_providers.id" }
      return (await sdk.admin.stockLocation.retrieve(here.location, fields)).stock_location.fulfillment_providers
    }
    const before = await sendersOf()
    const { shipping_option: made } = await sdk.admin.shippingOption.create(optionOf(here))
    const after = await sendersOf()
    await sdk.admin.stockLocation.updateFulfillmentProviders(here.location, { remove: ["manual_manual"] })
    await sdk.admin.shippingOption.update(made.id, { name: "Economy" })
    const named = await sendersOf()
    await sdk.admin.shippingOption.update(made.id, { provider_id: "manual_manual" } as never)

    expect([before, after, named]).toMatchObject([[], [{ id: "manual_manual" }], []])
    expect(await sendersOf()).toMatchObject([{ id: "manual_manual" }])
  })

  it("get the prices that are named: kept and changed by id, or new; the others are gone", async () => {
    const { shipping_option: made } = await sdk.admin.shippingOption.create(
      optionOf(here, {
        prices: [
          { currency_code: "eur", amount: 5 },
          { currency_code: "usd", amount: 6 },
          { region_id: region, amount: 4 },
        ],
      }),
    )
    type Priced = { prices: { id: string; amount: number; currency_code: string; price_rules: Json[] }[] }
    const [euro, dollar, ours] = (made as unknown as Priced).prices
    const prices = async (given: Json[]) => {
      const { status, body } = await office.post(`/admin/shipping-options/${made.id}`, { prices: given })
      return { status, prices: (body["shipping_option"] as unknown as Priced | undefined)?.prices, body }
    }

    const changed = await prices([
      { id: euro?.id, amount: 5.5 },
      { id: ours?.id, rules: [{ attribute: "item_total", operator: "lt", value: 20 }] },
      { currency_code: "gbp", amount: 7 },
    ])
    const gone = await prices([{ id: dollar?.id, amount: 1 }])
    const twice = await prices([
      { currency_code: "eur", amount: 1 },
      { currency_code: "eur", amount: 2 },
    ])
    const none = await prices([])

    expect(changed.prices).toMatchObject([
      { id: euro?.id, amount: 5.5, currency_code: "eur", price_rules: [] },
      {
        amount: 4,
        currency_code: "eur",
        price_rules: [
          { attribute: "item_total", operator: "lt", value: "20" },
          { attribute: "region_id", value: region },
        ],
      },
      { amount: 7, currency_code: "gbp" },
    ])
    expect(gone).toMatchObject({ status: 400, body: { code: "reference.unknown" } })
    expect(twice).toMatchObject({ status: 422, body: { type: "duplicate_error" } })
    expect(none.prices).toEqual([])
  })

  it("keep of a price that is named what no route can say of it", async () => {
    const prices = [{ currency_code: "eur", amount: 5 }]
    const { shipping_option: made } = await sdk.admin.shippingOption.create(optionOf(here, { prices }))
    const [price] = made.prices as unknown as { id: string }[]
    await office.composition.database.run(
      `update "pricing"."price" set title = 'Bulk', min_quantity = 2, max_quantity = 9 where id = $1`,
      [price?.id],
    )

    const { body } = await office.post(`/admin/shipping-options/${made.id}`, { prices: [{ id: price?.id, amount: 4 }] })

    expect(body["shipping_option"]).toMatchObject({
      prices: [{ id: price?.id, amount: 4, title: "Bulk", min_quantity: 2, max_quantity: 9 }],
    })
  })

  it("change their rules one by one, all or none", async () => {
    const { shipping_option: made } = await sdk.admin.shippingOption.create(
      optionOf(here, { rules: [rule("enabled_in_store", "true"), rule("is_return", "false")] }),
    )
    const [first, second] = made.rules as unknown as { id: string }[]
    const other = await sdk.admin.shippingOption.create(optionOf(here, { rules: [rule("is_return", "true")] }))
    const [foreign] = other.shipping_option.rules as unknown as { id: string }[]
    const path = `/admin/shipping-options/${made.id}/rules/batch`

    const answer = await sdk.admin.shippingOption.updateRules(made.id, {
      create: [{ attribute: "region_id", operator: "in", value: [region] }],
      update: [{ id: first!.id, ...rule("enabled_in_store", "false") }],
      delete: [second!.id],
    })
    const refused = await office.post(path, { create: [rule("x", "1")], delete: [foreign!.id] })
    const unfit = await office.post(path, { create: [{ attribute: "item_total", operator: "gt", value: "much" }] })
    const { shipping_option: read } = await sdk.admin.shippingOption.retrieve(made.id)

    expect(answer).toMatchObject({
      created: [{ attribute: "region_id", operator: "in", value: [region] }],
      updated: [{ id: first?.id, value: "false" }],
      deleted: { ids: [second?.id], object: "shipping_option_rule", deleted: true },
    })
    expect([refused.status, unfit.status]).toEqual([404, 400])
    expect((read.rules as unknown as Json[]).map(({ attribute, value }) => [attribute, value])).toEqual([
      ["enabled_in_store", "false"],
      ["region_id", [region]],
    ])
  })

  it("are listed by where they send from and to, how, and for whom", async () => {
    const { shipping_option: back } = await sdk.admin.shippingOption.create(
      optionOf(here, { name: "Back", rules: [rule("is_return", "true"), rule("enabled_in_store", "false")] }),
    )
    const { shipping_option: out } = await sdk.admin.shippingOption.create(
      optionOf(here, {
        name: "Out",
        type: { label: "Out", code: "out" },
        rules: [rule("is_return", "false")],
      }),
    )
    const typeId = (out as unknown as { type: { id: string } }).type.id
    const found = async (filter: Json) => {
      const { shipping_options: list } = await sdk.admin.shippingOption.list({
        stock_location_id: here.location,
        ...filter,
      })
      return list.map((one: { id: string }) => one.id)
    }
    await sdk.admin.shippingOption.create(optionOf(await placeOf(sdk), { name: "Elsewhere" }))

    expect(await found({})).toEqual([back.id, out.id])
    expect(await found({ is_return: true })).toEqual([back.id])
    expect(await found({ is_return: false })).toEqual([out.id])
    expect(await found({ admin_only: true, is_return: true })).toEqual([back.id])
    expect(await found({ admin_only: false })).toEqual([out.id])
    expect(await found({ shipping_option_type_id: typeId })).toEqual([out.id])
    expect(await found({ service_zone_id: here.zone, shipping_profile_id: here.profile, q: "bac" })).toEqual([back.id])
    expect(await found({ provider_id: "carrier_test" })).toEqual([])
    expect((await office.get("/admin/shipping-options?is_return=perhaps")).status).toBe(400)
    const sent = await office.statements(() => office.get("/admin/shipping-options?is_return=false"))
    expect(sent).toHaveLength(3)
  })

  it.each([
    ["a zone that there is not", () => ({ service_zone_id: "serzo_0" }), 404],
    ["a profile that there is not", () => ({ shipping_profile_id: "sp_0" }), 404],
    ["a type that there is not", () => ({ type_id: "sotype_0" }), 404],
    ["a provider that there is not", () => ({ provider_id: "dhl" }), 400],
    ["a price that its provider cannot calculate", () => ({ price_type: "calculated" }), 400],
    ["a type beside the id of one", () => ({ type_id: "sotype_0", type: { label: "X", code: "x" } }), 400],
    ["a price for a region that there is not", () => ({ prices: [{ region_id: "reg_0", amount: 1 }] }), 400],
    [
      "a price for a currency and a region",
      () => ({ prices: [{ region_id: region, currency_code: "eur", amount: 1 }] }),
      400,
    ],
    ["a price for nothing", () => ({ prices: [{ amount: 1 }] }), 400],
    ["a price below zero", () => ({ prices: [{ currency_code: "eur", amount: -1 }] }), 400],
    [
      "a price by the weight of the moon",
      () => ({
        prices: [{ currency_code: "eur", amount: 1, rules: [{ attribute: "moon", operator: "gt", value: 1 }] }],
      }),
      400,
    ],
    ["a price twice", () => ({ prices: [1, 2].map((amount) => ({ currency_code: "eur", amount })) }), 422],
  ])("are refused with %s, and nothing is written", async (_, fault, status) => {
    const sets = await liveSets(office)
    const { count } = await sdk.admin.shippingOptionType.list()

    const answer = await office.post("/admin/shipping-options", optionOf(here, fault()))

    expect(answer.status).toBe(status)
    expect((await sdk.admin.shippingOption.list({ service_zone_id: here.zone })).count).toBe(0)
    expect([await liveSets(office), (await sdk.admin.shippingOptionType.list()).count]).toEqual([sets, count])
  })

  it("are at one version or another when several change them at once, prices and all", async () => {
    const made = await office.post("/admin/shipping-options", optionOf(here))
    const { id } = made.body["shipping_option"] as { id: string }
    const path = `/admin/shipping-options/${id}`
    const headers = { "if-match": made.headers.get("etag") as string }
    const priced = (amount: number) => ({
      prices: ["eur", "usd", "gbp"].map((currency_code) => ({ currency_code, amount })),
    })

    const guarded = await Promise.all([1, 2].map((amount) => office.post(path, priced(amount), { headers })))
    const free = await Promise.all([3, 4, 5, 6].map((amount) => office.post(path, priced(amount))))
    const { body } = await office.get(path)
    const prices = (body["shipping_option"] as { prices: { amount: number }[] }).prices

    expect([statusesOf(guarded), statusesOf(free)]).toEqual([
      [200, 412],
      [200, 200, 200, 200],
    ])
    expect(prices).toHaveLength(3)
    expect(new Set(prices.map(({ amount }) => amount)).size).toBe(1)
  })

  it("are priced by a provider outside that is asked before anything is held", async () => {
    const { shipping_option: made } = await sdk.admin.shippingOption.create(
      optionOf(here, { provider_id: "carrier_test", price_type: "calculated" }),
    )
    const moved = await office.post(`/admin/shipping-options/${made.id}`, { provider_id: "manual_manual" })
    const flat = await office.post(`/admin/shipping-options/${made.id}`, {
      provider_id: "manual_manual",
      price_type: "flat",
    })

    expect(made).toMatchObject({ price_type: "calculated", provider_id: "carrier_test", prices: [] })
    expect(moved).toMatchObject({ status: 400, body: { code: "fulfillment.price_not_calculable" } })
    expect(flat.status).toBe(200)
  })
})
