import { createTestDatabase } from "@marquetry/kernel/testing"
import { expect, it } from "vitest"
import { startTax, taxModule, taxProviderResource, TaxProviders, type TaxProvider } from "../index.ts"

const provider = (id: string): TaxProvider => ({
  id,
  asksOutside: true,
  taxLines: () => ({ items: new Map(), shippingMethods: new Map() }),
})

it("are rows, enabled as long as they are configured", async () => {
  const database = await createTestDatabase()
  const rowsWith = async (...ids: string[]) => {
    const alone = await startTax({ database: database.url, events: { relay: false }, providers: ids.map(provider) })
    await alone.migrate()
    const { rows } = await alone.query.list(taxProviderResource, { fields: { id: true, isEnabled: true } })
    await alone.close()
    return rows.map(({ id, isEnabled }) => `${id} ${isEnabled}`)
  }

  expect(await rowsWith()).toEqual(["tp_system true"])
  expect(await rowsWith("tp_a", "tp_b")).toEqual(["tp_a true", "tp_b true", "tp_system true"])
  expect(await rowsWith("tp_b")).toEqual(["tp_a false", "tp_b true", "tp_system true"])
  expect(await rowsWith("tp_a")).toEqual(["tp_a true", "tp_b false", "tp_system true"])
  await database.drop()
})

it("are found by id, the built-in one among them", () => {
  const own = provider("tp_own")
  const providers = new TaxProviders([own])

  expect(providers.get("tp_own")).toBe(own)
  expect(providers.get("tp_system")).toBe(providers.system)
  expect(() => providers.get("tp_none")).toThrow(expect.objectContaining({ code: "tax.provider_missing" }))
})

it.each([["own"], ["tp_"], ["tp_system"]])("cannot be named %j", (id) => {
  expect(() => taxModule({ providers: [provider(id)] })).toThrow(TypeError)
})
