import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { expectSettled, openCarts, type Carts } from "../../test/carts.ts"
import { CartTotalTooLarge, type CartAdjustmentInput, type CartTaxLineInput } from "../index.ts"
import { aCart, aLineItem } from "../testing.ts"

describe("totals of a cart", () => {
  let open: Carts
  let carts: Carts["carts"]
  beforeAll(async () => {
    open = await openCarts()
    carts = open.carts
  })
  afterAll(() => open.close())

  const vat = (rate: number, taxRateId = `txr_${rate}`): CartTaxLineInput => ({ rate, taxRateId })
  const off = (amount: number | string, promotionId = "promo"): CartAdjustmentInput => ({ amount, promotionId })

  it("are those of its lines, discounts, taxes, shipping and credits, as each of them changes", async () => {
    const { id, items } = await carts.create(
      aCart({ items: [aLineItem({ unitPrice: "9.99", quantity: 3, taxLines: [vat(19)] })] }),
    )
    expectSettled(await carts.get(id))

    const discounted = await carts.updateItem(id, items[0]?.id ?? "", { adjustments: [off("2.97")] })
    const shipped = await carts.setShippingMethods(id, [
      { name: "Parcel", amount: "11.90", isTaxInclusive: true, taxLines: [vat(19)], adjustments: [off(1)] },
    ])
    const credited = await carts.addCreditLine(id, { amount: 5, reference: "gift_card", referenceId: "gcard_1" })
    const more = await carts.addItems(id, [aLineItem({ unitPrice: 1, isTaxInclusive: true, taxLines: [vat(7)] })])
    const paid = await carts.addCreditLine(id, { amount: 1_000 })

    expect(discounted).toMatchObject({ subtotal: "29.97", discountSubtotal: "2.97", taxTotal: "5.13", total: "32.13" })
    expect(discounted.items[0]).toMatchObject({ originalTotal: "35.66", total: "32.13", discountTotal: "3.53" })
    // The method's price contains tax, its discount does not: 11.90 − 1.19.
    expect(shipped).toMatchObject({
      shippingTotal: "10.71",
      shippingTaxTotal: "1.71",
      itemTotal: "32.13",
      total: "42.84",
    })
    expect(shipped.shippingMethods[0]).toMatchObject({ amount: "11.9", subtotal: "10", total: "10.71" })
    expect(credited).toMatchObject({ creditLineTotal: "5", total: "37.84", creditLines: [{ reference: "gift_card" }] })
    expect(more).toMatchObject({ itemTotal: "33.13", total: "38.84" })
    expect(paid).toMatchObject({ creditLineTotal: "43.84", total: "0" })
    for (const cart of [discounted, shipped, credited, more, paid]) expectSettled(cart)
    expect(await carts.get(id)).toEqual(paid)
  })

  it.each([
    ["jpy", "1000.4", 3, { subtotal: "3001", taxTotal: "300", total: "3301" }],
    ["eur", "10.005", 3, { subtotal: "30.02", taxTotal: "3", total: "33.02" }],
    ["kwd", "1.0005", 3, { subtotal: "3.002", taxTotal: "0.3", total: "3.302" }],
  ])("are whole units of %s", async (currencyCode, unitPrice, quantity, expected) => {
    const cart = await carts.create(
      aCart({ currencyCode, items: [aLineItem({ unitPrice, quantity, taxLines: [vat(10)] })] }),
    )

    expect(cart).toMatchObject(expected)
    expect(cart.items[0]).toMatchObject({ ...expected, unitPrice })
    expectSettled(await carts.get(cart.id))
  })

  it("follow a change of the currency", async () => {
    const { id } = await carts.create(aCart({ items: [aLineItem({ unitPrice: "10.25", quantity: 3 })] }))

    await carts.change(id, (cart) => {
      cart.currencyCode = "jpy"
    })

    const cart = await carts.get(id)
    expect(cart).toMatchObject({ currencyCode: "jpy", total: "31" })
    expectSettled(cart)
  })

  describe("that are too large", () => {
    const most = "999999999999999999"
    it.each([
      ["one line", { unitPrice: most, quantity: 2 }],
      ["a tax", { unitPrice: most, taxLines: [{ rate: 1 }] }],
      ["a rate", { unitPrice: 1_000_000, taxLines: [{ rate: most }] }],
      ["many pieces", { unitPrice: "1000000000000", quantity: 1_000_000 }],
    ])("are refused, by %s", async (_, line) => {
      const { id } = await carts.create(aCart({ items: [aLineItem()] }))

      const refused = carts.addItems(id, [aLineItem(line)])

      await expect(refused).rejects.toBeInstanceOf(CartTotalTooLarge)
      await expect(refused).rejects.toMatchObject({ code: "cart.total_too_large", kind: "invalid", details: {} })
      await expect(carts.create(aCart({ items: [aLineItem(line)] }))).rejects.toBeInstanceOf(CartTotalTooLarge)
      expect(await carts.get(id)).toMatchObject({ total: "10", items: [{ quantity: 1 }] })
      expect(await open.told(id)).toEqual(["cart.created"])
    })

    it("are refused as a sum, and of shipping too, while the largest total is kept", async () => {
      const { id, total, items } = await carts.create(
        aCart({ items: [aLineItem({ unitPrice: most, variantId: "v" })] }),
      )
      expect([total, (await carts.get(id)).total]).toEqual([most, most])

      const calls = [
        () => carts.addItems(id, [aLineItem({ unitPrice: 1 })]),
        () => carts.addItems(id, [aLineItem({ variantId: "v" })]),
        () => carts.updateItem(id, items[0]?.id ?? "", { quantity: 2 }),
        () => carts.setShippingMethods(id, [{ name: "Ship", amount: 1 }]),
        () => carts.change(id, (cart) => cart.items.forEach((item) => (item.quantity = 3))),
      ]
      for (const call of calls) await expect(call()).rejects.toBeInstanceOf(CartTotalTooLarge)

      expect((await carts.addCreditLine(id, { amount: most })).total).toBe("0")
    })
  })

  describe("discounts and taxes of a line", () => {
    const lineWith = async (adjustments: CartAdjustmentInput[], taxLines: CartTaxLineInput[]) => {
      const { id, items } = await carts.create(aCart({ items: [aLineItem({ unitPrice: 20, adjustments, taxLines })] }))
      const change = async (changes: { adjustments?: CartAdjustmentInput[]; taxLines?: CartTaxLineInput[] }) =>
        (await carts.updateItem(id, items[0]?.id ?? "", changes)).items[0]
      return { id, line: items[0], change }
    }
    const parts = async () => ({
      ...(await open.versions("cart_line_adjustment")),
      ...(await open.versions("cart_line_tax_line")),
    })
    const only = async (table: string, itemId: string | undefined) => {
      const rows = await open.database.sql(`select 1 from "cart"."${table}" where item_id = $1`, [itemId])
      return rows.length
    }

    it("keep their ids and are not written when they stay as they are", async () => {
      const adjustments = [off(1, "promo_a"), off(2, "promo_b")]
      const taxLines = [vat(19), vat(2)]
      const { line, change } = await lineWith(adjustments, taxLines)
      const before = await parts()

      const after = await change({ adjustments, taxLines })

      expect(await parts()).toEqual(before)
      expect(after).toEqual(line)
    })

    it("keep the id of the same promotion or rate while their amounts change", async () => {
      const { line, change } = await lineWith([off(1, "promo_a"), off(2, "promo_b")], [vat(19), vat(2)])
      const [a, b] = line?.adjustments ?? []
      const [high, low] = line?.taxLines ?? []

      const after = await change({
        adjustments: [off(3, "promo_b"), { ...off(4, "promo_c"), code: "C" }],
        taxLines: [vat(7, "txr_19")],
      })

      expect(after?.adjustments).toMatchObject([
        { id: b?.id, amount: "3", createdAt: b?.createdAt },
        { promotionId: "promo_c", code: "C", amount: "4" },
      ])
      expect(after?.taxLines).toMatchObject([{ id: high?.id, rate: "7" }])
      expect([a?.id, low?.id]).not.toContain(after?.adjustments[1]?.id)
      expect(await only("cart_line_adjustment", line?.id)).toBe(2)
      expect(await only("cart_line_tax_line", line?.id)).toBe(1)
    })

    it("are written only for the line that changes", async () => {
      const { id } = await lineWith([off(1)], [vat(19)])
      const { items } = await carts.addItems(id, [aLineItem({ adjustments: [off(1)], taxLines: [vat(19)] })])
      const before = { ...(await parts()), ...(await open.versions("cart_line_item")) }

      await carts.updateItem(id, items[1]?.id ?? "", { quantity: 2 })

      const after = { ...(await parts()), ...(await open.versions("cart_line_item")) }
      const written = new Set(Object.keys(after).filter((row) => after[row] !== before[row]))
      // The tax is another one; what the promotion takes off is the same.
      expect(written).toEqual(new Set([items[1]?.id, items[1]?.taxLines[0]?.id]))
    })

    it("of no promotion, and several of one, are as many as are said", async () => {
      const { change } = await lineWith([{ amount: 1 }, { amount: 2 }, off(1), off(2)], [{ rate: 1 }, { rate: 2 }])

      const after = await change({ adjustments: [{ amount: 5 }, off(6), off(7), off(8)], taxLines: [{ rate: 3 }] })

      expect(after?.adjustments.map(({ amount }) => amount).toSorted()).toEqual(["5", "6", "7", "8"])
      expect(after?.taxLines.map(({ rate }) => rate)).toEqual(["3"])
    })

    it("share what cannot be split evenly in the order in which they are read, however they are given", async () => {
      const { id, change } = await lineWith([], [vat(5, "a"), vat(5, "b")])
      await carts.change(id, (cart) => cart.items.forEach((item) => (item.unitPrice = "0.5")))

      await change({ taxLines: [vat(5, "b"), vat(5, "a")] })
      const stored = await carts.get(id)
      const touched = await carts.update(id, {})

      expectSettled(stored)
      expect(stored.items[0]?.taxLines.map(({ total }) => total)).toEqual(["0.03", "0.02"])
      expect(touched.items).toEqual(stored.items)
    })

    it("all go when none are given", async () => {
      const { line, change } = await lineWith([off(1)], [vat(19)])

      const after = await change({ adjustments: [], taxLines: [] })

      expect(after).toMatchObject({ adjustments: [], taxLines: [], total: "20" })
      expect(await only("cart_line_adjustment", line?.id)).toBe(0)
      expect(await only("cart_line_tax_line", line?.id)).toBe(0)
    })
  })

  describe("of shipping", () => {
    it("are those of the methods that are set, all of them", async () => {
      const { id } = await carts.create(aCart({ items: [aLineItem()] }))

      const two = await carts.setShippingMethods(id, [
        { name: "A", amount: 3, description: { text: "a" }, data: { carrier: "x" }, shippingOptionId: "so_1" },
        { name: "B", amount: "2.50", taxLines: [vat(20)], metadata: { b: 1 } },
      ])
      const none = await carts.setShippingMethods(id, [])

      expect(two).toMatchObject({ shippingTotal: "6", total: "16" })
      expect(two.shippingMethods[0]).toMatchObject({ name: "A", description: { text: "a" }, data: { carrier: "x" } })
      expect(two.shippingMethods[1]).toMatchObject({ name: "B", amount: "2.5", taxTotal: "0.5", metadata: { b: 1 } })
      expect(two.shippingMethods[1]?.id).toMatch(/^casm_/)
      expect(two.shippingMethods[1]?.taxLines[0]?.id).toMatch(/^casmtxl_/)
      expect(none).toMatchObject({ shippingMethods: [], shippingTotal: "0", total: "10" })
      expect(await open.versions("cart_shipping_tax_line")).not.toHaveProperty(
        two.shippingMethods[1]?.taxLines[0]?.id ?? "",
      )
    })

    it.each([
      ["no name", [{ name: "", amount: 1 }]],
      ["a negative amount", [{ name: "A", amount: -1 }]],
      ["too many", Array.from({ length: 21 }, () => ({ name: "A", amount: 1 }))],
    ])("are refused with %s", async (_, methods) => {
      const { id } = await carts.create(aCart())

      await expect(carts.setShippingMethods(id, methods)).rejects.toMatchObject({ code: "input.invalid" })
    })
  })

  it("count credits that are decimals and not negative", async () => {
    const { id } = await carts.create(aCart({ items: [aLineItem()] }))

    for (const amount of [-1, "x", Number.NaN]) {
      await expect(carts.addCreditLine(id, { amount })).rejects.toMatchObject({ code: "input.invalid" })
    }
    const { creditLines, total } = await carts.addCreditLine(id, { amount: "0.015" })

    expect(creditLines).toMatchObject([{ amount: "0.015", reference: null, cartId: id }])
    expect(total).toBe("9.98")
  })
})
