import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { customer, visitor, type Row, type Visitor } from "./buying.ts"
import { mail } from "./selling.ts"
import { openShop, sorted, type Json, type Shop } from "./shop.ts"

let shop: Shop
let guest: Visitor
beforeAll(async () => {
  shop = await openShop({ stock: 1_000 })
  guest = visitor(shop)
})
afterAll(() => shop.drop())

type Customer = Awaited<ReturnType<typeof customer>>

const url = (orderId: string, step: string) => `/store/orders/${orderId}/transfer/${step}`
/** Asks for an order. @returns the token that goes by mail. */
const request = async (ada: Customer, orderId: string, body: Json = {}): Promise<string> => {
  await ada.done(ada.post(url(orderId, "request"), body))
  return String(mail.sent.at(-1)?.data?.["token"])
}
const ordersOf = async (ada: Customer) => ((await ada.get("/store/orders")).body["orders"] as Row[]).map(({ id }) => id)

describe("an order that was placed as a guest", () => {
  it("goes to the customer who asks for it, once who reads its mail accepts", async () => {
    const ada = await customer(shop)
    const order = await guest.order({ email: "earlier@example.com" })

    const asked = await ada.post(`${url(order.id, "request")}?fields=id, email`, { description: "Mine" })
    const letter = mail.sent.at(-1)
    const before = await ordersOf(ada)
    const accepted = await guest.post(url(order.id, "accept"), { token: letter?.data?.["token"] })

    expect(asked).toMatchObject({ status: 200, body: { order: { id: order.id, email: "earlier@example.com" } } })
    expect(letter).toMatchObject({
      to: "earlier@example.com",
      template: "order.transfer-requested",
      data: { order_id: order.id, display_id: order["display_id"], token: expect.stringMatching(/^[\w-]{40,}$/) },
    })
    expect(accepted).toMatchObject({ status: 200, body: { order: { id: order.id, email: "earlier@example.com" } } })
    expect([before, await ordersOf(ada)]).toEqual([[], [order.id]])
    expect((await guest.get(`/store/orders/${order.id}`)).status).toBe(404)
    expect((await ada.get(`/store/orders/${order.id}`)).status).toBe(200)
  })

  it("takes the customer's e-mail address if asked to", async () => {
    const ada = await customer(shop)
    const order = await guest.order()
    const token = await request(ada, order.id, { update_order_email: true })

    const { body } = await guest.post(url(order.id, "accept"), { token })

    expect((body["order"] as Row)["email"]).toBe(ada.email)
  })

  it("stays where it is when it is declined, or the customer thinks better of it", async () => {
    const ada = await customer(shop)
    const [first, second] = [await guest.order(), await guest.order()]
    const tokens = [await request(ada, first.id), await request(ada, second.id)]

    const declined = await guest.post(url(first.id, "decline"), { token: tokens[0] })
    const canceled = await ada.post(url(second.id, "cancel"))
    const late = await Promise.all(
      [first, second].map(({ id }, index) => guest.post(url(id, "accept"), { token: tokens[index] })),
    )

    expect([declined, canceled].map(({ status, body }) => [status, (body["order"] as Row).id])).toEqual([
      [200, first.id],
      [200, second.id],
    ])
    expect(late.map(({ status, body: { type, code } }) => [status, type, code])).toEqual(
      late.map(() => [400, "not_allowed", "order.transfer_token_invalid"]),
    )
    expect(await ordersOf(ada)).toEqual([])
  })

  it("goes to one of two who have asked: the last", async () => {
    const [ada, bob] = [await customer(shop), await customer(shop)]
    const order = await guest.order()
    const [earlier, later] = [await request(ada, order.id), await request(bob, order.id)]

    const answers = await Promise.all(
      [earlier, later, later].map((token) => guest.post(url(order.id, "accept"), { token })),
    )

    expect(sorted(answers.map(({ status }) => status))).toEqual(["200", "400", "400"])
    expect(answers[0]?.status).toBe(400)
    expect([await ordersOf(ada), await ordersOf(bob)]).toEqual([[], [order.id]])
  })
})

describe("a transfer", () => {
  const wrong = { token: "wrong" }
  it.each<[string, string, unknown, number, string | undefined, string | undefined]>([
    ["accept", "order_x", wrong, 404, "not_found", "resource.not_found"],
    ["decline", "order_x", wrong, 404, "not_found", "resource.not_found"],
    ["accept", "", wrong, 400, "not_allowed", "order.transfer_token_invalid"],
    ["decline", "", wrong, 400, "not_allowed", "order.transfer_token_invalid"],
    ["accept", "", {}, 400, "invalid_data", "request.invalid"],
    ["accept", "", { token: 1 }, 400, "invalid_data", "request.invalid"],
    ["accept", "", { token: "a", colour: "red" }, 400, "invalid_data", "request.invalid"],
    ["accept", "", { token: "" }, 400, "not_allowed", "order.transfer_token_invalid"],
    ["request", "", {}, 401, undefined, undefined],
    ["cancel", "", {}, 401, undefined, undefined],
  ])("is refused to guests who %s %s with %j: %i", async (step, id, body, status, type, code) => {
    const order = id === "" ? await guest.order() : { id }

    const answer = await guest.post(url(order.id, step), body)

    expect([answer.status, answer.body["type"], answer.body["code"]]).toEqual([status, type, code])
  })

  it("is refused for what is somebody's, or nobody's, or was not asked for", async () => {
    const [ada, bob] = [await customer(shop), await customer(shop)]
    const [mine, placed] = [await ada.order(), await guest.order()]
    await request(bob, placed.id)

    const answers = [
      await ada.post(url(mine.id, "request")),
      await bob.post(url(mine.id, "request")),
      await bob.post(url("order_x", "request")),
      await ada.post(url(placed.id, "cancel")),
      await ada.post(url("order_x", "cancel")),
      await bob.post(url(placed.id, "request"), { description: 1 }),
    ]

    expect(answers.map(({ status, body: { code } }) => [status, code])).toEqual([
      [400, "order.already_owned"],
      [404, "resource.not_found"],
      [404, "resource.not_found"],
      [400, "order.no_transfer_requested"],
      [404, "resource.not_found"],
      [400, "request.invalid"],
    ])
  })

  it("needs a key that is valid, and is not made with another", async () => {
    const ada = await customer(shop)
    const order = await guest.order()
    const token = await request(ada, order.id)
    const key = `pk_${"a".repeat(64)}`
    const sent = mail.sent.length

    const answers = await Promise.all(
      [
        [url(order.id, "request"), {}],
        [url(order.id, "cancel"), {}],
        [url(order.id, "accept"), { token }],
        [url(order.id, "decline"), { token }],
      ].map(([path, body]) =>
        shop.raw("POST", path as string, { "x-publishable-api-key": key, authorization: `Bearer ${ada.token}` }, body),
      ),
    )
    const accepted = await guest.post(url(order.id, "accept"), { token })

    expect(answers.map(({ status, body: { code } }) => [status, code])).toEqual(
      answers.map(() => [400, "store.publishable_key_invalid"]),
    )
    expect([mail.sent.length, accepted.status]).toEqual([sent, 200])
  })
})
