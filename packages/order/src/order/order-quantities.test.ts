import { statementsOf } from "@marquetry/kernel/testing"
import fc from "fast-check"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openOrders, type Alone } from "../../test/orders.ts"
import { QuantityNotAvailable } from "../index.ts"
import { anOrder, anOrderLine } from "../testing.ts"

const verbs = ["registerFulfillment", "cancelFulfillment", "registerShipment", "registerDelivery"] as const
type Verb = (typeof verbs)[number]

describe("what becomes of the pieces of an order", () => {
  let alone: Alone
  let orders: Alone["orders"]

  beforeAll(async () => {
    alone = await openOrders()
    orders = alone.orders
  })

  afterAll(() => alone.close())

  /** An order with lines of so many pieces. */
  async function placed(...quantities: number[]): Promise<[string, string[]]> {
    const { id, items } = await orders.create(
      anOrder({ items: quantities.map((quantity) => anOrderLine({ quantity })) }),
    )
    return [id, items.map((item) => item.id)]
  }

  async function details(id: string): Promise<number[][]> {
    const { items } = await orders.get(id)
    return items.map(({ detail }) => [detail.fulfilledQuantity, detail.shippedQuantity, detail.deliveredQuantity])
  }

  it("follows pieces from the shelf to the customer", async () => {
    const [id, [first = "", second = ""]] = await placed(3, 1)
    const status = async () => (await orders.get(id)).fulfillmentStatus
    const seen: string[] = [await status()]
    const steps: [Verb, number, number][] = [
      ["registerFulfillment", 2, 0],
      ["registerFulfillment", 1, 1],
      ["registerShipment", 3, 0],
      ["registerShipment", 0, 1],
      ["registerDelivery", 1, 0],
      ["registerDelivery", 2, 1],
    ]

    for (const [step, ofFirst, ofSecond] of steps) {
      const items = [
        { itemId: first, quantity: ofFirst },
        { itemId: second, quantity: ofSecond },
      ]
      await orders[step](
        id,
        items.filter(({ quantity }) => quantity > 0),
      )
      seen.push(await status())
    }

    expect(seen).toEqual([
      "not_fulfilled",
      "partially_fulfilled",
      "fulfilled",
      "partially_shipped",
      "shipped",
      "partially_delivered",
      "delivered",
    ])
    expect(await details(id)).toEqual([
      [3, 3, 3],
      [1, 1, 1],
    ])
  })

  it("moves all that is asked for or nothing, and says which lines have too little", async () => {
    const [id, [first = "", second = ""]] = await placed(5, 1)
    const [, [foreign = ""]] = await placed(9)

    const refused = await orders
      .registerFulfillment(id, [
        { itemId: first, quantity: 2 },
        { itemId: second, quantity: 1 },
        { itemId: second, quantity: 1 },
        { itemId: foreign, quantity: 1 },
      ])
      .catch((error: unknown) => error)

    expect(refused).toBeInstanceOf(QuantityNotAvailable)
    expect(refused).toMatchObject({
      code: "order.quantity_not_available",
      kind: "invalid",
      details: {
        lines: [
          { itemId: second, requested: 2, available: 1 },
          { itemId: foreign, requested: 1, available: 0 },
        ],
      },
    })
    expect(await details(id)).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ])
  })

  it("fulfils the same pieces once, however many ask at once", async () => {
    const [id, [first = "", second = ""]] = await placed(4, 2)
    const all = [
      { itemId: first, quantity: 4 },
      { itemId: second, quantity: 2 },
    ]

    const results = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) => orders.registerFulfillment(id, index % 2 ? all : all.toReversed())),
    )

    const lost = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []))
    expect(lost).toHaveLength(9)
    expect(lost.every((error) => error instanceof QuantityNotAvailable)).toBe(true)
    expect(await details(id)).toEqual([
      [4, 0, 0],
      [2, 0, 0],
    ])
    expect((await orders.get(id)).fulfillmentStatus).toBe("fulfilled")
  })

  it("shares pieces among those who want one each at once", async () => {
    const [id, [itemId = ""]] = await placed(5)

    const results = await Promise.allSettled(
      Array.from({ length: 8 }, () => orders.registerFulfillment(id, [{ itemId, quantity: 1 }])),
    )

    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(5)
    expect(await details(id)).toEqual([[5, 0, 0]])
  })

  it("puts back what was not shipped", async () => {
    const [id, [itemId = ""]] = await placed(3)
    await orders.registerFulfillment(id, [{ itemId, quantity: 3 }])
    await orders.registerShipment(id, [{ itemId, quantity: 1 }])

    await expect(orders.cancelFulfillment(id, [{ itemId, quantity: 3 }])).rejects.toMatchObject({
      details: { lines: [{ available: 2 }] },
    })
    await orders.cancelFulfillment(id, [{ itemId, quantity: 2 }])
    await expect(orders.registerDelivery(id, [{ itemId, quantity: 2 }])).rejects.toThrow(QuantityNotAvailable)

    expect(await details(id)).toEqual([[1, 1, 0]])
    expect((await orders.get(id)).fulfillmentStatus).toBe("partially_shipped")
  })

  it("does nothing for an order that was called off", async () => {
    const [id, [itemId = ""]] = await placed(1)
    await orders.cancel([id])

    await expect(orders.registerFulfillment(id, [{ itemId, quantity: 1 }])).rejects.toMatchObject({
      code: "order.wrong_status",
      details: { orders: [{ id, status: "canceled" }] },
    })
  })

  it.each(["draft", "archived", "pending"])("does nothing for a draft, though its status is %s", async (status) => {
    const [id, [itemId = ""]] = await placed(1)
    await alone.database.run(`update "order"."order" set is_draft_order = true, status = $2 where id = $1`, [
      id,
      status,
    ])

    await expect(orders.registerFulfillment(id, [{ itemId, quantity: 1 }])).rejects.toMatchObject({
      code: "order.wrong_status",
      details: { orders: [{ id, status: "draft" }] },
    })
    await expect(orders.complete([id])).rejects.toMatchObject({ code: "order.wrong_status" })
    expect(await alone.database.transaction(() => orders.hold(id))).toMatchObject({ status: "draft" })
  })

  it("lets drafts be called off, or put away", async () => {
    const [[canceled], [archived]] = [await placed(1), await placed(1)]
    await alone.database.run(`update "order"."order" set is_draft_order = true, status = 'draft' where id = any($1)`, [
      [canceled, archived],
    ])

    await orders.cancel([canceled])
    await orders.archive([canceled, archived])

    const { rows } = await orders.list({ filter: { id: [canceled, archived] } })
    expect(rows.map(({ status }) => status)).toEqual(["archived", "archived"])
    await expect(orders.archive([archived])).rejects.toMatchObject({ code: "order.wrong_status" })
  })

  it("moves any number of lines in one statement, and tells of it in another", async () => {
    const [id, items] = await placed(...Array.from({ length: 40 }, () => 2))
    const moved = items.map((itemId) => ({ itemId, quantity: 1 }))

    const statements = await statementsOf(alone.database, () => orders.registerFulfillment(id, moved))
    const sent = await alone.database.sql(
      `select payload from "marquetry"."outbox" where name = 'order.fulfillment_registered' and aggregate_id = $1`,
      [id],
    )

    expect(statements).toHaveLength(2)
    expect(sent).toEqual([{ payload: { id, items: moved } }])
  })

  it("is told along with what the caller says of it", async () => {
    const [id, [itemId = ""]] = await placed(1)
    const items = [{ itemId, quantity: 1 }]

    await orders.registerFulfillment(id, items, { fulfillmentId: "ful_1", noNotification: true })
    await orders.registerShipment(id, items, { fulfillmentId: "ful_1" })

    const sent = await alone.database.sql(
      `select payload from "marquetry"."outbox" where name in ('order.fulfillment_registered', 'order.shipment_registered')
         and aggregate_id = $1 order by sequence`,
      [id],
    )
    expect(sent).toEqual([
      { payload: { id, items, fulfillmentId: "ful_1", noNotification: true } },
      { payload: { id, items, fulfillmentId: "ful_1" } },
    ])
  })

  it("is held to its order by the database, whoever writes", async () => {
    const [id] = await placed(1)

    for (const column of ["fulfilled_quantity", "shipped_quantity", "delivered_quantity"]) {
      const write = (value: number) =>
        alone.database.run(`update "order"."order_line_detail" set ${column} = $2::int where order_id = $1`, [
          id,
          value,
        ])
      await expect(write(2)).rejects.toThrow("order_line_detail_handled_check")
      await expect(write(-1)).rejects.toThrow("order_line_detail_handled_check")
    }
  })

  it("keeps lines and order in step, whatever is done in whatever order", async () => {
    const step = fc.record({
      verb: fc.constantFrom(...verbs),
      line: fc.nat(1),
      quantity: fc.integer({ min: 1, max: 3 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const [id, items] = await placed(3, 2)
        const model = [
          [3, 0, 0, 0],
          [2, 0, 0, 0],
        ]
        for (const { verb, line, quantity } of steps) {
          const expected = apply(model[line] as number[], verb, quantity)
          const done = await orders[verb](id, [{ itemId: items[line] ?? "", quantity }]).then(
            () => true,
            () => false,
          )
          expect(done).toBe(expected !== undefined)
          if (expected !== undefined) model[line] = expected
        }
        expect(await details(id)).toEqual(model.map((quantities) => quantities.slice(1)))
        const [row] = await alone.database.sql(
          `select fulfilled_quantity, shipped_quantity, delivered_quantity from "order"."order" where id = $1`,
          [id],
        )
        const sum = (at: number) => model.reduce((total, quantities) => total + (quantities[at] ?? 0), 0)
        expect(row).toEqual({ fulfilled_quantity: sum(1), shipped_quantity: sum(2), delivered_quantity: sum(3) })
      }),
      { numRuns: 30 },
    )
  })
})

/** What `[quantity, fulfilled, shipped, delivered]` would be afterwards, if that may be. */
function apply(before: readonly number[], verb: Verb, quantity: number): number[] | undefined {
  const after = [...before]
  const at = { registerFulfillment: 1, cancelFulfillment: 1, registerShipment: 2, registerDelivery: 3 }[verb]
  after[at] = (after[at] ?? 0) + (verb === "cancelFulfillment" ? -quantity : quantity)
  const falls = after.every((value, index) => value >= 0 && (index === 0 || value <= (after[index - 1] ?? 0)))
  return falls ? after : undefined
}
