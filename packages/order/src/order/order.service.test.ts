import { statementsOf } from "@marquetry/kernel/testing"
import fc from "fast-check"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { openOrders, type Alone } from "../../test/orders.ts"
import { OrderExists, OrderFulfilled, WrongOrderStatus } from "../index.ts"
import { anOrder, anOrderLine } from "../testing.ts"

describe("orders", () => {
  let alone: Alone
  let orders: Alone["orders"]

  beforeAll(async () => {
    alone = await openOrders()
    orders = alone.orders
  })

  beforeEach(() => alone.database.run(`delete from "order"."order"`))

  afterAll(() => alone.close())

  const sent = (id: string) =>
    alone.database.sql<{ name: string; payload: object }>(
      `select name, payload from "marquetry"."outbox" where aggregate_id = $1 order by sequence`,
      [id],
    )

  it("keeps what was sold, with its totals", async () => {
    const made = await orders.create(
      anOrder({
        cartId: "cart_1",
        customerId: "cus_1",
        email: " Ada@Example.com ",
        metadata: { gift: true },
        shippingAddress: { firstName: "Ada", address1: "Main St 1", countryCode: "DE" },
        items: [
          anOrderLine({
            variantId: "variant_1",
            unitPrice: 100,
            quantity: 2,
            adjustments: [{ amount: 20, code: "TEN", promotionId: "promo_1" }],
            taxLines: [{ rate: 19, code: "vat", taxRateId: "txr_1" }],
          }),
          anOrderLine({ title: "Card", requiresShipping: false }),
        ],
        shippingMethods: [{ name: "Post", amount: 5, shippingOptionId: "so_1", taxLines: [{ rate: 19 }] }],
        creditLines: [{ amount: 4, reference: "gift_card", referenceId: "gift_1" }],
      }),
    )

    expect(made).toMatchObject({
      status: "pending",
      fulfillmentStatus: "not_fulfilled",
      version: 1,
      email: "ada@example.com",
      cartId: "cart_1",
      total: "226.15",
      itemTotal: "224.2",
      shippingTotal: "5.95",
      creditLineTotal: "4",
      discountTotal: "23.8",
      metadata: { gift: true },
      shippingAddress: { firstName: "Ada", countryCode: "de" },
      billingAddress: null,
      transactions: [],
    })
    expect(made.id).toMatch(/^order_[0-9A-Z]{26}$/)
    expect(made.items.map(({ id, title }) => [id.slice(0, 6), title])).toEqual([
      ["ordli_", "Shirt"],
      ["ordli_", "Card"],
    ])
    const [shirt] = made.items
    expect(shirt).toMatchObject({ total: "214.2", quantity: 2, unitPrice: "100", requiresShipping: true })
    expect(shirt?.adjustments).toMatchObject([{ amount: "20", total: "23.8", promotionId: "promo_1", version: 1 }])
    expect(shirt?.taxLines).toMatchObject([{ rate: "19", total: "34.2", taxRateId: "txr_1" }])
    expect(shirt?.detail).toMatchObject({ itemId: shirt?.id, orderId: made.id, quantity: 2, fulfilledQuantity: 0 })
    expect(made.shippingMethods).toMatchObject([{ name: "Post", total: "5.95", taxLines: [{ total: "0.95" }] }])
    expect(made.creditLines).toMatchObject([{ amount: "4", total: "4", reference: "gift_card" }])
    expect(await orders.get(made.id)).toEqual(made)
  })

  it("sums up in numbers how it stands", async () => {
    const { id, currencyCode } = await orders.create(anOrder({ creditLines: [{ amount: 1 }] }))
    await orders.addTransactions([
      { orderId: id, amount: "7.50", currencyCode, reference: "capture", referenceId: "capt_1" },
      { orderId: id, amount: -2, currencyCode, reference: "refund", referenceId: "ref_1" },
    ])
    await orders.addCreditLine(id, { amount: 2 })

    const { summary } = await orders.get(id)

    expect(summary).toEqual({
      current_order_total: 7,
      original_order_total: 9,
      accounting_total: 10,
      paid_total: 7.5,
      refunded_total: 2,
      transaction_total: 5.5,
      credit_line_total: 3,
      pending_difference: 1.5,
    })
  })

  it("is placed in one statement, with one line or fifty, and read in one", async () => {
    const lines = (count: number) =>
      Array.from({ length: count }, () => anOrderLine({ adjustments: [{ amount: 1 }], taxLines: [{ rate: 19 }] }))
    let id = ""

    const forOne = await statementsOf(alone.database, () => orders.place(anOrder({ items: lines(1) })))
    const forFifty = await statementsOf(alone.database, async () => {
      id = await orders.place(anOrder({ items: lines(50) }))
    })
    const forMany = await statementsOf(alone.database, () =>
      orders.placeMany(Array.from({ length: 40 }, () => anOrder({ items: lines(3) }))),
    )
    const reading = await statementsOf(alone.database, () => orders.get(id))
    const listing = await statementsOf(alone.database, () => orders.list())

    expect([forOne, forFifty, forMany, reading, listing].map(({ length }) => length)).toEqual([1, 1, 1, 1, 1])
    // Prepared once for all of them.
    expect(new Set([...forOne, ...forFifty, ...forMany]).size).toBe(1)
    expect((await orders.get(id)).items).toHaveLength(50)
  })

  it("makes one order of a cart, however many complete it at once", async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () => orders.place(anOrder({ cartId: "cart_wanted" }))),
    )

    const won = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []))
    const lost = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []))
    expect(won).toHaveLength(1)
    expect(lost.every((error) => error instanceof OrderExists)).toBe(true)
    expect(lost[0]).toMatchObject({ kind: "conflict", details: { cartId: "cart_wanted" } })
    expect((await orders.list()).rows.map(({ id }) => id)).toEqual(won)
    expect((await orders.findByCart("cart_wanted"))?.id).toBe(won[0])
    expect(await orders.findByCart("cart_other")).toBeNull()
    expect(await sent(won[0] as string)).toHaveLength(1)
  })

  it("numbers orders in the order in which they come", async () => {
    const ids = await orders.placeMany([anOrder(), anOrder({ customDisplayId: "A-1" }), anOrder()])

    const { rows } = await orders.list({ order: { displayId: "asc" } })

    expect(rows.map(({ id }) => id)).toEqual(ids)
    expect(await orders.placeMany([])).toEqual([])
  })

  it("is found by e-mail, names and numbers, and by its fields", async () => {
    const [ada, bob] = await orders.placeMany([
      anOrder({ shippingAddress: { firstName: "Ada", lastName: "Lovelace" }, salesChannelId: "sc_1" }),
      anOrder({ email: "bob@example.com", customDisplayId: "WEB-77" }),
    ])
    const found = async (q: string) => (await orders.list({ q })).rows.map(({ id }) => id)
    const { displayId } = await orders.get(ada as string)

    expect(await found("ada@example.com")).toEqual([ada])
    expect(await found("bob")).toEqual([bob])
    expect(await found("lovel ada")).toEqual([ada])
    expect(await found(String(displayId))).toEqual([ada])
    expect(await found("web-77")).toEqual([bob])
    expect((await orders.list({ filter: { salesChannelId: "sc_1", status: ["pending"] } })).count).toBe(1)
    expect((await orders.list({ filter: { fulfillmentStatus: "delivered" } })).count).toBe(0)
    expect((await orders.list({ filter: { total: { $gte: "10.01" } } })).count).toBe(0)
  })

  it("answers details and their lines from both sides", async () => {
    const id = await orders.place(anOrder())

    const { rows } = await alone.query.listAny("order_line_detail", {
      fields: { quantity: true, item: { title: true }, order: { display_id: true } },
      filter: { order_id: id },
      names: "wire",
    })

    expect(rows).toMatchObject([{ quantity: 1, item: { title: "Shirt" }, order: { display_id: expect.any(Number) } }])
  })

  it("loses none of two changes that come at once", async () => {
    const { id } = await orders.create(anOrder())

    await Promise.all([
      orders.update(id, { metadata: { one: 1 } }),
      orders.update(id, { metadata: { two: 2 } }),
      orders.addCreditLine(id, { amount: 1 }),
      orders.addCreditLine(id, { amount: 2 }),
    ])

    expect(await orders.get(id)).toMatchObject({ metadata: { one: 1, two: 2 }, total: "7", creditLineTotal: "3" })
  })

  it("is credited up to what it costs, however many credit it at once, so that lines and sum agree", async () => {
    const { id } = await orders.create(anOrder())

    const results = await Promise.allSettled(
      [4, 4, 4, "10.01"].map((amount) => orders.addCreditLine(id, { amount, reference: "gift_card" })),
    )
    const full = await orders.addCreditLine(id, { amount: "2.00" })

    const refusals = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []))
    const refused = expect.objectContaining({ code: "order.credit_exceeds_total" }) as unknown
    expect(refusals).toEqual([refused, refused])
    expect(full).toMatchObject({ total: "0", creditLineTotal: "10", itemTotal: "10" })
    expect(full.creditLines.map(({ amount }) => Number(amount)).toSorted((a, b) => a - b)).toEqual([2, 4, 4])
    await expect(orders.addCreditLine(id, { amount: "0.01" })).rejects.toMatchObject({
      details: { amount: "0.01", total: "0" },
    })
  })

  it("is paid by nothing else once it was called off, and by no amount that is none", async () => {
    const { id } = await orders.create(anOrder())

    await expect(orders.addCreditLine(id, { amount: 0 })).rejects.toMatchObject({ code: "input.invalid" })
    for (const amount of ["0.001", "1.005"])
      await expect(orders.addCreditLine(id, { amount })).rejects.toMatchObject({ code: "input.invalid" })
    await orders.cancel([id])
    await expect(orders.addCreditLine(id, { amount: 1 })).rejects.toMatchObject({ code: "order.wrong_status" })

    expect((await orders.get(id)).creditLines).toEqual([])
  })

  it("is called off before anything is fulfilled, and not after", async () => {
    const [first, second] = (await orders.placeMany([anOrder(), anOrder()])) as [string, string]
    const { items } = await orders.get(second)
    await orders.registerFulfillment(second, [{ itemId: items[0]?.id ?? "", quantity: 1 }])

    const refused = await orders.cancel([first, second]).catch((error: unknown) => error)
    await orders.cancel([first, first])

    expect(refused).toBeInstanceOf(OrderFulfilled)
    expect(refused).toMatchObject({ kind: "invalid", details: { ids: [second] } })
    expect(await orders.get(second)).toMatchObject({ status: "pending", canceledAt: null })
    const canceled = await orders.get(first)
    expect(canceled).toMatchObject({ status: "canceled", fulfillmentStatus: "canceled" })
    expect(canceled.canceledAt).toEqual(canceled.updatedAt)
    expect((await sent(first)).map(({ name }) => name)).toEqual(["order.placed", "order.canceled"])
  })

  it("owes nothing once it was called off, and is owed what was paid until that is back", async () => {
    const [unpaid, paid] = (await orders.placeMany([anOrder(), anOrder()])) as [string, string]
    const move = (reference: string, amount: number) =>
      orders.addTransactions([{ orderId: paid, amount, currencyCode: "eur", reference, referenceId: `${reference}_9` }])
    const pendingOf = async (id: string) => (await orders.get(id)).summary.pending_difference
    await move("capture", 4)

    await orders.cancel([unpaid, paid])
    const before = await Promise.all([unpaid, paid].map(pendingOf))
    await move("refund", -4)
    await orders.archive([unpaid, paid])

    expect(before).toEqual([0, -4])
    expect(await Promise.all([unpaid, paid].map(pendingOf))).toEqual([0, 0])
  })

  it("is either called off or fulfilled, when both come at once", async () => {
    const ids = await orders.placeMany(Array.from({ length: 12 }, () => anOrder()))
    const { rows } = await orders.list({ filter: { id: ids } })

    const results = await Promise.all(
      rows.map(async ({ id, items }, index) => {
        const fulfil = () => orders.registerFulfillment(id, [{ itemId: items[0]?.id ?? "", quantity: 1 }])
        const cancel = () => orders.cancel([id])
        return Promise.allSettled(index % 2 === 0 ? [fulfil(), cancel()] : [cancel(), fulfil()])
      }),
    )

    for (const both of results) expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
    const after = await orders.list({ filter: { id: ids } })
    for (const { status, fulfillmentStatus } of after.rows) {
      expect(status === "canceled").toBe(fulfillmentStatus === "canceled")
    }
  })

  it("goes from pending to completed to archived, all orders or none", async () => {
    const [first, second] = (await orders.placeMany([anOrder(), anOrder()])) as [string, string]
    await orders.complete([first])

    await expect(orders.archive([first, second])).rejects.toMatchObject({
      code: "order.wrong_status",
      details: { orders: [{ id: second, status: "pending" }] },
    })
    await expect(orders.complete([first])).rejects.toThrow(WrongOrderStatus)
    expect((await orders.get(first)).status).toBe("completed")
    await orders.complete([second])
    const statements = await statementsOf(alone.database, () => orders.archive([first, second]))

    expect(statements).toHaveLength(2)
    expect((await orders.list({ filter: { status: "archived" } })).count).toBe(2)
    await expect(orders.cancel([first])).rejects.toThrow(WrongOrderStatus)
  })

  it("has totals that add up, whatever is sold", async () => {
    const minor = (amount: string) => Math.round(Number(amount) * 100)
    const line = fc.record({
      unitPrice: fc.integer({ min: 0, max: 100_000 }).map((cents) => cents / 100),
      quantity: fc.integer({ min: 1, max: 50 }),
      isTaxInclusive: fc.boolean(),
      adjustments: fc.array(fc.record({ amount: fc.integer({ min: 0, max: 200 }) }), { maxLength: 2 }),
      taxLines: fc.array(fc.record({ rate: fc.integer({ min: 0, max: 40 }) }), { maxLength: 2 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 5 }), fc.nat(5_000), async (lines, credit) => {
        const items = lines.map((one) => anOrderLine(one))
        const order = await orders.create(anOrder({ items, creditLines: [{ amount: credit }] }))
        const lineTotal = order.items.reduce((sum, { total }) => sum + minor(total), 0)
        expect(minor(order.total)).toBe(Math.max(0, lineTotal - credit * 100))
        expect(order.summary.pending_difference).toBe(Number(order.total))
      }),
      { numRuns: 25 },
    )
  })

  it.each([
    ["no lines", { items: [] }],
    ["a line of no pieces", { items: [anOrderLine({ quantity: 0 })] }],
    ["a broken piece", { items: [anOrderLine({ quantity: 1.5 })] }],
    ["a negative price", { items: [anOrderLine({ unitPrice: -1 })] }],
    ["a currency that there is not", { currencyCode: "zzz" }],
    ["a broken e-mail", { email: "ada" }],
    ["a field that there is not", { colour: "red" }],
  ] as [string, object][])("refuses %s", async (_, fault) => {
    await expect(orders.place({ ...anOrder(), ...fault })).rejects.toMatchObject({ code: "input.invalid" })
  })

  it("refuses totals that nobody could pay", async () => {
    const items = [anOrderLine({ unitPrice: "900000000000000000", quantity: 1_000_000 })]

    await expect(orders.place(anOrder({ items }))).rejects.toMatchObject({ code: "order.total_too_large" })
  })

  it("cannot do anything to what there is not", async () => {
    const missing = { code: "resource.not_found", details: { id: "order_none" } }

    await expect(orders.get("order_none")).rejects.toMatchObject(missing)
    await expect(orders.update("order_none", {})).rejects.toMatchObject(missing)
    await expect(orders.addCreditLine("order_none", { amount: 1 })).rejects.toMatchObject(missing)
    await expect(orders.cancel(["order_none"])).rejects.toMatchObject(missing)
    await expect(orders.registerDelivery("order_none", [{ itemId: "x", quantity: 1 }])).rejects.toMatchObject(missing)
  })

  it("is held to the end of a transaction, with what it stands at", async () => {
    const id = await orders.place(anOrder())
    const seen: string[] = []

    await alone.database.transaction(async () => {
      expect(await orders.hold(id)).toEqual({
        id,
        status: "pending",
        currencyCode: "eur",
        total: "10",
        transactionTotal: "0",
      })
      void orders.complete([id]).then(() => seen.push("completed"))
      await alone.database.sql("select pg_sleep(0.05)")
      seen.push("let go")
    })

    await expect.poll(() => seen).toEqual(["let go", "completed"])
  })

  it("tells what happened, with the data or not at all", async () => {
    const id = await orders.place(anOrder({ customerId: "cus_1" }))
    await alone.database
      .transaction(async () => {
        await orders.update(id, { locale: "de" })
        throw new Error("changed my mind")
      })
      .catch(() => {})
    await orders.complete([id])

    const facts = { cartId: null, customerId: "cus_1", email: "ada@example.com", total: "10", currencyCode: "eur" }
    expect(await sent(id)).toEqual([
      { name: "order.placed", payload: { id, ...facts } },
      { name: "order.completed", payload: { id } },
    ])
  })
})
