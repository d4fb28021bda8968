import { fork, type ChildProcess } from "node:child_process"
import { once } from "node:events"
import { httpPayment, startFakePaymentServer, type FakePaymentServer } from "@marquetry/payment/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { statusesOf, type Json } from "./back-office.ts"
import { openSellingOffice, paymentOf, piecesOf, type SellingOffice } from "./selling-office.ts"

let bank: FakePaymentServer
let office: SellingOffice
let processes: ChildProcess[]
let addresses: string[]
beforeAll(async () => {
  bank = await startFakePaymentServer()
  office = await openSellingOffice({ payments: [httpPayment({ url: bank.url })] })
  processes = [0, 1].map(() =>
    fork(new URL("../processes/office.ts", import.meta.url), [office.url, office.directory, bank.url], {
      execArgv: ["--disable-warning=ExperimentalWarning", "--conditions=@marquetry/source"],
    }),
  )
  addresses = await Promise.all(processes.map(async (child) => String((await once(child, "message"))[0])))
}, 60_000)
afterAll(async () => {
  const ended = processes.map((child) => once(child, "exit"))
  for (const child of processes) child.disconnect()
  await Promise.all(ended)
  await office.drop()
  await bank.close()
})

interface Answer {
  readonly status: number
  readonly body: Json
}

let sent = 0
/** Sends to one process and the other in turn. */
async function post(path: string, body: unknown = {}, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(`${addresses[sent++ % addresses.length]}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${office.token}`, "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  })
  return { status: response.status, body: (await response.json()) as Json }
}
const times = <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)))

/** Those that were not served, by why. */
const refusalsOf = (answers: readonly Answer[]) => [
  ...new Set(answers.filter(({ status }) => status !== 200).map(({ body }) => body["code"])),
]
const asked = (method: string, since: number) => bank.requests.slice(since).filter((one) => one.method === method)

/** What the books of the order and of the stock say of each other. */
async function booksOf(id: string) {
  const [books] = await office.composition.database.sql<Json>(
    `with parcels as (
       select f.* from "fulfillment"."fulfillment" f join link.order_fulfillment l on l.fulfillment_id = f.id
       where l.order_id = $1 and f.canceled_at is null
     )
     select o.status, d.quantity, d.fulfilled_quantity as fulfilled, d.shipped_quantity as shipped,
       (select coalesce(sum(i.quantity), 0)::int from "fulfillment"."fulfillment_item" i
         join parcels on parcels.id = i.fulfillment_id) as packed,
       (select v.stocked_quantity::int from "inventory"."inventory_level" v where v.inventory_item_id = s.inventory_item_id)
         as stocked,
       (select v.reserved_quantity::int from "inventory"."inventory_level" v where v.inventory_item_id = s.inventory_item_id)
         as reserved
     from "order"."order" o join "order"."order_line_detail" d on d.order_id = o.id
       join lateral (select inventory_item_id from "inventory"."reservation" r where r.line_item_id = d.item_id limit 1) s on true
     where o.id = $1`,
    [id],
  )
  return books as Json
}

