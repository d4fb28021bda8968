import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { startStore, StoreMissing, type CreateStore, type UpdateStore } from "../index.ts"
import { aStore } from "../testing.ts"
import { StoreCurrency } from "./store.entity.ts"

type Stores = Awaited<ReturnType<typeof startStore>>

const standard = (currencyCode: string) => ({ currencyCode, isDefault: true })
const codesOf = ({ supportedCurrencies }: { supportedCurrencies: { currencyCode: string; isDefault: boolean }[] }) =>
  supportedCurrencies.map(({ currencyCode, isDefault }) => `${currencyCode}${isDefault ? "!" : ""}`)

describe("stores", () => {
  let database: TestDatabase
  let alone: Stores
  let stores: Stores["stores"]

  beforeAll(async () => {
    database = await createTestDatabase()
    // No relay, so that only the service's own statements are counted.
    alone = await startStore({ database: database.url, events: { relay: false } })
    await alone.migrate()
    stores = alone.stores
  })

  beforeEach(() => alone.database.run(`delete from "store"."store"`))

  afterAll(async () => {
    await alone.close()
    await database.drop()
  })

  it("keeps its currencies and locales in their order", async () => {
    const store = await stores.create(
      aStore({
        supportedCurrencies: [{ currencyCode: "USD" }, standard("eur"), { currencyCode: "jpy" }],
        supportedLocales: [{ localeCode: "en-us" }, { localeCode: "DE" }],
        defaultRegionId: "reg_1",
        metadata: { vat: "DE1" },
      }),
    )

    expect(store).toMatchObject({ name: "Veneer & Sons", defaultRegionId: "reg_1", defaultSalesChannelId: null })
    expect(store.metadata).toEqual({ vat: "DE1" })
    expect(codesOf(store)).toEqual(["usd", "eur!", "jpy"])
    expect(store.supportedLocales.map(({ localeCode }) => localeCode)).toEqual(["en-US", "de"])
    expect(await stores.get(store.id)).toEqual(store)
  })

  it("replaces its currencies, moves the default, and keeps the rows of those that stay", async () => {
    const before = await stores.create(
      aStore({ supportedCurrencies: [standard("eur"), { currencyCode: "usd" }, { currencyCode: "gbp" }] }),
    )

    const after = await stores.update(before.id, {
      supportedCurrencies: [{ currencyCode: "sek" }, standard("usd"), { currencyCode: "eur" }],
    })

    const idOf = (store: typeof before, code: string) =>
      store.supportedCurrencies.find(({ currencyCode }) => currencyCode === code)?.id
    expect(codesOf(after)).toEqual(["sek", "usd!", "eur"])
    expect(idOf(after, "eur")).toBe(idOf(before, "eur"))
    expect(idOf(after, "usd")).toBe(idOf(before, "usd"))
    expect(after.name).toBe(before.name)
  })

  it("replaces its locales, and clears them", async () => {
    const { id } = await stores.create(aStore({ supportedLocales: [{ localeCode: "de" }, { localeCode: "fr" }] }))

    const turned = await stores.update(id, { supportedLocales: [{ localeCode: "it" }, { localeCode: "de" }] })
    const cleared = await stores.update(id, { supportedLocales: [] })

    expect(turned.supportedLocales.map(({ localeCode }) => localeCode)).toEqual(["it", "de"])
    expect(cleared.supportedLocales).toEqual([])
    expect(codesOf(cleared)).toEqual(["eur!"])
  })

  it("takes as many statements for many currencies as for one", async () => {
    const many = ["usd", "gbp", "sek", "nok", "dkk"].map((currencyCode) => ({ currencyCode }))
    const { id } = await stores.create(aStore())

    const created = await statementsOf(alone.database, () =>
      stores.create(
        aStore({ supportedCurrencies: [standard("eur"), ...many], supportedLocales: [{ localeCode: "de" }] }),
      ),
    )
    const updated = await statementsOf(alone.database, () =>
      stores.update(id, { name: "New", supportedCurrencies: [standard("eur"), ...many], supportedLocales: [] }),
    )
    const read = await statementsOf(alone.database, () => stores.getDefault())

    expect(created).toHaveLength(5)
    expect(updated).toHaveLength(7)
    expect(read).toHaveLength(1)
  })

  it.each([
    ["no default currency", { supportedCurrencies: [{ currencyCode: "eur" }] }],
    ["no currency at all", { supportedCurrencies: [] }],
    ["two defaults", { supportedCurrencies: [standard("eur"), standard("usd")] }],
    ["a currency twice", { supportedCurrencies: [standard("eur"), { currencyCode: "EUR" }] }],
    ["a currency that there is not", { supportedCurrencies: [standard("abc")] }],
    ["a currency that is none", { supportedCurrencies: [standard("xau")] }],
    ["a locale that is none", { supportedLocales: [{ localeCode: "not a locale" }] }],
    ["a locale twice, in two spellings", { supportedLocales: [{ localeCode: "en-GB" }, { localeCode: "en-gb" }] }],
    ["an empty name", { name: " " }],
    ["a field that there is not", { colour: "red" }],
  ] as [string, Partial<CreateStore>][])("refuses %s", async (_, fault) => {
    const { id } = await stores.create(aStore())

    await expect(stores.create(aStore(fault))).rejects.toMatchObject({ code: "input.invalid" })
    await expect(stores.update(id, fault as UpdateStore)).rejects.toMatchObject({ code: "input.invalid" })
    expect((await stores.list()).count).toBe(1)
  })

  it.each([
    ["a second default", "usd", true],
    ["a currency twice", "eur", false],
  ])("has a database that refuses %s", async (_, currencyCode, isDefault) => {
    const { id } = await stores.create(aStore())

    const written = alone.database.insertRows(StoreCurrency, [{ store: id, currencyCode, isDefault }])

    await expect(written).rejects.toMatchObject({ code: "23505" })
  })

  it("keeps one of two lists that come at once, not a mixture", async () => {
    const { id } = await stores.create(aStore())
    const lists = [
      [standard("usd"), { currencyCode: "cad" }],
      [standard("sek"), { currencyCode: "nok" }],
      [standard("cad"), { currencyCode: "usd" }],
    ]

    for (let round = 0; round < 5; round++) {
      await Promise.all(lists.map((supportedCurrencies) => stores.update(id, { supportedCurrencies })))
      const kept = codesOf(await stores.get(id)).join()
      expect(["usd!,cad", "sek!,nok", "cad!,usd"]).toContain(kept)
    }
  })

  it("answers the oldest living store as the default", async () => {
    await expect(stores.getDefault()).rejects.toThrow(StoreMissing)
    const first = await stores.create(aStore({ name: "First" }))
    const second = await stores.create(aStore({ name: "Second" }))

    expect(await stores.getDefault()).toEqual(first)
    await stores.delete(first.id)
    expect(await stores.getDefault()).toEqual(second)
    await expect(stores.get(first.id)).rejects.toMatchObject({ code: "resource.not_found" })
    await expect(stores.delete(first.id)).rejects.toMatchObject({ code: "resource.not_found" })
  })

  it("makes one store for many that ask at once, and leaves it as it is for those that ask later", async () => {
    const asked = await Promise.all(
      Array.from({ length: 8 }, (_, index) => stores.ensure(aStore({ name: `Store ${index}` }))),
    )
    const later = await stores.ensure(aStore({ name: "Later" }))

    expect(new Set(asked.map(({ id }) => id))).toEqual(new Set([later.id]))
    expect(later).toEqual(asked[0])
    expect((await stores.list()).count).toBe(1)
    await expect(stores.ensure(aStore({ name: "" }))).rejects.toMatchObject({ code: "input.invalid" })
  })

  it("makes a store again when the last one is deleted", async () => {
    const first = await stores.ensure(aStore())
    await stores.delete(first.id)

    const second = await stores.ensure(aStore())

    expect(second.id).not.toBe(first.id)
  })

  it("is found by the beginning of words, and through its currencies", async () => {
    await stores.create(aStore({ name: "Veneer & Sons" }))
    await stores.create(aStore({ name: "Inlay", supportedCurrencies: [standard("usd")] }))

    const byName = await stores.list({ q: "ven" })
    const byCurrency = await stores.list({ filter: { supportedCurrencies: { currencyCode: "usd", isDefault: true } } })

    expect(byName.rows.map(({ name }) => name)).toEqual(["Veneer & Sons"])
    expect(byCurrency.rows.map(({ name }) => name)).toEqual(["Inlay"])
  })

  it("tells what happened, with the data or not at all", async () => {
    const { id } = await stores.ensure(aStore())
    await stores.ensure(aStore())
    await stores.update(id, { name: "Other" })
    await alone.database
      .transaction(async () => {
        await stores.delete(id)
        throw new Error("changed my mind")
      })
      .catch(() => {})
    await stores.delete(id)

    const sent = await alone.database.sql(
      `select name from "marquetry"."outbox" where aggregate_id = $1 order by sequence`,
      [id],
    )
    expect(sent).toEqual([{ name: "store.created" }, { name: "store.updated" }, { name: "store.deleted" }])
  })
})
