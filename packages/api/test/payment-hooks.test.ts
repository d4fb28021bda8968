import {
  httpPayment,
  startFakePaymentServer,
  type FakePaymentServer,
  type FakeWebhook,
} from "@marquetry/payment/testing"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { visitor, type Row } from "./buying.ts"
import { openShop, type Shop } from "./shop.ts"

const provider = "pp_fake_http"
let bank: FakePaymentServer
let shop: Shop
beforeAll(async () => {
  bank = await startFakePaymentServer()
  shop = await openShop({ stock: 1_000, payments: [httpPayment({ url: bank.url })] })
})
afterAll(async () => {
  await shop.drop()
  await bank.close()
})

/** As the bank calls the shop. */
async function tell(event: FakeWebhook, path = provider, headers: Record<string, string> = {}) {
  const { rawBody, headers: signed } = bank.webhook(event)
  const response = await shop.server.app.inject({
    method: "POST",
    url: `/hooks/payment/${path}`,
    headers: { "content-type": "application/json", ...(signed as Record<string, string>), ...headers },
    payload: rawBody.toString(),
  })
  return { status: response.statusCode, body: JSON.parse(response.body) as Record<string, unknown> }
}

/** A cart whose shopper pays at the bank and does not come back. */
async function payingCart() {
  const guest = visitor(shop)
  const cart = await guest.sentCart()
  const made = await guest.done(guest.post("/store/payment-collections", { cart_id: cart.id }))
  const collection = made["payment_collection"] as Row
  const chosen = await guest.done(
    guest.post(`/store/payment-collections/${collection.id}/payment-sessions`, { provider_id: provider }),
  )
  const [session] = (chosen["payment_collection"] as Row)["payment_sessions"] as Row[]
  return { cartId: cart.id, sessionId: session?.id as string, amount: String(collection["amount"]) }
}

const ordersOf = (cartId: string) =>
  shop.composition.database.sql<{ id: string }>(`select id from "order"."order" where cart_id = $1`, [cartId])

describe("POST /hooks/payment/:provider", () => {
  it("places the order of a cart that was paid for elsewhere, once however often it is told", async () => {
    const { cartId, sessionId, amount } = await payingCart()
    const event = { type: "authorized", sessionId, amount, eventId: `evt-${sessionId}` } as const

    const answers = [await tell(event), await tell(event, "fake_http")]
    await vi.waitFor(async () => expect(await ordersOf(cartId)).toHaveLength(1), { timeout: 20_000 })

    expect(answers).toEqual([
      { status: 200, body: { received: true } },
      { status: 200, body: { received: true } },
    ])
  })

  it.each([
    ["a wrong signature", provider, { "fake-signature": "0".repeat(64) }, "payment.webhook_rejected"],
    ["an unknown provider", "pp_nobody", {}, "payment.unknown_provider"],
    ["a provider that never calls", "pp_system_default", {}, "payment.not_offered"],
  ])("refuses %s", async (_, path, headers, code) => {
    const { cartId, sessionId, amount } = await payingCart()

    const answer = await tell({ type: "authorized", sessionId, amount, eventId: "evt-forged" }, path, headers)

    expect(answer).toMatchObject({ status: 400, body: { code } })
    expect(await ordersOf(cartId)).toEqual([])
  })
})