describe("two processes over one database", () => {
  it("pack the pieces of an order once, whoever of twenty asks", async () => {
    const { id, order } = await office.order({ quantity: 4, stock: 10 })
    const [line] = piecesOf(order)

    const answers = await times(20, () =>
      post(`/admin/orders/${id}/fulfillments`, { items: [{ id: line?.id, quantity: 1 }] }),
    )

    expect(statusesOf(answers).filter((status) => status === 200)).toHaveLength(4)
    expect(refusalsOf(answers)).toEqual(["order.quantity_not_available"])
    expect(await booksOf(id)).toMatchObject({ quantity: 4, fulfilled: 4, packed: 4, stocked: 6, reserved: 0 })
    expect((await office.audit(id)).map(({ action }) => action)).toEqual(Array.from({ length: 4 }, () => "fulfilled"))
  })

  it("take and give back money once, and ask the bank once", async () => {
    const { order } = await office.order({ provider: "pp_fake_http" })
    const payment = paymentOf(order)
    const since = bank.requests.length

    const captures = await times(10, () => post(`/admin/payments/${payment}/capture`))
    const refunds = await times(10, () => post(`/admin/payments/${payment}/refund`, { amount: order.total }))

    expect(statusesOf(captures).filter((status) => status === 200)).toHaveLength(1)
    expect(refusalsOf(captures)).toEqual(["payment.capture_exceeds_authorized"])
    expect(statusesOf(refunds).filter((status) => status === 200)).toHaveLength(1)
    expect(refusalsOf(refunds)).toEqual(["payment.refund_exceeds_captured"])
    expect([asked("capture", since).length, asked("refund", since).length]).toEqual([1, 1])
    expect(await office.read(order.id)).toMatchObject({
      summary: { paid_total: order.total, refunded_total: order.total, transaction_total: 0 },
    })
  })

  it("take no more than was authorised, in however many parts", async () => {
    const { order } = await office.order({ provider: "pp_fake_http" })
    const payment = paymentOf(order)

    const answers = await times(10, () => post(`/admin/payments/${payment}/capture`, { amount: 10 }))

    expect(statusesOf(answers).filter((status) => status === 200)).toHaveLength(Math.floor(order.total / 10))
    expect(await office.read(order.id)).toMatchObject({ summary: { paid_total: 20 } })
  })

  it("call an order off or pack it, and never both", async () => {
    const orders = await times(6, () => office.order({ quantity: 2, stock: 5 }))

    const answers = await Promise.all(
      orders.map(({ id, order }, index) => {
        const pack = () => post(`/admin/orders/${id}/fulfillments`, { items: piecesOf(order) })
        const cancel = () => post(`/admin/orders/${id}/cancel`)
        const both = index % 2 === 0 ? [pack, cancel] : [cancel, pack]
        return Promise.all(both.map((one) => one()))
      }),
    )
    const books = await Promise.all(orders.map(({ id }) => booksOf(id)))

    expect(answers.map(statusesOf)).toEqual(orders.map(() => [200, 400]))
    expect(books.map(({ status, packed, stocked, reserved }) => [status, packed, stocked, reserved])).toEqual(
      books.map(({ status }) => (status === "canceled" ? ["canceled", 0, 5, 0] : ["pending", 2, 3, 0])),
    )
  })

  it("ship a fulfilment or unpack it, once, and never both", async () => {
    const { id, order } = await office.order({ quantity: 2, stock: 5 })
    const items = piecesOf(order)
    const made = await post(`/admin/orders/${id}/fulfillments`, { items })
    const [fulfillment] = (made.body["order"] as { fulfillments: { id: string }[] }).fulfillments
    const path = `/admin/orders/${id}/fulfillments/${fulfillment?.id}`

    const answers = await times(8, (index) =>
      index % 2 === 0 ? post(`${path}/shipments`, { items, labels: [] }) : post(`${path}/cancel`),
    )
    const books = await booksOf(id)

    expect(statusesOf(answers)).toEqual([200, ...Array.from({ length: 7 }, () => 400)])
    expect([books["shipped"], books["stocked"], books["reserved"]]).toEqual(
      books["fulfilled"] === 2 ? [2, 3, 0] : [0, 5, 2],
    )
  })

  it("ship a fulfilment once, whether it is asked for as one of the order or by itself", async () => {
    const orders = await times(5, () => office.order())
    const parcels = await Promise.all(
      orders.map(async ({ id, order }) => {
        const { body } = await post(`/admin/orders/${id}/fulfillments`, { items: piecesOf(order) })
        const [fulfillment] = (body["order"] as { fulfillments: { id: string }[] }).fulfillments
        return { id, items: piecesOf(order), fulfillment: fulfillment?.id }
      }),
    )

    const answers = await Promise.all(
      parcels.map(({ id, items, fulfillment }) =>
        times(4, (index) =>
          index % 2 === 0
            ? post(`/admin/orders/${id}/fulfillments/${fulfillment}/shipments`, { items })
            : post(`/admin/fulfillments/${fulfillment}/shipment`, { labels: [] }),
        ),
      ),
    )

    expect(answers.map(statusesOf)).toEqual(parcels.map(() => [200, 400, 400, 400]))
  })

  it("change what two have seen for one of them", async () => {
    const { id } = await office.order()
    const seen = await office.get(`/admin/orders/${id}`)
    const headers = { "if-match": seen.headers.get("etag") as string }

    const answers = await times(6, (index) => post(`/admin/orders/${id}`, { metadata: { index } }, headers))

    expect(statusesOf(answers)).toEqual([200, 412, 412, 412, 412, 412])
    expect((await office.audit(id)).map(({ action }) => action)).toEqual(["updated"])
  })

  it("do what has one key once, whichever is asked", async () => {
    const { order } = await office.order({ provider: "pp_fake_http" })
    const payment = paymentOf(order)
    const capture = () =>
      post(`/admin/payments/${payment}/capture`, { amount: 5 }, { "idempotency-key": `take-${payment}` })

    const answers = await times(8, capture)
    const late = await capture()

    expect(statusesOf(answers).filter((status) => status !== 200 && status !== 409)).toEqual([])
    expect(late.body).toEqual(answers.find(({ status }) => status === 200)?.body)
    expect(await office.read(order.id)).toMatchObject({ summary: { paid_total: 5 } })
  })
})
