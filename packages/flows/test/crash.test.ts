import { OrderPlaced } from "@marquetry/order"
import { subscribe } from "@marquetry/kernel"
import { PaymentRecoveryService } from "@marquetry/payment"
import { httpPayment, startFakePaymentServer, type FakePaymentServer } from "@marquetry/payment/testing"
import { PromotionService } from "@marquetry/promotion"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { CheckoutFlow, CheckoutRecovery } from "../src/index.ts"
import { expectNothing, expectOrder, outcomeOf } from "./books.ts"
import { startChild } from "./processes/child.ts"
import { composeShop, openShop, resolverOf, type Shop } from "./shop.ts"

/* Checkouts whose process dies, at any moment, and what others make of it. */

/** Processes at once. */
const WIDTH = 4

let shop: Shop
let server: FakePaymentServer

beforeAll(async () => {
  server = await startFakePaymentServer()
  shop = await openShop({ payment: { providers: [httpPayment(server)], recoverAfter: 1, timeout: 5_000 } })
})
afterEach(() => server.behave({}))
afterAll(async () => {
  await shop.close()
  await server.close()
})

let made = 0

/** A cart with the last piece of something, by the last use of a code. */
async function lastChance(providerId: string): Promise<string> {
  const code = `LAST${++made}`
  await shop.resolve(PromotionService).create({
    code,
    type: "standard",
    status: "active",
    limit: 1,
    applicationMethod: { type: "percentage", targetType: "order", value: 10 },
  })
  const { variantId } = await shop.addProduct({ stock: 1 })
  return shop.readyCart(variantId, { providerId, promoCodes: [code] })
}

const outcome = (cartId: string) => outcomeOf(shop, cartId, server)
const recover = () => shop.resolve(CheckoutRecovery).run()
/** As if those who began it had been silent for a minute. */
const expire = (...cartIds: string[]) =>
  shop.sql(
    `update "checkout"."checkout_attempt" set leased_until = now() - interval '1 second' where cart_id = any($1::text[])`,
    [cartIds],
  )
const child = (file: string) => startChild(file, shop.url, server.url, JSON.stringify(shop.shopper))

/** After a crash: an order with all that belongs to it, or nothing; and an order in any case when somebody asks again. */
async function expectRecovery(cartId: string, outside: boolean): Promise<"order" | "nothing"> {
  await expire(cartId)
  await Promise.all([recover(), recover()])
  await recover()
  // Whoever recovers another cart at this moment may have taken it up.
  await expect.poll(async () => (await outcome(cartId)).attempts, { timeout: 10_000 }).toBe(0)
  const after = await outcome(cartId)
  if (after.orders.length > 0) expectOrder(after, { uses: 1, outside })
  else expectNothing(after)
  const results = await Promise.all([shop.complete(cartId), shop.complete(cartId)])
  const final = await outcome(cartId)
  expectOrder(final, { uses: 1, outside })
  expect(results).toEqual([1, 2].map(() => ({ kind: "order", orderId: final.orders[0] })))
  return after.orders.length > 0 ? "order" : "nothing"
}

describe.each([
  ["with a local provider", "pp_system_default", 8],
  ["with a provider outside", "pp_fake_http", 12],
])("a checkout %s", (_, providerId, statements) => {
  it("is an order or nothing, at whatever statement its process is killed", { timeout: 300_000 }, async () => {
    const outside = providerId === "pp_fake_http"
    const dieAt = async (statement: number) => {
      const cartId = await lastChance(providerId)
      const dying = await child("dying.ts")
      const answer = await dying.work({ cartId, statement })
      const isKilled = (await dying.end()) === "SIGKILL"
      expect(answer === undefined).toBe(isKilled)
      return { isKilled, left: await expectRecovery(cartId, outside) }
    }

    const ends: Awaited<ReturnType<typeof dieAt>>[] = []
    while (ends.every(({ isKilled }) => isKilled)) {
      const next = Array.from({ length: WIDTH }, (__, index) => dieAt(ends.length + index + 1))
      ends.push(...(await Promise.all(next)))
    }

    const killed = ends.filter(({ isKilled }) => isKilled)
    expect(killed.length).toBeGreaterThanOrEqual(statements)
    // With everything in one transaction nobody leaves an order half made.
    expect(killed.some(({ left }) => left === "order")).toBe(outside)
    expect(ends.filter(({ isKilled }) => !isKilled).every(({ left }) => left === "order")).toBe(true)
  })
})

