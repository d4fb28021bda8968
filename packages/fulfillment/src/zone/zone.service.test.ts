import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { FulfillmentSetNameTaken, startFulfillment, type CreateGeoZone } from "../index.ts"
import { aFulfillmentSet, aShippingOption, aShippingProfile } from "../testing.ts"

describe("fulfillment sets and their zones", () => {
  let database: TestDatabase
  let alone: Awaited<ReturnType<typeof startFulfillment>>
  let fulfillmentSets: typeof alone.fulfillmentSets
  let serviceZones: typeof alone.serviceZones

  beforeAll(async () => {
    database = await createTestDatabase()
    // No relay, so that only the service's own statements are counted.
    alone = await startFulfillment({ database: database.url, events: { relay: false } })
    await alone.migrate()
    fulfillmentSets = alone.fulfillmentSets
    serviceZones = alone.serviceZones
  })

  beforeEach(async () => {
    for (const table of ["fulfillment_set", "shipping_profile"])
      await alone.database.run(`delete from "fulfillment"."${table}"`)
    await alone.database.run(`delete from "marquetry"."outbox"`)
  })

  afterAll(async () => {
    await alone.close()
    await database.drop()
  })

  const sent = async () => {
    const rows = await alone.database.sql<{ name: string }>(`select name from "marquetry"."outbox" order by sequence`)
    return rows.map(({ name }) => name)
  }

  it("keep what they were made with", async () => {
    const made = await fulfillmentSets.create({
      name: "Warehouse",
      type: "shipping",
      metadata: { a: 1 },
      serviceZones: [
        {
          name: "West",
          geoZones: [
            { type: "country", countryCode: "FR" },
            { type: "province", countryCode: "us", provinceCode: "CA", metadata: { b: 2 } },
            { type: "city", countryCode: "us", provinceCode: "us-ny", city: " New York " },
            { type: "zip", countryCode: "gb", postalExpression: { in: ["sw1a 1aa"], prefix: ["e-1"] } },
          ],
        },
        { name: "East" },
      ],
    })

    expect(made).toMatchObject({ name: "Warehouse", type: "shipping", metadata: { a: 1 } })
    expect(made.id).toMatch(/^fuset_[0-9A-Z]{26}$/)
    expect(made.serviceZones.map(({ name }) => name)).toEqual(["West", "East"])
    expect(made.serviceZones[0]?.id).toMatch(/^serzo_[0-9A-Z]{26}$/)
    expect(made.serviceZones[0]?.geoZones[0]?.id).toMatch(/^fgz_[0-9A-Z]{26}$/)
    expect(made.serviceZones[0]?.geoZones).toMatchObject([
      { type: "country", countryCode: "fr", provinceCode: null, city: null, postalExpression: null },
      { type: "province", countryCode: "us", provinceCode: "us-ca", metadata: { b: 2 } },
      { type: "city", countryCode: "us", provinceCode: "us-ny", city: "New York" },
      { type: "zip", countryCode: "gb", postalExpression: { in: ["SW1A1AA"], prefix: ["E1"] } },
    ])
    expect(await fulfillmentSets.get(made.id)).toEqual(made)
    expect(await serviceZones.get(made.serviceZones[0]?.id as string)).toEqual(made.serviceZones[0])
  })

  it("are made in order, in as many statements as one", async () => {
    const inputs = Array.from({ length: 100 }, () => aFulfillmentSet())

    const one = await statementsOf(alone.database, () => fulfillmentSets.create(aFulfillmentSet()))
    let names: string[] = []
    const many = await statementsOf(alone.database, async () => {
      names = (await fulfillmentSets.createMany(inputs)).map(({ name }) => name)
    })

    expect(names).toEqual(inputs.map(({ name }) => name))
    expect(one).toHaveLength(5)
    expect(many).toHaveLength(5)
    expect(await fulfillmentSets.createMany([])).toEqual([])
  })

  it("have names of their own, whoever asks at once", async () => {
    const other = await fulfillmentSets.create(aFulfillmentSet())

    const results = await Promise.allSettled([
      ...Array.from({ length: 5 }, () => fulfillmentSets.create(aFulfillmentSet({ name: "Wanted" }))),
      fulfillmentSets.update(other.id, { name: "Wanted" }),
    ])

    const lost = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []))
    expect(lost).toHaveLength(5)
    expect(lost.every((error) => error instanceof FulfillmentSetNameTaken)).toBe(true)
    const { rows } = await fulfillmentSets.list({ filter: { name: "Wanted" } })
    await fulfillmentSets.delete(rows[0]?.id as string)
    await expect(fulfillmentSets.create(aFulfillmentSet({ name: "Wanted" }))).resolves.toMatchObject({ name: "Wanted" })
  })

  it("change the fields that are named, and leave the others", async () => {
    const before = await fulfillmentSets.create(aFulfillmentSet({ metadata: { a: 1 } }))

    const after = await fulfillmentSets.update(before.id, { type: "pickup" })

    expect(after).toMatchObject({ name: before.name, type: "pickup", metadata: { a: 1 } })
    expect(after.serviceZones).toEqual(before.serviceZones)
  })

  it("take zones later, any number in as many statements as one", async () => {
    const { id } = await fulfillmentSets.create(aFulfillmentSet({ serviceZones: [] }))
    const zone = (name: string) => ({
      name,
      fulfillmentSetId: id,
      geoZones: [{ type: "country" as const, countryCode: "de" }],
    })

    const one = await statementsOf(alone.database, () => serviceZones.create(zone("First")))
    const many = await statementsOf(alone.database, () =>
      serviceZones.createMany(Array.from({ length: 50 }, (_, index) => zone(`${index}`))),
    )

    expect(one).toHaveLength(5)
    expect(many).toHaveLength(5)
    expect((await fulfillmentSets.get(id)).serviceZones).toHaveLength(51)
    await expect(serviceZones.create({ name: "x", fulfillmentSetId: "fuset_none" })).rejects.toMatchObject({
      code: "resource.not_found",
      details: { id: "fuset_none" },
    })
  })

  it("replace geo zones, and keep those that are named by id", async () => {
    const { serviceZones: zones } = await fulfillmentSets.create(aFulfillmentSet())
    const [zone, geoZone] = [zones[0]?.id as string, zones[0]?.geoZones[0]?.id as string]

    const after = await serviceZones.update(zone, {
      name: "Other",
      geoZones: [
        { type: "province", countryCode: "at", provinceCode: "9", id: geoZone },
        { type: "country", countryCode: "ch" },
      ],
    })
    const none = await serviceZones.update(zone, { geoZones: [] })

    expect(after.name).toBe("Other")
    expect(after.geoZones).toMatchObject([
      { id: geoZone, type: "province", countryCode: "at", provinceCode: "at-9" },
      { type: "country", countryCode: "ch" },
    ])
    expect(none).toMatchObject({ name: "Other", geoZones: [] })
    await expect(
      serviceZones.update(zone, { geoZones: [{ type: "country", countryCode: "ch", id: geoZone }] }),
    ).rejects.toMatchObject({ details: { resource: "Geo zone", id: geoZone } })
  })

  it("are deleted with zones and shipping options, and say so of each", async () => {
    const { id, serviceZones: zones } = await fulfillmentSets.create(aFulfillmentSet())
    const { id: shippingProfileId } = await alone.shippingProfiles.create(aShippingProfile())
    const serviceZoneId = zones[0]?.id as string
    await alone.shippingOptions.create(
      aShippingOption(
        { serviceZoneId, shippingProfileId },
        { rules: [{ attribute: "a", operator: "eq", value: "b" }] },
      ),
    )
    await alone.database.run(`delete from "marquetry"."outbox"`)

    await fulfillmentSets.delete(id)

    expect(await sent()).toEqual(["fulfillment-set.deleted", "service-zone.deleted", "shipping-option.deleted"])
    for (const resource of ["service_zone", "geo_zone", "shipping_option", "shipping_option_rule"]) {
      expect([resource, (await alone.query.listAny(resource, { fields: { id: true } })).count]).toEqual([resource, 0])
    }
    await expect(fulfillmentSets.delete(id)).rejects.toMatchObject({ code: "resource.not_found" })
    await expect(serviceZones.delete(serviceZoneId)).rejects.toMatchObject({ code: "resource.not_found" })
    await expect(serviceZones.update(serviceZoneId, { name: "x" })).rejects.toMatchObject({
      code: "resource.not_found",
    })
  })

  it("leave nothing behind that is made while they are deleted", async () => {
    const { id: shippingProfileId } = await alone.shippingProfiles.create(aShippingProfile())
    for (let round = 0; round < 4; round++) {
      const { id, serviceZones: zones } = await fulfillmentSets.create(aFulfillmentSet())
      const serviceZoneId = zones[0]?.id as string
      await Promise.allSettled([
        serviceZones.create({ name: "Late", fulfillmentSetId: id }),
        fulfillmentSets.delete(id),
        alone.shippingOptions.create(aShippingOption({ serviceZoneId, shippingProfileId })),
      ])
    }

    expect((await serviceZones.list()).count).toBe(0)
    expect((await alone.shippingOptions.list()).count).toBe(0)
  })

  it.each<[string, object]>([
    ["a country with a province", { type: "country", provinceCode: "be" }],
    ["a province without one", { type: "province" }],
    ["a city without one", { type: "city", provinceCode: "be" }],
    ["a city with postal codes", { type: "city", city: "Berlin", postalExpression: { in: ["1"] } }],
    ["postal codes that are none", { type: "zip", postalExpression: {} }],
    ["a postal code of blanks", { type: "zip", postalExpression: { in: [" -"] } }],
    ["postal codes from one of another length", { type: "zip", postalExpression: { from: "1", to: "10" } }],
    ["postal codes from one to nowhere", { type: "zip", postalExpression: { from: "1" } }],
    ["postal codes backwards", { type: "zip", postalExpression: { from: "2", to: "1" } }],
    ["a country of three letters", { type: "country", countryCode: "deu" }],
    ["a type that there is not", { type: "planet" }],
  ])("refuse %s", async (_, fault) => {
    const geoZones = [{ countryCode: "de", ...fault } as CreateGeoZone]
    await expect(
      fulfillmentSets.create(aFulfillmentSet({ serviceZones: [{ name: "Zone", geoZones }] })),
    ).rejects.toMatchObject({ code: "input.invalid" })
  })

  it("are found by the beginning of words", async () => {
    await fulfillmentSets.createMany([aFulfillmentSet({ name: "Main hall" }), aFulfillmentSet({ name: "Other" })])

    expect((await fulfillmentSets.list({ q: "hal" })).rows.map(({ name }) => name)).toEqual(["Main hall"])
    expect((await serviceZones.list({ q: "germ" })).count).toBe(2)
    expect((await serviceZones.list({ filter: { fulfillmentSet: { name: "Other" } } })).count).toBe(1)
  })
})
