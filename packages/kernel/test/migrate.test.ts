import { afterEach, beforeEach, describe, expect, it } from "vitest"
import {
  compose,
  DatabaseFromTheFuture,
  defineModule,
  Migration,
  MigrationsPending,
  type MigrationClass,
} from "../src/index.ts"
import { revert } from "../src/database/migrate.ts"
import { createTestDatabase, driftOf, type TestDatabase } from "../src/testing.ts"
import { startChild } from "./processes/child.ts"
import { bookShelf, databaseKinds, libraryModule, openShop, storageModule } from "./shop.ts"

function migration(name: string, sql: string, undo = ""): MigrationClass {
  return class extends Migration {
    override name = name
    override up(): void {
      for (const statement of sql.split(";")) this.addSql(statement)
    }
    override down(): void {
      this.addSql(undo)
    }
  }
}

const first = migration("1_first", `create table "press"."sheet" ("id" text primary key)`, `drop table "press"."sheet"`)
const second = migration(
  "2_second",
  `alter table "press"."sheet" add "size" int`,
  `alter table "press"."sheet" drop "size"`,
)
const broken = migration(
  "2_broken",
  `alter table "press"."sheet" add "size" int; alter table "press"."nothing" add "size" int`,
)
const press = (migrations: readonly MigrationClass[], more: object = {}) =>
  defineModule({ name: "press", entities: [], migrations, register: () => {}, ...more })

describe.each(databaseKinds)("migrations, on %s", (kind) => {
  it("make what the entities say, and nothing when run again", async () => {
    const shop = await openShop(kind)

    expect(await driftOf(shop.database)).toBe("")
    expect(await shop.migrate()).toEqual([])
    await shop.assertMigrated()
    await shop.end()
  })
})

describe("migrating", () => {
  let database: TestDatabase
  beforeEach(async () => {
    database = await createTestDatabase()
  })
  afterEach(() => database.drop())
  const open = (migrations: readonly MigrationClass[], more: object = {}) =>
    compose({ database: database.url, modules: [press(migrations, more)], events: { relay: false } })

  it("is done by one of several processes, and the others wait and find nothing to do", async () => {
    const children = Array.from({ length: 4 }, () => startChild("migrate.ts", database.url))

    expect(await Promise.all(children.map(({ ended }) => ended))).toEqual([0, 0, 0, 0])
    const ran = children.map(({ lines }) => (JSON.parse(lines[0] ?? "[]") as string[]).length)
    expect(ran.toSorted((a, b) => a - b)).toEqual([0, 0, 0, 3])
    const shop = await compose({ database: database.url, modules: [libraryModule, storageModule], links: [bookShelf] })
    expect(await driftOf(shop.database)).toBe("")
    await shop.close()
  })

  it("goes on from where it was, and says what ran", async () => {
    const before = await open([first])
    expect(await before.migrate()).toContain("press/1_first")
    await before.close()

    const after = await open([first, second])
    await expect(after.assertMigrated()).rejects.toMatchObject({
      code: "database.migrations_pending",
      details: { pending: ["press/2_second"] },
    })
    expect(await after.migrate()).toEqual(["press/2_second"])
    await after.assertMigrated()
    await after.close()
  })

  it("refuses a database that a newer release has migrated, and changes nothing", async () => {
    const newer = await open([first, second])
    await newer.migrate()
    await newer.close()

    let seeded = 0
    const third = migration("0_zero", `create table "press"."other" ("id" text)`)
    const older = await open([third, first], { seed: async () => void seeded++ })
    const attempts = [older.migrate(), older.assertMigrated()]
    for (const attempt of await Promise.allSettled(attempts)) {
      expect(attempt).toMatchObject({
        reason: { code: "database.from_the_future", details: { module: "press", migrations: ["2_second"] } },
      })
    }
    await expect(older.migrate()).rejects.toBeInstanceOf(DatabaseFromTheFuture)
    expect(await older.database.sql(`select to_regclass('"press"."other"')::text as other`)).toEqual([{ other: null }])
    expect(seeded).toBe(0)
    await older.close()
  })

  it("leaves nothing half done when one of them fails, of any module", async () => {
    const failing = await compose({ database: database.url, modules: [storageModule, press([first, broken])] })

    await expect(failing.migrate()).rejects.toMatchObject({ code: "42P01" })

    const schemas = await failing.database.sql(
      `select nspname from pg_namespace where nspname in ('press', 'storage', 'marquetry')`,
    )
    expect(schemas).toEqual([])
    await expect(failing.assertMigrated()).rejects.toBeInstanceOf(MigrationsPending)
    await failing.close()
  })

  it("brings the rows that come with a module, each time, without harm", async () => {
    const seed = async (db: { run(text: string): Promise<number> }) => {
      await db.run(`insert into "press"."sheet" values ('a4') on conflict do nothing`)
    }
    const shop = await open([first], { seed })
    await shop.migrate()
    await shop.migrate()

    expect(await shop.database.sql(`select id from "press"."sheet"`)).toEqual([{ id: "a4" }])
    await shop.close()
  })

  it("is undone one by one", async () => {
    const shop = await open([first, second])
    const set = { name: "press", migrations: [first, second] }
    await shop.migrate()

    expect(await revert(shop.database, set)).toBe("2_second")
    expect(await shop.migrate()).toEqual(["press/2_second"])
    expect([
      await revert(shop.database, set),
      await revert(shop.database, set),
      await revert(shop.database, set),
    ]).toEqual(["2_second", "1_first", undefined])
    expect(await shop.database.sql(`select to_regclass('"press"."sheet"')::text as sheet`)).toEqual([{ sheet: null }])
    await shop.close()
  })

  it("is not needed to find that it is", async () => {
    const shop = await open([first])

    await expect(shop.assertMigrated()).rejects.toBeInstanceOf(MigrationsPending)
    await shop.close()
  })
})
