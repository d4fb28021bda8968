import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { PriceTaken, startPricing, type CreatePrice } from "../index.ts"
import { aListPrice, aPrice, aPriceList, aPriceSet } from "../testing.ts"

type Pricing = Awaited<ReturnType<typeof startPricing>>

describe("price sets", () => {
  let database: TestDatabase
  let pricing: Pricing
  let sets: Pricing["priceSets"]

  beforeAll(async () => {
    database = await createTestDatabase()
    pricing = await startPricing({ database: database.url, events: { relay: false } })
    await pricing.migrate()
    sets = pricing.priceSets
  })

  beforeEach(async () => {
    await pricing.database.run(`truncate "pricing"."price_set", "pricing"."price_list" cascade`)
  })

  afterAll(async () => {
    await pricing.close()
    await database.drop()
  })

  const regional: CreatePrice = aPrice({ amount: "12.50", rules: [{ attribute: "region_id", value: "reg_1" }] })
  const amounts = async (id: string) => {
    const { prices } = await sets.get(id)
    return prices.map(({ currencyCode, amount }) => `${currencyCode} ${amount}`).sort()
  }
  const sent = async (id: string) => {
    const rows = await pricing.database.sql<{ name: string }>(
      `select name from "marquetry"."outbox" where aggregate_id = $1 order by sequence`,
      [id],
    )
    return rows.map(({ name }) => name)
  }

  it("keeps the prices that it was made with, and shows their rules as rows", async () => {
    const price = aPrice({
      currencyCode: "KWD",
      amount: 1.25,
      minQuantity: 2,
      maxQuantity: "2.50",
      title: "By weight",
      rules: [
        { attribute: "region_id", operator: "nin", value: ["reg_2", "reg_1", "reg_2"], priority: 3 },
        { attribute: "item_total", operator: "gte", value: 100 },
      ],
    })

    const set = await sets.create(aPriceSet(price))

    expect(set).toMatchObject({ deletedAt: null, prices: [{ currencyCode: "kwd", amount: "1.25", rulesCount: 2 }] })
    expect(set.prices[0]).toMatchObject({ minQuantity: "2", maxQuantity: "2.5", title: "By weight", priceListId: null })
    expect(set.prices[0]?.priceRules).toMatchObject([
      { attribute: "item_total", operator: "gte", value: "100", priority: 0 },
      { attribute: "region_id", operator: "nin", value: ["reg_1", "reg_2"], priority: 3 },
    ])
    expect(await sets.get(set.id)).toEqual(set)
    expect(await sent(set.id)).toEqual(["price-set.created"])
  })

  it("keeps amounts of nothing, and those with more decimals than the currency has", async () => {
    const { id } = await sets.create(
      aPriceSet(aPrice({ amount: 0 }), aPrice({ currencyCode: "jpy", amount: "0.00012345678901234567" })),
    )

    expect(await amounts(id)).toEqual(["eur 0", "jpy 0.00012345678901234567"])
  })

  it("makes any number of sets in the same few statements", async () => {
    const many = (count: number) =>
      Array.from({ length: count }, () => aPriceSet(aPrice(), aPrice({ currencyCode: "usd" })))

    const few = await statementsOf(pricing.database, () => sets.createMany(many(10)))
    const lots = await statementsOf(pricing.database, () => sets.createMany(many(5_000)))

    expect(few).toHaveLength(3)
    expect(lots).toEqual(few)
    expect((await sets.list({ limit: 0 })).count).toBe(5_010)
  })

  it.each<[string, CreatePrice]>([
    ["a negative amount", aPrice({ amount: "-0.01" })],
    ["an amount that is none", aPrice({ amount: "ten" })],
    ["an amount with too many digits", aPrice({ amount: "1000000000000000000" })],
    ["an amount that is not a number", aPrice({ amount: Number.NaN })],
    ["a currency that there is not", aPrice({ currencyCode: "abc" })],
    ["a quantity of nothing", aPrice({ minQuantity: 0 })],
    ["quantities that end before they begin", aPrice({ minQuantity: "10", maxQuantity: "9.99" })],
    [
      "a rule that compares with no number",
      aPrice({ rules: [{ attribute: "item_total", operator: "gt", value: "x" }] }),
    ],
    ["a list for a rule that takes one value", aPrice({ rules: [{ attribute: "region_id", value: ["reg_1"] }] })],
    [
      "one value for a rule that takes a list",
      aPrice({ rules: [{ attribute: "region_id", operator: "in", value: "a" }] }),
    ],
    ["an empty list", aPrice({ rules: [{ attribute: "region_id", operator: "in", value: [] }] })],
    ["a NUL character", aPrice({ title: "\0" })],
    ["a field that there is not", { ...aPrice(), colour: "red" } as CreatePrice],
  ])("refuses %s", async (_, price) => {
    await expect(sets.create(aPriceSet(price))).rejects.toMatchObject({ code: "input.invalid" })
  })

  it.each([
    ["amount", "-1"],
    ["amount", "'NaN'"],
    ["min_quantity", "0"],
    ["max_quantity", "-1"],
    ["currency_code", "'EUR'"],
  ])("has the database refuse %s %s, whoever writes it", async (column, value) => {
    const { id } = await sets.create(aPriceSet())

    const write = pricing.database.run(`update "pricing"."price" set "${column}" = ${value} where price_set_id = $1`, [
      id,
    ])

    await expect(write).rejects.toMatchObject({ constraint: `price_${column}_check` })
  })

  const rule = { attribute: "region_id", value: "reg_1" }
  const total = { attribute: "item_total", operator: "gte" as const, value: "100" }
  it.each<[string, CreatePrice, CreatePrice]>([
    ["nothing else", aPrice(), aPrice({ amount: 9, title: "Other" })],
    [
      "the same quantities",
      aPrice({ minQuantity: "1", maxQuantity: 2 }),
      aPrice({ minQuantity: 1, maxQuantity: "2.0" }),
    ],
    ["the same rules in another order", aPrice({ rules: [rule, total] }), aPrice({ rules: [total, rule, rule] })],
    ["the same rules of other priorities", aPrice({ rules: [rule] }), aPrice({ rules: [{ ...rule, priority: 1 }] })],
  ])("refuses a second price of one currency with %s", async (_, first, second) => {
    await expect(sets.create(aPriceSet(first, second))).rejects.toThrow(PriceTaken)

    const { id } = await sets.create(aPriceSet(first))
    await expect(sets.addPrices(id, [second])).rejects.toThrow(PriceTaken)
    await expect(sets.setPrices([{ priceSetId: id, prices: [first, second] }])).rejects.toThrow(PriceTaken)
    expect((await sets.get(id)).prices).toHaveLength(1)
  })

  it.each<[string, CreatePrice]>([
    ["another currency", aPrice({ currencyCode: "usd" })],
    ["another least quantity", aPrice({ minQuantity: 1 })],
    ["another greatest quantity", aPrice({ maxQuantity: 1 })],
    ["a rule", aPrice({ rules: [rule] })],
    ["a rule of another kind", aPrice({ rules: [{ ...rule, operator: "ne" }] })],
  ])("takes a second price with %s", async (_, second) => {
    const { id } = await sets.create(aPriceSet(aPrice()))

    expect((await sets.addPrices(id, [second])).prices).toHaveLength(2)
  })

  it("lets one of many have a price that all want at once", async () => {
    const { id } = await sets.create({ prices: [] })

    const results = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) => sets.addPrices(id, [aPrice({ amount: index })])),
    )

    const lost = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []))
    expect(lost).toHaveLength(7)
    expect(lost.every((error) => error instanceof PriceTaken)).toBe(true)
    expect((await sets.get(id)).prices).toHaveLength(1)
  })

  it("changes what is named of a price, and leaves the rest", async () => {
    const set = await sets.create(aPriceSet(aPrice({ title: "Kept", minQuantity: 2 }), regional))
    const id = set.prices[0]?.id as string

    const changed = await sets.updatePrices(set.id, [{ id, amount: "9.90", maxQuantity: 5 }])

    expect(changed.prices.find((price) => price.id === id)).toMatchObject({
      amount: "9.9",
      title: "Kept",
      minQuantity: "2",
      maxQuantity: "5",
    })
    expect(await amounts(set.id)).toEqual(["eur 12.5", "eur 9.9"])
    expect(await sent(set.id)).toEqual(["price-set.created", "price-set.updated"])
  })

  it("refuses to change a price into one that there is, or into quantities that end before they begin", async () => {
    const set = await sets.create(aPriceSet(aPrice({ minQuantity: 2 }), aPrice({ minQuantity: 3 })))
    const id = set.prices[0]?.id as string

    await expect(sets.updatePrices(set.id, [{ id, minQuantity: 3 }])).rejects.toThrow(PriceTaken)
    await expect(sets.updatePrices(set.id, [{ id, maxQuantity: 1 }])).rejects.toMatchObject({ code: "input.invalid" })
    expect(await sets.get(set.id)).toEqual(set)
  })

  it("changes and removes only base prices of its own", async () => {
    const [own, other] = await Promise.all([sets.create(aPriceSet()), sets.create(aPriceSet())])
    const list = await pricing.priceLists.create(aPriceList())
    const [listed] = (await pricing.priceLists.addPrices(list.id, [aListPrice(own.id)])) as [string]

    for (const id of [other.prices[0]?.id as string, listed, "price_none"]) {
      await expect(sets.updatePrices(own.id, [{ id, amount: 1 }])).rejects.toMatchObject({ code: "resource.not_found" })
      await expect(sets.removePrices(own.id, [own.prices[0]?.id as string, id])).rejects.toMatchObject({
        code: "resource.not_found",
      })
    }
    expect(await amounts(own.id)).toEqual(["eur 10", "eur 8"])
  })

  it("takes a price again that was removed", async () => {
    const set = await sets.create(aPriceSet(aPrice(), regional))
    const base = set.prices.find(({ rulesCount }) => rulesCount === 0)?.id as string

    const without = await sets.removePrices(set.id, [base])
    await sets.addPrices(set.id, [aPrice({ amount: 7 })])

    expect(without.prices).toHaveLength(1)
    expect(await amounts(set.id)).toEqual(["eur 12.5", "eur 7"])
  })

  describe("given the prices that they shall have", () => {
    const wanted = [
      aPrice({ amount: "11.00" }),
      aPrice({ currencyCode: "usd", amount: 12 }),
      { ...regional, rules: [...(regional.rules ?? [])] },
    ]

    it("add, change and remove what differs, keep the ids of what stays, and say so", async () => {
      const set = await sets.create(aPriceSet(aPrice(), aPrice({ minQuantity: 10 }), regional))
      const list = await pricing.priceLists.create(aPriceList({ prices: [aListPrice(set.id)] }))
      const base = set.prices.find(({ minQuantity, rulesCount }) => minQuantity === null && rulesCount === 0)
        ?.id as string
      const tier = set.prices.find(({ minQuantity }) => minQuantity === "10")?.id as string

      const changes = await sets.setPrices([{ priceSetId: set.id, prices: wanted }])

      expect(changes).toEqual({ created: [expect.any(String)], updated: [base], deleted: [tier], unchanged: 1 })
      expect(await amounts(set.id)).toEqual(["eur 11", "eur 12.5", "eur 8", "usd 12"])
      expect((await pricing.priceLists.listPrices(list.id)).count).toBe(1)
    })

    it("write nothing and tell nobody when they have them already", async () => {
      const set = await sets.create({ prices: [...wanted] })

      const changes = await sets.setPrices([{ priceSetId: set.id, prices: [...wanted].reverse() }])

      expect(changes).toEqual({ created: [], updated: [], deleted: [], unchanged: 3 })
      expect(await sets.get(set.id)).toEqual(set)
      expect(await sent(set.id)).toEqual(["price-set.created"])
    })

    it("notice another title and another priority of a rule", async () => {
      const set = await sets.create(aPriceSet(regional))
      const [priceRule] = regional.rules ?? []
      const prices = [{ ...regional, rules: [{ ...(priceRule as typeof rule), priority: 5 }] }]

      const first = await sets.setPrices([{ priceSetId: set.id, prices }])
      const second = await sets.setPrices([
        { priceSetId: set.id, prices: [{ ...prices[0], title: "New" } as CreatePrice] },
      ])

      expect([first.updated, second.updated]).toEqual([[set.prices[0]?.id], [set.prices[0]?.id]])
      expect((await sets.get(set.id)).prices[0]).toMatchObject({ title: "New", priceRules: [{ priority: 5 }] })
    })

    it("take the same few statements however many they are", async () => {
      const ids = await sets.createMany(
        Array.from({ length: 500 }, () => aPriceSet(aPrice(), aPrice({ minQuantity: 2 }))),
      )
      const prices = (amount: number) => [
        aPrice({ amount }),
        aPrice({ currencyCode: "usd", amount, minQuantity: amount }),
      ]
      const set = (of: string[], amount: number) => () =>
        sets.setPrices(of.map((priceSetId) => ({ priceSetId, prices: prices(amount) })))

      const few = await statementsOf(pricing.database, set(ids.slice(0, 10), 3))
      const lots = await statementsOf(pricing.database, set(ids, 4))
      const none = await statementsOf(pricing.database, set(ids, 4))

      expect(few).toHaveLength(6)
      expect(lots).toEqual(few)
      expect(none).toHaveLength(2)
    })

    it("end with the prices of one caller, when several set them at once", async () => {
      const ids = await sets.createMany([aPriceSet(), aPriceSet()])
      const version = (amount: number) => [
        aPrice({ amount }),
        aPrice({ currencyCode: "usd", amount }),
        aPrice({ minQuantity: amount, amount }),
      ]
      const asked = Array.from({ length: 8 }, (_, index) => {
        const order = index % 2 === 0 ? ids : ids.toReversed()
        return order.map((priceSetId) => ({ priceSetId, prices: version(index + 1) }))
      })

      await Promise.all(asked.map((inputs) => sets.setPrices(inputs)))

      const left = await Promise.all(
        ids.map(async (id) => new Set((await sets.get(id)).prices.map(({ amount }) => amount))),
      )
      expect(left.map(({ size }) => size)).toEqual([1, 1])
      expect(left[0]).toEqual(left[1])
      expect((await sets.get(ids[0] as string)).prices).toHaveLength(3)
    })

    it("are refused when one of them does not exist, or is named twice", async () => {
      const { id } = await sets.create({ prices: [] })
      const prices = [aPrice()]

      const missing = sets.setPrices([
        { priceSetId: id, prices },
        { priceSetId: "pset_none", prices },
      ])
      await expect(missing).rejects.toMatchObject({ code: "resource.not_found", details: { id: "pset_none" } })
      const twice = sets.setPrices([
        { priceSetId: id, prices },
        { priceSetId: id, prices },
      ])
      await expect(twice).rejects.toMatchObject({ code: "input.invalid" })
      expect(await amounts(id)).toEqual([])
    })
  })

  it("are deleted with all their prices, all or none", async () => {
    const [first, second] = (await sets.createMany([aPriceSet(), aPriceSet()])) as [string, string]
    const list = await pricing.priceLists.create(aPriceList({ prices: [aListPrice(first)] }))

    await expect(sets.deleteMany([first, "pset_none"])).rejects.toMatchObject({ code: "resource.not_found" })
    expect((await sets.list()).count).toBe(2)
    await sets.delete(first)

    await expect(sets.get(first)).rejects.toMatchObject({ code: "resource.not_found" })
    await expect(sets.delete(first)).rejects.toMatchObject({ code: "resource.not_found" })
    await expect(sets.addPrices(first, [aPrice()])).rejects.toMatchObject({ code: "resource.not_found" })
    expect((await pricing.priceLists.listPrices(list.id)).count).toBe(0)
    expect(await amounts(second)).toEqual(["eur 10"])
    expect(await sent(first)).toEqual(["price-set.created", "price-set.deleted"])
  })

  it("leave no price behind when they are deleted while a list adds some", async () => {
    const ids = await sets.createMany(Array.from({ length: 10 }, () => aPriceSet()))
    const list = await pricing.priceLists.create(aPriceList())

    const results = await Promise.allSettled(
      ids.flatMap((id) => [pricing.priceLists.addPrices(list.id, [aListPrice(id)]), sets.delete(id)]),
    )

    expect(results.filter((_, index) => index % 2 === 1).every(({ status }) => status === "fulfilled")).toBe(true)
    expect((await pricing.priceLists.listPrices(list.id)).count).toBe(0)
  })

  it("are held before their prices by those who lock some and add others, as they are by those who delete them", async () => {
    for (let round = 0; round < 6; round++) {
      const set = await sets.create(aPriceSet())
      const prices = [aListPrice(set.id, { currencyCode: "usd" })]
      const list = await pricing.priceLists.create(aPriceList({ prices }))
      const [price] = (await pricing.priceLists.listPrices(list.id)).rows
      const id = price?.id as string
      const change = (currencyCode: string) =>
        pricing.database.transaction(async () => {
          await sets.hold([], [id])
          await pricing.priceLists.updatePrices(list.id, [{ id, amount: 1 }])
          await pricing.priceLists.addPrices(list.id, [aListPrice(set.id, { currencyCode })])
        })

      const settled = await Promise.allSettled([change("gbp"), sets.delete(set.id), change("chf")])

      const refused = settled.flatMap((result) => (result.status === "rejected" ? [result.reason as object] : []))
      for (const reason of refused) expect(reason).toMatchObject({ code: "resource.not_found" })
      expect((await pricing.priceLists.listPrices(list.id)).count).toBe(0)
    }
    await expect(sets.hold([], [])).rejects.toThrow(TypeError)
  })

  it("tell nothing that did not happen", async () => {
    const { id } = await sets.create(aPriceSet())

    await pricing.database
      .transaction(async () => {
        await sets.addPrices(id, [regional])
        throw new Error("changed my mind")
      })
      .catch(() => {})

    expect(await amounts(id)).toEqual(["eur 10"])
    expect(await sent(id)).toEqual(["price-set.created"])
  })
})
