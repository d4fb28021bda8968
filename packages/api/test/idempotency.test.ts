import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { list, visitor, type Row, type Visitor } from "./buying.ts"
import { addProduct } from "./selling.ts"
import { openShop, type Shop } from "./shop.ts"

let shop: Shop
let guest: Visitor
let lamp: string
beforeAll(async () => {
  shop = await openShop({ stock: 1_000 })
  guest = visitor(shop)
  lamp = shop.lamp.variants[0]?.id as string
})
afterAll(() => shop.drop())

let keys = 0
/** Somebody who says that all they send is one request. */
const keyed = () => visitor(shop, undefined, { "idempotency-key": `key-${++keys}` })
const read = async (id: string) => (await guest.done(guest.get(`/store/carts/${id}`)))["cart"] as Row

describe("a request with an Idempotency-Key", () => {
  it("makes one cart, and one addition", async () => {
    const [maker, adder] = [keyed(), keyed()]
    const [first, second] = [
      await maker.post("/store/carts", { region_id: shop.europe }),
      await maker.post("/store/carts", { region_id: shop.europe }),
    ]
    const { id } = first.body["cart"] as Row
    const add = () => adder.post(`/store/carts/${id}/line-items`, { variant_id: lamp, quantity: 1 })

    const answers = [await add(), await add(), await add()]

    expect(second.text).toBe(first.text)
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect(list(await read(id), "items").map(({ quantity }) => quantity)).toEqual([1])
  })

  it("adds once, though many come at once", async () => {
    const { id } = await guest.cart()
    const adder = keyed()

    const answers = await Promise.all(
      Array.from({ length: 10 }, () => adder.post(`/store/carts/${id}/line-items`, { variant_id: lamp, quantity: 1 })),
    )

    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(0)
    for (const { status, body } of answers.filter((answer) => answer.status !== 200))
      expect([status, body["code"]]).toEqual([409, "idempotency.in_progress"])
    expect(list(await read(id), "items").map(({ quantity }) => quantity)).toEqual([1])
  })

  it("is refused when it says something else", async () => {
    const { id } = await guest.cart()
    const adder = keyed()
    const url = `/store/carts/${id}/line-items`
    await adder.post(url, { variant_id: lamp, quantity: 1 })

    const others = [
      await adder.post(url, { variant_id: lamp, quantity: 2 }),
      await adder.post(`/store/carts/${id}`, { email: "a@b.de" }),
    ]

    expect(others.map(({ status, body }) => [status, body["type"], body["code"]])).toEqual(
      others.map(() => [400, "invalid_data", "idempotency.key_reused"]),
    )
    expect(list(await read(id), "items").map(({ quantity }) => quantity)).toEqual([1])
  })

  it("removes a line once, and says so each time", async () => {
    const cart = await guest.cart({ items: [{ variant_id: lamp, quantity: 1 }] })
    const url = `/store/carts/${cart.id}/line-items/${list(cart, "items")[0]?.id}`
    const remover = keyed()

    const answers = [await remover.delete(url), await remover.delete(url)]

    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    expect(answers[1]?.text).toBe(answers[0]?.text)
  })

  it("keeps a refusal, and undoes what went before it", async () => {
    const { variant } = await addProduct(shop, { stock: 1 })
    const { id } = await guest.cart()
    const adder = keyed()
    const add = () => adder.post(`/store/carts/${id}/line-items`, { variant_id: variant, quantity: 2 })

    const answers = [await add(), await add()]

    expect(answers.map(({ status, body }) => [status, body["code"]])).toEqual(
      answers.map(() => [400, "insufficient_inventory"]),
    )
    expect(list(await read(id), "items")).toEqual([])
  })

  it("chooses shipping, pays and places the order once", async () => {
    const { id } = await guest.cart({
      items: [{ variant_id: lamp, quantity: 1 }],
      email: "a@b.de",
      shipping_address: { country_code: "de" },
    })
    const twice = async (ask: (as: Visitor) => ReturnType<Visitor["post"]>) => {
      const as = keyed()
      const [first, second] = [await ask(as), await ask(as)]
      expect([first.status, second.text]).toEqual([200, first.text])
      return first.body
    }

    await twice((as) => as.post(`/store/carts/${id}/shipping-methods`, { option_id: shop.shippingOption }))
    const { payment_collection: collection } = await twice((as) =>
      as.post("/store/payment-collections", { cart_id: id }),
    )
    const sessions = `/store/payment-collections/${(collection as Row).id}/payment-sessions`
    await twice((as) => as.post(sessions, { provider_id: "pp_system_default" }))
    const { order } = await twice((as) => as.complete(id))

    const counted = await shop.composition.database.sql<{ orders: number; sessions: number }>(
      `select (select count(*)::int from "order"."order" where cart_id = $1) as orders,
        (select count(*)::int from "payment"."payment_session" where payment_collection_id = $2) as sessions`,
      [id, (collection as Row).id],
    )
    expect(counted).toEqual([{ orders: 1, sessions: 1 }])
    expect(order).toMatchObject({ total: 29.75 })
  })

  it("is somebody's own: another storefront's same key is another", async () => {
    const { id } = await guest.cart()
    const [adder, other] = [keyed(), visitor(shop, "not-a-token", { "idempotency-key": `key-${keys}` })]
    const body = { variant_id: lamp, quantity: 1 }

    await adder.post(`/store/carts/${id}/line-items`, body)
    await other.post(`/store/carts/${id}/line-items`, body)

    expect(list(await read(id), "items").map(({ quantity }) => quantity)).toEqual([2])
  })
})
