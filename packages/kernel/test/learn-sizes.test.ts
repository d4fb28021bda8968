import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { statementsOf } from "../src/testing.ts"
import { Author, databaseKinds, libraryModule, openShop, speechModule, storageModule, type Shop } from "./shop.ts"

describe.each(databaseKinds)("the sizes of tables, on %s", (kind) => {
  let shop: Shop
  beforeAll(async () => {
    shop = await openShop(kind, { modules: [libraryModule, storageModule, speechModule] })
  })
  afterAll(() => shop.end())

  const fill = (from: number, count: number) =>
    shop.database.insertRows(
      Author,
      Array.from({ length: count }, (_, index) => ({ id: `author-${from + index}`, name: `Author ${from + index}` })),
    )
  const learn = () => shop.database.learnSizes()
  const known = async () => {
    const [row] = await shop.database.sql<{ rows: number }>(
      `select reltuples::int as rows from pg_class where oid = '"library"."author"'::regclass`,
    )
    return row?.rows
  }

  it("are learnt in the transaction that has filled them, and anew when they have doubled", async () => {
    await shop.database.transaction(async () => {
      await fill(0, 2_000)
      await learn()
    })
    const first = await known()
    const unchanged = await statementsOf(shop.database, learn)
    await fill(2_000, 10_000)
    const grown = await statementsOf(shop.database, learn)

    expect(first).toBe(2_000)
    expect(unchanged).toHaveLength(1)
    expect(grown).toEqual([expect.anything(), 'analyze (skip_locked) "library"."author"'])
    expect(await known()).toBe(12_000)
  })

  it("keep nobody waiting: of several who would learn them at once, one does", async () => {
    await fill(20_000, 30_000)

    await Promise.all(Array.from({ length: 4 }, () => shop.database.transaction(learn)))

    expect(await known()).toBeGreaterThan(12_000)
  })
})
