import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { startTax, type TaxableSale, type TaxProvider, type TaxRequestInput } from "../index.ts"
import { aTaxRate, aTaxRegion } from "../testing.ts"

/** Stands for a service at the other end of a wire. */
const outside: TaxProvider & { sales: TaxableSale[] } = {
  id: "tp_outside",
  asksOutside: true,
  sales: [],
  taxLines(sale) {
    this.sales.push(sale)
    const line = { rate: "8.875", code: null, name: "Sales tax", taxRateId: null }
    return Promise.resolve({ items: new Map([["one", [line]]]), shippingMethods: new Map() })
  },
}

const aSale = (overrides: Partial<TaxRequestInput> = {}): TaxRequestInput => ({
  address: { countryCode: "de" },
  currencyCode: "eur",
  items: [{ id: "one", productId: "prod_1", productTypeId: "ptyp_1", quantity: 2, unitPrice: "9.99" }],
  shippingMethods: [{ id: "method", shippingOptionId: "so_1", amount: 5 }],
  ...overrides,
})

describe("the taxes of a sale", () => {
  let database: TestDatabase
  let alone: Awaited<ReturnType<typeof startTax>>

  beforeAll(async () => {
    database = await createTestDatabase()
    alone = await startTax({ database: database.url, events: { relay: false }, providers: [outside] })
    await alone.migrate()
  })

  beforeEach(async () => {
    outside.sales.length = 0
    await alone.database.run(`delete from "tax"."tax_region"`)
  })

  afterAll(async () => {
    await alone.close()
    await database.drop()
  })

  const namesOf = async (request: TaxRequestInput): Promise<Record<string, string[]>> => {
    const { items, shippingMethods } = await alone.calculator.taxLines(request)
    return Object.fromEntries([...items, ...shippingMethods].map(([id, lines]) => [id, lines.map(({ name }) => name)]))
  }

  it("are the default rate of the country, on items and shipping", async () => {
    const { taxRates } = await alone.taxRegions.create(
      aTaxRegion({ defaultTaxRate: { name: "VAT", code: "DE19", rate: "19.50" } }),
    )

    const { items, shippingMethods } = await alone.calculator.taxLines(aSale({ address: { countryCode: "DE" } }))

    const line = { rate: "19.5", code: "DE19", name: "VAT", providerId: "system", taxRateId: taxRates[0]?.id }
    expect(items).toEqual(new Map([["one", [line]]]))
    expect(shippingMethods).toEqual(new Map([["method", [line]]]))
  })

  it("are none where there is no region, or no rate, and every line is answered all the same", async () => {
    expect(await namesOf(aSale())).toEqual({ one: [], method: [] })

    await alone.taxRegions.create({ countryCode: "de" })

    expect(await namesOf(aSale())).toEqual({ one: [], method: [] })
  })

  it("are zero per cent, not none, where the rate has none", async () => {
    await alone.taxRegions.create(aTaxRegion({ defaultTaxRate: { name: "Exempt" } }))

    const { items } = await alone.calculator.taxLines(aSale())

    expect(items.get("one")).toMatchObject([{ name: "Exempt", rate: "0" }])
  })

  it("are read in one statement, however much is sold, and lines send none", async () => {
    const { id } = await alone.taxRegions.create(aTaxRegion())
    await alone.taxRates.create(aTaxRate(id, { rules: [{ reference: "product", referenceId: "prod_7" }] }))
    const items = Array.from({ length: 200 }, (_, index) => ({
      id: `${index}`,
      productId: `prod_${index}`,
      productTypeId: null,
      quantity: 1,
      unitPrice: 1,
    }))

    const sent = await statementsOf(alone.database, async () => {
      const lines = await alone.calculator.taxLines(aSale({ items }))
      expect(lines.items.get("7")).toMatchObject([{ name: "Reduced" }])
      expect(lines.items.get("8")).toMatchObject([{ name: "VAT" }])
    })

    expect(sent).toHaveLength(1)
  })

  it.each(["us-ca", "US-CA", "CA", " ca "])("are those of the province written %j", async (provinceCode) => {
    await alone.taxRegions.createMany([
      aTaxRegion({ countryCode: "us", defaultTaxRate: { name: "Federal", rate: 1 } }),
      { countryCode: "us", provinceCode: "CA", defaultTaxRate: { name: "State", rate: 7.25 } },
      { countryCode: "us", provinceCode: "NY", defaultTaxRate: { name: "Other", rate: 4 } },
    ])

    expect(await namesOf(aSale({ address: { countryCode: "us", provinceCode } }))).toEqual({
      one: ["State"],
      method: ["State"],
    })
  })

  it.each([null, undefined, "", " ", "Texas", "de-be"])(
    "are those of the country in the province %j",
    async (provinceCode) => {
      await alone.taxRegions.createMany([
        aTaxRegion({ countryCode: "us" }),
        { countryCode: "us", provinceCode: "ca", defaultTaxRate: { name: "State" } },
      ])

      expect(await namesOf(aSale({ address: { countryCode: "us", provinceCode } }))).toEqual({
        one: ["VAT"],
        method: ["VAT"],
      })
    },
  )

  it("are those of province and country together where the province's can be combined", async () => {
    await alone.taxRegions.createMany([
      aTaxRegion({ countryCode: "ca", defaultTaxRate: { name: "GST", rate: 5 } }),
      { countryCode: "ca", provinceCode: "bc", defaultTaxRate: { name: "PST", rate: 7, isCombinable: true } },
    ])

    const names = await namesOf(aSale({ address: { countryCode: "ca", provinceCode: "bc" } }))

    expect(names).toEqual({ one: ["PST", "GST"], method: ["PST", "GST"] })
  })

  it("follow rules on products, types and shipping options while they are there", async () => {
    const { id } = await alone.taxRegions.create(aTaxRegion())
    const byType = await alone.taxRates.create(
      aTaxRate(id, { name: "Type", rules: [{ reference: "product_type", referenceId: "ptyp_1" }] }),
    )
    const byProduct = await alone.taxRates.create(
      aTaxRate(id, {
        name: "Product",
        rules: [
          { reference: "product", referenceId: "prod_1" },
          { reference: "shipping_option", referenceId: "so_1" },
        ],
      }),
    )
    expect(await namesOf(aSale())).toEqual({ one: ["Product"], method: ["Product"] })

    await alone.taxRates.removeRules(byProduct.id, [byProduct.rules[0]?.id as string])
    expect(await namesOf(aSale())).toEqual({ one: ["Type"], method: ["Product"] })

    await alone.taxRates.deleteMany([byType.id, byProduct.id])
    expect(await namesOf(aSale())).toEqual({ one: ["VAT"], method: ["VAT"] })

    await alone.taxRegions.delete(id)
    expect(await namesOf(aSale())).toEqual({ one: [], method: [] })
  })

  it("are made by the provider of the region, in two steps that a transaction may stand between", async () => {
    await alone.taxRegions.create(aTaxRegion({ countryCode: "us", providerId: "tp_outside" }))

    const basis = await alone.database.transaction(() =>
      alone.calculator.rates(aSale({ address: { countryCode: "us", provinceCode: "ca", city: "Davis" } })),
    )
    expect(outside.sales).toHaveLength(0)
    expect(alone.calculator.asksOutside(basis)).toBe(true)
    const { items, shippingMethods } = await alone.calculator.lines(basis)

    expect(items.get("one")).toEqual([
      { rate: "8.875", code: null, name: "Sales tax", providerId: "outside", taxRateId: null },
    ])
    expect(shippingMethods.get("method")).toEqual([])
    expect(outside.sales).toMatchObject([
      {
        address: { countryCode: "us", provinceCode: "us-ca", city: "Davis" },
        items: [{ quantity: "2", unitPrice: "9.99", isTaxInclusive: false, rates: [{ name: "VAT" }] }],
        shippingMethods: [{ amount: "5", rates: [{ name: "VAT" }] }],
      },
    ])
  })

  it("are made by the provider of the country unless the province has its own", async () => {
    await alone.taxRegions.createMany([
      aTaxRegion({ countryCode: "us", providerId: "tp_outside" }),
      { countryCode: "us", provinceCode: "ca" },
      { countryCode: "us", provinceCode: "ny", providerId: "tp_system" },
    ])
    const providerIn = async (provinceCode: string) =>
      (await alone.calculator.rates(aSale({ address: { countryCode: "us", provinceCode } }))).providerId

    expect(await providerIn("ca")).toBe("tp_outside")
    expect(await providerIn("ny")).toBe("tp_system")
    const nowhere = await alone.calculator.rates(aSale())
    expect(nowhere.providerId).toBeNull()
    expect(alone.calculator.asksOutside(nowhere)).toBe(false)
  })

  it("cannot be computed where the provider is not configured any more", async () => {
    await alone.taxRegions.create(aTaxRegion({ providerId: "tp_outside" }))
    const later = await startTax({ database: database.url, events: { relay: false } })

    await expect(later.calculator.taxLines(aSale())).rejects.toMatchObject({
      code: "tax.provider_missing",
      kind: "unavailable",
    })

    await later.close()
  })

  it.each<[string, object]>([
    ["no country", { address: {} }],
    [
      "a quantity that is no number",
      { items: [{ id: "a", productId: null, productTypeId: null, quantity: "x", unitPrice: 1 }] },
    ],
  ])("cannot be asked for with %s", async (_, fault) => {
    await expect(alone.calculator.taxLines({ ...aSale(), ...fault })).rejects.toMatchObject({ code: "input.invalid" })
  })
})
