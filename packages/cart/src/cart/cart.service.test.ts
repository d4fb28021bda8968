import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openCarts, outcomes, type Carts } from "../../test/carts.ts"
import { CartAlreadyCompleted, QuantityTooLarge } from "../index.ts"
import { aCart, aLineItem } from "../testing.ts"

describe("carts", () => {
  let open: Carts
  let carts: Carts["carts"]
  beforeAll(async () => {
    open = await openCarts()
    carts = open.carts
  })
  afterAll(() => open.close())

  const part = { amount: 1, code: "TEN", promotionId: "promo_1" }
  const tax = { rate: "19.5", code: "vat", taxRateId: "txr_1", description: "VAT", providerId: "tp_1" }

  it("are made empty, with what was left out as null", async () => {
    const cart = await carts.create({ currencyCode: " EUR" })

    expect(cart).toMatchObject({
      currencyCode: "eur",
      email: null,
      regionId: null,
      shippingAddress: null,
      shippingAddressId: null,
      promoCodes: [],
      completedAt: null,
      deletedAt: null,
      metadata: null,
      total: "0",
      items: [],
      shippingMethods: [],
      creditLines: [],
    })
    expect(cart.id).toMatch(/^cart_[0-9A-Z]{26}$/)
  })

  it("are answered when made exactly as they are read later", async () => {
    const made = await carts.create(
      {
        currencyCode: "eur",
        email: " Ada@Example.COM ",
        locale: "de-DE",
        regionId: "reg_1",
        customerId: "cus_1",
        salesChannelId: "sc_1",
        promoCodes: ["TEN"],
        metadata: { gift: true, tags: ["a", { b: null }], größe: 1.5 },
        shippingAddress: { firstName: "Ada", countryCode: "DE", metadata: { floor: 3 } },
        billingAddress: { lastName: "L", postalCode: "1" },
        items: [
          aLineItem({ variantId: "v1", unitPrice: "10.50", quantity: 3, adjustments: [part], taxLines: [tax, tax] }),
          aLineItem({ variantOptionValues: { Size: "S" }, compareAtUnitPrice: "12.000", isTaxInclusive: true }),
        ],
      },
      async (cart) => {
        cart.promoCodes.push("MORE")
        await open.database.sql("select 1")
      },
    )

    const read = await carts.get(made.id)
    expect(made).toStrictEqual(read)
    expect(read).toMatchObject({ email: "ada@example.com", promoCodes: ["TEN", "MORE"], salesChannelId: "sc_1" })
    expect(read.items[0]?.unitPrice).toBe("10.5")
    expect(read.items.map(({ id }) => id)).toEqual(read.items.map(({ id }) => id).toSorted())
    const parts = [read.shippingAddress, read.billingAddress, ...read.items, ...(read.items[0]?.adjustments ?? [])]
    const prefixes = parts.map((row) => row?.id.split("_")[0])
    expect(prefixes).toEqual(["caaddr", "caaddr", "cali", "cali", "caliadj"])
    expect(read.items[0]?.taxLines[0]?.id).toMatch(/^calitxl_/)
  })

  it("are not made when what completes them fails", async () => {
    const { count } = await carts.list()

    const failing = carts.create(aCart(), () => Promise.reject(new RangeError("no price")))

    await expect(failing).rejects.toThrow(RangeError)
    expect((await carts.list()).count).toBe(count)
  })

  it.each([
    ["no currency", { currencyCode: undefined as never }],
    ["a currency that there is not", { currencyCode: "abc" }],
    ["an e-mail that is none", { email: "ada" }],
    ["a code that is empty", { promoCodes: [" "] }],
    ["too many codes", { promoCodes: Array.from({ length: 101 }, (_, index) => `C${index}`) }],
    ["a text that Postgres cannot keep", { metadata: { a: ["\0"] } }],
    ["a field that there is not", { colour: "red" } as object],
  ])("are refused with %s", async (_, fault) => {
    await expect(carts.create(aCart(fault))).rejects.toMatchObject({ code: "input.invalid" })
  })

  it("change what an update names, and nothing else", async () => {
    const { id } = await carts.create(aCart({ email: "a@b.cd", locale: "de", promoCodes: ["A"], items: [aLineItem()] }))

    const changed = await carts.update(id, { email: null, regionId: "reg_2", promoCodes: ["B", "C"] })

    expect(changed).toMatchObject({ email: null, regionId: "reg_2", promoCodes: ["B", "C"], locale: "de", total: "10" })
    expect(await carts.get(id)).toEqual(changed)
    await expect(carts.update(id, { currencyCode: "usd" } as object)).rejects.toMatchObject({ code: "input.invalid" })
    await expect(carts.update(id, { email: undefined } as object)).rejects.toMatchObject({ code: "input.invalid" })
  })

  it("merge metadata key by key; what is given as null goes, and what is not named stays", async () => {
    const { id } = await carts.create(aCart({ metadata: { a: 1, b: { c: 1 }, none: null } }))

    const merged = await carts.update(id, { metadata: { a: null, b: { d: 2 }, e: 3 } })
    const untouched = await carts.update(id, { locale: "fr" })
    const cleared = await carts.update(id, { metadata: null })
    const begun = await carts.update(id, { metadata: { f: 1 } })

    const all = [merged, untouched, cleared, begun].map(({ metadata }) => metadata)
    expect(all).toEqual([{ b: { d: 2 }, e: 3, none: null }, { b: { d: 2 }, e: 3, none: null }, null, { f: 1 }])
  })

  it("are listed with a filter, in order, and counted", async () => {
    const customerId = "cus_of_two"
    const [first, second] = [await carts.create(aCart({ customerId })), await carts.create(aCart({ customerId }))]
    await carts.complete(second.id)

    const all = await carts.list({ filter: { customerId }, order: { createdAt: "desc" } })
    const open = await carts.list({ filter: { customerId, completedAt: null } })

    expect([all.count, all.rows.map(({ id }) => id).toSorted()]).toEqual([2, [first.id, second.id]])
    expect(open.rows).toEqual([first])
    await expect(carts.list({ filter: { nothing: 1 } as object })).rejects.toMatchObject({ code: "query.invalid" })
  })

  it("are gone when they are deleted", async () => {
    const { id } = await carts.create(aCart())

    await carts.delete(id)

    const { refused } = await outcomes<unknown>([
      carts.get(id),
      carts.delete(id),
      carts.complete(id),
      carts.update(id, {}),
      carts.addItems(id, []),
    ])
    expect(refused).toHaveLength(5)
    for (const error of refused) {
      expect(error).toMatchObject({ code: "resource.not_found", details: { resource: "Cart", id } })
    }
    expect((await carts.list({ filter: { id } })).count).toBe(0)
    expect(await open.told(id)).toEqual(["cart.created", "cart.deleted"])
  })

  it("do not change once they are completed", async () => {
    const { id, items } = await carts.create(aCart({ items: [aLineItem()] }))
    await carts.complete(id)
    const completed = await carts.get(id)
    const itemId = items[0]?.id ?? ""

    const { refused } = await outcomes<unknown>([
      carts.complete(id),
      carts.update(id, { email: "a@b.cd" }),
      carts.addItems(id, [aLineItem()]),
      carts.updateItem(id, itemId, { quantity: 2 }),
      carts.removeItem(id, itemId),
      carts.setShippingMethods(id, []),
      carts.addCreditLine(id, { amount: 1 }),
      carts.change(id, () => {}),
    ])

    expect(refused).toHaveLength(8)
    expect(refused.every((error) => error instanceof CartAlreadyCompleted)).toBe(true)
    expect(refused[0]).toMatchObject({ code: "cart.completed", kind: "invalid", details: { id } })
    expect(await carts.get(id)).toEqual(completed)
    expect(Date.parse(completed.completedAt ?? "")).toBeGreaterThan(Date.now() - 60_000)
    expect(await open.told(id)).toEqual(["cart.created", "cart.completed"])
  })

  it("say that there is none of that id, whatever it is", async () => {
    for (const id of ["cart_none", "", "'; drop table cart; --"]) {
      await expect(carts.get(id)).rejects.toMatchObject({ code: "resource.not_found" })
      await expect(carts.change(id, () => {})).rejects.toMatchObject({ code: "resource.not_found" })
      await expect(carts.complete(id)).rejects.toMatchObject({ code: "resource.not_found" })
    }
    await expect(carts.update("a\0", {})).rejects.toMatchObject({ code: "query.invalid" })
  })

  it("tell what happened, with the data or not at all", async () => {
    const { id } = await carts.create(aCart())
    await carts.addItems(id, [aLineItem()])
    const undone = open.database.transaction(async () => {
      await carts.update(id, { locale: "fr" })
      throw new Error("changed my mind")
    })
    await expect(undone).rejects.toThrow("changed my mind")
    await expect(carts.addItems(id, [aLineItem({ unitPrice: "9e9" })])).rejects.toMatchObject({ code: "input.invalid" })

    expect(await open.told(id)).toEqual(["cart.created", "cart.updated"])
    expect((await carts.get(id)).locale).toBeNull()
  })

  it("are part of the transaction under way", async () => {
    const id = await open.database.transaction(async () => {
      const cart = await carts.create(aCart({ items: [aLineItem()] }))
      await carts.addItems(cart.id, [aLineItem({ title: "Hat" })])
      await carts.complete(cart.id)
      return cart.id
    })

    expect(await carts.get(id)).toMatchObject({ total: "20", completedAt: expect.any(String) as string })
  })

  it("refuse more pieces of a variant than a line holds, when they are made too", async () => {
    const item = aLineItem({ variantId: "v", quantity: 600_000 })

    await expect(carts.create(aCart({ items: [item, item] }))).rejects.toBeInstanceOf(QuantityTooLarge)
  })
})
