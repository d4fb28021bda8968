import { CustomerGroupService } from "@marquetry/customer"
import { salesChannelStockLocation } from "@marquetry/flows"
import { InventoryLevelService } from "@marquetry/inventory"
import { Links } from "@marquetry/kernel"
import { PriceListService } from "@marquetry/pricing"
import { StockLocationService } from "@marquetry/stock-location"
import { StoreService } from "@marquetry/store"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { berlin, customer, list, visitor, type Visitor } from "./buying.ts"
import { addProduct } from "./selling.ts"
import { openShop, type Json, type Shop } from "./shop.ts"

let shop: Shop
let guest: Visitor
beforeAll(async () => {
  shop = await openShop()
  guest = visitor(shop)
})
afterAll(() => shop.drop())

const variantOf = async (productId: string, query: string, as: Visitor = guest) => {
  const { body } = await as.get(
    `/store/products/${productId}?fields=*variants.calculated_price,%2Bvariants.inventory_quantity&${query}`,
  )
  return list(body["product"] as Json, "variants")[0] as Json
}
const priceOf = async (productId: string, query: string, as?: Visitor) =>
  (await variantOf(productId, query, as))["calculated_price"] as Json

describe("a price", () => {
  it("is that of the region, the cart's region, or the store's", async () => {
    const { id } = await guest.cart()
    await shop.container.resolve(StoreService).update(shop.storeId, { defaultRegionId: shop.europe })

    const prices = await Promise.all(
      [`region_id=${shop.europe}`, `cart_id=${id}`, ""].map((query) => priceOf(shop.shirt.id, query)),
    )
    const abroad = await priceOf(shop.shirt.id, `region_id=${shop.japan}&cart_id=${id}`)
    await shop.container.resolve(StoreService).update(shop.storeId, { defaultRegionId: null })
    const nowhere = await guest.get(`/store/products/${shop.shirt.id}?fields=variants.calculated_price`)

    expect(prices).toEqual(
      prices.map(() =>
        expect.objectContaining({
          id: expect.stringMatching(/^pset_/),
          calculated_amount: 15,
          original_amount: 20,
          currency_code: "eur",
          is_calculated_price_price_list: true,
          is_original_price_price_list: false,
          calculated_price: expect.objectContaining({ price_list_type: "sale" }),
          original_price: expect.objectContaining({ price_list_type: null }),
        }),
      ),
    )
    expect(abroad).toBeNull()
    expect([nowhere.status, nowhere.body["code"]]).toEqual([400, "pricing.region_required"])
  })

  it("is that of the customer's groups, on the page and in the cart", async () => {
    const [ada, bob] = [await customer(shop), await customer(shop)]
    const groups = shop.container.resolve(CustomerGroupService)
    const members = await groups.create({ name: "Members" })
    await groups.addCustomers(members.id, [ada.id])
    const before = await priceOf(shop.lamp.id, `region_id=${shop.europe}`)
    const lists = shop.container.resolve(PriceListService)
    const sale = await lists.create({
      title: "For members",
      type: "sale",
      status: "active",
      rules: { "customer.groups.id": [members.id] },
    })
    await lists.addPrices(sale.id, [{ priceSetId: before["id"] as string, currencyCode: "eur", amount: "12" }])

    const query = `region_id=${shop.europe}`
    const seen = await Promise.all([guest, bob, ada].map((as) => priceOf(shop.lamp.id, query, as)))
    const carts = await Promise.all(
      [guest, bob, ada].map((as) => as.cart({ items: [{ variant_id: shop.lamp.variants[0]?.id, quantity: 1 }] })),
    )

    expect(seen.map((price) => price["calculated_amount"])).toEqual([20, 20, 12])
    expect(carts.map((cart) => [cart["total"], list(cart, "items")[0]?.["compare_at_unit_price"]])).toEqual([
      [20, null],
      [20, null],
      [12, 20],
    ])
  })

  it("says what it is with taxes and without, once it is known where it goes", async () => {
    const { id } = await guest.cart({ shipping_address: berlin })
    const europe = `region_id=${shop.europe}`

    const [plain, named, ofCart, untaxed] = await Promise.all(
      [europe, `${europe}&country_code=DE`, `cart_id=${id}`, `${europe}&country_code=fr`].map((query) =>
        priceOf(shop.shirt.id, query),
      ),
    )

    const taxed = {
      calculated_amount_with_tax: 17.85,
      calculated_amount_without_tax: 15,
      original_amount_with_tax: 23.8,
      original_amount_without_tax: 20,
    }
    expect(plain).not.toHaveProperty("calculated_amount_with_tax")
    expect([named, ofCart]).toMatchObject([taxed, taxed])
    expect(untaxed).toMatchObject({ calculated_amount_with_tax: 15, calculated_amount_without_tax: 15 })
  })

  it("of nothing is a price, and none is none", async () => {
    const free = await addProduct(shop, { prices: [{ currencyCode: "eur", amount: "0" }], profile: null })

    const prices = [
      await priceOf(free.product.id, `region_id=${shop.europe}`),
      await priceOf(free.product.id, `region_id=${shop.japan}`),
    ]
    const cart = await guest.cart({ items: [{ variant_id: free.variant, quantity: 2 }], email: "a@b.de" })
    const { body } = await guest.complete(cart.id)

    expect(prices).toEqual([expect.objectContaining({ calculated_amount: 0, original_amount: 0 }), null])
    expect(list(cart, "items")).toMatchObject([{ unit_price: 0, compare_at_unit_price: null }])
    expect(body).toMatchObject({ type: "order", order: { total: 0 } })
  })

  it.each(["region_id=reg_x", "cart_id=cart_x"])("is refused for ?%s", async (query) => {
    const { status, body } = await guest.get(`/store/products?fields=variants.calculated_price&${query}`)

    expect([status, body["type"]]).toEqual([400, "invalid_data"])
  })

  it("is shown of variants alone, too", async () => {
    const query = `fields=id,*calculated_price,inventory_quantity&region_id=${shop.europe}&sku=S-B`

    const { body } = await guest.get(`/store/product-variants?${query}`)

    expect(body["variants"]).toMatchObject([{ calculated_price: { calculated_amount: 15 }, inventory_quantity: 10 }])
  })
})

describe("what is left in stock", () => {
  it("is what the channel's places have, less what is promised", async () => {
    const { product, variant, inventoryItem } = await addProduct(shop, { stock: 8 })
    const query = `region_id=${shop.europe}`
    const before = await variantOf(product.id, query)
    await guest.order({ variant, quantity: 3 })
    const after = await variantOf(product.id, query)
    const elsewhere = await shop.container.resolve(StockLocationService).create({ name: "Elsewhere" })
    await shop.container
      .resolve(InventoryLevelService)
      .setMany([{ inventoryItemId: inventoryItem, locationId: elsewhere.id, stockedQuantity: 100 }])
    const unlinked = await variantOf(product.id, query)
    await shop.container.resolve(Links).add(salesChannelStockLocation, [[shop.web, elsewhere.id]])
    const linked = await variantOf(product.id, query)

    expect([before, after, unlinked, linked].map((row) => row["inventory_quantity"])).toEqual([8, 5, 5, 105])
  })

  it("is left out for what nobody counts", async () => {
    const { product } = await addProduct(shop, { variants: [{ title: "One", manageInventory: false }] })

    expect(await variantOf(product.id, `region_id=${shop.europe}`)).not.toHaveProperty("inventory_quantity")
  })
})
