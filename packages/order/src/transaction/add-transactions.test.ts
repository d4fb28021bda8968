import { statementsOf } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openOrders, type Alone } from "../../test/orders.ts"
import { TransactionCurrencyMismatch, type NewOrderTransaction } from "../index.ts"
import { anOrder } from "../testing.ts"

describe("transactions of an order", () => {
  let alone: Alone
  let orders: Alone["orders"]

  beforeAll(async () => {
    alone = await openOrders()
    orders = alone.orders
  })

  afterAll(() => alone.close())

  const capture = (orderId: string, overrides: Partial<NewOrderTransaction> = {}): NewOrderTransaction => ({
    orderId,
    amount: 10,
    currencyCode: "EUR",
    reference: "capture",
    referenceId: "capt_1",
    ...overrides,
  })

  it("counts once, however often it is told, at once and twice in one call", async () => {
    const id = await orders.place(anOrder())

    await Promise.all(Array.from({ length: 10 }, () => orders.addTransactions([capture(id), capture(id)])))

    const order = await orders.get(id)
    expect(order).toMatchObject({ paidTotal: "10", refundedTotal: "0" })
    expect(order.transactions).toMatchObject([
      { amount: "10", currencyCode: "eur", reference: "capture", referenceId: "capt_1", version: 1 },
    ])
    const sent = await alone.database.sql(
      `select payload from "marquetry"."outbox" where name = 'order.transaction_added' and aggregate_id = $1`,
      [id],
    )
    expect(sent).toHaveLength(1)
  })

  it("adds up what was paid and given back, of several orders in two statements", async () => {
    const [first, second] = (await orders.placeMany([anOrder(), anOrder()])) as [string, string]

    const statements = await statementsOf(alone.database, () =>
      orders.addTransactions([
        capture(first, { amount: "7.10" }),
        capture(second),
        capture(first, { amount: "0.20", referenceId: "capt_2" }),
        capture(first, { amount: "-3", reference: "refund", referenceId: "ref_1" }),
      ]),
    )
    const again = await statementsOf(alone.database, () => orders.addTransactions([capture(second)]))

    expect([statements.length, again.length]).toEqual([2, 1])
    expect(await orders.get(first)).toMatchObject({ paidTotal: "7.3", refundedTotal: "3" })
    expect(await orders.get(second)).toMatchObject({ paidTotal: "10", refundedTotal: "0" })
  })

  it("loses none of many that come at once", async () => {
    const ids = (await orders.placeMany([anOrder(), anOrder()])) as [string, string]

    await Promise.all(
      Array.from({ length: 12 }, (_, index) => {
        const both = ids.map((id) => capture(id, { amount: 1, referenceId: `capt_${index}` }))
        return orders.addTransactions(index % 2 ? both : both.toReversed())
      }),
    )

    for (const id of ids) expect((await orders.get(id)).summary.paid_total).toBe(12)
  })

  it("refuses another currency, an order that there is not, and nothing at all; and writes nothing", async () => {
    const id = await orders.place(anOrder())
    const dollars = capture(id, { currencyCode: "usd", referenceId: "capt_2" })

    await expect(orders.addTransactions([capture(id), dollars])).rejects.toThrow(TransactionCurrencyMismatch)
    await expect(orders.addTransactions([capture(id), capture("order_none")])).rejects.toMatchObject({
      details: { id: "order_none" },
    })
    await expect(orders.addTransactions([capture(id, { amount: 0 })])).rejects.toMatchObject({ code: "input.invalid" })

    expect(await orders.get(id)).toMatchObject({ paidTotal: "0", transactions: [] })
  })
})
