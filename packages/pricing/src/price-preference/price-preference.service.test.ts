import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { PricePreferenceTaken, startPricing, type SetPricePreference } from "../index.ts"

type Pricing = Awaited<ReturnType<typeof startPricing>>

describe("price preferences", () => {
  let database: TestDatabase
  let pricing: Pricing
  let preferences: Pricing["pricePreferences"]

  beforeAll(async () => {
    database = await createTestDatabase()
    pricing = await startPricing({ database: database.url, events: { relay: false } })
    await pricing.migrate()
    preferences = pricing.pricePreferences
  })

  beforeEach(async () => {
    await pricing.database.run(`truncate "pricing"."price_preference"`)
  })

  afterAll(async () => {
    await pricing.close()
    await database.drop()
  })

  const euro: SetPricePreference = { attribute: "currency_code", value: "EUR", isTaxInclusive: true }

  it("are made when first set, and changed after that", async () => {
    const made = await preferences.set(euro)
    const changed = await preferences.set({ attribute: "currency_code", value: "eur" })

    expect(made).toMatchObject({ attribute: "currency_code", value: "eur", isTaxInclusive: true, deletedAt: null })
    expect(changed).toMatchObject({ id: made.id, isTaxInclusive: false })
    expect((await preferences.list()).count).toBe(1)
  })

  it("are one, however many set them at once", async () => {
    const set = await Promise.all(Array.from({ length: 8 }, () => preferences.set(euro)))

    expect(new Set(set.map(({ id }) => id)).size).toBe(1)
    expect((await preferences.list()).count).toBe(1)
  })

  it("are created once, however many want the same at once", async () => {
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => preferences.create(euro)))

    const lost = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []))
    expect(lost).toHaveLength(7)
    expect(lost.every((error) => error instanceof PricePreferenceTaken)).toBe(true)
  })

  it("are set together in two statements, in any order at once", async () => {
    const codes = ["usd", "eur", "gbp", "jpy", "sek"]
    const { id } = await preferences.set(euro)
    const all = (list: string[]) => list.map((value) => ({ attribute: "currency_code" as const, value }))

    const statements = await statementsOf(pricing.database, () => preferences.setMany(all(codes)))
    const both = await Promise.all([preferences.setMany(all(codes)), preferences.setMany(all(codes.toReversed()))])

    expect(statements).toHaveLength(2)
    expect(both[0]).toEqual(both[1]?.toReversed())
    expect(both[0]?.[1]).toBe(id)
    expect((await preferences.get(id)).isTaxInclusive).toBe(false)
    expect(await preferences.setMany([])).toEqual([])
    await expect(preferences.setMany([euro, euro])).rejects.toMatchObject({ code: "input.invalid" })
  })

  it("are forgotten by what they are about, if they are there", async () => {
    await preferences.set(euro)

    await preferences.forget({ attribute: "currency_code", value: "eur" })
    await preferences.forget({ attribute: "currency_code", value: "eur" })

    expect((await preferences.list()).count).toBe(0)
  })

  it("can be moved to another currency or region, but not onto another preference", async () => {
    const { id } = await preferences.set(euro)
    await preferences.set({ attribute: "region_id", value: "reg_1" })

    const moved = await preferences.update(id, { value: "USD" })

    expect(moved).toMatchObject({ id, attribute: "currency_code", value: "usd", isTaxInclusive: true })
    await expect(preferences.update(id, { attribute: "region_id", value: "reg_1" })).rejects.toThrow(
      PricePreferenceTaken,
    )
    await expect(preferences.update(id, { value: "abc" })).rejects.toMatchObject({ code: "input.invalid" })
    await expect(preferences.update("prpref_none", {})).rejects.toMatchObject({ code: "resource.not_found" })
  })

  it("are made anew after they were deleted", async () => {
    const { id } = await preferences.set(euro)

    await preferences.delete(id)

    await expect(preferences.get(id)).rejects.toMatchObject({ code: "resource.not_found" })
    await expect(preferences.delete(id)).rejects.toMatchObject({ code: "resource.not_found" })
    expect((await preferences.set(euro)).id).not.toBe(id)
  })

  it.each([
    ["an attribute that has none", { attribute: "country", value: "de" }],
    ["a currency that there is not", { attribute: "currency_code", value: "abc" }],
    ["no value", { attribute: "region_id", value: " " }],
  ])("are refused for %s", async (_, input) => {
    await expect(preferences.set(input as SetPricePreference)).rejects.toMatchObject({ code: "input.invalid" })
  })

  it("tell what they are about", async () => {
    const { id } = await preferences.set(euro)
    await preferences.delete(id)

    const sent = await pricing.database.sql(
      `select name, payload from "marquetry"."outbox" where aggregate_id = $1 order by sequence`,
      [id],
    )

    const payload = { id, attribute: "currency_code", value: "eur" }
    expect(sent).toEqual([
      { name: "price-preference.updated", payload },
      { name: "price-preference.deleted", payload },
    ])
  })
})
