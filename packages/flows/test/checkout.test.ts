import { CartService } from "@marquetry/cart"
import { PaymentSessionService, PaymentWebhookService } from "@marquetry/payment"
import { httpPayment, startFakePaymentServer, type FakePaymentServer } from "@marquetry/payment/testing"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { completePaidCarts } from "../src/index.ts"
import { expectNothing, expectOrder, outcomeOf } from "./books.ts"
import { berlin, composeShop, openShop, type Shop } from "./shop.ts"

const OUTSIDE = "pp_fake_http"

let shop: Shop
let server: FakePaymentServer
let variantId: string

beforeAll(async () => {
  server = await startFakePaymentServer()
  shop = await openShop({ payment: { providers: [httpPayment(server)] } })
  variantId = (await shop.addProduct({ title: "Shirt", stock: 1_000 })).variantId
})
afterEach(() => server.behave({}))
afterAll(async () => {
  await shop.close()
  await server.close()
})

const code = (text: string) => expect.objectContaining({ code: text })
const outcome = (cartId: string) => outcomeOf(shop, cartId, server)
const items = () => [{ variantId, quantity: 1 }]
const sessionOf = async (cartId: string) => {
  const rows = await shop.sql<{ id: string }>(
    `select s.id from "payment"."payment_session" s
     join "link"."cart_payment_collection" l using (payment_collection_id) where l.cart_id = $1 and s.deleted_at is null`,
    [cartId],
  )
  expect(rows).toHaveLength(1)
  return rows[0]?.id as string
}

describe("a completed cart", () => {
  it.each(["pp_system_default", OUTSIDE])("is an order that is like it in everything (%s)", async (providerId) => {
    const id = await shop.readyCart(variantId, { providerId, quantity: 3 })
    await shop.flow.update(
      id,
      { metadata: { note: "ring" }, billingAddress: { city: "Bonn" }, locale: "de" },
      shop.shopper,
    )
    const cart = await shop.cart(id)

    const result = await shop.complete(id)

    const order = await shop.orderOf(id)
    expect(result).toEqual({ kind: "order", orderId: order?.id })
    expect(order).toMatchObject({
      status: "pending",
      cartId: id,
      email: "ada@example.com",
      locale: "de",
      currencyCode: "eur",
      regionId: cart.regionId,
      salesChannelId: cart.salesChannelId,
      customerId: cart.customerId,
      metadata: { note: "ring" },
      shippingAddress: { firstName: "Ada", city: "Berlin", countryCode: "de" },
      billingAddress: { city: "Bonn" },
      items: [{ title: "Shirt", quantity: 3, unitPrice: "10", taxLines: [{ rate: "19" }] }],
      shippingMethods: [{ name: "Standard", amount: "5" }],
      total: cart.total,
    })
    expect(order?.items[0]?.id).toBe(cart.items[0]?.id.replace("cali_", "ordli_"))
    expectOrder(await outcome(id), { pieces: 3, outside: providerId === OUTSIDE })
    const { completedAt } = await shop.cart(id)
    expect(completedAt).not.toBeNull()
    const { rows } = await shop.composition.query.listAny("order", {
      fields: { paymentCollections: { status: true, payments: { amount: true } } },
      filter: { id: order?.id },
    })
    const payments = [{ status: "authorized", payments: [{ amount: cart.total }] }]
    expect(rows).toEqual([{ paymentCollections: payments }])
  })
})