it("is an order when its process dies after the provider has set the money aside", { timeout: 60_000 }, async () => {
  const cartId = await lastChance("pp_fake_http")
  const answer = server.hold("authorize")
  const dying = await child("complete.ts")
  const working = dying.work([cartId])
  await answer.arrived

  dying.kill()
  await working
  answer.release()

  const left = await outcome(cartId)
  expect(left).toMatchObject({ orders: [], attempts: 1, reserved: 1, uses: 1, authorized: ["16.66"] })
  expect(await expectRecovery(cartId, true)).toBe("order")
})

it.each([
  ["before", "nothing"],
  ["after", "order"],
] as const)("waits for recovery when the connection is cut %s the provider has done it", async (cut, left) => {
  const cartId = await lastChance("pp_fake_http")
  server.behave({ cut })

  await expect(shop.complete(cartId)).rejects.toMatchObject({ code: "payment.provider_unavailable" })
  expect(await outcome(cartId)).toMatchObject({ orders: [], attempts: 1, reserved: 1 })
  await expire(cartId)
  await expect(recover()).rejects.toMatchObject({
    errors: [expect.objectContaining({ code: "payment.provider_unavailable" })],
  })
  server.behave({})

  expect(await expectRecovery(cartId, true)).toBe(left)
})

it("leaves attempts alone as long as somebody may be at them", async () => {
  const cartId = await lastChance("pp_fake_http")
  const answer = server.hold("authorize")
  const completing = shop.complete(cartId)
  await answer.arrived

  expect(await recover()).toEqual({ placed: 0, refused: 0 })
  expect(await outcome(cartId)).toMatchObject({ attempts: 1, orders: [] })
  answer.release()

  expect(await completing).toMatchObject({ kind: "order" })
})

it("shares what one process has left among those that recover", { timeout: 60_000 }, async () => {
  const cartIds: string[] = []
  for (let index = 0; index < 12; index++) cartIds.push(await lastChance("pp_fake_http"))
  const answer = server.hold("authorize")
  const before = server.authorizations.size
  const dying = await child("complete.ts")
  const working = dying.work(cartIds)
  const others = await Promise.all([1, 2, 3].map(() => child("recover.ts")))
  await expect.poll(() => server.authorizations.size - before, { timeout: 20_000 }).toBe(cartIds.length)
  dying.kill()
  await working
  answer.release()
  await expire(...cartIds)

  const recovered = (await Promise.all(others.map((other) => other.work()))) as { placed: number; refused: number }[]
  await Promise.all(others.map((other) => other.end()))

  expect(recovered.reduce((total, { placed }) => total + placed, 0)).toBe(cartIds.length)
  expect(recovered.reduce((total, { refused }) => total + refused, 0)).toBe(0)
  for (const cartId of cartIds) expectOrder(await outcome(cartId), { uses: 1, outside: true })
})

