import { OrderService } from "@marquetry/order"
import {
  PaymentCollectionService,
  PaymentRecoveryService,
  PaymentService,
  PaymentWebhookService,
  RefundReasonService,
} from "@marquetry/payment"
import { httpPayment, startFakePaymentServer, type FakePaymentServer } from "@marquetry/payment/testing"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { completePaidCarts, OrderPaymentFlow, paymentLedger } from "../src/index.ts"
import { balanceOf } from "./order-books.ts"
import { paidOrder, refusalsOf } from "./placed-orders.ts"
import { openShop, type Shop } from "./shop.ts"

const OUTSIDE = "pp_fake_http"

let shop: Shop
let server: FakePaymentServer
let paying: OrderPaymentFlow

beforeAll(async () => {
  server = await startFakePaymentServer()
  shop = await openShop({
    payment: { providers: [httpPayment(server)], recoverAfter: 1, timeout: 5_000 },
    subscribers: [completePaidCarts, ...paymentLedger],
    events: { relay: true, pollInterval: 50, backoff: 1 },
  })
  paying = shop.resolve(OrderPaymentFlow)
})
afterEach(() => server.behave({}))
afterAll(async () => {
  await shop.close()
  await server.close()
})

const balance = (orderId: string) => balanceOf(shop, orderId)
const summary = async (orderId: string) => (await shop.resolve(OrderService).get(orderId)).summary
const payment = (id: string) => shop.resolve(PaymentService).get(id)
const collection = (id: string) => shop.resolve(PaymentCollectionService).get(id)
const statusOf = async (id: string) => {
  const fields = { payment_status: true } as const
  const { rows } = await shop.composition.query.listAny("order", { fields, filter: { id } })
  return rows[0]?.["payment_status"]
}
/** Another 10 euros that an order costs. */
const costMore = (orderId: string) =>
  shop.sql(`update "order"."order" set total = total + 10 where id = $1 returning id`, [orderId])

describe.each(["pp_system_default", OUTSIDE])("money for an order, by %s", (providerId) => {
  it("is taken and given back, in parts, and the order knows", async () => {
    const { id, paymentId } = await paidOrder(shop, providerId)
    const reason = await shop.resolve(RefundReasonService).create({ label: "Late", code: `late-${providerId}` })

    await paying.capture(paymentId, { amount: 10 }, "user_1")
    expect(await summary(id)).toMatchObject({ paid_total: 10, pending_difference: 7.85, transaction_total: 10 })
    await paying.capture(paymentId, {}, "user_1")
    expect(await summary(id)).toMatchObject({ paid_total: 17.85, pending_difference: 0 })
    await paying.refund(paymentId, { amount: "5.5", note: "sorry", refundReasonId: reason.id }, "user_2")
    expect(await summary(id)).toMatchObject({ refunded_total: 5.5, transaction_total: 12.35, pending_difference: 5.5 })
    await paying.refund(paymentId, {}, null)

    expect(await summary(id)).toMatchObject({ paid_total: 17.85, refunded_total: 17.85, transaction_total: 0 })
    expect(await balance(id)).toMatchObject({ transactions: ["10", "7.85", "-5.5", "-12.35"] })
    const { captures, refunds } = await payment(paymentId)
    expect(captures.map(({ createdBy }) => createdBy)).toEqual(["user_1", "user_1"])
    expect(refunds[0]).toMatchObject({ note: "sorry", refundReasonId: reason.id, createdBy: "user_2" })
  })

  it("is never more than there is", async () => {
    const { id, paymentId } = await paidOrder(shop, providerId)

    await expect(paying.capture(paymentId, { amount: 17.86 }, null)).rejects.toMatchObject({
      code: "payment.capture_exceeds_authorized",
    })
    await expect(paying.refund(paymentId, {}, null)).rejects.toMatchObject({ code: "payment.refund_exceeds_captured" })
    await expect(paying.capture("pay_none", {}, null)).rejects.toMatchObject({ code: "resource.not_found" })
    await expect(paying.capture(paymentId, { amount: -1 }, null)).rejects.toMatchObject({ code: "input.invalid" })

    expect(await balance(id)).toMatchObject({ paid: "0", transactions: [] })
  })
})

