import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openOrders, type Alone } from "../../test/orders.ts"
import { NoTransferRequested, OrderAlreadyOwned, TransferTokenInvalid } from "../index.ts"
import { anOrder } from "../testing.ts"

describe("giving an order to another customer", () => {
  let alone: Alone
  let orders: Alone["orders"]
  let transfers: Alone["transfers"]

  beforeAll(async () => {
    alone = await openOrders()
    ;({ orders, transfers } = alone)
  })

  afterAll(() => alone.close())

  const statuses = async (id: string) => (await orders.listChanges(id)).rows.map(({ status }) => status)

  it("waits for whoever reads the order's e-mail", async () => {
    const id = await orders.place(anOrder({ customerId: "cus_guest" }))

    const { orderChangeId, token } = await transfers.request(id, {
      customerId: "cus_1",
      requestedBy: "cus_1",
      description: "Mine",
    })
    const before = await orders.get(id)
    await transfers.accept(id, token)

    expect(token).toMatch(/^[\w-]{43}$/)
    expect(before.customerId).toBe("cus_guest")
    expect(await orders.get(id)).toMatchObject({ customerId: "cus_1", email: "ada@example.com" })
    const { rows } = await orders.listChanges(id)
    expect(rows).toMatchObject([
      { id: orderChangeId, changeType: "transfer", status: "confirmed", requestedBy: "cus_1", description: "Mine" },
    ])
    expect(rows[0]?.actions).toMatchObject([
      { action: "TRANSFER_CUSTOMER", reference: "customer", referenceId: "cus_1" },
    ])
    await expect(transfers.accept(id, token)).rejects.toThrow(TransferTokenInvalid)
  })

  it("gives the order another e-mail, if that was asked for", async () => {
    const id = await orders.place(anOrder())
    const { token } = await transfers.request(id, { customerId: "cus_1", updateOrderEmail: "New@Example.com" })

    await transfers.accept(id, token)

    expect(await orders.get(id)).toMatchObject({ customerId: "cus_1", email: "new@example.com" })
  })

  it("needs nobody's answer when the shop decides, and calls off what was asked for", async () => {
    const id = await orders.place(anOrder({ customerId: "cus_1" }))
    const { token } = await transfers.request(id, { customerId: "cus_2" })
    const wish = {
      customerId: "cus_guest",
      updateOrderEmail: "New@Example.com",
      internalNote: "by phone",
      by: "user_1",
    }

    const given = await Promise.allSettled([transfers.give(id, wish), transfers.give(id, wish)])

    expect(given.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"])
    await expect(transfers.give(id, wish)).rejects.toThrow(OrderAlreadyOwned)
    await expect(transfers.accept(id, token)).rejects.toThrow(TransferTokenInvalid)
    expect(await orders.get(id)).toMatchObject({ customerId: "cus_guest", email: "new@example.com" })
    const { rows } = await orders.listChanges(id)
    expect(rows).toMatchObject([
      { status: "canceled", canceledBy: "user_1" },
      { status: "confirmed", confirmedBy: "user_1", requestedBy: "user_1", internalNote: "by phone" },
    ])
    const sent = await alone.database.sql(
      `select payload from "marquetry"."outbox" where name = 'order.transferred' and aggregate_id = $1`,
      [id],
    )
    const change = { orderChangeId: rows[1]?.id, customerId: "cus_guest", previousCustomerId: "cus_1" }
    expect(sent).toEqual([{ payload: { id, ...change } }])
  })

  it("has people of the shop write notes about it", async () => {
    const id = await orders.place(anOrder())
    const { orderChangeId } = await transfers.request(id, { customerId: "cus_1", internalNote: "first" })

    const noted = await orders.updateChange(orderChangeId, { carryOverPromotions: true, internalNote: null })
    const same = await orders.updateChange(orderChangeId, {})

    expect(noted).toMatchObject({ carryOverPromotions: true, internalNote: null, status: "requested" })
    expect(same).toEqual(noted)
    await expect(orders.updateChange("ordch_none", { internalNote: "x" })).rejects.toMatchObject({
      code: "resource.not_found",
    })
  })

  it("keeps the token nowhere: not in the tables, not in events, not in what is read", async () => {
    const id = await orders.place(anOrder())
    const { token, orderChangeId } = await transfers.request(id, { customerId: "cus_1" })

    const tables = ['"order"."order_change"', '"order"."order_change_action"', '"marquetry"."outbox"']
    const rows = await Promise.all(tables.map((table) => alone.database.sql(`select t::text from ${table} t`)))
    const sent = await alone.database.sql<{ payload: object }>(
      `select payload from "marquetry"."outbox" where name = 'order.transfer_requested' and aggregate_id = $1`,
      [id],
    )

    expect(rows.flat().length).toBeGreaterThan(2)
    expect(JSON.stringify(rows)).not.toContain(token)
    expect(sent).toEqual([{ payload: { id, orderChangeId, customerId: "cus_1", email: "ada@example.com" } }])
    const reading = alone.query.listAny("order_change", { fields: { token_hash: true }, names: "wire" })
    await expect(reading).rejects.toMatchObject({ code: "query.invalid" })
  })

  it("lets a new request replace the one before, also when many come at once", async () => {
    const id = await orders.place(anOrder())

    const requested = await Promise.all(
      Array.from({ length: 6 }, (_, index) => transfers.request(id, { customerId: `cus_${index}` })),
    )
    const accepted = await Promise.allSettled(requested.map(({ token }) => transfers.accept(id, token)))

    expect(accepted.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
    const seen = await statuses(id)
    expect(seen.toSorted()).toEqual([...Array.from({ length: 5 }, () => "canceled"), "confirmed"])
  })

  it("refuses a token of another order, and one that is none", async () => {
    const [first, second] = (await orders.placeMany([anOrder(), anOrder()])) as [string, string]
    const { token } = await transfers.request(first, { customerId: "cus_1" })
    await transfers.request(second, { customerId: "cus_1" })

    for (const wrong of [
      () => transfers.accept(second, token),
      () => transfers.decline(second, token),
      () => transfers.accept(first, ""),
    ]) {
      await expect(wrong()).rejects.toMatchObject({ code: "order.transfer_token_invalid", kind: "invalid" })
    }

    expect(await statuses(first)).toEqual(["requested"])
    await expect(transfers.accept("order_none", token)).rejects.toMatchObject({ code: "resource.not_found" })
    await expect(transfers.decline("order_none", token)).rejects.toMatchObject({ code: "resource.not_found" })
  })

  it("can be declined", async () => {
    const id = await orders.place(anOrder({ customerId: "cus_guest" }))
    const { token } = await transfers.request(id, { customerId: "cus_1" })

    await transfers.decline(id, token, "Not theirs")

    await expect(transfers.accept(id, token)).rejects.toThrow(TransferTokenInvalid)
    expect((await orders.get(id)).customerId).toBe("cus_guest")
    expect((await orders.listChanges(id)).rows).toMatchObject([{ status: "declined", declinedReason: "Not theirs" }])
  })

  it("is called off by who asked, not by another customer", async () => {
    const id = await orders.place(anOrder())
    const { token } = await transfers.request(id, { customerId: "cus_1" })

    await expect(transfers.cancel(id, { customerId: "cus_2" })).rejects.toThrow(NoTransferRequested)
    await transfers.cancel(id, { customerId: "cus_1", canceledBy: "cus_1" })
    await expect(transfers.cancel(id)).rejects.toThrow(NoTransferRequested)
    await expect(transfers.cancel("order_none")).rejects.toMatchObject({ code: "resource.not_found" })

    await expect(transfers.accept(id, token)).rejects.toThrow(TransferTokenInvalid)
    expect((await orders.listChanges(id)).rows).toMatchObject([{ status: "canceled", canceledBy: "cus_1" }])
  })

  it("has one outcome when it is accepted, declined and called off at once", async () => {
    const ids = await orders.placeMany(Array.from({ length: 10 }, () => anOrder()))

    const outcomes = await Promise.all(
      ids.map(async (id, index) => {
        const { token } = await transfers.request(id, { customerId: "cus_1" })
        const deciding = [
          () => transfers.accept(id, token),
          () => transfers.cancel(id, { customerId: "cus_1" }),
          () => transfers.decline(id, token),
        ]
        const turned = [...deciding.slice(index % 3), ...deciding.slice(0, index % 3)]
        return Promise.allSettled(turned.map((decide) => decide()))
      }),
    )

    for (const results of outcomes) expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
    for (const id of ids) {
      const { customerId } = await orders.get(id)
      expect((await statuses(id))[0] === "confirmed").toBe(customerId === "cus_1")
    }
  })

  it("is not for who has the order, nor for an order that was called off", async () => {
    const [mine, gone] = (await orders.placeMany([anOrder({ customerId: "cus_1" }), anOrder()])) as [string, string]
    await orders.cancel([gone])

    await expect(transfers.request(mine, { customerId: "cus_1" })).rejects.toThrow(OrderAlreadyOwned)
    await expect(transfers.request(gone, { customerId: "cus_1" })).rejects.toMatchObject({ code: "order.wrong_status" })
    await expect(transfers.request("order_none", { customerId: "cus_1" })).rejects.toMatchObject({
      code: "resource.not_found",
    })
    await expect(transfers.request(mine, { customerId: "" })).rejects.toMatchObject({ code: "input.invalid" })

    expect(await statuses(mine)).toEqual([])
  })

  it("tells how it went", async () => {
    const id = await orders.place(anOrder({ customerId: "cus_guest" }))
    await transfers.request(id, { customerId: "cus_1" })
    await transfers.cancel(id)
    const declined = await transfers.request(id, { customerId: "cus_1" })
    await transfers.decline(id, declined.token)
    const accepted = await transfers.request(id, { customerId: "cus_1" })
    await transfers.accept(id, accepted.token)

    const sent = await alone.database.sql<{ name: string; payload: object }>(
      `select name, payload from "marquetry"."outbox" where aggregate_id = $1 order by sequence`,
      [id],
    )

    expect(sent.map(({ name }) => name.replace("order.", ""))).toEqual([
      "placed",
      "transfer_requested",
      "transfer_canceled",
      "transfer_requested",
      "transfer_declined",
      "transfer_requested",
      "transferred",
    ])
    const { orderChangeId } = accepted
    expect(sent.at(-1)?.payload).toEqual({
      id,
      orderChangeId,
      customerId: "cus_1",
      previousCustomerId: "cus_guest",
    })
  })
})
