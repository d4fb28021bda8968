import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { statusesOf } from "./back-office.ts"
import { openSellingOffice, paymentOf, piecesOf, type SellingOffice } from "./selling-office.ts"

let office: SellingOffice
beforeAll(async () => {
  office = await openSellingOffice()
})
afterAll(() => office.drop())

const ask = (order_id: string, amount: unknown) => office.post("/admin/payment-collections", { order_id, amount })
const capture = (payment: string, amount?: unknown) =>
  office.post(`/admin/payments/${payment}/capture`, amount === undefined ? {} : { amount })
const refund = (payment: string, amount?: unknown) =>
  office.post(`/admin/payments/${payment}/refund`, amount === undefined ? {} : { amount })

describe("an order that was called off", () => {
  it("stays so when it is archived: nobody pays for it, packs it or takes it over", async () => {
    const { id, order } = await office.order()
    const cancelled = await office.post(`/admin/orders/${id}/cancel`)
    const archived = await office.post(`/admin/orders/${id}/archive`)
    const { id: collection } = order.payment_collections[0] as { id: string }

    const answers = [
      await ask(id, 1),
      await office.post(`/admin/payment-collections/${collection}/mark-as-paid`, { order_id: id }),
      await office.post(`/admin/payment-collections/${collection}/payment-sessions`, {
        provider_id: "pp_system_default",
      }),
      await office.post(`/admin/orders/${id}/fulfillments`, { items: piecesOf(order) }),
      await office.post(`/admin/orders/${id}/transfer/guest`, { email: "thief@shop.example" }),
    ]

    expect([cancelled.status, archived.status]).toEqual([200, 200])
    const refused = { status: 400, body: { type: "not_allowed", code: "order.wrong_status" } }
    expect(answers).toMatchObject(answers.map(() => refused))
    expect((await capture(paymentOf(order))).status).toBe(400)
    expect(await office.read(id)).toMatchObject({ status: "archived", fulfillments: [], summary: { paid_total: 0 } })
  })
})

describe("money", () => {
  it("is given back once, however many ask for it at once", async () => {
    const { id, order } = await office.order()
    await capture(paymentOf(order))

    const answers = await Promise.all(
      [20, 20, 20, 5, 5, 5, undefined].map((amount) => refund(paymentOf(order), amount)),
    )

    const { summary } = await office.read(id)
    expect(new Set(statusesOf(answers))).toEqual(new Set([200, 400]))
    expect(summary["refunded_total"]).toBeLessThanOrEqual(order.total)
    expect((await refund(paymentOf(order), order.total)).status).toBe(400)
  })

  it("is asked for and paid once, and of the order that owes it", async () => {
    const { id, order } = await office.order()
    const { id: other } = await office.order()
    const { id: collection } = order.payment_collections[0] as { id: string }
    const pay = (order_id: string) => office.post(`/admin/payment-collections/${collection}/mark-as-paid`, { order_id })

    const more = await Promise.all([1, 2].map(() => ask(id, 0.01)))
    const [stolen, twice] = [await pay(other), await pay(id)]

    const refused = { status: 400, body: { code: "order.amount_not_outstanding" } }
    expect(more).toMatchObject(more.map(() => refused))
    expect([stolen.status, twice.status]).toEqual([404, 400])
  })

  it.each([0.001, 0.004, "0.0000001", 0, -0.01, "1e1", 1e29, "NaN", "Infinity", "29,75", " 1", "0x1", null, [1], {}])(
    "of %j is none that is taken or given back",
    async (amount) => {
      const { id, order } = await office.order()
      const before = await office.read(id)

      const answers = [await capture(paymentOf(order), amount), await refund(paymentOf(order), amount)]

      expect(answers.map(({ status }) => status)).toEqual([400, 400])
      expect(await office.read(id)).toEqual(before)
    },
  )

  it("of more digits than the currency has is rounded before it is compared with what is left", async () => {
    const { order } = await office.order()
    const payment = paymentOf(order)

    const answers = [await capture(payment, 29.7501), await capture(payment, 0.005), await refund(payment, 29.755)]

    expect(answers.map(({ status }) => status)).toEqual([200, 400, 400])
  })
})

describe("who may read payments alone", () => {
  it("does not learn, by links, what somebody has put into a cart", async () => {
    const { order } = await office.order()
    const token = await office.colleague("till@shop.example", ["payment:read", "payment_collection:read"])
    const path = `/admin/payments/${paymentOf(order)}?fields=id,payment_collection.id,payment_collection.cart.email`

    const [some, all] = [await office.get(path, { token }), await office.get(path)]

    expect(some.body).toMatchObject({ payment: { payment_collection: { id: order.payment_collections[0]?.id } } })
    expect(some.text).not.toContain(order.email)
    expect(all.text).toContain(order.email)
  })
})
