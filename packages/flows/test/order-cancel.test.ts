import { OrderService } from "@marquetry/order"
import { PaymentCollectionService, PaymentRecoveryService, PaymentService } from "@marquetry/payment"
import { httpPayment, startFakePaymentServer, type FakePaymentServer } from "@marquetry/payment/testing"
import { PromotionService } from "@marquetry/promotion"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { FulfillmentFlow, OrderFlow, OrderPaymentFlow, paymentLedger } from "../src/index.ts"
import { balanceOf } from "./order-books.ts"
import { paidOrder, piecesOf, refusalsOf, shirtsAndVouchers } from "./placed-orders.ts"
import { openShop, type Shop } from "./shop.ts"

const OUTSIDE = "pp_fake_http"

let shop: Shop
let server: FakePaymentServer
let flow: OrderFlow
let paying: OrderPaymentFlow

beforeAll(async () => {
  server = await startFakePaymentServer()
  shop = await openShop({
    payment: { providers: [httpPayment(server)], recoverAfter: 1, timeout: 5_000 },
    subscribers: paymentLedger,
    events: { relay: true, pollInterval: 50, backoff: 1 },
  })
  flow = shop.resolve(OrderFlow)
  paying = shop.resolve(OrderPaymentFlow)
})
afterEach(() => server.behave({}))
afterAll(async () => {
  await shop.close()
  await server.close()
})

const balance = (orderId: string) => balanceOf(shop, orderId)
const payment = (id: string) => shop.resolve(PaymentService).get(id)
const told = async (id: string) => {
  const [row] = await shop.sql<{ count: number }>(
    `select count(*)::int as count from "marquetry"."outbox" where name = 'order.canceled' and aggregate_id = $1`,
    [id],
  )
  return row?.count
}
const statusesOf = async (id: string) => {
  const fields = { payment_status: true, fulfillmentStatus: true, status: true } as const
  const { rows } = await shop.composition.query.listAny("order", { fields, filter: { id } })
  return rows[0]
}
const recover = () => shop.resolve(PaymentRecoveryService).recoverPending()
const sessionOf = async (paymentId: string) => server.sessions.get((await payment(paymentId)).paymentSessionId)

describe.each(["pp_system_default", OUTSIDE])("an order that is called off, paid with %s", (providerId) => {
  it("gives back its stock, its uses of promotions and what was authorised", async () => {
    const code = `GONE-${providerId}`
    const { id: promotionId } = await shop.resolve(PromotionService).create({
      code,
      type: "standard",
      status: "active",
      limit: 1,
      applicationMethod: { type: "percentage", targetType: "order", value: 10 },
    })
    const { variantId, inventoryItemId } = await shop.addProduct()
    const cartId = await shop.readyCart(variantId, { quantity: 3, providerId, promoCodes: [code] })
    await shop.complete(cartId)
    const id = (await shop.orderOf(cartId))?.id as string
    expect(await shop.reserved(inventoryItemId)).toBe(3)

    const results = await Promise.allSettled(Array.from({ length: 5 }, () => flow.cancel(id, "user_1")))

    expect(refusalsOf(results)).toEqual(Array.from({ length: 4 }, () => "order.wrong_status"))
    expect(await balance(id)).toMatchObject({ status: "canceled", paid: "0" })
    expect(await shop.reserved(inventoryItemId)).toBe(0)
    expect((await shop.resolve(PromotionService).get(promotionId)).used).toBe(0)
    expect(await told(id)).toBe(1)
    expect(await statusesOf(id)).toEqual({
      status: "canceled",
      payment_status: "canceled",
      fulfillmentStatus: "canceled",
    })
  })

  it("gives back what was captured and not given back yet", async () => {
    const { id, paymentId } = await paidOrder(shop, providerId)
    await paying.capture(paymentId, {}, null)
    await paying.refund(paymentId, { amount: 5 }, null)

    await flow.cancel(id, "user_1")

    expect(await balance(id)).toMatchObject({ paid: "17.85", refunded: "17.85" })
    expect((await payment(paymentId)).refunds.at(-1)).toMatchObject({ amount: "12.85", createdBy: "user_1" })
    expect(await statusesOf(id)).toMatchObject({ payment_status: "refunded" })
  })

  it("takes no more of what is still set aside for it", async () => {
    const { id, paymentId } = await paidOrder(shop, providerId)
    await paying.capture(paymentId, { amount: 5 }, null)
    await flow.cancel(id, null)

    await expect(paying.capture(paymentId, {}, null)).rejects.toMatchObject({ code: "order.wrong_status" })

    expect(await balance(id)).toMatchObject({ paid: "5", refunded: "5" })
  })

  it("stays as it is while something of it is on its way, and can be called off once it is back", async () => {
    const { id, placed } = await shirtsAndVouchers(shop, providerId)
    const fulfillments = shop.resolve(FulfillmentFlow)
    const { id: made } = await fulfillments.create(id, { items: piecesOf(placed).slice(0, 1) }, null)

    await expect(flow.cancel(id, null)).rejects.toMatchObject({ code: "order.fulfilled" })
    expect(await balance(id)).toMatchObject({ status: "pending", fulfillmentStatus: "partially_fulfilled" })
    await fulfillments.cancel(id, made)
    await flow.cancel(id, null)

    expect(await balance(id)).toMatchObject({ status: "canceled" })
  })
})

