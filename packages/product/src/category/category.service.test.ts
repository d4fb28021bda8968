import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import fc from "fast-check"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { CategoryCycle, CategoryNotEmpty, HandleTaken, ReferenceUnknown, startProduct } from "../index.ts"
import { aCategory, aProduct } from "../testing.ts"

type Catalogue = Awaited<ReturnType<typeof startProduct>>

describe("categories", () => {
  let database: TestDatabase
  let alone: Catalogue
  let categories: Catalogue["categories"]

  beforeAll(async () => {
    database = await createTestDatabase()
    alone = await startProduct({ database: database.url, events: { relay: false } })
    await alone.migrate()
    categories = alone.categories
  })

  const clear = () =>
    alone.database.run(`truncate "product"."product", "product"."product_category", "marquetry"."outbox" cascade`)
  beforeEach(clear)

  afterAll(async () => {
    await alone.close()
    await database.drop()
  })

  const add = async (name: string, parentCategoryId: string | null = null, rank?: number) => {
    const { id } = await categories.create({ name, parentCategoryId, ...(rank !== undefined && { rank }) })
    return id
  }

  /** Names and ranks of the children of a category. */
  const childrenOf = async (parent: string | null) => {
    const { rows } = await categories.list({ filter: { parentCategoryId: parent as string }, order: { rank: "asc" } })
    return rows.map(({ name, rank }) => `${rank} ${name}`)
  }

  it("know their parent, their children and the way from the root", async () => {
    const clothing = await add("Clothing")
    const shirts = await add("Shirts", clothing)
    const polo = await add("Polo", shirts)

    expect(await categories.get(shirts)).toMatchObject({
      handle: "shirts",
      description: "",
      isActive: false,
      isInternal: false,
      rank: 0,
      mpath: `${clothing}.${shirts}`,
      parentCategory: { id: clothing },
      categoryChildren: [{ id: polo }],
    })
    expect((await categories.ancestors(polo)).map(({ id }) => id)).toEqual([clothing, shirts])
    expect((await categories.descendants(clothing)).map(({ id }) => id)).toEqual([shirts, polo])
    expect(await categories.tree()).toMatchObject([
      { id: clothing, categoryChildren: [{ id: shirts, categoryChildren: [{ id: polo, categoryChildren: [] }] }] },
    ])
    expect(await categories.tree(shirts)).toMatchObject([{ id: polo }])
  })

  it("stand in an order without gaps, wherever they are put, moved or deleted", async () => {
    await add("A")
    await add("C")
    const b = await add("B", null, 1)
    const last = await add("Z", null, 99)
    expect(await childrenOf(null)).toEqual(["0 A", "1 B", "2 C", "3 Z"])

    await categories.update(last, { rank: 0 })
    expect(await childrenOf(null)).toEqual(["0 Z", "1 A", "2 B", "3 C"])

    await categories.update(last, { rank: 2 })
    expect(await childrenOf(null)).toEqual(["0 A", "1 B", "2 Z", "3 C"])

    await categories.delete(b)
    expect(await childrenOf(null)).toEqual(["0 A", "1 Z", "2 C"])
  })

  it("take everything below them along, in one statement", async () => {
    const [a, b] = [await add("A"), await add("B")]
    const child = await add("Child", a)
    await categories.createMany(
      Array.from({ length: 30 }, (_, index) => aCategory({ name: `G${index}`, parentCategoryId: child })),
    )

    const sent = await statementsOf(alone.database, () => categories.update(child, { parentCategoryId: b }))

    expect(sent.filter((text) => text.includes("set mpath"))).toHaveLength(1)
    expect(await childrenOf(a)).toEqual([])
    expect(await childrenOf(b)).toEqual(["0 Child"])
    const below = await categories.descendants(b)
    expect(below).toHaveLength(31)
    expect(below.every(({ mpath }) => mpath.startsWith(`${b}.${child}`))).toBe(true)
  })

  it("are made in as many statements for fifty as for two", async () => {
    const [a, b] = [await add("A"), await add("B")]
    const batch = (count: number) =>
      Array.from({ length: count }, (_, index) => aCategory({ parentCategoryId: index % 2 ? a : b, rank: 0 }))

    const two = await statementsOf(alone.database, () => categories.createMany(batch(2)))
    const more = await statementsOf(alone.database, () => categories.createMany(batch(50)))

    // The one statement more moves the siblings that were there.
    expect(more.length - two.length).toBeLessThanOrEqual(1)
    expect((await childrenOf(a)).map((child) => child.split(" ")[0])).toEqual(
      Array.from({ length: 26 }, (_, i) => `${i}`),
    )
  })

  it("are never below themselves, whoever moves at once", async () => {
    const [a, b] = [await add("A"), await add("B")]

    await expect(categories.update(a, { parentCategoryId: a })).rejects.toEqual(new CategoryCycle(a, a))
    const moves = await Promise.allSettled([
      categories.update(a, { parentCategoryId: b }),
      categories.update(b, { parentCategoryId: a }),
    ])

    const lost = moves.flatMap((move) => (move.status === "rejected" ? [move.reason as unknown] : []))
    expect(lost).toHaveLength(1)
    expect(lost[0]).toBeInstanceOf(CategoryCycle)
  })

  it("keep their order when many are put there at once", async () => {
    const parent = await add("Parent")

    await Promise.all(Array.from({ length: 15 }, () => add("Child", parent, 0)))

    const ranks = (await childrenOf(parent)).map((child) => Number(child.split(" ")[0]))
    expect(ranks).toEqual(Array.from({ length: 15 }, (_, index) => index))
  })

  it("neither move nor wait in a circle, while somebody who holds them also holds the tree", async () => {
    const [a, b] = [await add("A"), await add("B")]
    const { database: db } = alone
    /** As whoever looks at a row before it changes. */
    const swap = (id: string) =>
      db.transaction(async () => {
        await categories.holdTree()
        await db.run(`select 1 from "product"."product_category" where id = $1 for no key update`, [id])
        await categories.update(id, { rank: 0 })
      })

    await Promise.all([a, b, a, b, a, b].map(swap))

    const ranks = (await categories.list()).rows.map(({ rank }) => rank)
    expect(ranks.toSorted((x, y) => x - y)).toEqual([0, 1])
    await expect(categories.holdTree()).rejects.toThrow(TypeError)
  })

  it("stay a tree through any changes", async () => {
    const step = fc.record({
      kind: fc.constantFrom("add", "move", "rank", "delete"),
      which: fc.nat(20),
      where: fc.option(fc.nat(20)),
      rank: fc.nat(5),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 15 }), async (steps) => {
        await clear()
        const ids: string[] = []
        const pick = (index: number | null) => (index === null ? null : (ids[index % ids.length] ?? null))
        for (const { kind, which, where, rank } of steps) {
          const id = pick(which)
          if (kind === "add" || id === null) ids.push(await add("N", pick(where), rank))
          else if (kind === "delete") {
            const gone = await categories.delete(id).catch((error: unknown) => error)
            if (gone === undefined) ids.splice(ids.indexOf(id), 1)
            else if (!(gone instanceof CategoryNotEmpty)) throw gone
          } else {
            const change = kind === "move" ? { parentCategoryId: pick(where) } : { rank }
            await categories.update(id, change).catch((error: unknown) => {
              if (!(error instanceof CategoryCycle)) throw error
            })
          }
        }
        expect(await faultsOf(ids)).toEqual([])
      }),
      { numRuns: 12 },
    )
  })

  /** Categories that are not where their path says, lists of siblings with gaps, and ids that are missing. */
  async function faultsOf(ids: readonly string[]): Promise<unknown[]> {
    const { rows } = await categories.list({ limit: 100 })
    const byId = new Map(rows.map((row) => [row.id, row]))
    const missing = ids.filter((id) => !byId.has(id))
    const misplaced = rows.filter(({ id, mpath, parentCategoryId }) => {
      return mpath !== (parentCategoryId === null ? id : `${byId.get(parentCategoryId)?.mpath}.${id}`)
    })
    const lists = [...Map.groupBy(rows, ({ parentCategoryId }) => parentCategoryId).values()]
    const ranks = lists.map((siblings) => siblings.map(({ rank }) => rank).sort((x, y) => x - y))
    return [...missing, ...misplaced, ...ranks.filter((list) => list.some((rank, index) => rank !== index))]
  }

  it("are deleted when they are empty, and leave their products", async () => {
    const parent = await add("Parent")
    const child = await add("Child", parent)
    const product = await alone.products.create(aProduct({ categoryIds: [child] }))

    await expect(categories.delete(parent)).rejects.toEqual(new CategoryNotEmpty(parent))
    await categories.delete(child)
    await categories.delete(parent)

    expect((await alone.products.get(product.id)).categories).toEqual([])
    await expect(categories.get(child)).rejects.toMatchObject({ code: "resource.not_found" })
  })

  it("have products put in and taken out", async () => {
    const id = await add("Sale")
    const made = await alone.products.createMany([aProduct(), aProduct(), aProduct()])
    const [first, second, third] = made.map((product) => product.id) as [string, string, string]

    await categories.assignProducts(id, { add: [first, second] })
    await categories.assignProducts(id, { add: [second, third], remove: [first] })

    const { rows } = await alone.products.list({ filter: { categories: id } })
    expect(rows.map((product) => product.id)).toEqual([second, third])
    const read = await alone.query.listAny("product_category", { fields: { products: { id: true } } })
    expect(read.rows).toEqual([{ products: [{ id: second }, { id: third }] }])
    await expect(categories.assignProducts(id, { add: ["prod_none"] })).rejects.toMatchObject({
      code: "resource.not_found",
    })
  })

  it("refuse a handle that another has, and a parent that there is not", async () => {
    await add("Sale")

    expect((await categories.create({ name: "Sale" })).handle).toBe("sale-2")
    await expect(categories.create({ name: "X", handle: "sale" })).rejects.toEqual(new HandleTaken("sale"))
    await expect(add("X", "pcat_none")).rejects.toThrow(ReferenceUnknown)
  })

  it("are found by name and description", async () => {
    await categories.create({ name: "Shirts", description: "For warm days" })
    await add("Coats")

    expect((await categories.list({ q: "warm" })).rows.map(({ name }) => name)).toEqual(["Shirts"])
  })
})