describe("a cart cannot be completed", () => {
  it.each<[string, () => Promise<string>, string]>([
    ["empty", () => shop.flow.create({ ...berlin }, shop.shopper), "checkout.cart_empty"],
    ["without an e-mail address", () => shop.flow.create({ items: items() }, shop.shopper), "checkout.email_missing"],
    [
      "without a country to send it to",
      async () => {
        const id = await shop.flow.create({ ...berlin, items: items() }, shop.shopper)
        await shop.resolve(CartService).update(id, { shippingAddress: null })
        return id
      },
      "checkout.shipping_address_missing",
    ],
    [
      "without shipping",
      async () => {
        const id = await shop.flow.create({ ...berlin, items: items() }, shop.shopper)
        await shop.pay(id)
        return id
      },
      "checkout.shipping_method_missing",
    ],
    [
      "without a payment",
      async () => {
        const id = await shop.flow.create({ ...berlin, items: items() }, shop.shopper)
        await shop.flow.chooseShipping(id, [{ optionId: shop.filled.shippingOptionId }], shop.shopper)
        return id
      },
      "checkout.payment_session_missing",
    ],
    [
      "with a payment of a part of it",
      async () => {
        const id = await shop.readyCart(variantId)
        const collection = await shop.payments.collectionOf(id, shop.shopper)
        const part = { providerId: "pp_system_default", amount: 5 }
        await shop.resolve(PaymentSessionService).create(collection, part)
        return id
      },
      "checkout.payment_session_missing",
    ],
    ["when it is not there", async () => "cart_none", "resource.not_found"],
    [
      "with more than there is left",
      async () => {
        const rare = await shop.addProduct({ stock: 2 })
        const [one, two] = [await shop.readyCart(rare.variantId, { quantity: 2 }), await shop.readyCart(rare.variantId)]
        await shop.complete(one)
        return two
      },
      "inventory.insufficient",
    ],
    [
      "with what nobody has told the stock of",
      async () => {
        const owed = await shop.addProduct({ stock: 0, allowBackorder: true })
        const id = await shop.readyCart(owed.variantId)
        await shop.sql(`delete from "inventory"."variant_inventory_item" where variant_id = $1`, [owed.variantId])
        return id
      },
      "inventory.variant_without_items",
    ],
  ])("%s, and stays open", async (_, cartOf, expected) => {
    const id = await cartOf()

    await expect(shop.complete(id)).rejects.toThrow(code(expected))

    expect(await shop.orderOf(id)).toBeNull()
    const cart = await shop.cart(id).catch(() => null)
    expect(cart?.completedAt ?? null).toBeNull()
  })

  it("when its channel has no place that keeps goods", async () => {
    const id = await shop.readyCart(variantId)
    const locations = await shop.sql(`delete from "link"."sales_channel_stock_location" returning *`)

    const completing = await shop.complete(id).catch((error: unknown) => error)

    for (const row of locations as { sales_channel_id: string; stock_location_id: string }[]) {
      await shop.sql(`insert into "link"."sales_channel_stock_location" values ($1, $2)`, [
        row.sales_channel_id,
        row.stock_location_id,
      ])
    }
    expect(completing).toMatchObject({ code: "cart.insufficient_inventory" })
    expectNothing(await outcome(id))
  })
})

describe("with a provider outside", () => {
  it.each([
    ["is declined", { decline: ["authorize"] }, "declined", "The card was declined"],
    ["fails", { authorize: "error" }, "declined", "Payment was not authorized"],
    ["needs more", { authorize: "requires_more" }, "requires_more", "More information is required for payment"],
  ] as const)(
    "a payment that %s gives everything back, and can be tried again",
    async (_, behavior, reason, message) => {
      const id = await shop.readyCart(variantId, { providerId: OUTSIDE })
      server.behave(behavior)

      expect(await shop.complete(id)).toEqual({ kind: "refused", reason, message })
      expectNothing(await outcome(id))
      server.behave({})
      await shop.flow.update(id, { metadata: { again: true } }, shop.shopper)
      expect(await shop.complete(id)).toMatchObject({ kind: "order" })
      expectOrder(await outcome(id), { outside: true })
    },
  )

  it("money that is taken at once makes an order, too", async () => {
    const id = await shop.readyCart(variantId, { providerId: OUTSIDE })
    server.behave({ authorize: "captured" })

    expect(await shop.complete(id)).toMatchObject({ kind: "order" })

    expectOrder(await outcome(id), { outside: true })
  })

  it("a cart is not changed while its payment is authorised, and who completes it too waits for the same order", async () => {
    const id = await shop.readyCart(variantId, { providerId: OUTSIDE })
    const answer = server.hold("authorize")
    const first = shop.complete(id)
    await answer.arrived
    const second = shop.complete(id)

    const adding = shop.flow.addItems(id, [{ variantId, quantity: 1 }], shop.shopper)
    await expect(adding).rejects.toThrow(code("checkout.under_way"))
    await expect(shop.pay(id)).rejects.toThrow(code("checkout.under_way"))
    answer.release()

    const [one, two] = await Promise.all([first, second])
    expect(two).toEqual(one)
    expectOrder(await outcome(id), { outside: true })
  })

  it("the session that was chosen last pays, even when it was chosen in the last moment", async () => {
    const ids = await Promise.all(Array.from({ length: 8 }, () => shop.readyCart(variantId, { providerId: OUTSIDE })))

    await Promise.all(
      ids.map(async (id) => {
        const choosing = shop.pay(id, OUTSIDE).catch((error: { code: string }) => error.code)
        const [chosen, completed] = await Promise.all([choosing, shop.complete(id)])
        expect(completed).toMatchObject({ kind: "order" })
        expect(chosen).toMatch(/^(pay_col_.*|checkout\.under_way|cart\.completed|payment\.\w+)$/)
      }),
    )

    for (const id of ids) expectOrder(await outcome(id), { outside: true })
  })
})