describe("with a provider outside", () => {
  it("is not taken when it declines", async () => {
    const { id, paymentId } = await paidOrder(shop, OUTSIDE)
    server.behave({ decline: ["capture"] })

    await expect(paying.capture(paymentId, {}, null)).rejects.toMatchObject({ code: "payment.declined" })

    expect(await balance(id)).toMatchObject({ paid: "0" })
    server.behave({})
    await paying.capture(paymentId, {}, null)
    expect(await balance(id)).toMatchObject({ paid: "17.85" })
  })

  it.each(["before", "after"] as const)("is taken by recovery when its answer was lost (%s)", async (cut) => {
    const { id, paymentId } = await paidOrder(shop, OUTSIDE)
    server.behave({ cut })

    await expect(paying.capture(paymentId, {}, null)).rejects.toMatchObject({ code: "payment.provider_unavailable" })
    expect(await summary(id)).toMatchObject({ paid_total: 0 })
    server.behave({})
    await expect.poll(async () => (await shop.resolve(PaymentRecoveryService).recoverPending()).done).toHaveLength(1)

    await expect.poll(async () => (await summary(id)).paid_total).toBe(17.85)
    await balance(id)
  })

  it("is known to the order when it is heard of by webhook", async () => {
    const { id, paymentId } = await paidOrder(shop, OUTSIDE)
    const { paymentSessionId: sessionId } = await payment(paymentId)
    const told = server.webhook({ type: "captured", sessionId, amount: "17.85", eventId: "evt_captured" })

    await shop.resolve(PaymentWebhookService).handleWebhook(OUTSIDE, told)

    await expect.poll(async () => (await summary(id)).paid_total).toBe(17.85)
    await balance(id)
  })

  it("is known to the order when it was taken at once, before there was an order", async () => {
    server.behave({ authorize: "captured" })
    const { id } = await paidOrder(shop, OUTSIDE)

    await expect.poll(async () => (await summary(id)).paid_total).toBe(17.85)
    expect(await balance(id)).toMatchObject({ transactions: ["17.85"] })
  })
})

