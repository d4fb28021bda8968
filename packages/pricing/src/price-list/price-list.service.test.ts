import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { DatesReversed, PriceTaken, startPricing, type CreatePriceList } from "../index.ts"
import { aListPrice, aPriceList, aPriceSet } from "../testing.ts"

type Pricing = Awaited<ReturnType<typeof startPricing>>

describe("price lists", () => {
  let database: TestDatabase
  let pricing: Pricing
  let lists: Pricing["priceLists"]
  let shirt: string
  let mug: string

  beforeAll(async () => {
    database = await createTestDatabase()
    pricing = await startPricing({ database: database.url, events: { relay: false } })
    await pricing.migrate()
    lists = pricing.priceLists
  })

  beforeEach(async () => {
    await pricing.database.run(`truncate "pricing"."price_set", "pricing"."price_list" cascade`)
    ;[shirt, mug] = (await pricing.priceSets.createMany([aPriceSet(), aPriceSet()])) as [string, string]
  })

  afterAll(async () => {
    await pricing.close()
    await database.drop()
  })

  const pricesOf = async (id: string) => {
    const { rows } = await lists.listPrices(id)
    return rows.map(({ priceSetId, amount }) => `${priceSetId === shirt ? "shirt" : "mug"} ${amount}`)
  }
  const sent = async (id: string) => {
    const rows = await pricing.database.sql<{ name: string }>(
      `select name from "marquetry"."outbox" where aggregate_id = $1 order by sequence`,
      [id],
    )
    return rows.map(({ name }) => name)
  }

  it("keep what they were made with", async () => {
    const list = await lists.create({
      title: " Members ",
      description: "Cheaper for members",
      type: "override",
      status: "active",
      startsAt: "2026-06-01T02:00:00+02:00",
      endsAt: new Date("2026-07-01T00:00:00Z"),
      rules: { region_id: ["reg_2", "reg_1", "reg_2"], "customer.groups.id": ["cusgroup_1"] },
      metadata: { campaign: 7 },
      prices: [aListPrice(shirt, { amount: "8.00" }), aListPrice(mug)],
    })

    expect(list).toMatchObject({
      title: "Members",
      description: "Cheaper for members",
      type: "override",
      status: "active",
      startsAt: "2026-06-01T00:00:00.000Z",
      endsAt: "2026-07-01T00:00:00.000Z",
      rulesCount: 2,
      metadata: { campaign: 7 },
      deletedAt: null,
    })
    expect(list.priceListRules.map(({ attribute, value }) => [attribute, value])).toEqual([
      ["customer.groups.id", ["cusgroup_1"]],
      ["region_id", ["reg_1", "reg_2"]],
    ])
    expect(await lists.get(list.id)).toEqual(list)
    expect(await pricesOf(list.id)).toEqual(["shirt 8", "mug 8"])
    expect(await sent(list.id)).toEqual(["price-list.created"])
  })

  it("are sales in draft, without bounds, unless said", async () => {
    const list = await lists.create({ title: "Later" })

    expect(list).toMatchObject({
      type: "sale",
      status: "draft",
      startsAt: null,
      endsAt: null,
      rulesCount: 0,
      description: "",
    })
  })

  it("change what is named, and leave the rest", async () => {
    const { id } = await lists.create(aPriceList({ rules: { region_id: ["reg_1"] }, prices: [aListPrice(shirt)] }))

    const renamed = await lists.update(id, { title: "Winter sale", endsAt: "2027-01-01T00:00:00Z" })
    const open = await lists.update(id, { rules: {}, status: "draft" })

    expect(renamed).toMatchObject({
      title: "Winter sale",
      status: "active",
      endsAt: "2027-01-01T00:00:00.000Z",
      rulesCount: 1,
    })
    expect(open).toMatchObject({ title: "Winter sale", status: "draft", rulesCount: 0, priceListRules: [] })
    expect(await pricesOf(id)).toEqual(["shirt 8"])
    expect(await sent(id)).toEqual(["price-list.created", "price-list.updated", "price-list.updated"])
  })

  it("cannot end before they start, neither when made nor when changed", async () => {
    const dates = { startsAt: "2026-06-02T00:00:00Z", endsAt: "2026-06-01T00:00:00Z" }
    const { id } = await lists.create(aPriceList({ startsAt: dates.startsAt }))

    await expect(lists.create(aPriceList(dates))).rejects.toThrow(DatesReversed)
    await expect(lists.update(id, { endsAt: dates.endsAt })).rejects.toThrow(DatesReversed)
    expect((await lists.get(id)).endsAt).toBeNull()
  })

  it.each<[string, object]>([
    ["an empty title", { title: " " }],
    ["a status that there is not", { status: "expired" }],
    ["a type that there is not", { type: "discount" }],
    ["a date that is none", { startsAt: "tomorrow" }],
    ["a rule without values", { rules: { region_id: [] } }],
    ["a field that there is not", { colour: "red" }],
  ])("are refused with %s", async (_, fault) => {
    await expect(lists.create({ ...aPriceList(), ...fault } as CreatePriceList)).rejects.toMatchObject({
      code: "input.invalid",
    })
  })

  it("add, change and remove prices of any sets", async () => {
    const { id } = await lists.create(aPriceList())

    const [first, second] = (await lists.addPrices(id, [aListPrice(shirt), aListPrice(mug, { amount: 5 })])) as [
      string,
      string,
    ]
    await lists.updatePrices(id, [{ id: second, amount: "4.5" }])
    await lists.removePrices(id, [first])

    expect(await pricesOf(id)).toEqual(["mug 4.5"])
    expect(await sent(id)).toEqual(["price-list.created", ...Array.from({ length: 3 }, () => "price-list.updated")])
  })

  it("take the same few statements for any number of lists and prices", async () => {
    const ids = await pricing.priceSets.createMany(Array.from({ length: 200 }, () => aPriceSet()))
    const make = (of: string[], count: number) => () =>
      lists.createMany(Array.from({ length: count }, () => aPriceList({ prices: of.map((id) => aListPrice(id)) })))

    const few = await statementsOf(pricing.database, make(ids.slice(0, 2), 2))
    const lots = await statementsOf(pricing.database, make(ids, 20))

    expect(few).toHaveLength(4)
    expect(lots).toEqual(few)
  })

  it("have one price of a kind per set, and as many lists may have it", async () => {
    const [first, second] = (await lists.createMany([aPriceList(), aPriceList()])) as [string, string]
    await lists.addPrices(first, [aListPrice(shirt)])

    await lists.addPrices(second, [aListPrice(shirt)])

    await expect(lists.addPrices(first, [aListPrice(mug), aListPrice(shirt, { amount: 1 })])).rejects.toThrow(
      PriceTaken,
    )
    expect(await pricesOf(first)).toEqual(["shirt 8"])
  })

  it("change and remove prices of their own only", async () => {
    const [first, second] = (await lists.createMany([aPriceList(), aPriceList()])) as [string, string]
    const [price] = (await lists.addPrices(first, [aListPrice(shirt)])) as [string]
    const notFound = { code: "resource.not_found", details: { resource: "Price", id: price } }

    await expect(lists.updatePrices(second, [{ id: price, amount: 1 }])).rejects.toMatchObject(notFound)
    await expect(lists.removePrices(second, [price])).rejects.toMatchObject(notFound)
    expect(await pricesOf(first)).toEqual(["shirt 8"])
  })

  it("forget price sets, whoever else does so at once, and leave base prices and other lists alone", async () => {
    const [first, second] = (await lists.createMany([
      aPriceList({ prices: [aListPrice(shirt), aListPrice(shirt, { minQuantity: 3 }), aListPrice(mug)] }),
      aPriceList({ prices: [aListPrice(shirt)] }),
    ])) as [string, string]

    await Promise.all([lists.removePriceSets(first, [shirt, "pset_none"]), lists.removePriceSets(first, [shirt])])

    expect(await pricesOf(first)).toEqual(["mug 8"])
    expect(await pricesOf(second)).toEqual(["shirt 8"])
    expect((await pricing.priceSets.get(shirt)).prices).toHaveLength(2)
    await expect(lists.removePriceSets("plist_none", [shirt])).rejects.toMatchObject({ code: "resource.not_found" })
  })

  it("have prices only of sets that there are", async () => {
    const { id } = await lists.create(aPriceList())
    await pricing.priceSets.delete(mug)

    for (const set of [mug, "pset_none"]) {
      await expect(lists.addPrices(id, [aListPrice(shirt), aListPrice(set)])).rejects.toMatchObject({
        code: "resource.not_found",
        details: { resource: "Price set", id: set },
      })
    }
    expect(await pricesOf(id)).toEqual([])
  })

  it("are deleted with their prices, and the base prices stay", async () => {
    const { id } = await lists.create(aPriceList({ prices: [aListPrice(shirt)] }))

    await lists.delete(id)

    const notFound = { code: "resource.not_found" }
    await expect(lists.get(id)).rejects.toMatchObject(notFound)
    await expect(lists.delete(id)).rejects.toMatchObject(notFound)
    await expect(lists.update(id, { title: "x" })).rejects.toMatchObject(notFound)
    await expect(lists.addPrices(id, [aListPrice(mug)])).rejects.toMatchObject(notFound)
    expect(await pricesOf(id)).toEqual([])
    expect((await pricing.priceSets.get(shirt)).prices.map(({ amount }) => amount)).toEqual(["10"])
    expect(await sent(id)).toEqual(["price-list.created", "price-list.deleted"])
  })

  it("are found by the beginning of words, by status and by dates", async () => {
    await lists.create(aPriceList({ title: "Summer sale", startsAt: "2026-06-01T00:00:00Z" }))
    await lists.create({ title: "Winter", description: "Everything for summer houses" })

    expect((await lists.list({ q: "summ" })).count).toBe(2)
    expect((await lists.list({ q: "summ", filter: { status: "active" } })).count).toBe(1)
    expect((await lists.list({ filter: { startsAt: { $gt: "2026-05-01T00:00:00Z" } } })).count).toBe(1)
  })
})
