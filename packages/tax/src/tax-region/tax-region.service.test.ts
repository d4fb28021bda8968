import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { startTax, taxRateRuleResource, TaxRegionMisplaced, taxRegionResource, TaxRegionTaken } from "../index.ts"
import { aTaxRate, aTaxRegion } from "../testing.ts"

describe("tax regions", () => {
  let database: TestDatabase
  let alone: Awaited<ReturnType<typeof startTax>>
  let taxRegions: typeof alone.taxRegions

  beforeAll(async () => {
    database = await createTestDatabase()
    // No relay, so that only the service's own statements are counted.
    alone = await startTax({ database: database.url, events: { relay: false } })
    await alone.migrate()
    taxRegions = alone.taxRegions
  })

  beforeEach(() => alone.database.run(`delete from "tax"."tax_region"`))

  afterAll(async () => {
    await alone.close()
    await database.drop()
  })

  const eventsOf = async (ids: readonly string[]) => {
    const rows = await alone.database.sql<{ name: string }>(
      `select name from "marquetry"."outbox" where aggregate_id = any($1::text[]) order by sequence`,
      [ids],
    )
    return rows.map(({ name }) => name)
  }

  it("keep what they were made with, and their default rate", async () => {
    const made = await taxRegions.create({
      countryCode: " CA ",
      providerId: "tp_system",
      createdBy: "user_1",
      metadata: { note: "GST" },
      defaultTaxRate: { name: "GST", code: "GST", rate: 5, metadata: { a: 1 } },
    })

    expect(made).toMatchObject({
      countryCode: "ca",
      provinceCode: null,
      parentId: null,
      providerId: "tp_system",
      createdBy: "user_1",
      metadata: { note: "GST" },
    })
    expect(made.id).toMatch(/^txreg_[0-9A-Z]{26}$/)
    expect(made.taxRates).toMatchObject([
      { name: "GST", code: "GST", rate: "5", isDefault: true, isCombinable: false, metadata: { a: 1 } },
    ])
    expect(await taxRegions.get(made.id)).toEqual(made)
  })

  it("of provinces belong to that of their country", async () => {
    const canada = await taxRegions.create({ countryCode: "ca" })

    const found = await taxRegions.create({ countryCode: "ca", provinceCode: "ON" })
    const said = await taxRegions.create({ countryCode: "ca", provinceCode: "ca-bc", parentId: canada.id })

    expect([found.parentId, said.parentId]).toEqual([canada.id, canada.id])
    expect([found.provinceCode, said.provinceCode]).toEqual(["ca-on", "ca-bc"])
    const read = await alone.query.get(taxRegionResource, canada.id, {
      fields: { id: true, children: { provinceCode: true, parent: { countryCode: true } } },
    })
    expect(read.children).toEqual([
      { provinceCode: "ca-on", parent: { countryCode: "ca" } },
      { provinceCode: "ca-bc", parent: { countryCode: "ca" } },
    ])
  })

  it("are made with all provinces at once, in order, in as many statements as a few", async () => {
    const provinces = Array.from({ length: 300 }, (_, index) => ({
      countryCode: index % 2 === 0 ? "us" : "ca",
      provinceCode: `p${index}`,
      defaultTaxRate: { name: "State", rate: 1 },
    }))
    await taxRegions.create({ countryCode: "ca" })

    let made: { provinceCode: string | null }[] = []
    const many = await statementsOf(alone.database, async () => {
      made = await taxRegions.createMany([...provinces, { countryCode: "us" }])
    })
    const one = await statementsOf(alone.database, () => taxRegions.create({ countryCode: "jp" }))

    expect(made.map(({ provinceCode }) => provinceCode?.slice(3))).toEqual([
      ...provinces.map(({ provinceCode }) => provinceCode),
      undefined,
    ])
    expect(many).toHaveLength(5)
    expect(one).toHaveLength(3)
    expect(await taxRegions.createMany([])).toEqual([])
  })

  it.each<[string, Record<string, string | null>]>([
    ["a province whose country is no region", { countryCode: "fr", provinceCode: "idf" }],
    ["a province with another parent", { countryCode: "de", provinceCode: "by", parentId: "txreg_other" }],
    ["a country with a parent", { countryCode: "fr", parentId: "txreg_other" }],
  ])("are not made for %s", async (_, fault) => {
    await taxRegions.create({ countryCode: "de" })

    await expect(taxRegions.create(aTaxRegion(fault))).rejects.toThrow(TaxRegionMisplaced)

    expect((await taxRegions.list()).count).toBe(1)
  })

  it("are one per country and province, whoever asks at once", async () => {
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => taxRegions.create(aTaxRegion())))
    const provinces = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) =>
        taxRegions.create({ countryCode: "de", provinceCode: index % 2 === 0 ? "BY" : "de-by" }),
      ),
    )

    for (const raced of [results, provinces]) {
      const lost = raced.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []))
      expect(lost).toHaveLength(7)
      expect(lost.every((error) => error instanceof TaxRegionTaken)).toBe(true)
    }
    expect((await taxRegions.list()).count).toBe(2)
  })

  it("change province, provider and metadata, and nothing that was not named", async () => {
    const [, before] = await taxRegions.createMany([
      { countryCode: "us" },
      { countryCode: "us", provinceCode: "ca", metadata: { a: 1 } },
    ])
    const id = before?.id as string

    const moved = await taxRegions.update(id, { provinceCode: "NY" })
    const provided = await taxRegions.update(id, { providerId: "tp_system", metadata: null })
    const cleared = await taxRegions.update(id, { providerId: null })

    expect(moved).toMatchObject({ provinceCode: "us-ny", metadata: { a: 1 }, providerId: null })
    expect(provided).toMatchObject({ provinceCode: "us-ny", metadata: null, providerId: "tp_system" })
    expect(cleared.providerId).toBeNull()
  })

  it("do not change into what they cannot be", async () => {
    const [us, ca, ny] = await taxRegions.createMany([
      { countryCode: "us" },
      { countryCode: "us", provinceCode: "ca" },
      { countryCode: "us", provinceCode: "ny" },
    ])

    await expect(taxRegions.update(ca?.id as string, { provinceCode: "ny" })).rejects.toThrow(TaxRegionTaken)
    await expect(taxRegions.update(ny?.id as string, { provinceCode: null })).rejects.toThrow(TaxRegionMisplaced)
    await expect(taxRegions.update(us?.id as string, { provinceCode: "tx" })).rejects.toThrow(TaxRegionMisplaced)
    await expect(taxRegions.update(us?.id as string, { providerId: "tp_none" })).rejects.toMatchObject({
      code: "tax.unknown_provider",
      details: { providerIds: ["tp_none"] },
    })
    await expect(taxRegions.create({ countryCode: "fr", providerId: "tp_none" })).rejects.toMatchObject({
      code: "tax.unknown_provider",
    })
  })

  it("are deleted with provinces, rates and rules, which frees their places", async () => {
    const [us, ca] = await taxRegions.createMany([
      aTaxRegion({ countryCode: "us" }),
      aTaxRegion({ countryCode: "us", provinceCode: "ca" }),
    ])
    const kept = await taxRegions.create(aTaxRegion())
    const [usId, caId] = [us?.id as string, ca?.id as string]
    await alone.taxRates.createMany([
      aTaxRate(caId, { rules: [{ reference: "product", referenceId: "prod_1" }] }),
      aTaxRate(kept.id, { rules: [{ reference: "product", referenceId: "prod_1" }] }),
    ])

    await taxRegions.delete(usId)

    await expect(taxRegions.get(caId)).rejects.toMatchObject({ code: "resource.not_found" })
    await expect(taxRegions.delete(usId)).rejects.toMatchObject({ code: "resource.not_found" })
    expect((await alone.taxRates.list()).rows.map(({ taxRegionId }) => taxRegionId)).toEqual([kept.id, kept.id])
    expect((await alone.query.list(taxRateRuleResource, { fields: { id: true } })).count).toBe(1)
    expect(await eventsOf([usId, caId])).toEqual([
      "tax-region.created",
      "tax-region.created",
      "tax-region.deleted",
      "tax-region.deleted",
    ])
    await expect(taxRegions.create(aTaxRegion({ countryCode: "us" }))).resolves.toMatchObject({ countryCode: "us" })
  })

  it("leave no province or rate behind that is made while they are deleted", async () => {
    for (const countryCode of ["at", "be", "cz", "dk"]) {
      const { id } = await taxRegions.create({ countryCode })
      await Promise.allSettled([
        taxRegions.create({ countryCode, provinceCode: "x" }),
        taxRegions.delete(id),
        alone.taxRates.create(aTaxRate(id)),
      ])
    }

    expect((await taxRegions.list()).count).toBe(0)
    expect((await alone.taxRates.list()).count).toBe(0)
  })

  it.each<[string, object]>([
    ["a country of three letters", { countryCode: "deu" }],
    ["a province that is no code", { provinceCode: "Île-de-France" }],
    ["a rate below zero", { defaultTaxRate: { name: "x", rate: -1 } }],
    ["a rate that is no number", { defaultTaxRate: { name: "x", rate: Number.NaN } }],
    ["a field that there is not", { colour: "red" }],
  ])("refuse %s", async (_, fault) => {
    await expect(taxRegions.create({ ...aTaxRegion(), ...fault })).rejects.toMatchObject({ code: "input.invalid" })
  })

  it("are found by their codes", async () => {
    await taxRegions.createMany([
      { countryCode: "us" },
      { countryCode: "us", provinceCode: "ca" },
      { countryCode: "de" },
    ])

    const found = await taxRegions.list({ q: "us-ca" })
    const children = await taxRegions.list({ filter: { parent: { countryCode: "us" } } })

    expect(found.rows.map(({ provinceCode }) => provinceCode)).toEqual(["us-ca"])
    expect(children.rows).toEqual(found.rows)
  })
})