describe("more money", () => {
  it("is asked for as far as the order costs more than is paid and asked for", async () => {
    const { id } = await paidOrder(shop)
    const ask = (amount: number | string) => paying.createCollection(id, amount)

    await expect(ask(1)).rejects.toMatchObject({
      code: "order.amount_not_outstanding",
      details: { orderId: id, amount: "1", outstanding: "0" },
    })
    await costMore(id)
    const { id: made } = await ask("4.5")
    await expect(ask(6)).rejects.toMatchObject({ details: { outstanding: "5.5" } })
    await expect(ask(0)).rejects.toMatchObject({ code: "input.invalid" })

    expect(await collection(made)).toMatchObject({ amount: "4.5", currencyCode: "eur", status: "not_paid" })
    await paying.deleteCollection(made)
    await ask(10)
  })

  it("is not asked for with words that say less than nothing", async () => {
    const { id } = await paidOrder(shop)
    const messageOf = () =>
      paying.createCollection(id, 20).then(
        () => null,
        ({ message }: Error) => message,
      )

    const whenPaid = await messageOf()
    await shop.resolve(OrderService).addCreditLine(id, { amount: 5 })
    const whenOverpaid = await messageOf()
    await costMore(id)
    const whenTooMuch = await messageOf()

    expect(whenPaid).toBe("Nothing of the order is outstanding: it is paid, or asked for already")
    expect(whenOverpaid).toBe("Nothing of the order is outstanding: what is paid and asked for is 5 more than it costs")
    expect(whenTooMuch).toMatch(/^Only [\d.]+ of the order is outstanding, not 20$/)
  })

  it("is not asked for twice by many at once", async () => {
    const { id } = await paidOrder(shop)
    await costMore(id)

    const asked = await Promise.allSettled(Array.from({ length: 8 }, () => paying.createCollection(id, 3)))

    expect(refusalsOf(asked)).toEqual(Array.from({ length: 5 }, () => "order.amount_not_outstanding"))
  })

  it("counts what was given back, and what moved by other ways", async () => {
    const { id, paymentId } = await paidOrder(shop)
    await paying.capture(paymentId, {}, null)
    await paying.refund(paymentId, { amount: 6 }, null)
    await shop
      .resolve(OrderService)
      .addTransactions([{ orderId: id, amount: 2, currencyCode: "eur", reference: "cash", referenceId: "till_1" }])

    await expect(paying.createCollection(id, 4.01)).rejects.toMatchObject({ details: { outstanding: "4" } })
    await paying.createCollection(id, 4)
  })

  it("is marked as paid once: authorised and taken in one", async () => {
    const { id } = await paidOrder(shop)
    await costMore(id)
    const { id: made } = await paying.createCollection(id, 10)
    const mark = () => paying.markAsPaid(made, { orderId: id }, "user_1")

    const marked = await Promise.allSettled(Array.from({ length: 6 }, mark))

    expect(refusalsOf(marked)).toEqual(Array.from({ length: 5 }, () => "payment.already_authorized"))
    expect(await collection(made)).toMatchObject({
      status: "completed",
      capturedAmount: "10",
      payments: [{ providerId: "pp_system_default", captures: [{ createdBy: "user_1" }] }],
    })
    expect(await balance(id)).toMatchObject({ paid: "10" })
    expect(await statusOf(id)).toBe("partially_captured")
    await expect(paying.deleteCollection(made)).rejects.toMatchObject({ code: "payment.collection_in_use" })
  })

  it("is taken by a provider, when its session is authorised", async () => {
    const { id } = await paidOrder(shop)
    await costMore(id)
    const { id: made } = await paying.createCollection(id, 10)
    const sessionOf = async () => (await collection(made)).paymentSessions[0]?.id as string
    await paying.createSession(made, { providerId: OUTSIDE, data: { point: 1 } })

    server.behave({ authorize: "error" })
    expect(await paying.authorizeSession(id, await sessionOf())).toBe(false)
    await paying.createSession(made, { providerId: OUTSIDE })
    server.behave({ authorize: "captured" })
    expect(await paying.authorizeSession(id, await sessionOf())).toBe(true)

    expect(await collection(made)).toMatchObject({ status: "completed" })
    expect(await balance(id)).toMatchObject({ paid: "10" })
  })

  it.each(["draft", "archived"])("is not asked for, nor taken, for a draft that is %s", async (status) => {
    const { id, collectionId, paymentId } = await paidOrder(shop, OUTSIDE)
    await costMore(id)
    await shop.sql(`update "order"."order" set is_draft_order = true, status = $2 where id = $1 returning id`, [
      id,
      status,
    ])

    const refused = { code: "order.wrong_status" }
    await expect(paying.createCollection(id, 1)).rejects.toMatchObject(refused)
    await expect(paying.createSession(collectionId, { providerId: OUTSIDE })).rejects.toMatchObject(refused)
    await expect(paying.markAsPaid(collectionId, { orderId: id }, null)).rejects.toMatchObject(refused)
    await expect(paying.capture(paymentId, {}, null)).rejects.toMatchObject(refused)
    expect(await summary(id)).toMatchObject({ paid_total: 0 })
  })

  it("is not asked for without an order, for another one, or for one that was canceled", async () => {
    const [one, other] = [await paidOrder(shop), await paidOrder(shop)]
    const { paymentSessionId } = await payment(other.paymentId)
    const cartId = await shop.readyCart((await shop.addProduct()).variantId)
    const ofCart = await shop.payments.collectionOf(cartId, shop.shopper)
    const missing = { code: "resource.not_found" }

    await expect(paying.createCollection("order_none", 1)).rejects.toMatchObject(missing)
    await expect(paying.deleteCollection(ofCart)).rejects.toMatchObject(missing)
    await expect(paying.markAsPaid(other.collectionId, { orderId: one.id }, null)).rejects.toMatchObject(missing)
    await expect(paying.createSession(ofCart, { providerId: OUTSIDE })).rejects.toMatchObject(missing)
    await expect(paying.authorizeSession(one.id, paymentSessionId)).rejects.toMatchObject(missing)
    await expect(
      paying.markAsPaid(one.collectionId, { orderId: one.id, providerId: OUTSIDE }, null),
    ).rejects.toMatchObject({ code: "order.not_paid_by_hand", details: { providerId: OUTSIDE } })
    await shop.resolve(OrderService).cancel([one.id])
    const canceled = { code: "order.wrong_status" }
    await expect(paying.createCollection(one.id, 1)).rejects.toMatchObject(canceled)
    await expect(paying.createSession(one.collectionId, { providerId: OUTSIDE })).rejects.toMatchObject(canceled)
    await expect(paying.markAsPaid(one.collectionId, { orderId: one.id }, null)).rejects.toMatchObject(canceled)
  })
})

it("is taken of a cart that is no order yet, and known to it once it is", async () => {
  const { variantId } = await shop.addProduct()
  const cartId = await shop.readyCart(variantId, { providerId: OUTSIDE })
  const collectionId = await shop.payments.collectionOf(cartId, shop.shopper)
  const [session] = (await collection(collectionId)).paymentSessions
  const told = server.webhook({
    type: "captured",
    sessionId: session?.id as string,
    amount: "17.85",
    eventId: "evt_early",
  })

  await shop.resolve(PaymentWebhookService).handleWebhook(OUTSIDE, told)

  await expect.poll(async () => (await shop.orderOf(cartId))?.summary.paid_total).toBe(17.85)
  await balance((await shop.orderOf(cartId))?.id as string)
})
