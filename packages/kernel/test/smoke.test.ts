import { expect, it } from "vitest"
import { compose, Links } from "../src/index.ts"
import { createTestDatabase, driftOf, statementsOf } from "../src/testing.ts"
import { Author, Book, Chapter, bookResource, bookShelf, libraryModule, Shelf, storageModule } from "./shop.ts"

it.each(["postgres", "pglite"])("smoke on %s", async (kind) => {
  const db = kind === "postgres" ? await createTestDatabase() : undefined
  const shop = await compose({ database: db?.url, modules: [libraryModule, storageModule], links: [bookShelf] })
  console.log(await shop.migrate())
  expect(await shop.migrate()).toEqual([])
  console.log("drift", await driftOf(shop.database))
  const ids = await shop.database.transaction(async (em) => {
    const a = em.create(Author, { name: "Ann" })
    const b = em.create(Book, {
      title: "Wood",
      isbn: "1",
      author: a,
      weight: "1.50",
      metadata: { a: 1 },
      awards: ["x", "y"],
      blurb: "it's \\? fine",
    })
    em.create(Chapter, { heading: "One", book: b, rank: 2 })
    em.create(Chapter, { heading: "Zero", book: b, rank: 1 })
    await em.flush()
    return { b: b.id }
  })
  const [shelf] = await shop.database.insertRows(Shelf, [{ label: "A" }])
  await shop.container.resolve(Links).add(bookShelf, [[ids.b, shelf!]])
  const sent = await statementsOf(shop.database, async () => {
    const page = await shop.query.list(bookResource, {
      fields: { "*": true, author: true, chapters: { heading: true } },
      filter: { status: "draft", chapters: { heading: { $ilike: "z%" } } },
      q: "wo",
      order: { title: "desc" },
      after: null,
      limit: 1,
    })
    console.log(JSON.stringify(page, null, 1))
    const p2 = await shop.query.list(bookResource, {
      fields: { id: true },
      order: { title: "desc" },
      after: page.next,
      limit: 1,
    })
    console.log(p2)
    const raw = await shop.query.listRaw("book", {
      fields: { title: true, author_id: true, shelves: true, created_at: true, weight: true },
      names: "wire",
      filter: { shelves: shelf },
    })
    console.log(raw)
  })
  console.log(sent)
  await shop.close()
  await db?.drop()
})
