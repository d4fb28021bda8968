import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { shippingOptionResource, startFulfillment, type FulfillmentProvider, type ProviderData } from "../index.ts"
import { manualFulfillmentProvider } from "../provider/manual-provider.ts"
import { aFulfillmentSet, aShippingOption, aShippingProfile } from "../testing.ts"

/** Stands for a service at the other end of a wire; takes options with an id. */
const carrier: FulfillmentProvider & { asked: (ProviderData | null)[] } = {
  ...manualFulfillmentProvider,
  id: "carrier",
  asksOutside: true,
  asked: [],
  validateOption(data) {
    this.asked.push(data)
    return Promise.resolve(data?.["id"] !== undefined)
  },
  canCalculate: (data) => data?.["id"] === "priced",
  calculatePrice: (data, chosen, { weight }) => ({
    calculatedAmount: `${String(weight)}.50`,
    isCalculatedPriceTaxInclusive: data?.["id"] === chosen["id"],
  }),
  validateData: (_, data) => Promise.resolve({ ...data, seen: true }),
}

describe("shipping options", () => {
  let database: TestDatabase
  let alone: Awaited<ReturnType<typeof startFulfillment>>
  let shippingOptions: typeof alone.shippingOptions
  let ids: { serviceZoneId: string; shippingProfileId: string }

  beforeAll(async () => {
    database = await createTestDatabase()
    // No relay, so that only the service's own statements are counted.
    alone = await startFulfillment({ database: database.url, events: { relay: false }, providers: [carrier] })
    await alone.migrate()
    shippingOptions = alone.shippingOptions
  })

  beforeEach(async () => {
    carrier.asked.length = 0
    for (const table of ["fulfillment_set", "shipping_profile", "shipping_option_type"])
      await alone.database.run(`delete from "fulfillment"."${table}"`)
    const { serviceZones } = await alone.fulfillmentSets.create(aFulfillmentSet())
    const { id } = await alone.shippingProfiles.create(aShippingProfile())
    ids = { serviceZoneId: serviceZones[0]?.id as string, shippingProfileId: id }
  })

  afterAll(async () => {
    await alone.close()
    await database.drop()
  })

  it("keep what they were made with", async () => {
    const made = await shippingOptions.create({
      ...ids,
      name: " Express ",
      providerId: "manual_manual",
      type: { label: "Express", code: "express" },
      data: { id: "manual-fulfillment" },
      metadata: { a: 1 },
      rules: [
        { attribute: "enabled_in_store", operator: "eq", value: true },
        { attribute: "region", operator: "in", value: "north" },
      ],
    })

    expect(made).toMatchObject({
      ...ids,
      name: "Express",
      priceType: "flat",
      providerId: "manual_manual",
      data: { id: "manual-fulfillment" },
      metadata: { a: 1 },
      type: { label: "Express", code: "express", description: null },
      rules: [
        { attribute: "enabled_in_store", operator: "eq", value: "true" },
        { attribute: "region", operator: "in", value: ["north"] },
      ],
    })
    expect(made.id).toMatch(/^so_[0-9A-Z]{26}$/)
    expect(made.rules[0]?.id).toMatch(/^sorul_[0-9A-Z]{26}$/)
    expect(made.typeId).toMatch(/^sotype_[0-9A-Z]{26}$/)
    expect(await shippingOptions.get(made.id)).toEqual(made)
  })

  it("are read with the names of the wire", async () => {
    const type = await alone.shippingOptionTypes.create({ label: "Express", code: "express" })
    const { id } = await shippingOptions.create(aShippingOption(ids, { typeId: type.id }))

    const { rows } = await alone.query.listAny("shipping_option", {
      names: "wire",
      fields: {
        "*": true,
        type: { label: true },
        provider: { id: true, is_enabled: true },
        shipping_profile: { id: true },
        service_zone: {
          fulfillment_set: { type: true },
          shipping_options: { id: true },
          geo_zones: { country_code: true },
        },
      },
    })

    expect(rows).toMatchObject([
      {
        id,
        service_zone_id: ids.serviceZoneId,
        shipping_profile_id: ids.shippingProfileId,
        shipping_option_type_id: type.id,
        provider_id: "manual_manual",
        price_type: "flat",
        type: { label: "Express" },
        provider: { id: "manual_manual", is_enabled: true },
        shipping_profile: { id: ids.shippingProfileId },
        service_zone: {
          fulfillment_set: { type: "shipping" },
          shipping_options: [{ id }],
          geo_zones: [{ country_code: "de" }],
        },
      },
    ])
    const typed = await alone.query.list(shippingOptionResource, { fields: { id: true }, filter: { typeId: type.id } })
    expect(typed.count).toBe(1)
  })

  it("are made in order, in as many statements as one", async () => {
    const inputs = Array.from({ length: 100 }, (_, index) =>
      aShippingOption(ids, {
        name: `${index}`,
        type: { label: "Own", code: `${index}` },
        rules: [{ attribute: "is_return", operator: "eq", value: "false" }],
      }),
    )

    const one = await statementsOf(alone.database, () => shippingOptions.create(inputs[0] as (typeof inputs)[number]))
    let made: (string | undefined)[] = []
    const many = await statementsOf(alone.database, async () => {
      made = (await shippingOptions.createMany(inputs)).map(({ name, type }) => `${name} ${type?.code}`)
    })

    expect(made).toEqual(inputs.map(({ name }) => `${name} ${name}`))
    expect(one).toHaveLength(6)
    expect(many).toHaveLength(6)
    expect(await shippingOptions.createMany([])).toEqual([])
  })

  it("are not made without what they name", async () => {
    const gone = await alone.shippingOptionTypes.create({ label: "Gone", code: "gone" })
    await alone.shippingOptionTypes.delete(gone.id)

    for (const [fault, id] of [
      [{ serviceZoneId: "serzo_none" }, "serzo_none"],
      [{ shippingProfileId: "sp_none" }, "sp_none"],
      [{ typeId: gone.id }, gone.id],
    ] as const) {
      await expect(
        shippingOptions.createMany([aShippingOption(ids), aShippingOption(ids, fault)]),
      ).rejects.toMatchObject({ code: "resource.not_found", details: { id } })
    }
    await expect(shippingOptions.create(aShippingOption(ids, { providerId: "none" }))).rejects.toMatchObject({
      code: "fulfillment.unknown_provider",
    })
    expect((await shippingOptions.list()).count).toBe(0)
  })

  it("are checked by their provider, which is not asked while a transaction is held", async () => {
    const option = (id?: string) =>
      aShippingOption(ids, { providerId: "carrier", data: id === undefined ? null : { id } })

    await expect(shippingOptions.create(option())).rejects.toMatchObject({ code: "fulfillment.option_data_refused" })
    await expect(shippingOptions.create({ ...option("flat"), priceType: "calculated" })).rejects.toMatchObject({
      code: "fulfillment.price_not_calculable",
    })
    const { id } = await shippingOptions.create({ ...option("priced"), priceType: "calculated" })
    expect(carrier.asked).toHaveLength(3)
    await expect(shippingOptions.update(id, { data: { id: "flat" } })).rejects.toMatchObject({
      code: "fulfillment.price_not_calculable",
    })
    await expect(shippingOptions.update(id, { providerId: "manual_manual" })).rejects.toMatchObject({
      code: "fulfillment.price_not_calculable",
    })
    expect(carrier.asked).toHaveLength(4)

    await expect(shippingOptions.checkUpdate(id, { data: null })).rejects.toMatchObject({
      code: "fulfillment.option_data_refused",
    })
    await shippingOptions.checkUpdate(id, { name: "Other" })
    expect(carrier.asked).toHaveLength(5)

    await alone.database.transaction(() => shippingOptions.create(option("later")))
    await expect(
      alone.database.transaction(() => shippingOptions.create(aShippingOption(ids, { priceType: "calculated" }))),
    ).rejects.toMatchObject({ code: "fulfillment.price_not_calculable" })
    expect(carrier.asked).toHaveLength(5)
  })

  it("change the fields that are named, and leave the others", async () => {
    const before = await shippingOptions.create(
      aShippingOption(ids, {
        type: { label: "Own", code: "own" },
        metadata: { a: 1 },
        rules: [{ attribute: "is_return", operator: "eq", value: "false" }],
      }),
    )
    const profile = await alone.shippingProfiles.create(aShippingProfile())

    const named = await shippingOptions.update(before.id, { name: "Other", shippingProfileId: profile.id })
    const typed = await shippingOptions.update(before.id, { type: { label: "New", code: "new" } })
    const untyped = await shippingOptions.update(before.id, { typeId: null, metadata: null })

    expect(named).toMatchObject({
      name: "Other",
      shippingProfileId: profile.id,
      metadata: { a: 1 },
      rules: before.rules,
      typeId: before.typeId,
    })
    expect(typed.type).toMatchObject({ label: "New" })
    expect(typed.typeId).not.toBe(before.typeId)
    expect(untyped).toMatchObject({ type: null, metadata: null, name: "Other" })
    await expect(shippingOptions.update(before.id, { shippingProfileId: "sp_none" })).rejects.toMatchObject({
      details: { id: "sp_none" },
    })
  })

  it("replace their rules, and keep those that are named by id", async () => {
    const rule = (value: string) => ({ attribute: "a", operator: "eq" as const, value })
    const before = await shippingOptions.create(aShippingOption(ids, { rules: [rule("1"), rule("2")] }))
    const [first] = before.rules
    const id = first?.id as string

    const after = await shippingOptions.update(before.id, { rules: [{ ...rule("3"), id }, rule("4")] })

    expect(after.rules.map(({ value }) => value)).toEqual(["3", "4"])
    expect(after.rules[0]?.id).toBe(id)
    const other = await shippingOptions.create(aShippingOption(ids))
    await expect(shippingOptions.update(other.id, { rules: [{ ...rule("5"), id }] })).rejects.toMatchObject({
      details: { resource: "Shipping option rule", id },
    })
    await expect(
      shippingOptions.update(before.id, {
        rules: [
          { ...rule("5"), id },
          { ...rule("6"), id },
        ],
      }),
    ).rejects.toMatchObject({ code: "input.invalid" })
    expect((await shippingOptions.get(before.id)).rules).toEqual(after.rules)
  })

  it("keep one of two lists of rules that come at once, not a mixture", async () => {
    const { id } = await shippingOptions.create(aShippingOption(ids))
    const lists = [["a", "b"], ["c"], []]

    await Promise.all(
      lists.map((list) =>
        shippingOptions.update(id, {
          rules: list.map((value) => ({ attribute: "x", operator: "eq" as const, value })),
        }),
      ),
    )

    expect(lists).toContainEqual((await shippingOptions.get(id)).rules.map(({ value }) => value))
  })

  it("change rules one by one", async () => {
    const rule = (value: string) => ({ attribute: "a", operator: "eq" as const, value })
    const { id, rules } = await shippingOptions.create(
      aShippingOption(ids, { rules: [rule("1"), rule("2"), rule("3")] }),
    )
    const [one, two, three] = rules.map((each) => each.id) as [string, string, string]

    const changes = await shippingOptions.changeRules(id, {
      create: [rule("4")],
      update: [{ ...rule("20"), id: two }],
      delete: [one],
    })

    expect(changes).toMatchObject({ updated: [two], deleted: [one] })
    const after = (await shippingOptions.get(id)).rules
    expect(after.map(({ value }) => value)).toEqual(["20", "3", "4"])
    expect(after.map((each) => each.id)).toEqual([two, three, changes.created[0]])
    await expect(shippingOptions.changeRules(id, { delete: [one] })).rejects.toMatchObject({ details: { id: one } })
    await expect(shippingOptions.changeRules("so_none", {})).rejects.toMatchObject({ details: { id: "so_none" } })
  })

  it("are deleted all or none, with their rules", async () => {
    const { id } = await shippingOptions.create(
      aShippingOption(ids, { rules: [{ attribute: "a", operator: "eq", value: "1" }] }),
    )

    await expect(shippingOptions.deleteMany([id, "so_none"])).rejects.toMatchObject({ details: { id: "so_none" } })
    await shippingOptions.delete(id)

    await expect(shippingOptions.get(id)).rejects.toMatchObject({ code: "resource.not_found" })
    expect((await alone.query.listAny("shipping_option_rule", { fields: { id: true } })).count).toBe(0)
  })

  it.each<[string, object]>([
    ["an empty name", { name: "" }],
    ["a type that is made and one that there is", { typeId: "sotype_1", type: { label: "x", code: "x" } }],
    ["a price type that there is not", { priceType: "free" }],
    ["a comparison with what is no number", { rules: [{ attribute: "a", operator: "gt", value: "many" }] }],
    ["a list where one value is wanted", { rules: [{ attribute: "a", operator: "eq", value: ["a", "b"] }] }],
    ["a field that there is not", { colour: "red" }],
  ])("refuse %s", async (_, fault) => {
    await expect(shippingOptions.create({ ...aShippingOption(ids), ...fault })).rejects.toMatchObject({
      code: "input.invalid",
    })
  })

  it("are priced by providers that can, and take what buyers send along", async () => {
    const option = { providerId: "carrier", data: { id: "priced" } }

    const price = await alone.providers.calculatePrice(option, { id: "priced" }, { weight: 3 })

    expect(price).toEqual({ calculatedAmount: "3.5", isCalculatedPriceTaxInclusive: true })
    expect(await alone.providers.validateData(option, { shop: 1 }, {})).toEqual({ shop: 1, seen: true })
    for (const other of [
      { providerId: "carrier", data: null },
      { providerId: "manual_manual", data: null },
    ]) {
      await expect(alone.providers.calculatePrice(other, {}, {})).rejects.toMatchObject({
        code: "fulfillment.price_not_calculable",
      })
    }
    await expect(alone.providers.validateData({ providerId: "none", data: null }, {}, {})).rejects.toMatchObject({
      code: "fulfillment.provider_missing",
    })
  })
})
