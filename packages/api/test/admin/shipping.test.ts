import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { ProductService } from "@marquetry/product"
import { openBackOffice, statusesOf, type BackOffice, type Json, type Sdk } from "./back-office.ts"
import { germany, liveSets, optionOf, placeOf, type Place } from "./shipping-places.ts"

let office: BackOffice
let sdk: Sdk
beforeAll(async () => {
  office = await openBackOffice()
  sdk = await office.sdk()
})
afterAll(() => office.drop())

describe("fulfillment providers", () => {
  it("are listed, by location too, with what options of theirs can be made of", async () => {
    const { location } = await placeOf(sdk)
    await sdk.admin.stockLocation.updateFulfillmentProviders(location, { add: ["manual_manual"] })

    const all = await sdk.admin.fulfillmentProvider.list({ is_enabled: true })
    const there = await sdk.admin.fulfillmentProvider.list({ stock_location_id: location })
    const offered = await sdk.admin.fulfillmentProvider.listFulfillmentOptions("manual_manual")

    expect(all.fulfillment_providers.map((one: { id: string }) => one.id)).toEqual(["carrier_test", "manual_manual"])
    expect(there.fulfillment_providers).toEqual([{ id: "manual_manual", is_enabled: true }])
    expect(offered).toEqual({
      fulfillment_options: [{ id: "manual-fulfillment" }, { id: "manual-fulfillment-return", is_return: true }],
      count: 2,
      offset: 0,
      limit: 2,
    })
  })
})

describe("fulfillment sets", () => {
  it("have zones that are made, read, changed and deleted by the official client", async () => {
    const { set, zone } = await placeOf(sdk)

    const { fulfillment_set: made } = await sdk.admin.fulfillmentSet.createServiceZone(set, {
      name: "West Coast",
      geo_zones: [
        { type: "province", country_code: "us", province_code: "us-ca" },
        { type: "city", country_code: "us", province_code: "us-or", city: "Portland" },
        {
          type: "zip",
          country_code: "us",
          province_code: "us-wa",
          city: "Seattle",
          postal_expression: { prefix: ["981"] },
        },
      ],
    })
    const west = made.service_zones.find(({ id }: { id: string }) => id !== zone) as { id: string; geo_zones: Json[] }
    const [california] = west.geo_zones as [{ id: string }]
    await sdk.admin.fulfillmentSet.updateServiceZone(set, west.id, {
      name: "California and Germany",
      geo_zones: [{ id: california.id, type: "province", country_code: "us", province_code: "us-ca" }, germany],
    })
    const { service_zone: read } = await sdk.admin.fulfillmentSet.retrieveServiceZone(set, west.id)
    const unnamed = await office.post(`/admin/fulfillment-sets/${set}/service-zones/${west.id}`, { name: null })
    const deleted = await sdk.admin.fulfillmentSet.deleteServiceZone(set, west.id)

    expect(west.geo_zones).toMatchObject([
      { type: "province", province_code: "us-ca" },
      { type: "city", city: "Portland" },
      { type: "zip", postal_expression: { prefix: ["981"] } },
    ])
    expect(read).toMatchObject({ name: "California and Germany", fulfillment_set_id: set })
    expect(read.geo_zones).toMatchObject([{ id: california.id, type: "province" }, germany])
    expect(unnamed.status).toBe(200)
    expect(deleted).toMatchObject({ id: west.id, object: "service_zone", deleted: true, parent: { id: set } })
    expect((deleted.parent as unknown as { service_zones: Json[] }).service_zones).toHaveLength(1)
    await expect(sdk.admin.fulfillmentSet.retrieveServiceZone(set, west.id)).rejects.toMatchObject({ status: 404 })
    expect((await office.audit(set)).map(({ action }) => action)).toEqual([
      "updated",
      "updated",
      "updated",
      "updated",
      "updated",
    ])
  })

  it.each([
    ["a zone of another set", async (one: Place, other: Place) => [`${one.set}/service-zones/${other.zone}`, {}, 404]],
    [
      "a country in words",
      async (one: Place) => [
        `${one.set}/service-zones`,
        { name: "X", geo_zones: [{ type: "country", country_code: "Germany" }] },
        400,
      ],
    ],
    [
      "a province without its code",
      async (one: Place) => [
        `${one.set}/service-zones`,
        { name: "X", geo_zones: [{ type: "province", country_code: "us" }] },
        400,
      ],
    ],
    [
      "a geo zone of another zone",
      async (one: Place) => [`${one.set}/service-zones/${one.zone}`, { geo_zones: [{ ...germany, id: "fgz_0" }] }, 404],
    ],
  ] as [string, (one: Place, other: Place) => Promise<[string, Json, number]>][])(
    "are not changed with %s",
    async (_, change) => {
      const [path, body, status] = await change(await placeOf(sdk), await placeOf(sdk))

      expect((await office.post(`/admin/fulfillment-sets/${path}`, body)).status).toBe(status)
    },
  )

  it("are deleted with their zones, their options, and what these cost", async () => {
    const here = await placeOf(sdk)
    const { shipping_option: option } = await sdk.admin.shippingOption.create(
      optionOf(here, { prices: [{ currency_code: "eur", amount: 5 }] }),
    )
    const other = await placeOf(sdk)
    await sdk.admin.shippingOption.create(optionOf(other, { prices: [{ currency_code: "eur", amount: 5 }] }))
    const sets = await liveSets(office)

    const zone = await office.delete(`/admin/fulfillment-sets/${other.set}/service-zones/${other.zone}`)
    const deleted = await sdk.admin.fulfillmentSet.delete(here.set)

    expect(zone.status).toBe(200)
    expect(deleted).toEqual({ id: here.set, object: "fulfillment_set", deleted: true })
    expect(await liveSets(office)).toBe(sets - 2)
    await expect(sdk.admin.shippingOption.retrieve(option.id)).rejects.toMatchObject({ status: 404 })
    const links = `select 1 from link.stock_location_fulfillment_set where fulfillment_set_id = $1
      union all select 1 from link.shipping_option_price_set where shipping_option_id = $2`
    expect(await office.composition.database.sql(links, [here.set, option.id])).toEqual([])
  })
})

