import { CustomerGroupService } from "@marquetry/customer"
import { Query } from "@marquetry/kernel"
import { statementsOf } from "@marquetry/kernel/testing"
import { PriceListService } from "@marquetry/pricing"
import { ProductService } from "@marquetry/product"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { CreatePriceListInput, PriceListFlow, ProductFlow, VariantFlow } from "../src/index.ts"
import { aShirt, Catalogue } from "./catalogue.ts"
import { openShop, type Shop } from "./shop.ts"

let shop: Shop
let products: ProductFlow
let flow: PriceListFlow
let catalogue: Catalogue
let family: string
let friends: string

beforeAll(async () => {
  shop = await openShop()
  products = shop.resolve(ProductFlow)
  flow = shop.resolve(PriceListFlow)
  catalogue = new Catalogue(shop)
  const groups = await shop.resolve(CustomerGroupService).createMany([{ name: "Family" }, { name: "Friends" }])
  ;[family, friends] = groups.map(({ id }) => id).toSorted() as [string, string]
})
afterAll(() => shop.close())

/** Ids of a shirt and of its variants. */
async function aProduct(): Promise<{ id: string; small: string; medium: string }> {
  const { id } = await products.create(aShirt())
  const [small, medium] = (await catalogue.get(id)).variants.map((variant) => variant.id) as [string, string]
  return { id, small, medium }
}

/** Prices of a list as the Admin API reads them: with the variants that they are for. */
async function pricesOf(id: string): Promise<[variantId: string, amount: string, priceId: string][]> {
  const { rows } = await shop.resolve(Query).listAny("price", {
    fields: { id: true, amount: true, priceSet: { variant: { id: true } } },
    filter: { priceListId: id },
  })
  const prices = rows as unknown as { id: string; amount: string; priceSet: { variant: { id: string } } }[]
  return prices.map(({ id: priceId, amount, priceSet }) => [priceSet.variant.id, amount, priceId])
}
const inShort = async (id: string) => (await pricesOf(id)).map(([variantId, amount]) => [variantId, amount])

const price = (variantId: string, amount: number) => ({ variantId, currencyCode: "eur", amount })
const aSale = (prices: CreatePriceListInput["prices"] = []): CreatePriceListInput => ({ title: "Sale", prices })

