import { createTestDatabase, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { CountryTaken, startRegion, UnknownCountry } from "../index.ts"
import { aRegion } from "../testing.ts"

type Regions = Awaited<ReturnType<typeof startRegion>>

describe("regions", () => {
  let database: TestDatabase
  let alone: Regions
  let regions: Regions["regions"]

  beforeAll(async () => {
    database = await createTestDatabase()
    alone = await startRegion({ database: database.url })
    await alone.migrate()
    regions = alone.regions
  })

  beforeEach(async () => {
    await alone.database.run(`update "region"."country" set region_id = null`)
    await alone.database.run(`delete from "region"."region"`)
  })

  afterAll(async () => {
    await alone.close()
    await database.drop()
  })

  it("keeps the countries that it was made with", async () => {
    const region = await regions.create(
      aRegion({ name: "Nordics", currencyCode: "SEK", countries: ["se", "NO", "se"] }),
    )

    expect(region).toMatchObject({ name: "Nordics", currencyCode: "sek", automaticTaxes: true, deletedAt: null })
    expect(region.countries.map(({ iso2 }) => iso2)).toEqual(["no", "se"])
    expect(region.countries[1]).toEqual({
      iso2: "se",
      iso3: "swe",
      numCode: "752",
      name: "SWEDEN",
      displayName: "Sweden",
    })
    expect(await regions.get(region.id)).toEqual(region)
  })

  it("replaces its countries on update, and leaves what is not named", async () => {
    const { id } = await regions.create(aRegion({ countries: ["de", "fr"], metadata: { vat: true } }))

    const updated = await regions.update(id, { countries: ["fr", "it"] })

    expect(updated.countries.map(({ iso2 }) => iso2)).toEqual(["fr", "it"])
    expect(updated).toMatchObject({ name: "Europe", metadata: { vat: true } })
    expect(await regions.findByCountry("DE")).toBeNull()
  })

  it("refuses a country of another region, and writes nothing", async () => {
    await regions.create(aRegion({ countries: ["de"] }))

    await expect(regions.create(aRegion({ name: "Second", countries: ["at", "de"] }))).rejects.toThrow(CountryTaken)

    const { count } = await regions.list()
    expect(count).toBe(1)
    expect(await regions.findByCountry("at")).toBeNull()
  })

  it("lets one of many have a country that all want at once", async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) => regions.create(aRegion({ name: `R${index}`, countries: ["ch", "li"] }))),
    )

    const won = results.filter(({ status }) => status === "fulfilled")
    const lost = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []))
    expect(won).toHaveLength(1)
    expect(lost.every((error) => error instanceof CountryTaken)).toBe(true)
    expect((await regions.list()).count).toBe(1)
  })

  it("keeps one of two lists of countries that come at once, not a mixture", async () => {
    const { id } = await regions.create(aRegion({ countries: ["de"] }))

    for (const lists of [
      [
        ["at", "be"],
        ["fr", "it"],
      ],
      [["es"], ["pt", "de"], []],
    ]) {
      await Promise.all(lists.map((countries) => regions.update(id, { countries })))
      const kept = (await regions.get(id)).countries.map(({ iso2 }) => iso2)
      expect(lists.map((countries) => countries.toSorted())).toContainEqual(kept)
    }
  })

  it("leaves no country with a region that is deleted while it takes one", async () => {
    for (const country of ["dk", "ee", "fi", "gr"]) {
      const { id } = await regions.create(aRegion())
      await Promise.allSettled([regions.update(id, { countries: [country] }), regions.delete(id)])
      const next = await regions.create(aRegion({ name: "Next", countries: [country] }))
      expect(next.countries).toHaveLength(1)
    }
  })

  it("frees its countries when it is deleted", async () => {
    const { id } = await regions.create(aRegion({ countries: ["pt"] }))

    await regions.delete(id)

    await expect(regions.get(id)).rejects.toMatchObject({ code: "resource.not_found" })
    await expect(regions.delete(id)).rejects.toMatchObject({ code: "resource.not_found" })
    const next = await regions.create(aRegion({ countries: ["pt"] }))
    expect(next.countries).toHaveLength(1)
  })

  it.each([
    ["an empty name", { name: " " }],
    ["a currency that there is not", { currencyCode: "abc" }],
    ["a field that there is not", { colour: "red" }],
  ] as [string, Record<string, string>][])("refuses %s", async (_, fault) => {
    await expect(regions.create(aRegion(fault))).rejects.toMatchObject({ code: "input.invalid" })
  })

  it("refuses a country that there is not", async () => {
    await expect(regions.create(aRegion({ countries: ["de", "zz"] }))).rejects.toThrow(UnknownCountry)
    expect(await regions.findByCountry("de")).toBeNull()
  })

  it("finds by the beginning of words", async () => {
    await regions.create(aRegion({ name: "Western Europe" }))
    await regions.create(aRegion({ name: "Oceania" }))

    const { rows, count } = await regions.list({ q: "eur WEST" })

    expect(count).toBe(1)
    expect(rows[0]?.name).toBe("Western Europe")
  })

  it("tells what happened, with the data or not at all", async () => {
    const { id } = await regions.create(aRegion())
    await alone.database
      .transaction(async () => {
        await regions.update(id, { name: "Other" })
        throw new Error("changed my mind")
      })
      .catch(() => {})
    await regions.delete(id)

    const sent = await alone.database.sql(
      `select name from "marquetry"."outbox" where aggregate_id = $1 order by sequence`,
      [id],
    )

    expect(sent).toEqual([{ name: "region.created" }, { name: "region.deleted" }])
  })
})
