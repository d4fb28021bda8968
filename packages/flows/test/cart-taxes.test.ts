import { PricePreferenceService } from "@marquetry/pricing"
import { RegionService } from "@marquetry/region"
import { TaxRegionService, TaxRateService, type TaxableSale, type TaxProvider } from "@marquetry/tax"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { openShop, type Shop } from "./shop.ts"

let shop: Shop

/** Stands for a tax service at the other end of a wire. */
const service = {
  asked: [] as TaxableSale[],
  inTransaction: [] as boolean[],
  fails: false,
  /** What happens while it thinks. */
  meanwhile: async (): Promise<unknown> => undefined,
}
const taxService: TaxProvider = {
  id: "tp_service",
  asksOutside: true,
  taxLines: async (sale) => {
    service.asked.push(sale)
    service.inTransaction.push(shop.db.inTransaction)
    if (service.fails) throw new Error("The service is down")
    await service.meanwhile()
    const line = { rate: 10, code: "SVC", name: `For ${sale.items.length}`, taxRateId: null }
    return {
      items: new Map(sale.items.map(({ id }) => [id, [line]])),
      shippingMethods: new Map(sale.shippingMethods.map(({ id }) => [id, [line]])),
    }
  },
}

let usa: string
let outside: string

beforeAll(async () => {
  shop = await openShop({ taxProviders: [taxService] })
  const regions = shop.resolve(RegionService)
  usa = (await regions.create({ name: "America", currencyCode: "usd", countries: ["us", "ca"] })).id
  outside = (await regions.create({ name: "Outside", currencyCode: "usd", countries: ["br"] })).id
  await shop
    .resolve(TaxRegionService)
    .createMany([
      { countryCode: "us" },
      { countryCode: "us", provinceCode: "us-ca", defaultTaxRate: { rate: "7.25", name: "California" } },
      { countryCode: "br", providerId: "tp_service" },
    ])
})
beforeEach(() => {
  Object.assign(service, { asked: [], inTransaction: [], fails: false, meanwhile: async () => undefined })
})
afterAll(() => shop.close())

const code = (text: string) => expect.objectContaining({ code: text })
const everywhere = [
  { currencyCode: "eur", amount: 10 },
  { currencyCode: "usd", amount: "12.34" },
]
const make = (variantId: string, quantity = 1, more: object = {}) =>
  shop.flow.create({ items: [{ variantId, quantity }], ...more }, shop.shopper)

