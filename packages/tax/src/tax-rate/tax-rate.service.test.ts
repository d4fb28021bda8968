import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { DefaultTaxRateTaken, startTax, TaxRateRuleTaken } from "../index.ts"
import { aTaxRate, aTaxRegion } from "../testing.ts"

const rule = (referenceId: string) => ({ reference: "product" as const, referenceId })

describe("tax rates", () => {
  let database: TestDatabase
  let alone: Awaited<ReturnType<typeof startTax>>
  let taxRates: typeof alone.taxRates
  let regionId: string

  beforeAll(async () => {
    database = await createTestDatabase()
    // No relay, so that only the service's own statements are counted.
    alone = await startTax({ database: database.url, events: { relay: false } })
    await alone.migrate()
    taxRates = alone.taxRates
  })

  beforeEach(async () => {
    await alone.database.run(`delete from "tax"."tax_region"`)
    regionId = (await alone.taxRegions.create({ countryCode: "de" })).id
  })

  afterAll(async () => {
    await alone.close()
    await database.drop()
  })

  it("keep what they were made with", async () => {
    const made = await taxRates.create({
      taxRegionId: regionId,
      name: "Books",
      rate: "7.00",
      isCombinable: true,
      createdBy: "user_1",
      metadata: { a: 1 },
      rules: [rule("prod_1"), { reference: "shipping_option", referenceId: "so_1" }],
    })

    expect(made).toMatchObject({
      taxRegionId: regionId,
      name: "Books",
      code: null,
      isDefault: false,
      isCombinable: true,
      createdBy: "user_1",
      metadata: { a: 1 },
      rules: [rule("prod_1"), { reference: "shipping_option", referenceId: "so_1" }],
    })
    expect(Number(made.rate)).toBe(7)
    expect(made.id).toMatch(/^txr_[0-9A-Z]{26}$/)
    expect(made.rules[0]?.id).toMatch(/^txrule_[0-9A-Z]{26}$/)
    expect(await taxRates.get(made.id)).toEqual(made)
  })

  it("are made in order, in as many statements as one", async () => {
    const inputs = Array.from({ length: 200 }, (_, index) =>
      aTaxRate(regionId, { name: `${index}`, rules: [rule("prod_1"), rule("prod_2")] }),
    )

    const one = await statementsOf(alone.database, () => taxRates.create(inputs[0] as (typeof inputs)[number]))
    let names: string[] = []
    const many = await statementsOf(alone.database, async () => {
      names = (await taxRates.createMany(inputs)).map(({ name }) => name)
    })

    expect(names).toEqual(inputs.map(({ name }) => name))
    expect(one).toHaveLength(5)
    expect(many).toHaveLength(5)
    expect(await taxRates.createMany([])).toEqual([])
  })

  it("are not made without a region", async () => {
    const gone = await alone.taxRegions.create({ countryCode: "fr" })
    await alone.taxRegions.delete(gone.id)

    for (const id of ["txreg_none", gone.id]) {
      await expect(taxRates.createMany([aTaxRate(regionId), aTaxRate(id)])).rejects.toMatchObject({
        code: "resource.not_found",
        details: { id },
      })
    }
    expect((await taxRates.list()).count).toBe(0)
  })

  it("have one default per region, whoever asks at once", async () => {
    const other = await taxRates.create(aTaxRate(regionId))

    const results = await Promise.allSettled([
      ...Array.from({ length: 5 }, () => taxRates.create(aTaxRate(regionId, { isDefault: true }))),
      taxRates.update(other.id, { isDefault: true }),
    ])

    const lost = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []))
    expect(lost).toHaveLength(5)
    expect(lost.every((error) => error instanceof DefaultTaxRateTaken)).toBe(true)
    expect((await taxRates.list({ filter: { isDefault: true } })).count).toBe(1)
  })

  it("may be the default of another region, or after the default is gone", async () => {
    const france = await alone.taxRegions.create(aTaxRegion({ countryCode: "fr" }))
    const first = await taxRates.create(aTaxRate(regionId, { isDefault: true }))
    const [second] = await taxRates.createMany([aTaxRate(regionId), aTaxRate(france.id)])

    await taxRates.delete(first.id)

    await expect(taxRates.update(second?.id as string, { isDefault: true })).resolves.toMatchObject({ isDefault: true })
  })

  it("change the fields that are named, and leave the others", async () => {
    const before = await taxRates.create(aTaxRate(regionId, { rules: [rule("prod_1")], metadata: { a: 1 } }))

    const after = await taxRates.update(before.id, { name: "Other", rate: 8.5 })
    const cleared = await taxRates.update(before.id, { rate: null, code: null, metadata: null })

    expect(after).toMatchObject({
      name: "Other",
      rate: "8.5",
      code: "REDUCED",
      metadata: { a: 1 },
      rules: before.rules,
    })
    expect(cleared).toMatchObject({ name: "Other", rate: null, code: null, metadata: null })
  })

  it("replace their rules, and keep those that stay", async () => {
    const before = await taxRates.create(aTaxRate(regionId, { rules: [rule("prod_1"), rule("prod_2")] }))

    const after = await taxRates.update(before.id, { rules: [rule("prod_3"), rule("prod_2")] })
    const none = await taxRates.update(before.id, { rules: [] })

    expect(after.rules.map(({ referenceId }) => referenceId)).toEqual(["prod_2", "prod_3"])
    expect(after.rules[0]).toEqual(before.rules[1])
    expect(none.rules).toEqual([])
  })

  it("keep one of two lists of rules that come at once, not a mixture", async () => {
    const { id } = await taxRates.create(aTaxRate(regionId, { rules: [rule("a")] }))
    const lists = [["b", "c"], ["a", "d"], []]

    await Promise.all(lists.map((list) => taxRates.update(id, { rules: list.map(rule) })))

    expect(lists).toContainEqual((await taxRates.get(id)).rules.map(({ referenceId }) => referenceId).toSorted())
  })

  it("take rules one by one, each once, and let go of them", async () => {
    const { id } = await taxRates.create(aTaxRate(regionId, { rules: [rule("prod_1")] }))
    const other = await taxRates.create(aTaxRate(regionId, { rules: [rule("prod_1")] }))

    const results = await Promise.allSettled(Array.from({ length: 4 }, () => taxRates.addRules(id, [rule("prod_2")])))
    const { rules } = await taxRates.get(id)

    const lost = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []))
    expect(lost).toHaveLength(3)
    expect(lost.every((error) => error instanceof TaxRateRuleTaken)).toBe(true)
    expect(rules).toHaveLength(2)
    const [own, foreign] = [rules[0]?.id as string, other.rules[0]?.id as string]
    await expect(taxRates.removeRules(id, [own, foreign])).rejects.toMatchObject({ details: { id: foreign } })
    expect((await taxRates.removeRules(id, [own])).rules.map(({ referenceId }) => referenceId)).toEqual(["prod_2"])
    await expect(taxRates.removeRules(id, [own])).rejects.toMatchObject({ code: "resource.not_found" })
  })

  it("are deleted all or none", async () => {
    const { id } = await taxRates.create(aTaxRate(regionId))

    await expect(taxRates.deleteMany([id, "txr_none"])).rejects.toMatchObject({ details: { id: "txr_none" } })
    expect((await taxRates.list()).count).toBe(1)
    await taxRates.delete(id)

    expect((await taxRates.list()).count).toBe(0)
    const sent = await alone.database.sql(
      `select name from "marquetry"."outbox" where aggregate_id = $1 order by sequence`,
      [id],
    )
    expect(sent).toEqual([{ name: "tax-rate.created" }, { name: "tax-rate.deleted" }])
  })

  it.each(["update", "delete", "get"] as const)("cannot %s what there is not", async (verb) => {
    await expect(taxRates[verb]("txr_none", {})).rejects.toMatchObject({ details: { id: "txr_none" } })
  })

  it.each<[string, object]>([
    ["an empty name", { name: " " }],
    ["a rate above 10,000 per cent", { rate: 10_001 }],
    ["a rule on what there is not", { rules: [{ reference: "customer", referenceId: "cus_1" }] }],
    ["a field that there is not", { colour: "red" }],
  ])("refuse %s", async (_, fault) => {
    await expect(taxRates.create({ ...aTaxRate(regionId), ...fault })).rejects.toMatchObject({ code: "input.invalid" })
  })

  it("are found by name, code and region", async () => {
    await taxRates.createMany([aTaxRate(regionId, { name: "Books" }), aTaxRate(regionId, { code: "OTHER" })])

    expect((await taxRates.list({ q: "boo" })).count).toBe(1)
    expect((await taxRates.list({ q: "oth" })).count).toBe(1)
    expect((await taxRates.list({ filter: { taxRegionId: regionId } })).count).toBe(2)
  })
})