describe("a payment that is heard of later", () => {
  const tell = (sessionId: string, amount: string) =>
    shop
      .resolve(PaymentWebhookService)
      .handleWebhook(OUTSIDE, server.webhook({ type: "authorized", sessionId, amount, eventId: `evt_${sessionId}` }))
  /** What another process does with the events of this shop. */
  const listen = async () => {
    const other = await composeShop(shop.url, {
      payment: { providers: [httpPayment(server)] },
      subscribers: [completePaidCarts],
      events: { pollInterval: 20, maxAttempts: 1 },
    })
    await other.assertMigrated()
    return other
  }

  it("completes its cart", async () => {
    const id = await shop.readyCart(variantId, { providerId: OUTSIDE })
    server.behave({ authorize: "pending" })
    expect(await shop.complete(id)).toMatchObject({ kind: "refused", reason: "requires_more" })
    expectNothing(await outcome(id))
    const sessionId = await sessionOf(id)

    await tell(sessionId, "17.85")

    const other = await listen()
    await expect.poll(() => shop.orderOf(id), { timeout: 10_000 }).not.toBeNull()
    expect(await outcome(id)).toMatchObject({ completed: true, payments: ["17.85"], reserved: 1 })
    await tell(sessionId, "17.85")
    await other.relay.settled()
    expect(await other.relay.deadLetters()).toEqual([])
    await other.close()
  })

  it("is enough when its shopper comes back first", async () => {
    const id = await shop.readyCart(variantId, { providerId: OUTSIDE })
    await tell(await sessionOf(id), "17.85")
    const asked = server.authorizations.size

    expect(await shop.complete(id)).toMatchObject({ kind: "order" })

    expect(server.authorizations.size).toBe(asked)
    expect(await outcome(id)).toMatchObject({ completed: true, payments: ["17.85"] })
  })

  it("pays its part of a cart that costs more by now; the shop asks for the rest when its shopper does", async () => {
    const id = await shop.readyCart(variantId, { providerId: OUTSIDE })
    await tell(await sessionOf(id), "17.85")
    await shop.flow.addItems(id, [{ variantId, quantity: 1 }], shop.shopper)

    await expect(shop.complete(id)).rejects.toThrow(code("checkout.payment_session_missing"))
    await shop.pay(id, OUTSIDE)
    await expect(shop.checkout.complete(id, null)).rejects.toThrow(code("checkout.payment_session_missing"))
    await shop.complete(id)

    const after = await outcome(id)
    expect([...after.payments].sort()).toEqual(["11.9", "17.85"])
    expect(after).toMatchObject({ completed: true, totals: ["29.75"], reserved: 2 })
  })

  it("rests among the dead letters where the cart cannot be completed", async () => {
    const last = await shop.addProduct({ stock: 1 })
    const [id, other] = [
      await shop.readyCart(last.variantId, { providerId: OUTSIDE }),
      await shop.readyCart(last.variantId),
    ]
    const sessionId = await sessionOf(id)
    await shop.complete(other)

    await tell(sessionId, "17.85")
    const listener = await listen()

    await expect.poll(async () => (await listener.relay.deadLetters()).length, { timeout: 10_000 }).toBe(1)
    expect(await listener.relay.deadLetters()).toMatchObject([
      { name: "payment.authorized", failures: { "checkout.complete_paid_cart": { attempts: 1 } } },
    ])
    await listener.close()
    expect(await outcome(id)).toMatchObject({ completed: false, reserved: 0, payments: ["17.85"] })
  })
})
