import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { expectSettled, openCarts, outcomes, type Carts } from "../../test/carts.ts"
import { startChild } from "../../test/processes/child.ts"
import { CartAlreadyCompleted, startCart } from "../index.ts"
import { aCart, aLineItem } from "../testing.ts"

describe("changes of one cart at once", () => {
  let open: Carts
  let carts: Carts["carts"]
  beforeAll(async () => {
    open = await openCarts()
    carts = open.carts
  })
  afterAll(() => open.close())

  const times = <T>(count: number, call: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => call(i))
  const aPiece = (variantId = "v") => aLineItem({ variantId, taxLines: [{ rate: 19 }] })

  it("add pieces of one variant to one line", async () => {
    const { id } = await carts.create(aCart())

    await Promise.all(times(5, () => carts.addItems(id, [aPiece()])))

    const cart = await carts.get(id)
    expect(cart.items.map(({ quantity }) => quantity)).toEqual([5])
    expect(cart).toMatchObject({ subtotal: "50", taxTotal: "9.5", total: "59.5" })
    expect(await open.told(id)).toHaveLength(6)
  })

  it("are all kept, whatever they change", async () => {
    const { id, items } = await carts.create(aCart({ items: times(4, (index) => aPiece(`v${index}`)) }))
    const ids = items.map((item) => item.id)

    await Promise.all([
      carts.updateItem(id, ids[0] ?? "", { quantity: 3 }),
      carts.updateItem(id, ids[0] ?? "", { unitPrice: 20 }),
      carts.removeItem(id, ids[1] ?? ""),
      carts.addItems(id, [aPiece("v2"), aPiece("v9")]),
      carts.update(id, { email: "a@b.cd", metadata: { a: 1 } }),
      carts.update(id, { shippingAddress: { city: "B" }, metadata: { b: 2 } }),
      carts.setShippingMethods(id, [{ name: "A", amount: 5 }]),
      carts.addCreditLine(id, { amount: 1 }),
    ])

    const cart = await carts.get(id)
    expect(cart.items.map(({ variantId, quantity, unitPrice }) => [variantId, quantity, unitPrice])).toEqual([
      ["v0", 3, "20"],
      ["v2", 2, "10"],
      ["v3", 1, "10"],
      ["v9", 1, "10"],
    ])
    expect(cart).toMatchObject({ email: "a@b.cd", metadata: { a: 1, b: 2 }, shippingAddress: { city: "B" } })
    expectSettled(cart)
  })

  it("take a line away once", async () => {
    const { id, items } = await carts.create(aCart({ items: [aPiece(), aPiece("other")] }))

    const { done, refused } = await outcomes(times(5, () => carts.removeItem(id, items[0]?.id ?? "")))

    expect(done).toHaveLength(1)
    expect(refused).toHaveLength(4)
    for (const error of refused) expect(error).toMatchObject({ code: "resource.not_found" })
    expect((await carts.get(id)).total).toBe("11.9")
  })

  it("complete it once, of twenty who try", async () => {
    const { id } = await carts.create(aCart({ items: [aPiece()] }))

    const { done, refused } = await outcomes(times(20, () => carts.complete(id)))

    expect(done).toHaveLength(1)
    expect(refused).toHaveLength(19)
    expect(refused.every((error) => error instanceof CartAlreadyCompleted)).toBe(true)
    expect(await open.told(id)).toEqual(["cart.created", "cart.completed"])
  })

  it("come before its completion, or are refused", async () => {
    for (const round of times(10, (index) => index)) {
      const { id, items } = await carts.create(aCart({ items: [aPiece()] }))
      const itemId = items[0]?.id ?? ""
      // What is asked for first need not come first: so it is asked for in the middle, at another place each time.
      const before = times(round, () => carts.addItems(id, [aPiece()]))
      const completing = carts.complete(id)
      const after = [
        carts.updateItem(id, itemId, { metadata: { late: true } }),
        carts.removeItem(id, itemId),
        carts.update(id, { locale: "fr" }),
        carts.addItems(id, [aPiece()]),
      ]

      const { done, refused } = await outcomes<unknown>([...before, ...after])
      await completing

      expect(refused.every((error) => isLate(error))).toBe(true)
      const told = await open.told(id)
      expect(told.at(-1)).toBe("cart.completed")
      expect(told.filter((name) => name === "cart.updated")).toHaveLength(done.length)
      expectSettled(await carts.get(id))
    }
    // A line that is gone is not found, whether the cart is completed or not.
    function isLate(error: unknown): boolean {
      return error instanceof CartAlreadyCompleted || (error as { code?: string }).code === "resource.not_found"
    }
  })

  it("wait for the transaction that holds it, and see what that wrote", async () => {
    const { id } = await carts.create(aCart())
    const other = await startCart({ database: open.url, events: { relay: false } })
    const held = Promise.withResolvers<void>()
    const goOn = Promise.withResolvers<void>()

    const first = carts.change(id, async (cart) => {
      cart.promoCodes.push("FIRST")
      held.resolve()
      await goOn.promise
    })
    await held.promise
    const second = other.carts.change(id, (cart) => void cart.promoCodes.push("SECOND"))
    await vi.waitFor(async () => expect(await waiting()).toBe(1), { timeout: 10_000, interval: 10 })
    goOn.resolve()
    await Promise.all([first, second])
    await other.close()

    expect((await carts.get(id)).promoCodes).toEqual(["FIRST", "SECOND"])
  })
  async function waiting(): Promise<number | undefined> {
    const [row] = await open.database.sql<{ waiting: number }>(
      `select count(*)::int as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    )
    return row?.waiting
  }

  it("from several processes are all counted, until one completes it", { timeout: 60_000 }, async () => {
    const { id } = await carts.create(aCart())
    const names = ["one", "two", "three"]
    const children = names.map((name) => startChild("add.ts", open.url, id, name, "15"))
    await vi.waitFor(() => expect(children.map(({ lines }) => lines[0])).toEqual(["ready", "ready", "ready"]), {
      timeout: 25_000,
      interval: 25,
    })

    for (const child of children) child.begin()
    await vi.waitFor(async () => expect((await carts.get(id)).items[0]?.quantity).toBeGreaterThan(9), {
      timeout: 25_000,
      interval: 5,
    })
    await carts.complete(id)
    const completed = await carts.get(id)
    expect(await Promise.all(children.map(({ ended }) => ended))).toEqual([0, 0, 0])

    const counts = children.map(({ lines }) => JSON.parse(lines[1] ?? "") as { added: number; refused: number })
    const added = counts.reduce((total, count) => total + count.added, 0)
    expect(counts.map((count) => count.added + count.refused)).toEqual([15, 15, 15])
    expect(await carts.get(id)).toEqual(completed)
    const quantities = completed.items.map(({ variantId, quantity }) => [variantId, quantity])
    const own = names.map((name, index) => [name, counts[index]?.added]).filter(([, quantity]) => quantity !== 0)
    expect(new Map(quantities as [string, number][])).toEqual(
      new Map([["shared", added], ...(own as [string, number][])]),
    )
    expectSettled(completed)
    expect(await open.told(id)).toEqual(["cart.created", ...times(added, () => "cart.updated"), "cart.completed"])
  })
})
