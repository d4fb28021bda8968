import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { list, visitor, type Row, type Visitor } from "./buying.ts"
import { addProduct } from "./selling.ts"
import { openShop, type Json, type Shop } from "./shop.ts"

let shop: Shop
let guest: Visitor
let lamp: string
let shirt: string
beforeAll(async () => {
  shop = await openShop()
  guest = visitor(shop)
  lamp = shop.lamp.variants[0]?.id as string
  shirt = shop.shirt.variants[0]?.id as string
})
afterAll(() => shop.drop())

const read = async (id: string) => (await guest.done(guest.get(`/store/carts/${id}`)))["cart"] as Row
const change = async (url: string, body?: unknown) => (await guest.done(guest.post(url, body)))["cart"] as Row

describe("lines", () => {
  it("are added; pieces of the same variant with equal metadata are one line", async () => {
    const { id } = await guest.cart()
    const url = `/store/carts/${id}/line-items`

    await change(url, { variant_id: lamp, quantity: 1 })
    await change(url, { variant_id: lamp, quantity: 2, metadata: {} })
    await change(url, { variant_id: lamp, quantity: 1, metadata: { engraving: "A" } })
    const cart = await change(url, { variant_id: lamp, quantity: 1, metadata: { engraving: "A" } })

    expect(list(cart, "items").map(({ quantity, metadata }) => [quantity, metadata])).toEqual([
      [3, null],
      [2, { engraving: "A" }],
    ])
    expect(cart).toMatchObject({ subtotal: 100, total: 100 })
  })

  it("are changed, and removed by no pieces", async () => {
    const cart = await guest.cart({
      items: [
        { variant_id: lamp, quantity: 1 },
        { variant_id: shirt, quantity: 1 },
      ],
    })
    const [first, second] = list(cart, "items") as [Row, Row]

    const more = await change(`/store/carts/${cart.id}/line-items/${first.id}`, { quantity: 4, metadata: { a: 1 } })
    const fewer = await change(`/store/carts/${cart.id}/line-items/${second.id}`, { quantity: 0 })

    expect(list(more, "items").map(({ id, quantity, metadata }) => [id, quantity, metadata])).toEqual([
      [first.id, 4, { a: 1 }],
      [second.id, 1, null],
    ])
    expect([list(fewer, "items").map(({ id }) => id), fewer["total"]]).toEqual([[first.id], 80])
  })

  it("are deleted, with the cart as it is then", async () => {
    const cart = await guest.cart({ items: [{ variant_id: lamp, quantity: 2 }] })
    const [line] = list(cart, "items") as [Row]
    const url = `/store/carts/${cart.id}/line-items/${line.id}`

    const { status, body } = await guest.delete(url)
    const again = await guest.delete(url)

    expect([status, body["id"], body["object"], body["deleted"]]).toEqual([200, line.id, "line-item", true])
    expect(body["parent"]).toEqual(await read(cart.id))
    expect(body["parent"]).toMatchObject({ id: cart.id, items: [], total: 0 })
    expect([again.status, again.body["type"]]).toEqual([404, "not_found"])
  })

  it("are not more than there is, and the cart stays as it was", async () => {
    const before = await guest.cart({ items: [{ variant_id: lamp, quantity: 6 }] })
    const [line] = list(before, "items") as [Row]
    const url = `/store/carts/${before.id}/line-items`

    const answers = [
      await guest.post(url, { variant_id: lamp, quantity: 5 }),
      await guest.post(url, { variant_id: lamp, quantity: 5, metadata: { other: true } }),
      await guest.post(`${url}/${line.id}`, { quantity: 11 }),
    ]

    expect(answers.map(({ status, body: { type, code } }) => [status, type, code])).toEqual(
      answers.map(() => [400, "not_allowed", "insufficient_inventory"]),
    )
    expect(await read(before.id)).toEqual(before)
  })

  it("may be more than there is where backorders are taken, or nobody counts", async () => {
    const late = await addProduct(shop, { stock: 1, variants: [{ title: "One", allowBackorder: true }] })
    const uncounted = await addProduct(shop, { stock: 0, variants: [{ title: "One", manageInventory: false }] })

    const items = [late, uncounted].map(({ variant }) => ({ variant_id: variant, quantity: 50 }))
    const cart = await guest.cart({ items })

    expect(list(cart, "items").map(({ quantity }) => quantity)).toEqual([50, 50])
  })

  it.each<[string, Json, number, string]>([
    ["a fraction", { quantity: 1.5 }, 400, "invalid_data"],
    ["less than nothing", { quantity: -1 }, 400, "invalid_data"],
    ["a text", { quantity: "1" }, 400, "invalid_data"],
    ["no quantity", {}, 400, "invalid_data"],
    ["a price", { quantity: 1, unit_price: 1 }, 400, "invalid_data"],
    ["metadata that are none", { quantity: 1, metadata: "x" }, 400, "invalid_data"],
  ])("refuse %s", async (_, body, status, type) => {
    const cart = await guest.cart({ items: [{ variant_id: lamp, quantity: 2 }] })
    const [line] = list(cart, "items") as [Row]

    const answers = [
      await guest.post(`/store/carts/${cart.id}/line-items`, { variant_id: lamp, ...body }),
      await guest.post(`/store/carts/${cart.id}/line-items/${line.id}`, body),
    ]

    expect(answers.map((answer) => [answer.status, answer.body["type"]])).toEqual([
      [status, type],
      [status, type],
    ])
  })

  it.each([
    ["a draft", () => shop.draft],
    ["what another channel sells", () => shop.foreign],
    ["what a closed channel sells", () => shop.unsold],
  ])("refuse %s", async (_, product) => {
    const before = await guest.cart({ items: [{ variant_id: lamp, quantity: 1 }] })
    const body = { variant_id: product().variants[0]?.id, quantity: 1 }

    const answer = await guest.post(`/store/carts/${before.id}/line-items`, body)

    expect(answer).toMatchObject({ status: 400, body: { type: "invalid_data", code: "cart.variants_not_offered" } })
    expect(await read(before.id)).toEqual(before)
  })

  it.each([
    ["POST", "/store/carts/cart_x/line-items"],
    ["POST", "/store/carts/cart_x/line-items/cali_x"],
    ["DELETE", "/store/carts/cart_x/line-items/cali_x"],
  ] as const)("of a cart that there is not are not there: %s %s", async (method, url) => {
    const body = url.endsWith("items") ? { variant_id: lamp, quantity: 1 } : { quantity: 1 }
    const answer = await (method === "POST" ? guest.post(url, body) : guest.delete(url))

    expect([answer.status, answer.body["type"]]).toEqual([404, "not_found"])
  })

  it("of another cart are not there", async () => {
    const [one, other] = [await guest.cart({ items: [{ variant_id: lamp, quantity: 1 }] }), await guest.cart()]
    const line = list(one, "items")[0]?.id

    const answers = [
      await guest.post(`/store/carts/${other.id}/line-items/${line}`, { quantity: 3 }),
      await guest.delete(`/store/carts/${other.id}/line-items/${line}`),
    ]

    expect(answers.map(({ status }) => status)).toEqual([404, 404])
    expect(await read(one.id)).toEqual(one)
  })

  it("added at once are one line with the sum", async () => {
    const { id } = await guest.cart()

    const answers = await Promise.all(
      Array.from({ length: 5 }, () => guest.post(`/store/carts/${id}/line-items`, { variant_id: lamp, quantity: 1 })),
    )

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    expect(list(await read(id), "items").map(({ quantity }) => quantity)).toEqual([5])
  })
})
