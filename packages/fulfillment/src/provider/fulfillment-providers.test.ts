import { createTestDatabase } from "@marquetry/kernel/testing"
import { expect, it } from "vitest"
import { fulfillmentModule, FulfillmentProviders, startFulfillment } from "../index.ts"
import { manualFulfillmentProvider } from "./manual-provider.ts"

const provider = (id: string) => ({ ...manualFulfillmentProvider, id })

it("are rows, enabled as long as they are configured", async () => {
  const database = await createTestDatabase()
  const rowsWith = async (...ids: string[]) => {
    const alone = await startFulfillment({
      database: database.url,
      events: { relay: false },
      providers: ids.map(provider),
    })
    await alone.migrate()
    const { rows } = await alone.query.listAny("fulfillment_provider", { fields: { id: true, isEnabled: true } })
    await alone.close()
    return rows.map(({ id, isEnabled }) => `${String(id)} ${String(isEnabled)}`)
  }

  expect(await rowsWith()).toEqual(["manual_manual true"])
  expect(await rowsWith("a", "b")).toEqual(["a true", "b true", "manual_manual true"])
  expect(await rowsWith("b")).toEqual(["a false", "b true", "manual_manual true"])
  expect(await rowsWith("a")).toEqual(["a true", "b false", "manual_manual true"])
  await database.drop()
})

it("are found by id, the built-in one among them", async () => {
  const own = provider("own")
  const providers = new FulfillmentProviders([own])

  expect(providers.get("own")).toBe(own)
  expect(await providers.servicesOf("manual_manual")).toEqual([
    { id: "manual-fulfillment" },
    { id: "manual-fulfillment-return", is_return: true },
  ])
  expect(() => providers.get("none")).toThrow(expect.objectContaining({ code: "fulfillment.provider_missing" }))
  await expect(providers.servicesOf("none")).rejects.toMatchObject({ code: "resource.not_found" })
})

it.each([["Own"], [""], ["manual_manual"]])("cannot be named %j", (id) => {
  expect(() => fulfillmentModule({ providers: [provider(id)] })).toThrow(TypeError)
})
