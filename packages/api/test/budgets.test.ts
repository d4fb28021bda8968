import { StoreService } from "@marquetry/store"
import { statementsOf } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { berlin, customer, list, visitor, type Visitor } from "./buying.ts"
import { addProduct } from "./selling.ts"
import { openShop, type Json, type Shop } from "./shop.ts"

let shop: Shop
let guest: Visitor
let ada: Visitor
/** 51 variants that the shop sells. */
let variants: readonly string[]
beforeAll(async () => {
  shop = await openShop({ stock: 1_000 })
  guest = visitor(shop)
  ada = await customer(shop)
  const values = Array.from({ length: 51 }, (_, index) => `${index}`)
  const made = await addProduct(shop, {
    title: "Screw",
    stock: 100,
    options: [{ title: "Length", values }],
    variants: values.map((value) => ({ options: { Length: value } })),
  })
  variants = made.variants
  await shop.container.resolve(StoreService).update(shop.storeId, { defaultRegionId: shop.europe })
})
afterAll(() => shop.drop())

/** How many statements a request takes, that it answers with 200; those of the second time, when nothing is prepared anew. */
async function cost(ask: () => Promise<{ status: number; text: string; body: Json }>): Promise<number> {
  const statuses: number[] = []
  const statements = await statementsOf(shop.composition.database, async () => {
    statuses.push((await ask()).status)
  })
  expect(statuses).toEqual([200])
  return statements.length
}

const items = (count: number) => variants.slice(0, count).map((id) => ({ variant_id: id, quantity: 1 }))
const cartOf = async (lines: number, as: Visitor) =>
  (await as.cart({ items: items(lines), email: "a@b.de", shipping_address: berlin })).id
const readyCartOf = async (lines: number, as: Visitor) => {
  const id = await cartOf(lines, as)
  await as.done(as.post(`/store/carts/${id}/shipping-methods`, { option_id: shop.shippingOption }))
  await as.pay(id)
  return id
}

describe.each([
  ["a guest", () => guest],
  ["a customer", () => ada],
])("for %s", (_, whose) => {
  it.each([[1], [20]])("a cart with %i items takes 10 statements at most", async (lines) => {
    const body = { items: items(lines), email: "new@example.com", shipping_address: berlin }

    expect(await cost(() => whose().post("/store/carts", { region_id: shop.europe, ...body }))).toBeLessThanOrEqual(10)
    expect(await cost(() => whose().post("/store/carts", body))).toBeLessThanOrEqual(10)
  })

  it.each([[0], [20], [50]])(
    "adding a line to %i takes 12 at most, and the last as many as the first",
    async (lines) => {
      const id = await cartOf(lines, whose())
      const sent = await readyCartOf(Math.max(lines, 1), whose())
      const add = (cart: string) => () =>
        whose().post(`/store/carts/${cart}/line-items`, { variant_id: variants.at(-1), quantity: 1 })

      expect(await cost(add(id))).toBeLessThanOrEqual(12)
      expect(await cost(add(sent))).toBeLessThanOrEqual(12)
    },
  )

  it("setting addresses and e-mail address takes 10 at most", async () => {
    const body = { email: "other@example.com", shipping_address: berlin, billing_address: berlin }

    for (const id of [await cartOf(20, whose()), await readyCartOf(20, whose())]) {
      expect(await cost(() => whose().post(`/store/carts/${id}`, body))).toBeLessThanOrEqual(10)
    }
  })

  it("getting a cart takes 4 at most, as the starter asks for it too", async () => {
    const id = await readyCartOf(50, whose())
    const fields =
      "*items, *region, *items.product, *items.variant, *items.thumbnail, *items.metadata, +items.total, *promotions, +shipping_methods.name"

    expect(await cost(() => whose().get(`/store/carts/${id}`))).toBeLessThanOrEqual(4)
    expect(
      await cost(() => whose().get(`/store/carts/${id}?fields=${encodeURIComponent(fields)}`)),
    ).toBeLessThanOrEqual(4)
  })

  it.each([[1], [50]])("completing one with %i lines takes 25 at most, and asking again a few", async (lines) => {
    const id = await readyCartOf(lines, whose())

    expect(await cost(() => whose().complete(id))).toBeLessThanOrEqual(25)
    expect(await cost(() => whose().complete(id))).toBeLessThanOrEqual(6)
  })

  it("the ways to send and to pay take few", async () => {
    const id = await cartOf(20, whose())
    const url = `/store/carts/${id}/shipping-methods`

    expect(await cost(() => whose().get(`/store/shipping-options?cart_id=${id}`))).toBeLessThanOrEqual(8)
    expect(await cost(() => whose().post(url, { option_id: shop.shippingOption }))).toBeLessThanOrEqual(14)
    expect(await cost(() => whose().post("/store/payment-collections", { cart_id: id }))).toBeLessThanOrEqual(6)
    const collection = (await whose().pay(id)).id
    const session = { provider_id: "pp_system_default" }
    expect(
      await cost(() => whose().post(`/store/payment-collections/${collection}/payment-sessions`, session)),
    ).toBeLessThanOrEqual(6)
    expect(await cost(() => whose().get(`/store/payment-providers?region_id=${shop.europe}`))).toBe(1)
  })
})