it("drops what was asked for and not paid", async () => {
  const { id } = await paidOrder(shop)
  await shop.sql(`update "order"."order" set total = total + 10 where id = $1 returning id`, [id])
  const { id: made } = await paying.createCollection(id, 10)
  await paying.createSession(made, { providerId: OUTSIDE })
  const [open] = (await shop.resolve(PaymentCollectionService).get(made)).paymentSessions

  await flow.cancel(id, null)

  const { paymentSessions } = await shop.resolve(PaymentCollectionService).get(made)
  expect(paymentSessions).toEqual([])
  await expect.poll(async () => (await recover()).done).toContain(open?.id)
  expect(server.sessions.get(open?.id ?? "")?.isDeleted).toBe(true)
})

describe("when the provider outside", () => {
  it.each(["before", "after"] as const)("does not answer, recovery gives the money back (%s)", async (cut) => {
    const { id, paymentId } = await paidOrder(shop, OUTSIDE)
    await paying.capture(paymentId, {}, null)
    server.behave({ cut })

    await flow.cancel(id, null)

    expect(await statusesOf(id)).toMatchObject({ status: "canceled", payment_status: "captured" })
    server.behave({})
    await expect
      .poll(async () => {
        await recover()
        return (await shop.resolve(OrderService).get(id)).summary.refunded_total
      })
      .toBe(17.85)
    await balance(id)
    expect((await sessionOf(paymentId))?.refunded.toString()).toBe("17.85")
  })

  it("declines, the order is canceled and the money is still here", async () => {
    const { id, paymentId } = await paidOrder(shop, OUTSIDE)
    await paying.capture(paymentId, {}, null)
    server.behave({ decline: ["refund"] })

    await expect(flow.cancel(id, null)).rejects.toMatchObject({ code: "payment.declined" })

    expect(await balance(id)).toMatchObject({ status: "canceled", paid: "17.85", refunded: "0" })
    server.behave({})
    await paying.refund(paymentId, {}, null)
    expect(await balance(id)).toMatchObject({ refunded: "17.85" })
  })

  it("is asked to capture just now, it waits", async () => {
    const { id, paymentId } = await paidOrder(shop, OUTSIDE)
    const answer = server.hold("capture")
    const capturing = paying.capture(paymentId, {}, null)
    await answer.arrived

    await expect(flow.cancel(id, null)).rejects.toMatchObject({ code: "payment.capture_under_way" })
    answer.release()
    await capturing

    expect(await balance(id)).toMatchObject({ status: "pending", paid: "17.85" })
    await flow.cancel(id, null)
    expect(await balance(id)).toMatchObject({ status: "canceled", refunded: "17.85" })
  })
})

describe("a caller with a transaction of its own", () => {
  /** Holds a row first, as whoever records the change does. */
  const holding = <T>(table: string, id: string, work: () => Promise<T>): Promise<T> =>
    shop.db.transaction(async () => {
      await shop.sql(`select from ${table} where id = $1 for no key update`, [id])
      return work()
    })

  const refusals = new Set([
    "order.wrong_status",
    "payment.canceled",
    "payment.capture_under_way",
    "payment.collection_changed",
  ])

  it("does the first half in it, and the other one after it", async () => {
    const { id, paymentId } = await paidOrder(shop, OUTSIDE)

    const captured = await holding(`"payment"."payment"`, paymentId, () => {
      return paying.prepareCapture(paymentId, { amount: 5 }, null)
    })
    await paying.perform(captured)
    const canceled = await holding(`"order"."order"`, id, () => flow.prepareCancel(id, null))
    expect(await statusesOf(id)).toMatchObject({ status: "canceled", payment_status: "partially_captured" })
    await flow.perform(canceled)

    expect(await balance(id)).toMatchObject({ paid: "5", refunded: "5" })
  })

  it("waits for nobody who waits for it, whatever it holds first", { timeout: 60_000 }, async () => {
    for (let round = 0; round < 12; round++) {
      const { id, paymentId } = await paidOrder(shop, round % 2 === 0 ? OUTSIDE : "pp_system_default")
      await shop.sql(`update "order"."order" set total = total + 10 where id = $1 returning id`, [id])
      const { id: more } = await paying.createCollection(id, 10)
      const deeds = [
        async () => {
          const prepared = await holding(`"payment"."payment"`, paymentId, () =>
            paying.prepareCapture(paymentId, { amount: 3 }, null),
          )
          await paying.perform(prepared)
        },
        async () => flow.perform(await holding(`"order"."order"`, id, () => flow.prepareCancel(id, null))),
        () => holding(`"payment"."payment_collection"`, more, () => paying.markAsPaid(more, { orderId: id }, null)),
      ]
      const first = round % deeds.length

      const results = await Promise.allSettled([...deeds.slice(first), ...deeds.slice(0, first)].map((deed) => deed()))

      expect(refusalsOf(results).filter((code) => code === undefined || !refusals.has(code))).toEqual([])
      await expect
        .poll(async () =>
          balance(id).then(
            () => "agrees",
            () => "not yet",
          ),
        )
        .toBe("agrees")
      const { status, paid, refunded } = await balance(id)
      expect(refunded).toBe(status === "canceled" ? paid : "0")
      if (status !== "canceled") await flow.cancel(id, null)
      const after = await balance(id)
      expect(after.refunded).toBe(after.paid)
    }
  })
})

it("is not there to be called off", async () => {
  await expect(flow.cancel("order_none", null)).rejects.toMatchObject({ code: "resource.not_found" })
})
