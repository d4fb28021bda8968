import { ApiKeyService, apiKeyModule } from "@marquetry/api-key"
import { compose, Links, Query, type Composition } from "@marquetry/kernel"
import { createTestDatabase, statementsOf } from "@marquetry/kernel/testing"
import { PriceSetService, pricingModule } from "@marquetry/pricing"
import { ProductService, productModule, productResource } from "@marquetry/product"
import { RegionService, regionModule } from "@marquetry/region"
import { SalesChannelService, salesChannelModule, salesChannelResource } from "@marquetry/sales-channel"
import { StoreService, storeModule } from "@marquetry/store"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import {
  apiKeySalesChannel,
  BuyerRegion,
  calculatedPrice,
  catalogueLinks,
  productSalesChannel,
  registerFlows,
  Storefronts,
  variantPriceSet,
} from "../src/index.ts"

let composition: Composition
let database: Awaited<ReturnType<typeof createTestDatabase>>

beforeAll(async () => {
  database = await createTestDatabase()
  composition = await compose({
    database: database.url,
    modules: [storeModule, salesChannelModule, apiKeyModule, regionModule, productModule, pricingModule],
    links: catalogueLinks,
    computed: [calculatedPrice],
    register: registerFlows,
    events: { relay: false },
  })
  await composition.migrate()
})
afterAll(async () => {
  await composition.close()
  await database.drop()
})

const resolve = <T>(token: abstract new (...args: never[]) => T): T => composition.container.resolve(token as never)

describe("links", () => {
  it("join what is sold, where, by whom and for how much, from both sides, each pair once", async () => {
    const links = resolve(Links)
    const product = await resolve(ProductService).create({ title: "Shirt", variants: [{ title: "One" }] })
    const channel = await resolve(SalesChannelService).create({ name: "Web" })
    const key = await resolve(ApiKeyService).create({ type: "publishable", title: "Web" })
    const [set] = await resolve(PriceSetService).createMany([{}])
    const [variant] = product.variants

    await links.add(productSalesChannel, [[product.id, channel.id]])
    await links.add(productSalesChannel, [[product.id, channel.id]])
    await links.add(apiKeySalesChannel, [[key.id, channel.id]])
    await links.add(variantPriceSet, [[variant?.id as string, set as string]])

    const found = await resolve(Query).get(productResource, product.id, {
      fields: { salesChannels: { id: true }, variants: { priceSet: { id: true } } },
    })
    const sold = await resolve(Query).get(salesChannelResource, channel.id, {
      fields: { products: { id: true }, apiKeys: { id: true } },
    })
    expect(found).toEqual({ salesChannels: [{ id: channel.id }], variants: [{ priceSet: { id: set } }] })
    expect(sold).toEqual({ products: [{ id: product.id }], apiKeys: [{ id: key.id }] })
  })

  it("give a variant one price set, and a price set one variant", async () => {
    const product = await resolve(ProductService).create({
      title: "Pair",
      options: [{ title: "No", values: ["1", "2"] }],
      variants: [{ options: { No: "1" } }, { options: { No: "2" } }],
    })
    const [one, two] = product.variants.map(({ id }) => id) as [string, string]
    const [a, b] = (await resolve(PriceSetService).createMany([{}, {}])) as [string, string]
    await resolve(Links).add(variantPriceSet, [[one, a]])

    await expect(resolve(Links).add(variantPriceSet, [[one, b]])).rejects.toThrow(/./)
    await expect(resolve(Links).add(variantPriceSet, [[two, a]])).rejects.toThrow(/./)
  })
})