describe("products", () => {
  const prices = "*variants.calculated_price,+variants.inventory_quantity,*variants.images,+metadata,+tags,"

  it("one with prices and stock takes 5 statements at most, with taxes too", async () => {
    const url = `/store/products/${shop.shirt.id}?fields=${encodeURIComponent(prices)}`
    const cart = await cartOf(1, guest)

    expect(await cost(() => guest.get(`${url}&region_id=${shop.europe}`))).toBeLessThanOrEqual(5)
    expect(await cost(() => ada.get(`${url}&region_id=${shop.europe}`))).toBeLessThanOrEqual(5)
    expect(await cost(() => guest.get(url))).toBeLessThanOrEqual(5)
    expect(await cost(() => guest.get(`${url}&cart_id=${cart}`))).toBeLessThanOrEqual(7)
    expect(await cost(() => guest.get(`${url}&region_id=${shop.europe}&country_code=de`))).toBeLessThanOrEqual(7)
  })

  it("fifty with prices, stock and images take 4 at most", async () => {
    const made = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        addProduct(shop, {
          title: `Thing ${index}`,
          images: [{ url: "/a.png" }],
          options: [{ title: `Size ${index}`, values: ["S", "M"] }],
          variants: [{ options: { [`Size ${index}`]: "S" } }, { options: { [`Size ${index}`]: "M" } }],
        }),
      ),
    )
    const url = `/store/products?limit=50&region_id=${shop.europe}`

    const { body } = await guest.get(`${url}&fields=${encodeURIComponent(prices)}`)

    expect([made.length, list(body, "products").length]).toEqual([50, 50])
    expect(await cost(() => guest.get(`${url}&fields=${encodeURIComponent(prices)}`))).toBeLessThanOrEqual(4)
    expect(
      await cost(() => guest.get(`${url}&fields=${encodeURIComponent("*variants.calculated_price")}`)),
    ).toBeLessThanOrEqual(2)
    expect(await cost(() => guest.get("/store/products?limit=50"))).toBe(1)
  })
})

describe("orders", () => {
  it("are read and listed in one statement", async () => {
    const order = await ada.order()

    expect(await cost(() => ada.get(`/store/orders/${order.id}`))).toBe(1)
    expect(await cost(() => ada.get("/store/orders?fields=*items,*items.variant,*items.product"))).toBe(1)
    expect(await cost(() => ada.get("/store/customers/me?fields=*orders"))).toBe(1)
  })
})

describe("a page for people who are not logged in", () => {
  it.each(["/store/customers/me", "/store/orders", "/store/customers/me/addresses"])(
    "asks nothing for %s",
    async (url) => {
      const statements = await statementsOf(shop.composition.database, async () => {
        expect((await guest.get(url)).status).toBe(401)
      })

      expect(statements).toEqual([])
    },
  )
})
