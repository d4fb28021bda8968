import { currencies as known } from "@marquetry/money"
import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { startCurrency } from "../index.ts"

type Currencies = Awaited<ReturnType<typeof startCurrency>>

describe("currencies", () => {
  let database: TestDatabase
  let alone: Currencies
  let currencies: Currencies["currencies"]

  beforeAll(async () => {
    database = await createTestDatabase()
    // No relay, so that only the service's own statements are counted.
    alone = await startCurrency({ database: database.url, events: { relay: false } })
    await alone.migrate()
    currencies = alone.currencies
  })

  afterAll(async () => {
    await alone.close()
    await database.drop()
  })

  it("are those of @marquetry/money, field by field, by code", async () => {
    const { rows, count } = await currencies.list({ limit: 1_000 })

    expect(count).toBe(known().length)
    expect(rows).toEqual(known().map(({ rounding, ...rest }) => ({ ...rest, rounding: String(rounding) })))
  })

  it("are read on the wire with the default fields of the contract", async () => {
    const { rows } = await alone.query.listRaw("currency", {
      fields: { code: true, name: true, symbol: true, symbol_native: true, decimal_digits: true, rounding: true },
      filter: { code: "cad" },
      names: "wire",
    })

    expect(JSON.parse(rows)).toEqual([
      { code: "cad", name: "Canadian Dollar", symbol: "CA$", symbol_native: "$", decimal_digits: 2, rounding: 0 },
    ])
  })

  it.each(["jpy", "JPY"])("are got by their code, as %s too, in one statement", async (code) => {
    const sent = await statementsOf(alone.database, async () => {
      expect(await currencies.get(code)).toMatchObject({ code: "jpy", decimalDigits: 0 })
    })

    expect(sent).toHaveLength(1)
  })

  it("are not found by a code that there is not", async () => {
    await expect(currencies.get("abc")).rejects.toMatchObject({
      code: "resource.not_found",
      details: { resource: "Currency", id: "abc" },
    })
  })

  it("are filtered by code, by lists of codes, and by digits", async () => {
    const some = await currencies.list({ filter: { code: ["usd", "eur", "zzz"] } })
    const after = await currencies.list({ filter: { code: { $gte: "zar" } }, limit: 2 })
    const precise = await currencies.list({ filter: { decimalDigits: { $gt: 3 } } })

    expect(some.rows.map(({ code }) => code)).toEqual(["eur", "usd"])
    expect(after.rows.map(({ code }) => code)).toEqual(["zar", "zmw"])
    expect(precise.rows.map(({ decimalDigits }) => decimalDigits).every((digits) => digits === 4)).toBe(true)
    expect(precise.count).toBeGreaterThan(0)
  })

  it.each([
    ["SEK", ["sek"]],
    ["dan kro", ["dkk"]],
    ["DANISH", ["dkk"]],
    ["forint", ["huf"]],
  ])("are found by code and by words of their names: %s", async (q, codes) => {
    const { rows } = await currencies.list({ q })

    expect(rows.map(({ code }) => code)).toEqual(codes)
  })

  it("are turned page by page with a cursor, each once", async () => {
    const seen: string[] = []
    let after: string | null = null
    do {
      const page: Awaited<ReturnType<typeof currencies.list>> = await currencies.list({
        after,
        limit: 40,
        order: { decimalDigits: "desc" },
      })
      seen.push(...page.rows.map(({ code }) => code))
      after = page.next
    } while (after !== null)

    expect(seen.toSorted()).toEqual(known().map(({ code }) => code))
  })

  it("are corrected where they changed, and left alone where not", async () => {
    const versions = async () => {
      const rows = await alone.database.sql<{ code: string; xmin: string }>(
        `select code, xmin::text from "currency"."currency" where code <> 'eur'`,
      )
      return new Map(rows.map(({ code, xmin }) => [code, xmin]))
    }
    const before = await versions()
    await alone.database.run(`update "currency"."currency" set name = 'Ecu', decimal_digits = 7 where code = 'eur'`)
    await alone.database.run(`insert into "currency"."currency" values ('dem', 'Mark', 'DM', 'DM', 2, 0)`)

    const sent = await statementsOf(alone.database, () => alone.migrate())

    expect(sent.filter((text) => text.includes(`insert into "currency"."currency"`))).toHaveLength(1)
    expect(await currencies.get("eur")).toMatchObject({ name: "Euro", decimalDigits: 2 })
    expect(await currencies.get("dem")).toMatchObject({ name: "Mark" })
    await alone.database.run(`delete from "currency"."currency" where code = 'dem'`)
    expect(await versions()).toEqual(before)
  })
})
