import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openBackOffice, statusesOf, type BackOffice, type Json, type Sdk } from "./back-office.ts"

let office: BackOffice
let sdk: Sdk
beforeAll(async () => {
  office = await openBackOffice()
  sdk = await office.sdk()
})
afterAll(() => office.drop())

const codes = (countries: unknown) => (countries as { iso_2: string }[]).map(({ iso_2: code }) => code)
const parts = "name,is_tax_inclusive,payment_providers.id"
const partsOf = async (id: string) => {
  const { body } = await office.get(`/admin/regions/${id}?fields=${parts}`)
  const { name: _, id: __, ...rest } = body["region"] as Json
  return rest
}

describe("regions", () => {
  it("are created, read, changed, listed and deleted by the official client", async () => {
    const { region: made } = await sdk.admin.region.create({
      name: "Benelux",
      currency_code: "EUR",
      countries: ["be", "nl"],
      metadata: { tier: 1 },
    })
    const { region: changed } = await sdk.admin.region.update(made.id, { name: "Low Countries", countries: ["nl"] })
    const { region: read } = await sdk.admin.region.retrieve(made.id)
    const { regions: found, count } = await sdk.admin.region.list({ q: "low", currency_code: "eur" })
    const deleted = await sdk.admin.region.delete(made.id)

    expect(made).toMatchObject({ name: "Benelux", currency_code: "eur", automatic_taxes: true, metadata: { tier: 1 } })
    expect(codes(made.countries)).toEqual(["be", "nl"])
    expect(changed).toEqual(read)
    expect(read).toMatchObject({ id: made.id, name: "Low Countries", countries: [{ iso_2: "nl", iso_3: "nld" }] })
    expect([found, count]).toEqual([[read], 1])
    expect(deleted).toEqual({ id: made.id, object: "region", deleted: true })
    await expect(sdk.admin.region.retrieve(made.id)).rejects.toMatchObject({ status: 404 })
  })

  it("say who takes payments and whether prices contain tax; deleted, they leave nothing behind", async () => {
    const { region } = await sdk.admin.region.create({
      name: "Nordics",
      currency_code: "sek",
      countries: ["se"],
      payment_providers: ["pp_system_default"],
      is_tax_inclusive: true,
    })
    await sdk.admin.store.update(office.storeId, { default_region_id: region.id })
    const full = await partsOf(region.id)
    const preferences = () => sdk.admin.pricePreference.list({ attribute: "region_id", value: region.id })
    const [preference] = (await preferences()).price_preferences

    await sdk.admin.region.update(region.id, { payment_providers: [], is_tax_inclusive: false })
    const bare = await partsOf(region.id)
    await sdk.admin.region.delete(region.id)

    expect(full).toEqual({ is_tax_inclusive: true, payment_providers: [{ id: "pp_system_default" }] })
    expect(preference).toMatchObject({ attribute: "region_id", value: region.id, is_tax_inclusive: true })
    expect(bare).toEqual({ is_tax_inclusive: false, payment_providers: [] })
    expect((await preferences()).count).toBe(0)
    expect((await sdk.admin.store.retrieve(office.storeId)).store.default_region_id).toBeNull()
    expect(
      (await sdk.admin.region.create({ name: "Sweden", currency_code: "sek", countries: ["se"] })).region.id,
    ).not.toBe(region.id)
  })

  it.each([
    ["no currency", { name: "X" }, "Invalid request: Field 'currency_code' is required"],
    ["a currency that there is not", { name: "X", currency_code: "abc" }, "an ISO 4217 currency code"],
    ["a country that there is not", { name: "X", currency_code: "eur", countries: ["zz"] }, "zz"],
    ["a provider that there is not", { name: "X", currency_code: "eur", payment_providers: ["pp_x"] }, "pp_x"],
  ])("are refused with %s, and nothing is written", async (_, body, message) => {
    const { count } = await sdk.admin.region.list()

    const answer = await office.post("/admin/regions", body)

    expect(answer).toMatchObject({ status: 400, body: { type: "invalid_data" } })
    expect(answer.body["message"]).toContain(message)
    expect((await sdk.admin.region.list()).count).toBe(count)
  })

  it("do not take payments by a provider that is not in use any more", async () => {
    await office.composition.database.run(
      `insert into "payment"."payment_provider" (id, is_enabled, created_at, updated_at) values ('pp_old', false, now(), now())`,
    )

    const answer = await office.post("/admin/regions", {
      name: "X",
      currency_code: "eur",
      payment_providers: ["pp_old"],
    })

    expect(answer).toMatchObject({ status: 400, body: { code: "reference.unknown" } })
  })

  it("have each country once, however many want it at the same time", async () => {
    const wants = Array.from({ length: 6 }, (_, index) =>
      office.post("/admin/regions", { name: `Iberia ${index}`, currency_code: "eur", countries: ["es", "pt"] }),
    )
    const answers = await Promise.all(wants)

    expect(statusesOf(answers)).toEqual([200, 400, 400, 400, 400, 400])
    expect(answers.find(({ status }) => status === 400)?.body).toMatchObject({
      type: "invalid_data",
      code: "region.country_taken",
    })
    expect((await sdk.admin.region.list({ q: "iberia" })).count).toBe(1)
  })

  it("tell by their version and the audit log what belongs to them, too", async () => {
    const made = await office.post("/admin/regions", { name: "Logged", currency_code: "usd" })
    const { id } = made.body["region"] as { id: string }
    const headers = { "if-match": made.headers.get("etag") as string }

    const change = { payment_providers: ["pp_system_default"], is_tax_inclusive: true }
    const answers = await Promise.all([1, 2].map(() => office.post(`/admin/regions/${id}`, change, { headers })))
    const entries = await office.audit(id)

    expect(statusesOf(answers)).toEqual([200, 412])
    expect(entries.map(({ action }) => action)).toEqual(["created", "updated"])
    expect(entries[1]?.changes).toMatchObject({
      is_tax_inclusive: { from: false, to: true },
      "payment_providers.pp_system_default": { to: { id: "pp_system_default" } },
    })
  })

  it("are listed in three statements, and in four with what prices say of tax", async () => {
    await sdk.admin.region.create({ name: "Counted", currency_code: "usd" })

    const plain = await office.statements(() => office.get("/admin/regions"))
    const full = await office.statements(() => office.get(`/admin/regions?fields=${parts}`))

    expect([plain.length, full.length]).toEqual([3, 4])
  })
})

