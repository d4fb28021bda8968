import { statementsOf } from "@marquetry/kernel/testing"
import { PriceSetService } from "@marquetry/pricing"
import { ProductService } from "@marquetry/product"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { ProductFlow, VariantPrices, type CreateProductInput } from "../src/index.ts"
import { aShirt, Catalogue, sizes } from "./catalogue.ts"
import { openShop, type Shop } from "./shop.ts"

let shop: Shop
let flow: ProductFlow
let catalogue: Catalogue

beforeAll(async () => {
  shop = await openShop()
  flow = shop.resolve(ProductFlow)
  catalogue = new Catalogue(shop)
})
afterAll(() => shop.close())

const CALLERS = 12
const atOnce = <T>(call: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: CALLERS }, (_, index) => call(index)))
const euros = (amount: number) => ({ currencyCode: "eur", amount })

describe("callers at once", () => {
  it("who price a product follow each other: it has the prices of one of them", async () => {
    const { id } = await flow.create(aShirt())
    const { variants } = await catalogue.get(id)

    await atOnce((index) => {
      const prices = [euros(100 + index), { ...euros(200 + index), minQuantity: 2 + (index % 3) }]
      return flow.update(id, { variants: variants.map((variant) => ({ id: variant.id, prices })) })
    })

    const [small, medium, ...others] = (await catalogue.get(id)).variants
    const amounts = (variant: typeof small) => variant?.priceSet?.prices.map(({ amount }) => Number(amount)).sort()
    expect(others).toEqual([])
    expect(amounts(small)).toHaveLength(2)
    expect(amounts(small)?.[1]).toBe((amounts(small)?.[0] as number) + 100)
    expect(amounts(medium)).toEqual(amounts(small))
  })

  it("who replace variants leave those of one of them, and nothing of the others", async () => {
    const before = await catalogue.counts()
    const { id } = await flow.create(aShirt())

    await atOnce((index) =>
      flow.update(id, {
        variants: sizes.map((Size) => ({ options: { Size }, sku: `RACE-${index}-${Size}`, prices: [euros(index)] })),
      }),
    )

    const { variants } = await catalogue.get(id)
    expect(new Set(variants.map(({ sku }) => sku?.slice(0, -2)))).toHaveProperty("size", 1)
    expect(await catalogue.counts()).toMatchObject({
      variants: before["variants"]! + 2,
      priceSets: before["priceSets"]! + 2,
      prices: before["prices"]! + 2,
      items: before["items"]! + 2,
      parts: before["parts"]! + 2,
      priced: before["priced"]! + 2,
    })
  })

  it("who change and delete the same products crosswise wait for each other, and never in a circle", async () => {
    for (let round = 0; round < 5; round++) {
      const [first, second] = (await flow.createMany([aShirt(), aShirt()])) as [string, string]

      const settled = await Promise.allSettled([
        flow.batch({ update: [{ id: first, title: "One" }], delete: [second] }),
        flow.batch({ update: [{ id: second, title: "Two" }], delete: [first] }),
      ])

      const refused = settled.filter((result) => result.status === "rejected")
      expect(refused.map(({ reason }) => (reason as { code: string }).code)).toEqual(["resource.not_found"])
      const left = await Promise.all([catalogue.find(first), catalogue.find(second)])
      expect(left.filter((product) => product !== undefined)).toHaveLength(1)
    }
  })

  it("who delete a product do so once", async () => {
    const before = await catalogue.counts()
    const { id } = await flow.create(aShirt())

    const settled = await Promise.allSettled(Array.from({ length: CALLERS }, () => flow.delete(id)))

    expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
    expect(await catalogue.counts()).toEqual(before)
  })

  it("who make products of the same SKUs make one of them", async () => {
    const before = await catalogue.counts()
    const variants = sizes.map((Size) => ({ options: { Size }, sku: `ONCE-${Size}` }))

    const settled = await Promise.allSettled(
      Array.from({ length: CALLERS }, (_, index) =>
        flow.create(aShirt({ variants: index % 2 === 0 ? variants : variants.toReversed() })),
      ),
    )

    const codes = settled.flatMap((result) =>
      result.status === "rejected" ? [(result.reason as { code: string }).code] : [],
    )
    expect(new Set(codes)).toEqual(new Set(["product.sku_taken"]))
    expect(await catalogue.counts()).toMatchObject({ products: before["products"]! + 1, items: before["items"]! + 2 })
  })

  it("who price variants that have no price set yet make one for each", async () => {
    const product = await shop.resolve(ProductService).create(aPlainShirt())
    const variantIds = product.variants.map(({ id }) => id)

    const sets = await atOnce((index) =>
      shop.db.transaction(() =>
        shop.resolve(VariantPrices).setsOf(index % 2 === 0 ? variantIds : variantIds.toReversed()),
      ),
    )

    const found = new Set(sets.flatMap((bySet) => [...bySet.values()]))
    expect(found.size).toBe(2)
    expect((await shop.resolve(PriceSetService).list({ filter: { id: [...found] } })).count).toBe(2)
  })
})

