import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { startFulfillment, type CreateGeoZone, type EligibleRequest, type FulfillmentProvider } from "../index.ts"
import { manualFulfillmentProvider } from "../provider/manual-provider.ts"
import { aFulfillmentSet, aShippingOption, aShippingProfile } from "../testing.ts"

const carrier: FulfillmentProvider = { ...manualFulfillmentProvider, id: "carrier" }

describe("eligible shipping options", () => {
  let database: TestDatabase
  let alone: Awaited<ReturnType<typeof startFulfillment>>
  let profileId: string

  beforeAll(async () => {
    database = await createTestDatabase()
    alone = await startFulfillment({ database: database.url, events: { relay: false }, providers: [carrier] })
    await alone.migrate()
  })

  beforeEach(async () => {
    for (const table of ["fulfillment_set", "shipping_profile", "shipping_option_type"])
      await alone.database.run(`delete from "fulfillment"."${table}"`)
    profileId = (await alone.shippingProfiles.create(aShippingProfile())).id
  })

  afterAll(async () => {
    await alone.close()
    await database.drop()
  })

  const zoneOf = async (...geoZones: CreateGeoZone[]) => {
    const { id, serviceZones } = await alone.fulfillmentSets.create(
      aFulfillmentSet({ serviceZones: [{ name: "Zone", geoZones }] }),
    )
    return { fulfillmentSetId: id, serviceZoneId: serviceZones[0]?.id as string }
  }
  const optionIn = async (name: string, ...geoZones: CreateGeoZone[]) => {
    const { serviceZoneId } = await zoneOf(...geoZones)
    return alone.shippingOptions.create(aShippingOption({ serviceZoneId, shippingProfileId: profileId }, { name }))
  }
  const namesFor = async (request: EligibleRequest) =>
    (await alone.shippingOptions.eligible(request)).map(({ name }) => name)

  it("are those whose zone reaches the address by any of its geo zones, narrow or wide", async () => {
    await optionIn("Country", { type: "country", countryCode: "US" })
    await optionIn("Province", { type: "province", countryCode: "us", provinceCode: "CA" })
    await optionIn("City", { type: "city", countryCode: "us", provinceCode: "us-ca", city: "San José" })
    await optionIn("Anywhere in the city", { type: "city", countryCode: "us", city: "San José" })
    await optionIn("Zip", { type: "zip", countryCode: "us", postalExpression: { in: ["95112"] } })
    await optionIn("Either", { type: "country", countryCode: "ca" }, { type: "country", countryCode: "us" })
    await optionIn("Elsewhere", { type: "country", countryCode: "ca" })
    await optionIn("Nowhere")

    const whole = { countryCode: "US", provinceCode: "us-CA", city: " san josé ", postalCode: "95112" }
    expect(await namesFor({ address: whole })).toEqual([
      "Country",
      "Province",
      "City",
      "Anywhere in the city",
      "Zip",
      "Either",
    ])
    expect(await namesFor({ address: { countryCode: "us", provinceCode: "ca" } })).toEqual([
      "Country",
      "Province",
      "Either",
    ])
    expect(await namesFor({ address: { countryCode: "us", city: "San José" } })).toEqual([
      "Country",
      "Anywhere in the city",
      "Either",
    ])
    expect(await namesFor({ address: { countryCode: "us" } })).toEqual(["Country", "Either"])
    expect(await namesFor({ address: { countryCode: "fr" } })).toEqual([])
  })

  it.each([
    {},
    { address: null },
    { address: {} },
    { address: { countryCode: null } },
    { address: { countryCode: " " } },
  ])("are all where the country is not known: %j", async (request) => {
    await optionIn("Country", { type: "country", countryCode: "us" })
    await optionIn("Nowhere")

    expect(await namesFor(request)).toEqual(["Country", "Nowhere"])
  })

  it.each<[string, CreateGeoZone["postalExpression"], string[], (string | null)[]]>([
    ["that are listed", { in: ["sw1a 1aa", "E1"] }, ["SW1A1AA", "sw1a-1aa", "e1"], ["SW1A", "E16", "", null]],
    ["that begin so", { prefix: ["10", "SW1"] }, ["10", "10115", "sw1a 1aa"], ["1", "01", "W1", null]],
    ["from one to another", { from: "1000", to: "1999" }, ["1000", "1500", "1999"], ["0999", "2000", "15000", "150"]],
    ["of any kind", { in: ["7"], prefix: ["8"], from: "1", to: "2" }, ["7", "81", "2"], ["71", "3", "11"]],
  ])("reach postal codes %s", async (_, postalExpression, inside, outside) => {
    await optionIn("Zip", { type: "zip", countryCode: "gb", postalExpression })

    for (const postalCode of inside) {
      expect([postalCode, await namesFor({ address: { countryCode: "gb", postalCode } })]).toEqual([
        postalCode,
        ["Zip"],
      ])
    }
    for (const postalCode of outside) {
      expect([postalCode, await namesFor({ address: { countryCode: "gb", postalCode } })]).toEqual([postalCode, []])
    }
  })

  it("wants all that a narrow geo zone says", async () => {
    await optionIn("Zip", {
      type: "zip",
      countryCode: "de",
      provinceCode: "be",
      city: "Berlin",
      postalExpression: { prefix: ["10"] },
    })
    const address = { countryCode: "de", provinceCode: "BE", city: "berlin", postalCode: "10115" }

    expect(await namesFor({ address })).toEqual(["Zip"])
    for (const other of [{ countryCode: "at" }, { provinceCode: "by" }, { city: "Bonn" }, { postalCode: "20115" }]) {
      expect(await namesFor({ address: { ...address, ...other } })).toEqual([])
    }
  })

  it("are those of the sets, profiles and ids that are asked for", async () => {
    const other = await alone.shippingProfiles.create(aShippingProfile())
    const [here, there] = [await zoneOf(), await zoneOf()]
    const option = (name: string, { serviceZoneId }: typeof here, shippingProfileId = profileId) =>
      aShippingOption({ serviceZoneId, shippingProfileId }, { name })
    const [a, b, c] = await alone.shippingOptions.createMany([
      option("a", here),
      option("b", here, other.id),
      option("c", there),
    ])

    expect(await namesFor({ fulfillmentSetIds: [here.fulfillmentSetId] })).toEqual(["a", "b"])
    expect(await namesFor({ shippingProfileIds: [profileId] })).toEqual(["a", "c"])
    expect(await namesFor({ ids: [b?.id as string, c?.id as string] })).toEqual(["b", "c"])
    expect(await namesFor({ ids: [a?.id as string], shippingProfileIds: [other.id] })).toEqual([])
    expect(await namesFor({ fulfillmentSetIds: [] })).toEqual([])
  })

  it("are those whose rules are met", async () => {
    const { serviceZoneId } = await zoneOf()
    const option = (name: string, ...rules: [string, "eq" | "gte", string | boolean | number][]) =>
      aShippingOption(
        { serviceZoneId, shippingProfileId: profileId },
        { name, rules: rules.map(([attribute, operator, value]) => ({ attribute, operator, value })) },
      )
    await alone.shippingOptions.createMany([
      option("Store", ["enabled_in_store", "eq", "true"], ["is_return", "eq", false]),
      option("Admin", ["enabled_in_store", "eq", "false"]),
      option("Return", ["is_return", "eq", "true"]),
      option("Large", ["item_total", "gte", 100]),
    ])

    const cart = { enabled_in_store: "true", is_return: "false" }
    expect(await namesFor({ context: { ...cart, item_total: "99.99" } })).toEqual(["Store"])
    expect(await namesFor({ context: { ...cart, item_total: "100.00" } })).toEqual(["Store", "Large"])
    expect(await namesFor({ context: { enabled_in_store: true, is_return: true } })).toEqual(["Return"])
    expect(await namesFor({})).toEqual([])
  })

  it("come as plain values with all that belongs to them, in one statement however many there are", async () => {
    const { serviceZoneId, fulfillmentSetId } = await zoneOf({ type: "country", countryCode: "de" })
    const input = aShippingOption(
      { serviceZoneId, shippingProfileId: profileId },
      {
        type: { label: "Express", code: "express", description: "Tomorrow" },
        data: { id: "x" },
        metadata: { a: 1 },
        rules: [{ attribute: "is_return", operator: "in", value: ["false"] }],
      },
    )
    const [made] = await alone.shippingOptions.createMany(Array.from({ length: 60 }, () => input))

    let found: unknown[] = []
    const sent = await statementsOf(alone.database, async () => {
      found = await alone.shippingOptions.eligible({ address: { countryCode: "de" }, context: { is_return: "false" } })
    })

    expect(sent).toHaveLength(1)
    expect(found).toHaveLength(60)
    expect(found[0]).toMatchObject({
      id: made?.id,
      name: "Standard",
      priceType: "flat",
      data: { id: "x" },
      metadata: { a: 1 },
      serviceZoneId,
      fulfillmentSetId,
      shippingProfileId: profileId,
      providerId: "manual_manual",
      typeId: made?.typeId,
      rules: [{ attribute: "is_return", operator: "in", value: ["false"] }],
      type: { label: "Express", code: "express", description: "Tomorrow" },
      provider: { id: "manual_manual", isEnabled: true },
      shippingProfile: { id: profileId, type: "default" },
      fulfillmentSet: { id: fulfillmentSetId, type: "shipping" },
    })
  })

  it("are not those that are deleted, with their zone or their set, or whose provider is gone", async () => {
    const kept = await optionIn("Kept")
    const deleted = await optionIn("Deleted")
    const zone = await zoneOf()
    const set = await zoneOf()
    const ids = { serviceZoneId: zone.serviceZoneId, shippingProfileId: profileId }
    await alone.shippingOptions.create(aShippingOption(ids))
    await alone.shippingOptions.create(aShippingOption({ ...ids, serviceZoneId: set.serviceZoneId }))
    await alone.shippingOptions.create(
      aShippingOption({ ...ids, serviceZoneId: kept.serviceZoneId }, { providerId: "carrier" }),
    )

    await alone.shippingOptions.delete(deleted.id)
    await alone.serviceZones.delete(zone.serviceZoneId)
    await alone.fulfillmentSets.delete(set.fulfillmentSetId)
    const later = await startFulfillment({ database: database.url, events: { relay: false } })
    await later.migrate()

    expect((await later.shippingOptions.eligible({})).map(({ name }) => name)).toEqual(["Kept"])
    await later.close()
    await alone.migrate()
  })
})
