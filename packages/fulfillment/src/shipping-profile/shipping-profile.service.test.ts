import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { ShippingProfileNameTaken, startFulfillment } from "../index.ts"
import { aFulfillmentSet, aShippingOption, aShippingProfile } from "../testing.ts"

describe("shipping profiles and types", () => {
  let database: TestDatabase
  let alone: Awaited<ReturnType<typeof startFulfillment>>
  let shippingProfiles: typeof alone.shippingProfiles
  let shippingOptionTypes: typeof alone.shippingOptionTypes

  beforeAll(async () => {
    database = await createTestDatabase()
    // No relay, so that only the service's own statements are counted.
    alone = await startFulfillment({ database: database.url, events: { relay: false } })
    await alone.migrate()
    shippingProfiles = alone.shippingProfiles
    shippingOptionTypes = alone.shippingOptionTypes
  })

  beforeEach(async () => {
    for (const table of ["fulfillment_set", "shipping_profile", "shipping_option_type"])
      await alone.database.run(`delete from "fulfillment"."${table}"`)
  })

  afterAll(async () => {
    await alone.close()
    await database.drop()
  })

  const eventsOf = async (id: string) => {
    const rows = await alone.database.sql<{ name: string }>(
      `select name from "marquetry"."outbox" where aggregate_id = $1 order by sequence`,
      [id],
    )
    return rows.map(({ name }) => name)
  }

  it("keep what they were made with, and change what is named", async () => {
    const profile = await shippingProfiles.create({ name: " Parcels ", type: "default", metadata: { a: 1 } })
    const type = await shippingOptionTypes.create({ label: "Express", code: "express" })

    expect(profile).toMatchObject({ name: "Parcels", type: "default", metadata: { a: 1 } })
    expect(profile.id).toMatch(/^sp_[0-9A-Z]{26}$/)
    expect(type).toMatchObject({ label: "Express", code: "express", description: null })
    expect(await shippingProfiles.update(profile.id, { type: "bulky" })).toMatchObject({
      name: "Parcels",
      type: "bulky",
      metadata: { a: 1 },
    })
    expect(await shippingOptionTypes.update(type.id, { description: "Fast" })).toMatchObject({
      label: "Express",
      description: "Fast",
    })
    expect(await eventsOf(profile.id)).toEqual(["shipping-profile.created", "shipping-profile.updated"])
    expect(await eventsOf(type.id)).toEqual(["shipping-option-type.created", "shipping-option-type.updated"])
  })

  it("are made in order, in three statements", async () => {
    const profiles = Array.from({ length: 100 }, () => aShippingProfile())
    const types = profiles.map(({ name }) => ({ label: name, code: "same" }))

    let made: string[] = []
    const sent = await statementsOf(alone.database, async () => {
      made = (await shippingProfiles.createMany(profiles)).map(({ name }) => name)
    })
    const typed = await statementsOf(alone.database, async () => {
      expect((await shippingOptionTypes.createMany(types)).map(({ label }) => label)).toEqual(made)
    })

    expect(made).toEqual(profiles.map(({ name }) => name))
    expect(sent).toHaveLength(3)
    expect(typed).toHaveLength(3)
    expect(await shippingProfiles.createMany([])).toEqual([])
    expect(await shippingOptionTypes.createMany([])).toEqual([])
  })

  it("have names of their own, whoever asks at once", async () => {
    const other = await shippingProfiles.create(aShippingProfile())

    const results = await Promise.allSettled([
      ...Array.from({ length: 5 }, () => shippingProfiles.create(aShippingProfile({ name: "Wanted" }))),
      shippingProfiles.update(other.id, { name: "Wanted" }),
    ])

    const lost = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []))
    expect(lost).toHaveLength(5)
    expect(lost.every((error) => error instanceof ShippingProfileNameTaken)).toBe(true)
  })

  const optionWith = async () => {
    const { serviceZones } = await alone.fulfillmentSets.create(aFulfillmentSet())
    const profile = await shippingProfiles.create(aShippingProfile())
    const type = await shippingOptionTypes.create({ label: "x", code: "x" })
    const ids = { serviceZoneId: serviceZones[0]?.id as string, shippingProfileId: profile.id }
    return { profile, type, create: () => alone.shippingOptions.create(aShippingOption(ids, { typeId: type.id })) }
  }

  it("are not deleted while options have them", async () => {
    const { profile, type, create } = await optionWith()
    const option = await create()

    await expect(shippingProfiles.delete(profile.id)).rejects.toMatchObject({ code: "fulfillment.profile_in_use" })
    await expect(shippingOptionTypes.delete(type.id)).rejects.toMatchObject({ code: "fulfillment.type_in_use" })
    await alone.shippingOptions.delete(option.id)
    await shippingProfiles.delete(profile.id)
    await shippingOptionTypes.delete(type.id)

    await expect(shippingProfiles.get(profile.id)).rejects.toMatchObject({ code: "resource.not_found" })
    await expect(shippingOptionTypes.get(type.id)).rejects.toMatchObject({ code: "resource.not_found" })
  })

  it("are deleted, or given to an option that comes at the same moment, never both", async () => {
    for (let round = 0; round < 6; round++) {
      const { profile, type, create } = await optionWith()
      const [made, ...deleted] = await Promise.allSettled([
        create(),
        shippingProfiles.delete(profile.id),
        shippingOptionTypes.delete(type.id),
      ])

      const gone = deleted.some(({ status }) => status === "fulfilled")
      expect(gone).toBe(made.status === "rejected")
    }
  })

  it.each(["update", "delete", "get"] as const)("cannot %s what there is not", async (verb) => {
    await expect(shippingProfiles[verb]("sp_none", {})).rejects.toMatchObject({ details: { id: "sp_none" } })
    await expect(shippingOptionTypes[verb]("sotype_none", {})).rejects.toMatchObject({ details: { id: "sotype_none" } })
  })

  it("refuse what does not fit", async () => {
    await expect(shippingProfiles.create({ name: "", type: "x" })).rejects.toMatchObject({ code: "input.invalid" })
    await expect(shippingOptionTypes.create({ label: "x", code: "" })).rejects.toMatchObject({ code: "input.invalid" })
  })

  it("are found by the beginning of words", async () => {
    await shippingProfiles.createMany([{ name: "Large parcels", type: "default" }, aShippingProfile({ name: "Other" })])
    await shippingOptionTypes.create({ label: "Express", code: "fast", description: "Before noon" })

    expect((await shippingProfiles.list({ q: "lar" })).count).toBe(1)
    expect((await shippingOptionTypes.list({ q: "noo exp" })).count).toBe(1)
  })
})
