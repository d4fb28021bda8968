import { OrderService } from "@marquetry/order"
import { httpPayment, startFakePaymentServer, type FakePaymentServer } from "@marquetry/payment/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { statusesOf } from "./back-office.ts"
import { openSellingOffice, paymentOf, piecesOf, type SellingOffice } from "./selling-office.ts"

let bank: FakePaymentServer
let office: SellingOffice
beforeAll(async () => {
  bank = await startFakePaymentServer()
  office = await openSellingOffice({ payments: [httpPayment({ url: bank.url })] })
})
afterAll(async () => {
  await office.drop()
  await bank.close()
})

/** A change that is asked for. */
interface Wish {
  readonly path: string
  readonly body?: object
}

const local = "pp_system_default"
const outside = "pp_fake_http"

const paid = async (provider: string) => {
  const { id, order } = await office.order({ provider })
  return { id, payment: `/admin/payments/${paymentOf(order)}` }
}

const capture = async (provider: string): Promise<Wish> => {
  const { payment } = await paid(provider)
  return { path: `${payment}/capture`, body: { amount: 1 } }
}

const refund = async (provider: string): Promise<Wish> => {
  const { payment } = await paid(provider)
  await office.post(`${payment}/capture`)
  return { path: `${payment}/refund`, body: { amount: 1 } }
}

const cancel = async (provider: string): Promise<Wish> => {
  const { id } = await paid(provider)
  return { path: `/admin/orders/${id}/cancel` }
}

/** An order of 20 euros that nobody has paid, and what asks for them. */
const asked = async () => {
  const items = [{ title: "Lamp", unitPrice: 20, quantity: 1 }]
  const { id } = await office.container.resolve(OrderService).create({ currencyCode: "eur", items })
  const { body } = await office.post("/admin/payment-collections", { order_id: id, amount: 20 })
  return { id, collection: `/admin/payment-collections/${(body["payment_collection"] as { id: string }).id}` }
}

const markAsPaid = async (): Promise<Wish> => {
  const { id, collection } = await asked()
  return { path: `${collection}/mark-as-paid`, body: { order_id: id } }
}

const beginToPay = async (provider: string): Promise<Wish> => {
  const { collection } = await asked()
  return { path: `${collection}/payment-sessions`, body: { provider_id: provider } }
}

const authorize = async (provider: string): Promise<Wish> => {
  const { id, collection } = await asked()
  const { body } = await office.post(`${collection}/payment-sessions`, { provider_id: provider })
  const [session] = (body["payment_collection"] as { payment_sessions: { id: string }[] }).payment_sessions
  return { path: `/admin/orders/${id}/payment-sessions/authorize`, body: { payment_session_id: session?.id } }
}

/** Packs an order for a carrier who is asked outside. */
const fulfil = async () => {
  const { id, order } = await office.order({ quantity: 10 })
  const items = piecesOf(order).map((piece) => ({ ...piece, quantity: 1 }))
  return { path: `/admin/orders/${id}/fulfillments`, body: { items, shipping_option_id: office.shop.express } }
}

const packed = async () => {
  const { path, body } = await fulfil()
  const { body: answer } = await office.post(path, body)
  const [fulfillment] = (answer["order"] as { fulfillments: { id: string }[] }).fulfillments
  return { path, fulfillment: fulfillment?.id as string }
}

const unpack = async (): Promise<Wish> => {
  const { path, fulfillment } = await packed()
  return { path: `${path}/${fulfillment}/cancel` }
}

const unpackByItself = async (): Promise<Wish> => ({
  path: `/admin/fulfillments/${(await packed()).fulfillment}/cancel`,
})

describe("of ten who have seen the same, and ask at once", () => {
  it.each<[string, () => Promise<Wish>]>([
    ["takes money", () => capture(local)],
    ["takes money at a bank", () => capture(outside)],
    ["gives money back", () => refund(local)],
    ["gives money back at a bank", () => refund(outside)],
    ["calls an order off", () => cancel(local)],
    ["calls an order off that a bank is asked for", () => cancel(outside)],
    ["says that it was paid by hand", markAsPaid],
    ["begins to pay", () => beginToPay(local)],
    ["begins to pay at a bank", () => beginToPay(outside)],
    ["sets money aside", () => authorize(local)],
    ["sets money aside at a bank", () => authorize(outside)],
    ["packs an order", fulfil],
    ["unpacks it", unpack],
    ["unpacks it, of whichever order it is", unpackByItself],
  ])("one %s", async (_, wished) => {
    const { path, body } = await wished()
    const ask = (version: string) => office.post(path, body, { headers: { "if-match": version } })
    // Whoever means another version is told which one there is.
    const { headers } = await ask('"another"')
    const seen = headers.get("etag") as string

    const answers = await Promise.all(Array.from({ length: 10 }, () => ask(seen)))

    expect(statusesOf(answers)).toEqual([200, ...Array.from({ length: 9 }, () => 412)])
    const done = answers.find(({ status }) => status === 200)
    expect(done?.headers.get("etag")).toBe((await ask('"another"')).headers.get("etag"))
  })
})