const aPlainShirt = () => ({
  title: "Shirt",
  options: [{ title: "Size", values: [...sizes] }],
  variants: sizes.map((Size) => ({ options: { Size } })),
})

describe("statements", () => {
  const five = ["XS", "S", "M", "L", "XL"]
  let made = 0
  const aFullProduct = (): CreateProductInput => {
    const number = ++made
    return {
      title: `Product ${number}`,
      status: "published",
      options: [{ title: "Size", values: five }],
      images: [{ url: "https://cdn.test/product.png" }],
      shippingProfileId: shop.filled.profileId,
      variants: five.map((Size) => ({
        options: { Size },
        sku: `FULL-${number}-${Size}`,
        prices: [euros(10), { currencyCode: "usd", amount: 11 }],
      })),
    }
  }
  const make = (count: number) => flow.createMany(Array.from({ length: count }, aFullProduct))
  const counted = async (work: () => Promise<unknown>) => (await statementsOf(shop.db, work)).length

  it("are as many for a thousand products of five variants as for one", { timeout: 60_000 }, async () => {
    const one = await counted(() => make(1))
    const thousand = await counted(() => make(1_000))

    expect(thousand).toBe(one)
    expect(one).toBe(24)
    expect(await catalogue.counts()).toMatchObject({ items: expect.toSatisfy((count: number) => count >= 5_005) })
  })

  it("are as many to change and delete fifty products as to change and delete two", async () => {
    const [few, many] = [await make(2), await make(50)]
    const updateOf = async (id: string) => {
      const { variants } = await catalogue.get(id)
      const [first, ...others] = variants.map((variant) => ({ id: variant.id, prices: [euros(12)] }))
      const named = others.slice(1).map(({ id: variantId }) => ({ id: variantId }))
      const size = variants[1]?.title as string
      const added = { options: { Size: size }, sku: variants[1]?.sku as string, prices: [euros(13)] }
      const salesChannels = [{ id: shop.filled.channelId }]
      return { id, salesChannels, shippingProfileId: null, variants: [first!, ...named, added] }
    }
    const [smallUpdates, largeUpdates] = [await Promise.all(few.map(updateOf)), await Promise.all(many.map(updateOf))]

    const changes = [
      await counted(() => flow.updateMany(smallUpdates)),
      await counted(() => flow.updateMany(largeUpdates)),
    ]
    const plain = await counted(() => flow.updateMany(many.map((id) => ({ id, title: "Plain" }))))
    const deletions = [await counted(() => flow.deleteMany(few)), await counted(() => flow.deleteMany(many))]

    expect(plain).toBe(3)
    expect(changes).toEqual([42, 42])
    expect(deletions).toEqual([17, 17])
  })
})
