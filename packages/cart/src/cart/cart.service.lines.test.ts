import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { expectSettled, openCarts, type Carts } from "../../test/carts.ts"
import { MAX_LINES, MAX_QUANTITY, QuantityTooLarge, TooManyLines, type NewCartLineItem } from "../index.ts"
import { aCart, aLineItem } from "../testing.ts"

describe("lines of a cart", () => {
  let open: Carts
  let carts: Carts["carts"]
  let id: string
  beforeAll(async () => {
    open = await openCarts()
    carts = open.carts
  })
  afterAll(() => open.close())

  const cartOf = async (...items: Partial<NewCartLineItem>[]) => {
    const cart = await carts.create(aCart({ items: items.map((item) => aLineItem(item)) }))
    id = cart.id
    return cart
  }
  const add = (...items: Partial<NewCartLineItem>[]) =>
    carts.addItems(
      id,
      items.map((item) => aLineItem(item)),
    )
  const v = "variant_1"

  it("keep what they were added with, in the order in which they were added", async () => {
    await cartOf({ title: "First" })
    const described = {
      title: "Second",
      subtitle: "Sub",
      thumbnail: "https://example.com/a.png",
      quantity: 2,
      variantId: "v",
      productId: "p",
      productTitle: "Product",
      productDescription: "Long",
      productSubtitle: "Short",
      productType: "Wear",
      productTypeId: "ptyp",
      productCollection: "Summer",
      productHandle: "shirt",
      variantSku: "SKU",
      variantBarcode: "123",
      variantTitle: "S",
      variantOptionValues: { Size: "S" },
      requiresShipping: false,
      isDiscountable: false,
      isGiftcard: true,
      isTaxInclusive: true,
      isCustomPrice: true,
      unitPrice: "9.990",
      compareAtUnitPrice: 12n,
      metadata: { engraved: "A" },
    }

    const { items } = await add(described, { title: "Third" })

    expect(items.map(({ title }) => title)).toEqual(["First", "Second", "Third"])
    expect(items[1]).toMatchObject({ ...described, unitPrice: "9.99", compareAtUnitPrice: "12", cartId: id })
    expect(items[2]).toMatchObject({ subtitle: null, variantOptionValues: null, isDiscountable: true, metadata: null })
  })

  describe("for more of a variant that is there", () => {
    it.each([
      ["nothing else", {}, {}],
      [
        "equal metadata, in another order",
        { metadata: { a: 1, b: [2, { c: 3 }] } },
        { metadata: { b: [2, { c: 3 }], a: 1 } },
      ],
      ["metadata that are empty, or none", { metadata: {} }, { metadata: null }],
      ["another price, which the line does not take", {}, { unitPrice: 99 }],
    ])("grow with %s", async (_, before, more) => {
      const { items: first } = await cartOf({ variantId: v, ...before })

      const { items, total } = await add({ variantId: v, quantity: 4, ...more })

      expect(items).toHaveLength(1)
      expect(items[0]).toMatchObject({ id: first[0]?.id, quantity: 5, unitPrice: "10" })
      expect(total).toBe("50")
    })

    it.each([
      ["other metadata", { metadata: { a: 1 } }, { metadata: { a: 2 } }],
      ["metadata where there were none", {}, { metadata: { a: null } }],
      ["another variant", {}, { variantId: "variant_2" }],
      ["a price of its own", {}, { isCustomPrice: true }],
      ["a line at a price of its own there", { isCustomPrice: true }, {}],
      ["no variant at all", { variantId: null }, { variantId: null }],
    ])("are others with %s", async (_, before, more) => {
      await cartOf({ variantId: v, ...before })

      const { items } = await add({ variantId: v, ...more })

      expect(items.map(({ quantity }) => quantity)).toEqual([1, 1])
    })

    it("become one with those of the same call, when the cart is made too", async () => {
      const { items } = await cartOf({ variantId: v }, { variantId: "variant_2" }, { variantId: v, quantity: 2 })
      expect(items.map(({ quantity }) => quantity)).toEqual([3, 1])

      const cart = await add({ variantId: v }, { variantId: "variant_3" }, { variantId: "variant_3" })

      expect(cart.items.map(({ quantity }) => quantity)).toEqual([4, 1, 2])
    })
  })

  it("change what is named, and nothing else", async () => {
    const { items } = await cartOf({ variantId: v, metadata: { a: 1 }, subtitle: "S" }, { title: "Other" })
    const [first, other] = items

    const cart = await carts.updateItem(id, first?.id ?? "", { quantity: 3, unitPrice: "2.5", metadata: { b: 2 } })

    expect(cart.items[0]).toMatchObject({
      quantity: 3,
      unitPrice: "2.5",
      metadata: { b: 2 },
      subtitle: "S",
      total: "7.5",
    })
    expect(cart.items[1]).toEqual(other)
    expect(cart.total).toBe("17.5")
  })

  it("go when they are removed, with their discounts and taxes", async () => {
    const { items } = await cartOf({ adjustments: [{ amount: 1 }], taxLines: [{ rate: 19 }] }, { title: "Other" })

    const cart = await carts.removeItem(id, items[0]?.id ?? "")

    expect(cart.items.map(({ title }) => title)).toEqual(["Other"])
    expect(cart).toMatchObject({ total: "10", taxTotal: "0", discountTotal: "0" })
    const [left] = await open.database.sql(
      `select (select count(*)::int from "cart"."cart_line_adjustment" where item_id = $1) as adjustments,
         (select count(*)::int from "cart"."cart_line_tax_line" where item_id = $1) as taxes`,
      [items[0]?.id],
    )
    expect(left).toEqual({ adjustments: 0, taxes: 0 })
  })

  it("of another cart, or of none, are not found", async () => {
    const { items } = await cartOf({})
    await cartOf({})

    for (const itemId of [items[0]?.id ?? "", "cali_none", ""]) {
      const error = { code: "resource.not_found", details: { resource: "Line item", id: itemId } }
      await expect(carts.updateItem(id, itemId, { quantity: 2 })).rejects.toMatchObject(error)
      await expect(carts.removeItem(id, itemId)).rejects.toMatchObject(error)
    }
  })

  it.each([0, -1, 1.5, 1_000_000_000, MAX_QUANTITY + 1, Number.NaN, Infinity, "1" as never, null as never])(
    "are refused with a quantity of %s",
    async (quantity) => {
      const { items } = await cartOf({})

      await expect(add({ quantity })).rejects.toMatchObject({ code: "input.invalid" })
      await expect(carts.updateItem(id, items[0]?.id ?? "", { quantity })).rejects.toMatchObject({
        code: "input.invalid",
        details: { issues: [{ path: ["quantity"] }] },
      })
      await expect(cartOf({ quantity })).rejects.toMatchObject({ code: "input.invalid" })
      expect(await open.told(id)).toEqual(["cart.created"])
    },
  )

  it.each([
    ["a negative price", { unitPrice: -1 }],
    ["a price that is no decimal", { unitPrice: "ten" }],
    ["a price that was computed in floats", { unitPrice: 0.1 + 0.2 }],
    ["a price with too many digits", { unitPrice: `1${"0".repeat(18)}` }],
    ["a price that is an object", { unitPrice: {} as never }],
    ["a negative price to compare with", { compareAtUnitPrice: "-0.01" }],
    ["a negative discount", { adjustments: [{ amount: -1 }] }],
    ["a negative tax", { taxLines: [{ rate: -19 }] }],
    ["too many discounts", { adjustments: Array.from({ length: 101 }, () => ({ amount: 1 })) }],
    ["a title that is too long", { title: "x".repeat(501) }],
    ["a field that there is not", { colour: "red" } as object],
  ])("are refused with %s", async (_, fault) => {
    await cartOf({})

    await expect(add({}, fault)).rejects.toMatchObject({ code: "input.invalid" })
    expect((await carts.get(id)).items).toHaveLength(1)
  })

  it("hold so many pieces at most", async () => {
    await cartOf({ variantId: v, quantity: MAX_QUANTITY })

    const refused = add({ variantId: v })

    await expect(refused).rejects.toBeInstanceOf(QuantityTooLarge)
    await expect(refused).rejects.toMatchObject({
      code: "cart.quantity_too_large",
      kind: "invalid",
      details: { limit: 1_000_000, quantity: 1_000_001 },
    })
    expect((await carts.get(id)).items[0]?.quantity).toBe(MAX_QUANTITY)
  })

  it("are so many at most, and then still grow", async () => {
    const variants = Array.from({ length: MAX_LINES }, (_, index) => ({ variantId: `v${index}` }))
    await cartOf(...variants)

    await expect(add({ variantId: "one more" })).rejects.toBeInstanceOf(TooManyLines)
    await expect(add({ variantId: "v0" }, { variantId: "one more" })).rejects.toMatchObject({
      code: "cart.too_many_lines",
      kind: "invalid",
      details: { limit: MAX_LINES },
    })
    const cart = await add(...variants)

    expect(cart.items).toHaveLength(MAX_LINES)
    expect(new Set(cart.items.map(({ quantity }) => quantity))).toEqual(new Set([2]))
    expectSettled(cart)
    const many = Array.from({ length: MAX_LINES + 1 }, () => ({}))
    await expect(add(...many)).rejects.toMatchObject({ code: "input.invalid" })
    await expect(cartOf(...many)).rejects.toMatchObject({ code: "input.invalid" })
  })
})
