import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { expectSettled, openCarts, type Carts } from "../../test/carts.ts"
import {
  addLine,
  addShippingMethod,
  CartTaxLineInput,
  lineOf,
  NewCartLineItem,
  NewCartShippingMethod,
  setLineAdjustments,
  setLineTaxLines,
  setShippingAdjustments,
  setShippingTaxLines,
} from "../index.ts"
import { aCart, aLineItem } from "../testing.ts"

describe("changes of a cart by any means", () => {
  let open: Carts
  let carts: Carts["carts"]
  beforeAll(async () => {
    open = await openCarts()
    carts = open.carts
  })
  afterAll(() => open.close())

  const manyItems = (count: number) =>
    Array.from({ length: count }, (_, index) =>
      aLineItem({
        variantId: `v${index}`,
        taxLines: [{ rate: 19 }, { rate: 1 }],
        adjustments: [{ amount: 1, promotionId: "promo" }],
      }),
    )
  const tax = CartTaxLineInput.parse({ rate: 19 })

  it("are made of several steps, in one transaction, and told once", async () => {
    const { id } = await carts.create(aCart())

    await carts.change(id, async (cart) => {
      const line = addLine(cart, NewCartLineItem.parse(aLineItem({ variantId: "v" })))
      await open.database.sql("select 1")
      setLineTaxLines(line, [tax])
      setLineAdjustments(line, [])
      const method = addShippingMethod(cart, NewCartShippingMethod.parse({ name: "A", amount: 1 }))
      setShippingTaxLines(method, [tax])
      setShippingAdjustments(method, [])
      expect(lineOf(cart, line.id)).toBe(line)
    })

    const cart = await carts.get(id)
    expect(cart).toMatchObject({ itemTotal: "11.9", shippingTotal: "1.19", total: "13.09" })
    expectSettled(cart)
    expect(await open.told(id)).toEqual(["cart.created", "cart.updated"])
  })

  it("are kept when they are made in place, in lists and objects too", async () => {
    const { id } = await carts.create(
      aCart({
        promoCodes: ["A"],
        metadata: { tags: ["a"] },
        shippingAddress: { metadata: { floor: { level: 1 } } },
        items: [aLineItem({ variantOptionValues: { Size: "S" }, metadata: { a: 1 } })],
      }),
    )
    await carts.setShippingMethods(id, [{ name: "A", amount: 1, data: { carrier: "x" } }])

    await carts.change(id, (cart) => {
      cart.promoCodes.push("B")
      Object.assign(cart.metadata ?? {}, { tags: ["a", "b"] })
      Object.assign(cart.shippingAddress?.metadata?.["floor"] ?? {}, { level: 2 })
      Object.assign(cart.items[0]?.variantOptionValues ?? {}, { Size: "M" })
      Object.assign(cart.items[0]?.metadata ?? {}, { b: 2 })
      Object.assign(cart.shippingMethods[0]?.data ?? {}, { carrier: "y" })
    })

    expect(await carts.get(id)).toMatchObject({
      promoCodes: ["A", "B"],
      metadata: { tags: ["a", "b"] },
      shippingAddress: { metadata: { floor: { level: 2 } } },
      items: [{ variantOptionValues: { Size: "M" }, metadata: { a: 1, b: 2 } }],
      shippingMethods: [{ data: { carrier: "y" } }],
    })
  })

  it("are undone when a step fails", async () => {
    const { id } = await carts.create(aCart({ items: [aLineItem()] }))
    const before = await carts.get(id)

    const failing = carts.change(id, async (cart) => {
      cart.items = []
      await open.database.run(`update "cart"."cart" set locale = 'fr' where id = $1`, [id])
      throw new RangeError("no price")
    })

    await expect(failing).rejects.toThrow(RangeError)
    expect(await carts.get(id)).toEqual(before)
    expect(await open.told(id)).toEqual(["cart.created"])
  })

  it("close it when they say when, and are its last", async () => {
    const { id } = await carts.create(aCart())
    const completedAt = "2026-01-02T03:04:05.678Z"

    await carts.change(id, (cart) => void Object.assign(cart, { completedAt, email: "a@b.cd" }))

    expect(await carts.get(id)).toMatchObject({ completedAt, email: "a@b.cd" })
    await expect(carts.change(id, () => {})).rejects.toMatchObject({ code: "cart.completed" })
    expect(await open.told(id)).toEqual(["cart.created", "cart.completed"])
  })

  it("cannot break what the database holds to be true", async () => {
    const { id } = await carts.create(aCart({ items: [aLineItem()] }))

    const breaking = carts.change(id, (cart) => cart.items.forEach((item) => (item.quantity = 0)))

    await expect(breaking).rejects.toMatchObject({ constraint: "cart_line_item_quantity_check" })
  })

  it("write the cart's own row alone when nothing of it is different", async () => {
    const { id, updatedAt } = await carts.create(aCart({ shippingAddress: { city: "B" }, items: manyItems(3) }))
    await carts.setShippingMethods(id, [{ name: "A", amount: 1, taxLines: [{ rate: 1 }] }])
    await carts.addCreditLine(id, { amount: 1 })
    const tables = ["address", "credit_line", "line_item", "line_adjustment", "line_tax_line", "shipping_method"]
    const versions = () => Promise.all(tables.map((table) => open.versions(`cart_${table}`)))
    const before = await versions()

    await carts.change(id, () => {})

    expect(await versions()).toEqual(before)
    expect(Date.parse((await carts.get(id)).updatedAt)).toBeGreaterThanOrEqual(Date.parse(updatedAt))
  })

  it("can read beside the cart, in the same statement", async () => {
    const other = await carts.create(aCart({ locale: "it" }))
    const { id } = await carts.create(aCart())
    const fields = { locale: true } as const
    let found: unknown

    const sent = await open.statements(() =>
      carts.change(id, (_, rows) => void (found = rows), [
        { resource: "cart", read: { fields, filter: { id: other.id } } },
        carts.read(other.id),
      ]),
    )

    expect(found).toEqual([[{ locale: "it" }], [other]])
    expect(sent).toHaveLength(3)
  })

  it.each([1, 50])("take as many statements for %i lines as for any other number", async (count) => {
    const items = manyItems(count)
    let id = ""
    const create = await open.statements(async () => {
      id = (await carts.create(aCart({ shippingAddress: { city: "B" }, items }))).id
    })
    const lineId = (await carts.get(id)).items[0]?.id ?? ""
    const repriced = (price: number) =>
      carts.change(id, (cart) => cart.items.forEach((item) => (item.unitPrice = String(price))))

    const sent = {
      create: create.length,
      get: (await open.statements(() => carts.get(id))).length,
      change: (await open.statements(() => repriced(11))).length,
      changeNothing: (await open.statements(() => repriced(11))).length,
      addItems: (await open.statements(() => carts.addItems(id, items))).length,
      addOthers: (await open.statements(() => carts.addItems(id, [aLineItem({ variantId: "new" })]))).length,
      updateItem: (await open.statements(() => carts.updateItem(id, lineId, { quantity: 7, taxLines: [] }))).length,
      removeItem: (await open.statements(() => carts.removeItem(id, lineId))).length,
      update: (await open.statements(() => carts.update(id, { shippingAddress: null, email: "a@b.cd" }))).length,
      ship: (await open.statements(() => carts.setShippingMethods(id, [{ name: "A", amount: 1 }]))).length,
      credit: (await open.statements(() => carts.addCreditLine(id, { amount: 1 }))).length,
      complete: (await open.statements(() => carts.complete(id))).length,
      list: (await open.statements(() => carts.list())).length,
      delete: (await open.statements(() => carts.delete(id))).length,
    }

    expect(sent).toEqual({
      create: 1,
      get: 1,
      change: 3,
      changeNothing: 3,
      addItems: 4,
      addOthers: 4,
      updateItem: 4,
      removeItem: 4,
      update: 4,
      ship: 4,
      credit: 4,
      complete: 2,
      list: 1,
      delete: 2,
    })
  })

  it("send texts that do not hold a value, so that they are prepared once", async () => {
    const texts = async () => {
      const { id, items } = await carts.create(aCart({ items: manyItems(2) }))
      return open.statements(async () => {
        await carts.addItems(id, [aLineItem({ variantId: "v0", unitPrice: 3 })])
        await carts.updateItem(id, items[1]?.id ?? "", { quantity: 4 })
        await carts.complete(id)
      })
    }

    expect(await texts()).toEqual(await texts())
  })
})