describe("a storefront", () => {
  const find = async (token: string) => {
    const storefronts = resolve(Storefronts)
    const key = storefronts.keyOf(token)
    if (key === null) return null
    const { rows } = await resolve(Query).listAny(key.read.resource, key.read.read)
    return storefronts.settle(rows)
  }

  it("sells in the channels of its key that are open", async () => {
    const channels = resolve(SalesChannelService)
    const open = await channels.create({ name: "Open" })
    const closed = await channels.create({ name: "Closed", isDisabled: true })
    const key = await resolve(ApiKeyService).create({ type: "publishable", title: "Two" })
    await resolve(Links).add(apiKeySalesChannel, [
      [key.id, open.id],
      [key.id, closed.id],
    ])

    expect(await find(key.token)).toEqual({ apiKeyId: key.id, salesChannelIds: [open.id] })
    expect((await resolve(ApiKeyService).get(key.id)).lastUsedAt).not.toBeNull()
  })

  it("sells nothing with a key of no channel", async () => {
    const key = await resolve(ApiKeyService).create({ type: "publishable", title: "None" })

    expect(await find(key.token)).toEqual({ apiKeyId: key.id, salesChannelIds: [] })
  })

  it("is none with a key that is unknown, revoked, secret, or no key", async () => {
    const keys = resolve(ApiKeyService)
    const revoked = await keys.create({ type: "publishable", title: "Revoked" })
    await keys.revoke(revoked.id)
    const secret = await keys.create({ type: "secret", title: "Secret" })

    const tokens = [`pk_${"0".repeat(64)}`, revoked.token, secret.token, "", "pk_", "x".repeat(10_000), "pk_\0"]
    expect(await Promise.all(tokens.map(find))).toEqual(tokens.map(() => null))
  })
})

describe("calculated_price", () => {
  let euro: string
  let yen: string
  let storeId: string
  const handles = ["a", "b", "c"]

  beforeAll(async () => {
    const regions = resolve(RegionService)
    euro = (await regions.create({ name: "Europe", currencyCode: "eur", countries: ["de"] })).id
    yen = (await regions.create({ name: "Japan", currencyCode: "jpy", countries: ["jp"] })).id
    storeId = (
      await resolve(StoreService).create({ name: "S", supportedCurrencies: [{ currencyCode: "eur", isDefault: true }] })
    ).id
    const products = await resolve(ProductService).createMany(
      handles.map((handle) => ({ title: handle, handle, variants: [{ title: "One" }] })),
    )
    // The last has a price set without prices, and the first no price set at all.
    const [set, empty] = await resolve(PriceSetService).createMany([
      { prices: [{ currencyCode: "eur", amount: "20" }] },
      {},
    ])
    await resolve(Links).add(variantPriceSet, [
      [products[1]?.variants[0]?.id as string, set as string],
      [products[2]?.variants[0]?.id as string, empty as string],
    ])
  })
  beforeEach(() => resolve(StoreService).update(storeId, { defaultRegionId: null }))

  const prices = async (buyer?: object) => {
    const { rows } = await resolve(Query).listAny("product", {
      fields: { variants: { calculated_price: true } },
      filter: { handle: handles },
      order: { handle: "asc" },
      ...(buyer && { context: { buyer } }),
    })
    return rows.map(
      (row) => (row["variants"] as { calculated_price: { calculatedAmount: string } | null }[])[0]?.calculated_price,
    )
  }

  it("is that of the buyer's region, and null where there is none", async () => {
    expect(await prices({ regionId: euro })).toMatchObject([
      null,
      { calculatedAmount: "20", currencyCode: "eur" },
      null,
    ])
    expect(await prices({ regionId: yen })).toEqual([null, null, null])
  })

  it("is that of the store's default region when the buyer names none", async () => {
    await resolve(StoreService).update(storeId, { defaultRegionId: euro })

    expect(await prices()).toMatchObject([null, { calculatedAmount: "20" }, null])
    expect(await prices({ regionId: yen })).toEqual([null, null, null])
  })

  it("needs a region from somebody", async () => {
    await expect(prices()).rejects.toMatchObject({ code: "pricing.region_required", kind: "invalid" })
    await resolve(StoreService).update(storeId, { defaultRegionId: "reg_gone" })
    await expect(prices()).rejects.toMatchObject({ code: "pricing.region_required" })
  })

  it("refuses a region that there is not", async () => {
    await expect(prices({ regionId: "reg_x" })).rejects.toMatchObject({ code: "query.invalid" })
    expect(await resolve(BuyerRegion).find({})).toBeNull()
  })

  it("takes one statement for all variants of an answer, and one for the region unless that is known", async () => {
    const known = { regionId: euro, currencyCode: "eur" }
    const unknown = await statementsOf(composition.database, () => prices({ regionId: euro }))
    const all = await statementsOf(composition.database, () => prices({ region: known }))

    expect([unknown.length, all.length]).toEqual([3, 2])
  })
})