describe("a price list", () => {
  it("is not among the prices of a variant, and says its rules in short, as its prices do", async () => {
    const { id, small } = await aProduct()
    const rules = { region_id: shop.filled.regionId }
    const lists = { title: "Sale", rules: { "customer.groups.id": [family] } }
    const { id: listId } = await flow.create({ ...lists, prices: [{ ...price(small, 8), rules }] })
    const query = shop.resolve(Query)
    const variants = { fields: { id: true, prices: true }, filter: { productId: id } } as const

    const sent = await statementsOf(shop.composition.database, () => query.listAny("product_variant", variants))
    const { rows } = await query.listAny("product_variant", variants)
    const onWire = await query.listAny("product_variant", { ...variants, names: "wire" })
    const ofList = await query.listAny("price", {
      fields: { variant_id: true, rules: true },
      filter: { priceListId: listId },
    })
    const list = await query.listAny("price_list", { fields: { rules: true }, filter: { id: listId } })

    expect(sent).toHaveLength(2)
    expect(rows[0]).toMatchObject({
      id: small,
      prices: [
        { amount: "10", currencyCode: "eur", priceListId: null, variantId: small, rules: {}, priceRules: [] },
        { amount: "11", currencyCode: "usd" },
      ],
    })
    expect(onWire.rows[0]).toMatchObject({
      prices: [{ amount: 10, currency_code: "eur", variant_id: small, rules: {} }, {}],
    })
    expect(ofList.rows).toMatchObject([{ variant_id: small, rules }])
    expect(list.rows).toMatchObject([{ rules: lists.rules }])
  })

  it("has prices for variants, beside their own", async () => {
    const { id, small, medium } = await aProduct()

    const { id: listId } = await flow.create({
      ...aSale([price(small, 8), { ...price(medium, 7), rules: { region_id: shop.filled.regionId }, minQuantity: 2 }]),
      rules: { "customer.groups.id": [friends, family] },
      startsAt: "2026-06-01T00:00:00Z",
    })

    expect(await inShort(listId)).toEqual([
      [small, "8"],
      [medium, "7"],
    ])
    expect(await shop.resolve(PriceListService).get(listId)).toMatchObject({
      startsAt: "2026-06-01T00:00:00.000Z",
      priceListRules: [{ attribute: "customer.groups.id", value: [family, friends] }],
    })
    const listed = `M 7 eur from 2 region_id=${shop.filled.regionId} listed`
    expect(await catalogue.pricesOf(id)).toEqual([
      "M 10 eur",
      "M 11 usd",
      listed,
      "S 10 eur",
      "S 11 usd",
      "S 8 eur listed",
    ])
  })

  it("takes what its schema has checked already", async () => {
    const { small } = await aProduct()
    const input = {
      ...aSale([price(small, 8)]),
      rules: { "customer.groups.id": [family] },
      endsAt: "2027-01-01T00:00:00Z",
    }

    const { id: listId } = await flow.create(CreatePriceListInput.parse(input))

    expect(await inShort(listId)).toEqual([[small, "8"]])
  })

  it("is changed but for its prices, and names no groups and regions in its rules that there are not", async () => {
    const { small } = await aProduct()
    const { id: listId } = await flow.create({ ...aSale([price(small, 8)]), rules: { "customer.groups.id": [family] } })
    const rules = { "customer.groups.id": [friends], anything: ["else"] }

    await flow.update(listId, { title: "Late sale" })
    await flow.update(listId, { rules })

    for (const [attribute, resource] of [
      ["customer.groups.id", "customer_group"],
      ["region_id", "region"],
    ] as const) {
      const unknown = { code: "reference.unknown", details: { resource, ids: ["none"] } }
      await expect(flow.update(listId, { rules: { [attribute]: ["none"] } })).rejects.toMatchObject(unknown)
      await expect(flow.create({ title: "None", rules: { [attribute]: ["none"] } })).rejects.toMatchObject(unknown)
    }
    const { title, priceListRules } = await shop.resolve(PriceListService).get(listId)
    expect(title).toBe("Late sale")
    expect(Object.fromEntries(priceListRules.map(({ attribute, value }) => [attribute, value]))).toEqual(rules)
    expect(await inShort(listId)).toEqual([[small, "8"]])
    await expect(flow.update("plist_none", { title: "None" })).rejects.toMatchObject({ code: "resource.not_found" })
  })

  it("changes prices while their variants are deleted, and nobody waits in a circle", async () => {
    for (let round = 0; round < 6; round++) {
      const { id, small } = await aProduct()
      const { id: listId } = await flow.create(aSale([price(small, 8)]))
      const [[, , priceId]] = (await pricesOf(listId)) as [[string, string, string]]
      const change = (index: number) =>
        flow.batch(listId, {
          update: [{ id: priceId, amount: index }],
          create: [{ ...price(small, 5), minQuantity: 2 + index }],
        })

      const settled = await Promise.allSettled([change(1), products.delete(id), change(2), change(3)])

      const refused = settled.flatMap((result) =>
        result.status === "rejected" ? [result.reason as { code: string }] : [],
      )
      for (const { code } of refused) expect(["resource.not_found", "reference.unknown"]).toContain(code)
      expect(await pricesOf(listId)).toEqual([])
    }
  })

  it("gets, changes and loses prices in one, all or none", async () => {
    const { small, medium } = await aProduct()
    const { id: listId } = await flow.create(aSale([price(small, 8), price(medium, 7)]))
    const [[, , first], [, , second]] = (await pricesOf(listId)) as [[string, string, string], [string, string, string]]

    // The new one is of the same kind as the one that goes.
    const result = await flow.batch(listId, {
      create: [price(small, 5)],
      update: [{ id: second, variantId: medium, amount: "6.5" }],
      delete: [first],
    })

    expect(result).toEqual({ created: [expect.stringMatching(/^price_/)], updated: [second], deleted: [first] })
    expect(await inShort(listId)).toEqual([
      [medium, "6.5"],
      [small, "5"],
    ])
    const before = await pricesOf(listId)
    await expect(
      flow.batch(listId, { delete: [second], create: [price(medium, 1), price(medium, 1)] }),
    ).rejects.toMatchObject({ code: "pricing.price_taken" })
    await expect(flow.batch(listId, { update: [{ id: second, variantId: small, amount: 1 }] })).rejects.toMatchObject({
      code: "reference.unknown",
      details: { resource: "price", ids: [second] },
    })
    await expect(flow.batch(listId, { delete: [first] })).rejects.toMatchObject({ code: "resource.not_found" })
    await expect(flow.batch("plist_none", { create: [price(small, 1)] })).rejects.toMatchObject({
      code: "resource.not_found",
    })
    expect(await pricesOf(listId)).toEqual(before)
  })

  it.each([
    ["product_variant", { variantId: "variant_none" }, "variant_none"],
    ["region", { rules: { region_id: "reg_none" } }, "reg_none"],
  ])("names no %s that there is not", async (resource, fault, id) => {
    const { small } = await aProduct()
    const lists = () => shop.resolve(PriceListService).list({ limit: 1 })
    const { count } = await lists()

    await expect(flow.create(aSale([price(small, 8), { ...price(small, 9), ...fault }]))).rejects.toMatchObject({
      code: "reference.unknown",
      details: { resource, ids: [id] },
    })

    expect((await lists()).count).toBe(count)
  })

  it("forgets products, whoever else has it do so, and leaves their own prices", async () => {
    const [one, two] = [await aProduct(), await aProduct()]
    const { id: listId } = await flow.create(aSale([price(one.small, 8), price(one.medium, 7), price(two.small, 6)]))

    await Promise.all(Array.from({ length: 5 }, () => flow.removeProducts(listId, [one.id, "prod_none"])))

    expect(await inShort(listId)).toEqual([[two.small, "6"]])
    expect(await catalogue.pricesOf(one.id)).toHaveLength(4)
    await expect(flow.removeProducts("plist_none", [one.id])).rejects.toMatchObject({ code: "resource.not_found" })
  })

  it("loses the prices of variants that are deleted", async () => {
    const { id, small, medium } = await aProduct()
    const { id: listId } = await flow.create(aSale([price(small, 8), price(medium, 7)]))

    await shop.resolve(VariantFlow).delete(id, small)

    expect(await inShort(listId)).toEqual([[medium, "7"]])
  })

  it("makes the price sets of variants that have none, once, for callers at once", async () => {
    const product = await shop.resolve(ProductService).create({ title: "Plain", variants: [{}] })
    const variantId = product.variants[0]!.id

    const lists = await Promise.all(
      Array.from({ length: 8 }, (_, index) => flow.create(aSale([price(variantId, index)]))),
    )

    const sets = await shop.sql<{ count: number }>(
      `select count(distinct price_set_id)::int as count from "pricing"."price" where price_list_id = any($1::text[])`,
      [lists.map((list) => list.id)],
    )
    expect(sets).toEqual([{ count: 1 }])
  })

  it("takes as many statements for two hundred prices as for two", async () => {
    const ids = await products.createMany(Array.from({ length: 100 }, () => aShirt()))
    const rows = await shop.sql<{ id: string }>(
      `select id from "product"."product_variant" where product_id = any($1::text[])`,
      [ids],
    )
    const prices = rows.map((row) => price(row.id, 3))
    const make = (count: number) => () => flow.create(aSale(prices.slice(0, count)))

    const few = await statementsOf(shop.db, make(2))
    const many = await statementsOf(shop.db, make(200))

    expect(many).toEqual(few)
    expect(few).toHaveLength(6)
  })
})
