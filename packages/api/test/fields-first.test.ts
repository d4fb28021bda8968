import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { visitor, type Row, type Visitor } from "./buying.ts"
import { openShop, type Shop } from "./shop.ts"

const tooDeep = "fields=items.product.categories.products.id"
let shop: Shop
let guest: Visitor
let lamp: string
beforeAll(async () => {
  shop = await openShop()
  guest = visitor(shop)
  lamp = shop.lamp.variants[0]?.id as string
})
afterAll(() => shop.drop())

const read = async (id: string) => (await guest.done(guest.get(`/store/carts/${id}`)))["cart"] as Row

describe("fields that go too deep", () => {
  it("are refused before a cart is changed", async () => {
    const { id } = await guest.sentCart()
    const before = await read(id)
    const [line] = before["items"] as Row[]

    const answers = [
      await guest.post(`/store/carts/${id}/line-items?${tooDeep}`, { variant_id: lamp, quantity: 1 }),
      await guest.post(`/store/carts/${id}?${tooDeep}`, { email: "other@example.com" }),
      await shop.delete(`/store/carts/${id}/line-items/${line?.id}?${tooDeep}`),
    ]

    expect(answers.map(({ status, body }) => [status, body["type"]])).toEqual(answers.map(() => [400, "invalid_data"]))
    expect(await read(id)).toEqual(before)
  })

  it("are refused before an order is placed", async () => {
    const { id } = await guest.sentCart()

    const answer = await guest.post(`/store/carts/${id}/complete?fields=items.variant.product.categories.id`)

    expect(answer).toMatchObject({ status: 400, body: { type: "invalid_data", code: "request.invalid" } })
  })
})
