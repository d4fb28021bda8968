import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import fc from "fast-check"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { aCandidates, aSituation } from "../../test/reference.ts"
import { choosePrice, startPricing, type Candidate } from "../index.ts"
import { aListPrice, aPrice, aPriceList, aPriceSet } from "../testing.ts"

type Pricing = Awaited<ReturnType<typeof startPricing>>

describe("calculating prices", () => {
  let database: TestDatabase
  let pricing: Pricing
  let calculator: Pricing["calculator"]

  beforeAll(async () => {
    database = await createTestDatabase()
    pricing = await startPricing({ database: database.url, events: { relay: false } })
    await pricing.migrate()
    calculator = pricing.calculator
  })

  beforeEach(async () => {
    await pricing.database.run(
      `truncate "pricing"."price_set", "pricing"."price_list", "pricing"."price_preference" cascade`,
    )
  })

  afterAll(async () => {
    await pricing.close()
    await database.drop()
  })

  const inRegion = (value: string) => ({ attribute: "region_id", value })

  it("answers the amount, where it comes from and what it was", async () => {
    const set = await pricing.priceSets.create(aPriceSet(aPrice({ amount: "10.50" })))
    const list = await pricing.priceLists.create(
      aPriceList({ prices: [aListPrice(set.id, { amount: 8, minQuantity: 1, maxQuantity: "9.5" })] }),
    )
    const [reduced] = (await pricing.priceLists.listPrices(list.id)).rows

    const [price] = await calculator.calculate([set.id], { currencyCode: "EUR" })

    expect(price).toEqual({
      id: set.id,
      calculatedAmount: "8",
      originalAmount: "10.5",
      currencyCode: "eur",
      isCalculatedPricePriceList: true,
      isOriginalPricePriceList: false,
      isCalculatedPriceTaxInclusive: false,
      isOriginalPriceTaxInclusive: false,
      calculatedPrice: {
        id: reduced?.id,
        priceListId: list.id,
        priceListType: "sale",
        minQuantity: "1",
        maxQuantity: "9.5",
      },
      originalPrice: {
        id: set.prices[0]?.id,
        priceListId: null,
        priceListType: null,
        minQuantity: null,
        maxQuantity: null,
      },
    })
  })

  it("answers for the wire the same in numbers and snake_case", async () => {
    const set = await pricing.priceSets.create(aPriceSet(aPrice({ amount: "10.50" })))
    const list = await pricing.priceLists.create(
      aPriceList({
        type: "override",
        prices: [aListPrice(set.id, { amount: "8.25", minQuantity: 2, maxQuantity: 3 })],
      }),
    )
    const id = (await pricing.priceLists.listPrices(list.id)).rows[0]?.id

    const prices = await calculator.calculateForWire([set.id, "pset_none"], { currencyCode: "eur", quantity: 2 })

    const chosen = { id, price_list_id: list.id, price_list_type: "override", min_quantity: 2, max_quantity: 3 }
    expect(prices).toEqual([
      {
        id: set.id,
        calculated_amount: 8.25,
        original_amount: 8.25,
        currency_code: "eur",
        is_calculated_price_price_list: true,
        is_original_price_price_list: true,
        is_calculated_price_tax_inclusive: false,
        is_original_price_tax_inclusive: false,
        calculated_price: chosen,
        original_price: chosen,
      },
      null,
    ])
  })

  it("answers in the order asked, null for what has no price or is not there, and twice what is asked for twice", async () => {
    const [ten, dollars, nothing, gone] = (await pricing.priceSets.createMany([
      aPriceSet(),
      aPriceSet(aPrice({ currencyCode: "usd" })),
      { prices: [] },
      aPriceSet(),
    ])) as [string, string, string, string]
    await pricing.priceSets.delete(gone)
    const asked = [dollars, ten, "pset_unknown", nothing, gone, ten]

    const prices = await calculator.calculate(asked, { currencyCode: "eur" })

    expect(prices.map((price) => price?.id ?? null)).toEqual([null, ten, null, null, null, ten])
    expect(await calculator.calculate([], { currencyCode: "eur" })).toEqual([])
  })

  it("prices each set for its own quantity", async () => {
    const { id } = await pricing.priceSets.create(
      aPriceSet(aPrice({ amount: "10", maxQuantity: 9 }), aPrice({ amount: "7.5", minQuantity: "9.5" })),
    )
    const asked = [
      id,
      { priceSetId: id, quantity: 9.5 },
      { priceSetId: id, quantity: "9" },
      { priceSetId: id, quantity: "9.25" },
    ]

    const prices = await calculator.calculate(asked, { currencyCode: "eur", quantity: 20 })

    expect(prices.map((price) => price?.calculatedAmount)).toEqual(["7.5", "7.5", "10", undefined])
  })

  it("finds the price of a region, of a group and of an item total", async () => {
    const { id } = await pricing.priceSets.create(
      aPriceSet(
        aPrice({ amount: 10 }),
        aPrice({ amount: 11, rules: [inRegion("reg_1")] }),
        aPrice({ amount: 9, rules: [{ attribute: "customer.groups.id", operator: "in", value: ["cusgroup_1", "x"] }] }),
        aPrice({ amount: 0, rules: [{ attribute: "item_total", operator: "gte", value: 100 }, inRegion("reg_1")] }),
      ),
    )
    const amount = async (context: object) =>
      (await calculator.calculate([id], { currencyCode: "eur", ...context }))[0]?.calculatedAmount

    expect(await amount({})).toBe("10")
    expect(await amount({ regionId: "reg_1" })).toBe("11")
    expect(await amount({ regionId: "reg_2", customerGroupIds: ["cusgroup_2", "cusgroup_1"] })).toBe("9")
    expect(await amount({ regionId: "reg_1", attributes: { item_total: "100.00" } })).toBe("0")
    expect(await amount({ attributes: { region_id: "reg_1", item_total: ["99.99"] } })).toBe("11")
  })

  it("heeds lists from their first moment to their last, and never drafts and deleted ones", async () => {
    const { id } = await pricing.priceSets.create(aPriceSet())
    const prices = [aListPrice(id, { amount: 1 })]
    const later = aPriceList({
      startsAt: "2026-06-01T00:00:00+02:00",
      endsAt: new Date("2026-06-30T22:00:00Z"),
      prices,
    })
    await pricing.priceLists.createMany([later, aPriceList({ status: "draft", prices })])
    const deleted = await pricing.priceLists.create(aPriceList({ prices }))
    await pricing.priceLists.delete(deleted.id)
    const amount = async (at: string) =>
      (await calculator.calculate([id], { currencyCode: "eur", at: new Date(at) }))[0]?.calculatedAmount

    expect(await amount("2026-05-31T21:59:59.999Z")).toBe("10")
    expect(await amount("2026-05-31T22:00:00.000Z")).toBe("1")
    expect(await amount("2026-06-30T22:00:00.000Z")).toBe("1")
    expect(await amount("2026-06-30T22:00:00.001Z")).toBe("10")
  })

  it("takes the tax preference of the region for its prices, and of the currency for others", async () => {
    const [plain, german] = (await pricing.priceSets.createMany([
      aPriceSet(),
      aPriceSet(aPrice({ rules: [inRegion("reg_1")] })),
    ])) as [string, string]
    const inclusive = async (regionId: string) =>
      (await calculator.calculate([plain, german], { currencyCode: "eur", regionId })).map(
        (price) => price?.isCalculatedPriceTaxInclusive,
      )

    expect(await inclusive("reg_1")).toEqual([false, false])
    await pricing.pricePreferences.set({ attribute: "region_id", value: "reg_1", isTaxInclusive: true })
    expect(await inclusive("reg_1")).toEqual([false, true])
    await pricing.pricePreferences.set({ attribute: "currency_code", value: "EUR", isTaxInclusive: true })
    await pricing.pricePreferences.set({ attribute: "region_id", value: "reg_1", isTaxInclusive: false })
    expect(await inclusive("reg_1")).toEqual([true, false])
    expect(await inclusive("reg_2")).toEqual([true, undefined])
  })

  it("tells the tax of a sale and of what it is taken from apart", async () => {
    const { id } = await pricing.priceSets.create(aPriceSet(aPrice({ rules: [inRegion("reg_1")] })))
    await pricing.priceLists.create(aPriceList({ prices: [aListPrice(id)] }))
    await pricing.pricePreferences.set({ attribute: "region_id", value: "reg_1", isTaxInclusive: true })

    const [price] = await calculator.calculate([id], { currencyCode: "eur", regionId: "reg_1" })

    expect(price).toMatchObject({ isCalculatedPriceTaxInclusive: false, isOriginalPriceTaxInclusive: true })
  })

  it("takes one statement, for one set and for five hundred", async () => {
    const ids = await pricing.priceSets.createMany(Array.from({ length: 500 }, () => aPriceSet()))
    const context = { currencyCode: "eur", regionId: "reg_1" }

    const one = await statementsOf(pricing.database, () => calculator.calculate(ids.slice(0, 1), context))
    const many = await statementsOf(pricing.database, () => calculator.calculate(ids, context))
    const wire = await statementsOf(pricing.database, () => calculator.calculateForWire(ids, context))

    expect(one).toHaveLength(1)
    expect(many).toEqual(one)
    expect(wire).toEqual(one)
  })

  it("keeps amounts exact that a number cannot hold", async () => {
    const { id } = await pricing.priceSets.create(
      aPriceSet(aPrice({ amount: "123456789012345678.00000000000000000001" })),
    )

    const [price] = await calculator.calculate([id], { currencyCode: "eur" })

    expect(price?.calculatedAmount).toBe("123456789012345678.00000000000000000001")
  })

  it.each([
    ["a currency that there is not", ["pset_1"], { currencyCode: "abc" }],
    ["a quantity of nothing", ["pset_1"], { currencyCode: "eur", quantity: 0 }],
    ["a quantity of nothing for one set", [{ priceSetId: "pset_1", quantity: "0" }], { currencyCode: "eur" }],
    ["a field that there is not", ["pset_1"], { currencyCode: "eur", region: "reg_1" }],
  ])("refuses %s", async (_, asked, context) => {
    await expect(calculator.calculate(asked, context)).rejects.toMatchObject({ code: "input.invalid" })
  })

  it("explains every price of a set, those of other currencies and of drafts too", async () => {
    const set = await pricing.priceSets.create(
      aPriceSet(aPrice(), aPrice({ amount: 12, rules: [inRegion("reg_1")] }), aPrice({ currencyCode: "usd" })),
    )
    await pricing.priceLists.create(aPriceList({ title: "Draft", status: "draft", prices: [aListPrice(set.id)] }))

    const explained = await calculator.explain(set.id, { currencyCode: "eur", regionId: "reg_1" })

    const said = explained.map(({ price, verdict }) => `${price.currencyCode} ${price.amount} ${verdict.code}`)
    expect(said.sort()).toEqual([
      "eur 10 less_specific_than",
      "eur 12 chosen",
      "eur 8 list_not_active",
      "usd 10 other_currency",
    ])
  })

  it("explains that a set has no prices, and refuses one that there is not", async () => {
    const { id } = await pricing.priceSets.create()

    expect(await calculator.explain(id, { currencyCode: "eur" })).toEqual([])
    await expect(calculator.explain("pset_none", { currencyCode: "eur" })).rejects.toMatchObject({
      code: "resource.not_found",
    })
  })

  it("reads no less than may be chosen, and explains what it calculated", async () => {
    await fc.assert(
      fc.asyncProperty(aCandidates(), aSituation(), async (candidates, situation) => {
        const id = await store(candidates)
        const { currencyCode, quantity, attributes, at } = situation
        const context = {
          currencyCode,
          attributes: Object.fromEntries(attributes) as Record<string, string[]>,
          at: new Date(at),
        }

        const [price] = await calculator.calculate([{ priceSetId: id, quantity }], context)
        const explained = await calculator.explain({ priceSetId: id, quantity }, context)

        const choice = choosePrice(
          explained.map((one) => one.price),
          situation,
        )
        expect([price?.calculatedPrice.id, price?.originalPrice.id]).toEqual([
          choice?.calculated.id,
          choice?.original.id,
        ])
        expect(price?.calculatedPrice.id).toBe(explained.find((one) => one.isCalculated)?.price.id)
        expect(price?.originalPrice.id).toBe(explained.find((one) => one.isOriginal)?.price.id)
      }),
      { numRuns: 150 },
    )
  })

  /** Writes candidates as a set, and leaves out those that the database would take for the same. */
  async function store(candidates: readonly Candidate[]): Promise<string> {
    const seen = new Set<string>()
    const fresh = candidates.filter(({ currencyCode, minQuantity, maxQuantity, rules, list }) => {
      const text = JSON.stringify([currencyCode, minQuantity, maxQuantity, rules, list])
      return !seen.has(text) && seen.add(text)
    })
    const input = ({ amount, currencyCode, minQuantity, maxQuantity, rules }: Candidate) => ({
      amount,
      currencyCode,
      minQuantity,
      maxQuantity,
      rules: rules.map((rule) => ({ ...rule, value: typeof rule.value === "string" ? rule.value : [...rule.value] })),
    })
    const { id } = await pricing.priceSets.create({ prices: fresh.filter(({ list }) => list === null).map(input) })
    const lists = new Map(fresh.flatMap(({ list }) => (list === null ? [] : [[list.id, list]])))
    await pricing.priceLists.createMany(
      [...lists.values()].map(({ id: listId, type, status, startsAt, endsAt, rules }) => ({
        title: listId,
        type,
        status,
        startsAt,
        endsAt,
        rules: Object.fromEntries(rules.map(({ attribute, value }) => [attribute, [...value]])),
        prices: fresh.filter(({ list }) => list?.id === listId).map((price) => ({ ...input(price), priceSetId: id })),
      })),
    )
    return id
  }
})