describe("price preferences", () => {
  it("are created, read, changed, listed and deleted by the official client", async () => {
    const { price_preference: made } = await sdk.admin.pricePreference.create({
      attribute: "currency_code",
      value: "CHF",
      is_tax_inclusive: true,
    })
    const { price_preference: changed } = await sdk.admin.pricePreference.update(made.id, { is_tax_inclusive: false })
    const { price_preference: read } = await sdk.admin.pricePreference.retrieve(made.id)
    const { price_preferences: found } = await sdk.admin.pricePreference.list({ q: "chf" })
    const deleted = await sdk.admin.pricePreference.delete(made.id)

    expect(made).toMatchObject({ attribute: "currency_code", value: "chf", is_tax_inclusive: true, deleted_at: null })
    expect(changed).toEqual({ ...made, is_tax_inclusive: false, updated_at: changed.updated_at })
    expect([read, found]).toEqual([changed, [changed]])
    expect(deleted).toEqual({ id: made.id, object: "price_preference", deleted: true })
    expect((await office.audit(made.id)).map(({ action }) => action)).toEqual(["created", "updated", "deleted"])
  })

  it("are one for each currency or region that there is", async () => {
    const path = "/admin/price-preferences"
    const dollar = { attribute: "currency_code", value: "usd" }

    const raced = await Promise.all([1, 2, 3].map(() => office.post(path, dollar)))
    const unknown = await office.post(path, { attribute: "region_id", value: "reg_0" })
    const { id } = raced.find(({ status }) => status === 200)!.body["price_preference"] as { id: string }
    const moved = await office.post(`${path}/${id}`, { attribute: "region_id", value: "reg_0" })

    expect(statusesOf(raced)).toEqual([200, 422, 422])
    expect(raced.find(({ status }) => status === 422)?.body).toMatchObject({ type: "duplicate_error" })
    expect([unknown, moved]).toMatchObject([
      { status: 400, body: { code: "reference.unknown" } },
      { status: 400, body: { code: "reference.unknown" } },
    ])
  })
})
