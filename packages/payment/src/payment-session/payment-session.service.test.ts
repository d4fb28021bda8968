import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import {
  AlreadyAuthorized,
  AmountTooHigh,
  AuthorizationUnderWay,
  CollectionChanged,
  CollectionInUse,
  manualPayment,
  PaymentDeclined,
  ProviderUnavailable,
  SessionClosed,
  startPayment,
  UnknownProvider,
} from "../index.ts"
import {
  aPaymentCollection,
  aPaymentSession,
  httpPayment,
  startFakePaymentServer,
  type FakePaymentServer,
} from "../testing.ts"

type Payments = Awaited<ReturnType<typeof startPayment>>
const overHttp = { providerId: "pp_fake_http" }

describe("payment sessions", () => {
  let server: FakePaymentServer
  let database: TestDatabase
  let alone: Payments
  let collections: Payments["collections"]
  let sessions: Payments["sessions"]

  beforeAll(async () => {
    server = await startFakePaymentServer()
    database = await createTestDatabase()
    const providers = [manualPayment, httpPayment(server)]
    // No relay, so that only the service's own statements are counted.
    alone = await startPayment({ database: database.url, providers, timeout: 5_000, events: { relay: false } })
    await alone.migrate()
    collections = alone.collections
    sessions = alone.sessions
  })

  beforeEach(() => server.behave({}))

  afterAll(async () => {
    await alone.close()
    await database.drop()
    await server.close()
  })

  const aCollection = async (amount: number | string = 100, currencyCode = "eur") =>
    (await collections.create(aPaymentCollection({ amount, currencyCode }))).id
  const openOf = async (collectionId: string) => (await collections.get(collectionId)).paymentSessions
  const countOf = (method: string) => server.requests.filter((request) => request.method === method).length

  it("begin with the provider's data, for all that is left to pay", async () => {
    const collectionId = await aCollection("10.50")

    const session = await sessions.create(collectionId, {
      ...overHttp,
      context: { email: "a@example.com" },
      data: { colour: "blue" },
    })

    expect(session).toMatchObject({
      providerId: "pp_fake_http",
      amount: "10.5",
      currencyCode: "eur",
      status: "pending",
      data: { reference: session.id },
      context: { email: "a@example.com" },
      paymentCollectionId: collectionId,
    })
    expect(session.id).toMatch(/^payses_/)
    expect(session).not.toHaveProperty("idempotencyKey")
    expect((await collections.get(collectionId)).status).toBe("awaiting")
  })

  it.each([
    ["eur", "10.005", "10.01"],
    ["jpy", "10.5", "11"],
    ["kwd", "1.0005", "1.001"],
  ])("are rounded to the digits of %s", async (currencyCode, amount, rounded) => {
    const collectionId = await aCollection(100, currencyCode)

    const session = await sessions.create(collectionId, aPaymentSession({ amount }))

    expect(session.amount).toBe(rounded)
  })

  it.each(["pp_system_default", "pp_fake_http"])(
    "are replaced by the next, however many come at once (%s)",
    async (id) => {
      const collectionId = await aCollection()

      const made = await Promise.all(Array.from({ length: 8 }, () => sessions.create(collectionId, { providerId: id })))

      const open = await openOf(collectionId)
      expect(open).toHaveLength(1)
      expect(made.map((session) => session.id)).toContain(open[0]?.id)
    },
  )

  it("stay as they are when the cart's total does, and are dropped when it changes", async () => {
    const collectionId = await aCollection()
    const session = await sessions.create(collectionId, overHttp)

    expect(await collections.setAmount(collectionId, "100.001", "EUR")).toBe(false)
    expect(await openOf(collectionId)).toMatchObject([{ id: session.id }])
    expect(await collections.setAmount(collectionId, 90, "eur")).toBe(true)
    expect(await collections.get(collectionId)).toMatchObject({ amount: "90", status: "not_paid", paymentSessions: [] })
    await expect(sessions.authorize(session.id)).rejects.toMatchObject({ code: "resource.not_found" })
  })

  it("cost a cart's change two statements at most, and one when nothing changed", async () => {
    const collectionId = await aCollection()
    await sessions.create(collectionId, aPaymentSession())

    const same = await statementsOf(alone.database, () => collections.setAmount(collectionId, 100, "eur"))
    const other = await statementsOf(alone.database, () => collections.setAmount(collectionId, 90, "usd"))

    expect(same).toHaveLength(1)
    expect(other).toHaveLength(2)
  })

  it("refuse a change of the amount, of the provider or their end while the provider is asked to authorise", async () => {
    const collectionId = await aCollection()
    const { id } = await sessions.create(collectionId, overHttp)
    await sessions.authorize(id)

    await expect(collections.setAmount(collectionId, 90, "eur")).rejects.toThrow(AuthorizationUnderWay)
    await expect(sessions.create(collectionId, aPaymentSession())).rejects.toThrow(AuthorizationUnderWay)
    await expect(sessions.delete(id)).rejects.toThrow(AuthorizationUnderWay)
    await expect(collections.delete(collectionId)).rejects.toThrow(AuthorizationUnderWay)
    await expect(sessions.update(id, { data: {} })).rejects.toThrow(SessionClosed)
    expect(await collections.get(collectionId)).toMatchObject({ amount: "100", paymentSessions: [{ id }] })
  })

  it("make one payment, however often they are recorded", async () => {
    const collectionId = await aCollection()
    const { id } = await sessions.create(collectionId, overHttp)
    const outcome = await sessions.authorize(id, { idempotencyKey: "attempt-1" })

    const recorded = await Promise.all(Array.from({ length: 8 }, () => sessions.record(id, outcome)))

    expect(new Set(recorded.map(({ payment }) => payment?.id)).size).toBe(1)
    expect(recorded.filter(({ isNew }) => isNew)).toHaveLength(1)
    expect(server.authorizations.get("attempt-1")).toMatchObject({ sessionId: id, amount: "100" })
    expect(await collections.get(collectionId)).toMatchObject({
      status: "authorized",
      authorizedAmount: "100",
      paymentSessions: [{ id, status: "authorized" }],
      payments: [{ amount: "100", authorizedAmount: "100", paymentSessionId: id }],
    })
  })

  it("cost a checkout one statement to read, one to authorise and one to record", async () => {
    const collectionId = await aCollection()
    const { id } = await sessions.create(collectionId, aPaymentSession())

    const statements = await statementsOf(alone.database, () =>
      alone.database.transaction(async () => {
        await collections.get(collectionId)
        await sessions.record(id, await sessions.authorize(id))
      }),
    )
    const again = await statementsOf(alone.database, () => sessions.record(id, { status: "authorized", data: {} }))

    expect(statements).toHaveLength(3)
    expect(again).toHaveLength(2)
  })

  it("are begun with three statements where the provider is local, and replaced with four", async () => {
    const collectionId = await aCollection()

    const first = await statementsOf(alone.database, () => sessions.create(collectionId, aPaymentSession()))
    const second = await statementsOf(alone.database, () => sessions.create(collectionId, aPaymentSession()))

    expect([first.length, second.length]).toEqual([3, 4])
  })

  it("take part in a transaction where the provider is local, and leave nothing when it is rolled back", async () => {
    const collectionId = await aCollection()

    await alone.database
      .transaction(async () => {
        const { id } = await sessions.create(collectionId, aPaymentSession())
        await sessions.authorizeAndRecord(id)
        throw new Error("changed my mind")
      })
      .catch(() => {})

    expect(await collections.get(collectionId)).toMatchObject({ status: "not_paid", paymentSessions: [], payments: [] })
  })

  it("never make a transaction wait for a provider", async () => {
    const collectionId = await aCollection()
    const { id } = await sessions.create(collectionId, overHttp)
    const asked = server.requests.length

    await expect(alone.database.transaction(() => sessions.authorize(id))).rejects.toThrow(/in a transaction/)
    await expect(alone.database.transaction(() => sessions.create(collectionId, overHttp))).rejects.toThrow(
      /in a transaction/,
    )

    expect(server.requests).toHaveLength(asked)
    expect(await openOf(collectionId)).toMatchObject([{ id, status: "pending" }])
  })

  it("can be tried again when the provider declines", async () => {
    const collectionId = await aCollection()
    const { id } = await sessions.create(collectionId, overHttp)
    server.behave({ decline: ["authorize"] })
    const declined = await sessions.authorizeAndRecord(id, { idempotencyKey: `${id}-1` })
    const failed = await collections.get(collectionId)
    server.behave({})
    const { payment } = await sessions.authorizeAndRecord(id, { idempotencyKey: `${id}-2` })

    expect(declined).toMatchObject({ status: "error", payment: null })
    expect(failed).toMatchObject({ status: "failed", paymentSessions: [{ id, status: "error" }] })
    expect(payment).toMatchObject({ amount: "100", providerId: "pp_fake_http" })
  })

  it.each([
    ["requires_more", "requires_more", "awaiting"],
    ["pending", "pending_authorization", "awaiting"],
    ["error", "error", "failed"],
  ] as const)("that come back as %s are not paid", async (authorize, status, collectionStatus) => {
    const collectionId = await aCollection()
    const { id } = await sessions.create(collectionId, overHttp)
    server.behave({ authorize })

    const recorded = await sessions.authorizeAndRecord(id)

    expect(recorded).toMatchObject({ status, payment: null, collection: { status: collectionStatus } })
  })

  it("that are captured at once complete their collection", async () => {
    const collectionId = await aCollection()
    const { id } = await sessions.create(collectionId, overHttp)
    server.behave({ authorize: "captured" })

    const { payment } = await sessions.authorizeAndRecord(id)

    expect(payment).toMatchObject({ amount: "100", capturedAmount: "100" })
    const told = await alone.database.sql(
      `select name, payload ->> 'captureId' as capture from "marquetry"."outbox" where aggregate_id = $1 order by sequence`,
      [payment?.id],
    )
    expect(told).toEqual([
      { name: "payment.authorized", capture: null },
      { name: "payment.captured", capture: payment?.captureId },
    ])
    const collection = await collections.get(collectionId)
    expect(collection).toMatchObject({
      status: "completed",
      capturedAmount: "100",
      payments: [{ captures: [{ amount: "100" }] }],
    })
    expect(collection.completedAt).not.toBeNull()
  })

  it("can be several, each for a part", async () => {
    const collectionId = await aCollection()
    const first = await sessions.create(collectionId, aPaymentSession({ amount: 30 }))
    await sessions.authorizeAndRecord(first.id)
    const partly = await collections.get(collectionId)
    await expect(sessions.create(collectionId, aPaymentSession({ amount: 71 }))).rejects.toThrow(AmountTooHigh)
    const second = await sessions.create(collectionId, aPaymentSession())
    await sessions.authorizeAndRecord(second.id)

    expect(partly.status).toBe("partially_authorized")
    expect(second.amount).toBe("70")
    expect(await collections.get(collectionId)).toMatchObject({ status: "authorized", authorizedAmount: "100" })
    await expect(sessions.create(collectionId, aPaymentSession())).rejects.toThrow(AlreadyAuthorized)
    await expect(collections.delete(collectionId)).rejects.toThrow(CollectionInUse)
    await expect(collections.setAmount(collectionId, 100, "usd")).rejects.toThrow(CollectionInUse)
  })

  it("of nothing complete a collection of nothing", async () => {
    const collectionId = await aCollection(0)
    const { id } = await sessions.create(collectionId, aPaymentSession())

    const { collection } = await sessions.authorizeAndRecord(id)

    expect(collection.status).toBe("completed")
  })

  it("do not begin when the collection changed while the provider was asked", async () => {
    const collectionId = await aCollection()
    const held = server.hold("initiate")
    const creating = sessions.create(collectionId, overHttp)
    const { sessionId } = await held.arrived
    await collections.setAmount(collectionId, 80, "eur")
    held.release()

    await expect(creating).rejects.toThrow(CollectionChanged)
    expect(await openOf(collectionId)).toEqual([])
    await expect(sessions.get(sessionId)).rejects.toMatchObject({ code: "resource.not_found" })
  })

  it("tell the provider when they are deleted, and close when they are abandoned though under way", async () => {
    const collectionId = await aCollection()
    const first = await sessions.create(collectionId, overHttp)
    await sessions.delete(first.id)
    const second = await sessions.create(collectionId, overHttp)
    await sessions.authorize(second.id)
    const whileUnderWay = server.sessions.get(second.id)?.authorized.toString()
    await sessions.abandon(second.id)

    expect(server.sessions.get(first.id)?.isDeleted).toBe(true)
    expect(whileUnderWay).toBe("100")
    expect(server.sessions.get(second.id)?.authorized.toString()).toBe("0")
    expect((await collections.get(collectionId)).status).toBe("not_paid")
    await expect(sessions.record(second.id, { status: "authorized", data: {} })).rejects.toMatchObject({
      code: "resource.not_found",
    })
  })

  it("cannot be given up once they are paid", async () => {
    const collectionId = await aCollection()
    const { id } = await sessions.create(collectionId, overHttp)
    await sessions.authorizeAndRecord(id)

    await expect(sessions.abandon(id)).rejects.toThrow(SessionClosed)
    await expect(sessions.delete(id)).rejects.toThrow(SessionClosed)
  })

  it("ask no provider again once they are authorised", async () => {
    const { id } = await sessions.create(await aCollection(), overHttp)
    await sessions.authorizeAndRecord(id)
    const asked = countOf("authorize")

    const again = await sessions.authorizeAndRecord(id)

    expect(again).toMatchObject({ status: "authorized", isNew: false, payment: { amount: "100" } })
    expect(countOf("authorize")).toBe(asked)
    expect(await sessions.statusOf(id)).toMatchObject({ status: "authorized" })
  })

  it.each(["before", "after"] as const)("can be asked about when the connection is cut %s the work", async (cut) => {
    const { id } = await sessions.create(await aCollection(), overHttp)
    server.behave({ cut })
    await expect(sessions.authorize(id)).rejects.toThrow(ProviderUnavailable)
    server.behave({})

    const { status } = await sessions.statusOf(id)

    expect(status).toBe(cut === "before" ? "none" : "authorized")
  })

  it("do not wait longer for a provider than they may", async () => {
    const impatient = await startPayment({
      database: database.url,
      providers: [httpPayment(server)],
      timeout: 50,
      events: { relay: false },
    })
    const { id } = await sessions.create(await aCollection(), overHttp)
    const held = server.hold("authorize")

    await expect(impatient.sessions.authorize(id)).rejects.toThrow(/no answer within 50 ms/)

    held.release()
    await impatient.close()
  })

  it("take new data from the provider when they are updated", async () => {
    const { id } = await sessions.create(await aCollection(), aPaymentSession({ data: { note: "first" } }))

    const updated = await sessions.update(id, { data: { note: "second" }, context: { email: "b@example.com" } })

    expect(updated).toMatchObject({ data: { note: "second" }, context: { email: "b@example.com" }, status: "pending" })
  })

  it("are not begun with a provider that there is not, or that refuses", async () => {
    const collectionId = await aCollection()
    server.behave({ decline: ["initiate"] })

    await expect(sessions.create(collectionId, { providerId: "pp_none" })).rejects.toThrow(UnknownProvider)
    await expect(sessions.create(collectionId, overHttp)).rejects.toThrow(PaymentDeclined)
    await expect(sessions.create("pay_col_none", aPaymentSession())).rejects.toMatchObject({
      code: "resource.not_found",
    })
    expect(await openOf(collectionId)).toEqual([])
  })
})