describe("a process that was held for dead", () => {
  /** A checkout that hangs before its provider hears of it, on connections of its own. */
  const hanging = async (cartId: string) => {
    const { promise: asked, resolve: ask } = Promise.withResolvers<void>()
    const { promise: gate, resolve: open } = Promise.withResolvers<void>()
    const real = httpPayment(server)
    const authorize: typeof real.authorize = async (input) => {
      ask()
      await gate
      return real.authorize(input)
    }
    const composition = await composeShop(shop.url, { payment: { providers: [{ ...real, authorize }] } })
    const complete = async () => {
      const result = await resolverOf(composition)(CheckoutFlow).complete(cartId, shop.shopper)
      await composition.close()
      return result
    }
    const finished = complete()
    await asked
    return { open, finished }
  }
  /** Tells the provider of sessions that were dropped. */
  const release = () => shop.resolve(PaymentRecoveryService).recoverPending()

  it("frees the money when everything was given back meanwhile", async () => {
    const cartId = await lastChance("pp_fake_http")
    const slow = await hanging(cartId)
    await expire(cartId)
    expect(await recover()).toEqual({ placed: 0, refused: 1 })
    expectNothing(await outcome(cartId))

    slow.open()

    expect(await slow.finished).toMatchObject({ kind: "refused", reason: "declined" })
    await release()
    expectNothing(await outcome(cartId))
    await expect(shop.complete(cartId)).rejects.toMatchObject({ code: "checkout.payment_session_missing" })
    await shop.pay(cartId, "pp_fake_http")
    await shop.complete(cartId)
    expectOrder(await outcome(cartId), { uses: 1, outside: true })
  })

  it("gets the order that a later attempt has made", async () => {
    const cartId = await lastChance("pp_fake_http")
    const slow = await hanging(cartId)
    await expire(cartId)
    await recover()
    const result = await shop.complete(cartId)

    slow.open()

    expect(await slow.finished).toEqual(result)
    await release()
    expectOrder(await outcome(cartId), { uses: 1, outside: true })
  })

  it("leaves the money to a later attempt that is under way", async () => {
    const cartId = await lastChance("pp_fake_http")
    const slow = await hanging(cartId)
    await expire(cartId)
    await recover()
    const later = await hanging(cartId)

    slow.open()
    expect(await slow.finished).toMatchObject({ kind: "refused" })
    later.open()

    expect(await later.finished).toMatchObject({ kind: "order" })
    await release()
    expectOrder(await outcome(cartId), { uses: 1, outside: true })
  })

  it("and those who recover it agree, whoever comes first", { timeout: 60_000 }, async () => {
    const kinds = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const cartId = await lastChance("pp_fake_http")
        const slow = await hanging(cartId)
        await expire(cartId)
        slow.open()

        const [{ kind }] = await Promise.all([slow.finished, recover(), recover()])

        await release()
        const after = await outcome(cartId)
        if (after.orders.length > 0) expectOrder(after, { uses: 1, outside: true })
        else expectNothing(after)
        return [kind, after.orders.length]
      }),
    )
    expect(kinds.every(([kind, orders]) => (kind === "order") === (orders === 1))).toBe(true)
  })
})

describe("when the session, or the cart, is gone", () => {
  const dropSession = (cartId: string) =>
    shop.sql(
      `update "payment"."payment_session" set deleted_at = now() where payment_collection_id in
       (select payment_collection_id from "link"."cart_payment_collection" where cart_id = $1)`,
      [cartId],
    )
  const dropCart = (cartId: string) => shop.sql(`update "cart"."cart" set deleted_at = now() where id = $1`, [cartId])
  const expectGivenBack = async (cartId: string) => {
    await shop.resolve(PaymentRecoveryService).recoverPending()
    expectNothing(await outcome(cartId))
  }

  it.each([
    ["session", dropSession],
    ["cart", dropCart],
  ])("everything is given back by whoever paid (%s)", async (_, drop) => {
    const cartId = await lastChance("pp_fake_http")
    const answer = server.hold("authorize")
    const completing = shop.complete(cartId)
    await answer.arrived
    await drop(cartId)

    answer.release()

    expect(await completing).toMatchObject({ kind: "refused" })
    await expectGivenBack(cartId)
  })

  it.each([
    ["session", dropSession],
    ["cart", dropCart],
  ])("everything is given back by recovery (%s)", async (_, drop) => {
    const cartId = await lastChance("pp_fake_http")
    server.behave({ cut: "after" })
    await expect(shop.complete(cartId)).rejects.toMatchObject({ code: "payment.provider_unavailable" })
    await drop(cartId)
    server.behave({})
    await expire(cartId)

    expect(await recover()).toEqual({ placed: 0, refused: 1 })

    await expectGivenBack(cartId)
  })
})

it("is told of by another process, when its own dies before it could", async () => {
  const cartId = await lastChance("pp_system_default")
  const dying = await child("telling.ts")
  await dying.work(cartId)
  expect(await dying.end()).toBe("SIGKILL")

  const told: unknown[] = []
  const other = await composeShop(shop.url, {
    payment: { providers: [httpPayment(server)] },
    subscribers: [subscribe(OrderPlaced, "listener", ({ payload }) => void told.push(payload))],
    events: { pollInterval: 20, backoff: 1 },
  })
  await other.assertMigrated()

  const order = await shop.orderOf(cartId)
  const payload = {
    id: order?.id,
    cartId,
    customerId: order?.customerId,
    email: "ada@example.com",
    total: "16.66",
    currencyCode: "eur",
  }
  await expect.poll(() => told, { timeout: 10_000 }).toContainEqual(payload)
  await other.close()
})
