import { createTestDatabase, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { manualPayment, NotOffered, startPayment, type AccountHolderProvider, type PaymentProvider } from "../index.ts"

type Payments = Awaited<ReturnType<typeof startPayment>>

/** A provider that keeps accounts in memory. */
function withAccounts(accounts: Map<string, object>): PaymentProvider {
  const byKey = new Map<string, string>()
  const accountHolders: AccountHolderProvider = {
    create: async ({ email, name, idempotencyKey }) => {
      const externalId = byKey.get(idempotencyKey) ?? `ext_${byKey.size + 1}`
      byKey.set(idempotencyKey, externalId)
      accounts.set(externalId, { email, name })
      return { externalId, data: { email } }
    },
    update: async ({ externalId, email, name }) => {
      accounts.set(externalId, { email, name })
      return { data: { email } }
    },
    delete: async ({ externalId }) => void accounts.delete(externalId),
  }
  return { ...manualPayment, id: "pp_accounts_test", accountHolders }
}

describe("account holders", () => {
  const accounts = new Map<string, object>()
  let database: TestDatabase
  let alone: Payments
  let holders: Payments["accountHolders"]

  beforeAll(async () => {
    database = await createTestDatabase()
    const providers = [manualPayment, withAccounts(accounts)]
    alone = await startPayment({ database: database.url, providers, events: { relay: false } })
    await alone.migrate()
    holders = alone.accountHolders
  })

  afterAll(async () => {
    await alone.close()
    await database.drop()
  })

  it("are one, though several callers make them at once under one key", async () => {
    const input = {
      providerId: "pp_accounts_test",
      customerId: "cus_1",
      email: "a@example.com",
      idempotencyKey: "cus_1",
    }

    const made = await Promise.all(Array.from({ length: 6 }, () => holders.create(input)))

    expect(new Set(made.map(({ id }) => id)).size).toBe(1)
    expect(made[0]).toMatchObject({
      providerId: "pp_accounts_test",
      email: "a@example.com",
      data: { email: "a@example.com" },
    })
    expect(made[0]?.id).toMatch(/^acchld_/)
    expect(accounts.size).toBe(1)
  })

  it("are changed and deleted at the provider too", async () => {
    const { id, externalId } = await holders.create({ providerId: "pp_accounts_test", email: "b@example.com" })

    const updated = await holders.update(id, { email: "c@example.com", name: "C", metadata: { vip: true } })
    const kept = accounts.get(externalId)
    await holders.delete(id)

    expect(updated).toMatchObject({ email: "c@example.com", data: { email: "c@example.com" }, metadata: { vip: true } })
    expect(kept).toEqual({ email: "c@example.com", name: "C" })
    expect(accounts.has(externalId)).toBe(false)
    await expect(holders.get(id)).rejects.toMatchObject({ code: "resource.not_found" })
  })

  it("are refused where the provider knows none", async () => {
    await expect(holders.create({ providerId: "pp_system_default" })).rejects.toThrow(NotOffered)
    await expect(holders.create({ providerId: "pp_accounts_test", email: "nobody" })).rejects.toMatchObject({
      code: "input.invalid",
    })
    expect((await holders.list({ filter: { providerId: "pp_system_default" } })).count).toBe(0)
  })
})