describe("taxes", () => {
  it("are in prices or on top of them, with the same result", async () => {
    const { variantId: net } = await shop.addProduct({ prices: [{ currencyCode: "usd", amount: 100 }] })
    const gross = await shop.addProduct({
      prices: [
        { currencyCode: "usd", amount: 5 },
        { currencyCode: "usd", amount: "107.25", rules: [{ attribute: "region_id", value: usa }] },
      ],
    })
    await shop.resolve(PricePreferenceService).set({ attribute: "region_id", value: usa, isTaxInclusive: true })
    const address = { countryCode: "us", province: "us-ca" }
    const items = [net, gross.variantId].map((variantId) => ({ variantId, quantity: 1 }))

    const id = await shop.flow.create({ regionId: usa, items, shippingAddress: address }, shop.shopper)

    const cart = await shop.cart(id)
    expect(
      cart.items.map(({ isTaxInclusive, subtotal, taxTotal, total }) => [isTaxInclusive, subtotal, taxTotal, total]),
    ).toEqual([
      [false, "100", "7.25", "107.25"],
      [true, "100", "7.25", "107.25"],
    ])
  })

  it.each([
    ["us-ca", "0.89"],
    ["CA", "0.89"],
    ["ny", "0"],
    ["", "0"],
    [null, "0"],
  ])("are those of province %j", async (province, taxTotal) => {
    const { variantId } = await shop.addProduct({ prices: everywhere })

    const id = await make(variantId, 1, { regionId: usa, shippingAddress: { countryCode: "us", province } })

    expect(await shop.cart(id)).toMatchObject({ taxTotal })
  })

  it("follow rules for products and shipping options", async () => {
    const { product, variantId } = await shop.addProduct()
    const taxRegions = await shop.resolve(TaxRegionService).list({ filter: { countryCode: "de" } })
    const rate = (name: string, percent: number, reference: "product" | "shipping_option", referenceId: string) =>
      shop.resolve(TaxRateService).create({
        taxRegionId: taxRegions.rows[0]?.id as string,
        name,
        rate: percent,
        rules: [{ reference, referenceId }],
      })
    const reduced = await rate("Reduced", 7, "product", product.id)
    const free = await rate("Free", 0, "shipping_option", shop.filled.shippingOptionId)

    const id = await shop.readyCart(variantId)

    await shop.resolve(TaxRateService).deleteMany([reduced.id, free.id])
    expect(await shop.cart(id)).toMatchObject({
      items: [{ total: "10.7", taxLines: [{ description: "Reduced" }] }],
      shippingMethods: [{ total: "5", taxLines: [{ description: "Free", rate: "0" }] }],
    })
  })

  it("wait to be asked for in a region that does not compute them by itself", async () => {
    const manual = await shop
      .resolve(RegionService)
      .create({ name: "By hand", currencyCode: "usd", countries: ["mx"], automaticTaxes: false })
    await shop.resolve(TaxRegionService).create({ countryCode: "mx", defaultTaxRate: { rate: 16, name: "IVA" } })
    const { variantId } = await shop.addProduct({ prices: [{ currencyCode: "usd", amount: 100 }] })
    const id = await make(variantId, 1, { regionId: manual.id })

    expect(await shop.cart(id)).toMatchObject({ total: "100" })
    await shop.flow.computeTaxes(id, shop.shopper)
    expect(await shop.cart(id)).toMatchObject({ total: "116" })
    await shop.flow.refresh(id, shop.shopper)
    expect(await shop.cart(id)).toMatchObject({ total: "116" })
  })

  describe("of a service outside", () => {
    const open = async () => {
      const { variantId } = await shop.addProduct({ prices: everywhere, stock: null })
      return { variantId, id: await make(variantId, 1, { regionId: outside, email: "br@example.com" }) }
    }

    it("are in the cart with the change that they are for; nothing is held while it is asked", async () => {
      const { id, variantId } = await open()
      const collection = await shop.payments.collectionOf(id, shop.shopper)

      await shop.flow.addItems(id, [{ variantId, quantity: 1, metadata: { two: 2 } }], shop.shopper)

      const cart = await shop.cart(id)
      expect(cart).toMatchObject({ total: "27.14", items: [{ taxLines: [{ description: "For 2" }] }, {}] })
      expect(
        await shop.composition.query.listAny("payment_collection", {
          fields: { amount: true },
          filter: { id: collection },
        }),
      ).toMatchObject({ rows: [{ amount: "27.14" }] })
      expect(service.asked.map(({ items }) => items.length)).toEqual([1, 2])
      expect(service.inTransaction).toEqual([false, false])
      expect(service.asked[1]).toMatchObject({ address: { countryCode: "br" }, customer: { email: "br@example.com" } })
    })

    it("keep a change from being made when the service fails", async () => {
      const { id, variantId } = await open()
      const before = await shop.cart(id)
      service.fails = true

      await expect(shop.flow.addItems(id, [{ variantId, quantity: 1 }], shop.shopper)).rejects.toThrow("down")
      await expect(open()).rejects.toThrow("down")

      expect(await shop.cart(id)).toEqual(before)
    })

    it("are asked for again when another changed the cart meanwhile", async () => {
      const { id, variantId } = await open()
      const add = (metadata: Record<string, boolean>) =>
        shop.flow.addItems(id, [{ variantId, quantity: 1, metadata }], shop.shopper)
      service.meanwhile = async () => {
        service.meanwhile = async () => undefined
        await add({ other: true })
      }

      await add({ own: true })

      const { items, total } = await shop.cart(id)
      expect(items.map(({ taxLines }) => taxLines.map(({ description }) => description))).toEqual([
        ["For 3"],
        ["For 3"],
        ["For 3"],
      ])
      expect(total).toBe("40.71")
    })

    it("are given up when the cart never stays as it is", async () => {
      const { id, variantId } = await open()
      let others = 0
      service.meanwhile = async () => {
        others++
        await shop.sql(`update "cart"."cart_line_item" set quantity = quantity + 1 where cart_id = $1`, [id])
      }

      const adding = shop.flow.addItems(id, [{ variantId, quantity: 1 }], shop.shopper)

      await expect(adding).rejects.toThrow(code("cart.changed_meanwhile"))
      expect(others).toBe(4)
    })
  })
})