describe("shipping profiles", () => {
  it("are created, read, changed, listed and deleted by the official client", async () => {
    const { shipping_profile: made } = await sdk.admin.shippingProfile.create({ name: "Bulky", type: "haulier" })
    const { shipping_profile: changed } = await sdk.admin.shippingProfile.update(made.id, { name: "Very bulky" })
    const { shipping_profile: read } = await sdk.admin.shippingProfile.retrieve(made.id)
    const { shipping_profiles: found } = await sdk.admin.shippingProfile.list({ type: "haulier", q: "very" })
    const deleted = await sdk.admin.shippingProfile.delete(made.id)

    expect(made).toMatchObject({ name: "Bulky", type: "haulier", metadata: null, deleted_at: null })
    expect(changed).toEqual({ ...made, name: "Very bulky", updated_at: changed.updated_at })
    expect([read, found]).toEqual([changed, [changed]])
    expect(deleted).toEqual({ id: made.id, object: "shipping_profile", deleted: true })
    expect((await office.audit(made.id)).map(({ action }) => action)).toEqual(["created", "updated", "deleted"])
  })

  it("stay while options have them; after that their products are not sent any more", async () => {
    const here = await placeOf(sdk)
    const { shipping_option: option } = await sdk.admin.shippingOption.create(optionOf(here))
    const [product] = await office.container.resolve(ProductService).createMany([{ title: "Desk" }])
    await office.composition.database.run(`insert into link.product_shipping_profile values ($1, $2)`, [
      product?.id,
      here.profile,
    ])

    const refused = await office.delete(`/admin/shipping-profiles/${here.profile}`)
    await sdk.admin.shippingOption.delete(option.id)
    const deleted = await office.delete(`/admin/shipping-profiles/${here.profile}`)
    const twice = await Promise.all(
      [1, 2, 3].map(() => office.post("/admin/shipping-profiles", { name: "One", type: "x" })),
    )

    expect(refused).toMatchObject({ status: 400, body: { type: "not_allowed", code: "fulfillment.profile_in_use" } })
    expect(deleted.status).toBe(200)
    expect(await office.composition.database.sql("select 1 from link.product_shipping_profile")).toEqual([])
    expect(statusesOf(twice)).toEqual([200, 422, 422])
  })
})

describe("shipping option types", () => {
  it("are created, read, changed, listed and deleted by the official client", async () => {
    const words = { label: "Express", code: "express", description: "By tomorrow" }
    const { shipping_option_type: made } = await sdk.admin.shippingOptionType.create(words)
    const { shipping_option_type: changed } = await sdk.admin.shippingOptionType.update(made.id, { label: "Overnight" })
    const { shipping_option_type: read } = await sdk.admin.shippingOptionType.retrieve(made.id)
    const { shipping_option_types: found, limit } = await sdk.admin.shippingOptionType.list({ q: "overn" })
    const used = await sdk.admin.shippingOption.create(optionOf(await placeOf(sdk), { type_id: made.id }))
    const refused = await office.delete(`/admin/shipping-option-types/${made.id}`)
    await sdk.admin.shippingOption.delete(used.shipping_option.id)
    const deleted = await sdk.admin.shippingOptionType.delete(made.id)

    expect(made).toMatchObject(words)
    expect([changed.label, read, found, limit]).toEqual(["Overnight", changed, [changed], 10])
    expect(refused).toMatchObject({ status: 400, body: { type: "not_allowed", code: "fulfillment.type_in_use" } })
    expect(deleted).toEqual({ id: made.id, object: "shipping_option_type", deleted: true })
  })
})
