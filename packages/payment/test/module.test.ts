import { createTestDatabase, driftOf } from "@marquetry/kernel/testing"
import { describe, expect, it } from "vitest"
import { startPayment } from "../src/index.ts"
import { aPaymentCollection, aPaymentSession, httpPayment } from "../src/testing.ts"

describe.each(["postgres", "pglite"])("the module alone, on %s", (kind) => {
  it("migrates an empty database to what its entities say, twice without harm, and takes a payment", async () => {
    const database = kind === "postgres" ? await createTestDatabase() : undefined
    const alone = await startPayment({ database: database?.url, recoverAfter: 0 })

    const ran = await alone.migrate()
    const again = await alone.migrate()
    const drift = await driftOf(alone.database)
    const { id } = await alone.collections.create(aPaymentCollection())
    const session = await alone.sessions.create(id, aPaymentSession())
    const { payment } = await alone.sessions.authorizeAndRecord(session.id)
    await alone.payments.capture(payment!.id, { amount: 60 })
    const refund = await alone.payments.prepareRefund(payment!.id, { amount: "12.50" })
    const recovered = await alone.recovery.recoverPending()

    expect(ran).toContain("payment/20261101000000_create-payments")
    expect(again).toEqual([])
    expect(drift).toBe("")
    expect(recovered).toEqual({ done: [refund], left: [] })
    expect(await alone.collections.get(id)).toMatchObject({
      status: "partially_captured",
      authorizedAmount: "100",
      capturedAmount: "60",
      refundedAmount: "12.5",
    })
    await alone.close()
    await database?.drop()
  })
})

describe("the providers of a shop", () => {
  it("are rows that come with migrate, and are disabled when the configuration names them no more", async () => {
    const database = await createTestDatabase()
    const before = await startPayment({ database: database.url, providers: [httpPayment({ url: "http://localhost" })] })
    await before.migrate()
    const first = await before.providers.list()
    await before.close()

    const after = await startPayment({ database: database.url })
    await after.migrate()
    const second = await after.providers.list()

    expect(first.rows).toEqual([{ id: "pp_fake_http", isEnabled: true }])
    expect(second.rows).toEqual([
      { id: "pp_fake_http", isEnabled: false },
      { id: "pp_system_default", isEnabled: true },
    ])
    expect(after.providers.isLocal("pp_system_default")).toBe(true)
    expect(() => after.providers.isLocal("pp_fake_http")).toThrow(/add it to the providers/)
    await after.close()
    await database.drop()
  })

  it("have ids of their own", async () => {
    const one = httpPayment({ url: "http://localhost" })

    await expect(async () => startPayment({ providers: [one, one] })).rejects.toThrow(/same id/)
    await expect(async () => startPayment({ providers: [{ ...one, id: "stripe" }] })).rejects.toThrow(/pp_/)
  })
})
