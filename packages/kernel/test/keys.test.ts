import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { compose, link, Links, type Composition } from "../src/index.ts"
import { createTestDatabase, type TestDatabase } from "../src/testing.ts"
import { languageResource, libraryModule, Shelf, shelfResource, speechModule, storageModule } from "./shop.ts"

const shelfLanguage = link(shelfResource, languageResource, { as: "languages", inverse: "shelves" })

describe.each(["the same database", "another database"])("rows whose key is not called id, in %s", (place) => {
  let databases: TestDatabase[]
  let shop: Composition
  let shelf: string

  beforeEach(async () => {
    databases = await Promise.all([createTestDatabase(), createTestDatabase()])
    const [here, there] = databases as [TestDatabase, TestDatabase]
    const speech = place === "another database" ? { module: speechModule, database: there.url } : speechModule
    shop = await compose({
      database: here.url,
      modules: [libraryModule, storageModule, speech],
      links: [shelfLanguage],
    })
    await shop.migrate()
    const [first, second] = (await shop.database.insertRows(Shelf, [{ label: "A" }, { label: "B" }])) as [
      string,
      string,
    ]
    shelf = first
    await shop.container.resolve(Links).add(shelfLanguage, [
      [first, "sr"],
      [second, "de"],
    ])
  })

  afterEach(async () => {
    await shop.close()
    await Promise.all(databases.map((database) => database.drop()))
  })

  it("are read through a link", async () => {
    const { rows } = await shop.query.listAny("shelf", { fields: { label: true, languages: { name: true } } })

    expect(rows).toMatchObject([
      { label: "A", languages: [{ name: "Serbian" }] },
      { label: "B", languages: [{ name: "German" }] },
    ])
  })

  it.each([
    ["key", { languages: "sr" }],
    ["list of keys", { languages: ["sr", "xx"] }],
    ["field", { languages: { name: "Serbian" } }],
    ["path", { "languages.isoCode": "sr" }],
  ])("are filtered through a link by %s", async (_, filter) => {
    const { rows } = await shop.query.listAny("shelf", { fields: { id: true }, filter })

    expect(rows).toEqual([{ id: shelf }])
  })

  it("are joined among themselves, in both directions", async () => {
    const languages = await shop.query.listAny("language", {
      fields: { isoCode: true, scripts: { tag: true } },
      filter: { scripts: "cyrl" },
    })
    const scripts = await shop.query.listAny("script", {
      fields: { tag: true, languages: { isoCode: true } },
      filter: { languages: { isoCode: "de" } },
    })

    expect(languages.rows).toEqual([{ isoCode: "sr", scripts: [{ tag: "cyrl" }, { tag: "latn" }] }])
    expect(scripts.rows).toEqual([{ tag: "latn", languages: [{ isoCode: "de" }, { isoCode: "sr" }] }])
  })

  it("read what is linked to them", async () => {
    const { rows } = await shop.query.listAny("language", {
      fields: { isoCode: true, shelves: { label: true } },
      filter: { shelves: shelf },
    })

    expect(rows).toEqual([{ isoCode: "sr", shelves: [{ label: "A" }] }])
  })
})
