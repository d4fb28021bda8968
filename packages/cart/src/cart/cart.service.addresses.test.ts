import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openCarts, type Carts } from "../../test/carts.ts"
import { aCart } from "../testing.ts"

describe("addresses of a cart", () => {
  let open: Carts
  let carts: Carts["carts"]
  beforeAll(async () => {
    open = await openCarts()
    carts = open.carts
  })
  afterAll(() => open.close())

  const kinds = ["shippingAddress", "billingAddress"] as const
  const rows = async (...ids: (string | null | undefined)[]) => {
    const found = await open.database.sql(`select 1 from "cart"."cart_address" where id = any($1::text[])`, [ids])
    return found.length
  }

  it.each(kinds)("(%s) are set, changed in their row as a whole, and cleared", async (kind) => {
    const { id } = await carts.create(aCart())

    const set = await carts.update(id, {
      [kind]: { firstName: "Ada", address1: "Street 1", address2: "Yard", countryCode: " DE ", metadata: { a: 1 } },
    })
    const changed = await carts.update(id, { [kind]: { lastName: "L", address1: "Street 2", countryCode: "fr" } })
    const kept = await carts.update(id, { locale: "de" })
    const cleared = await carts.update(id, { [kind]: null })

    expect(set[kind]).toMatchObject({ firstName: "Ada", address2: "Yard", countryCode: "de", metadata: { a: 1 } })
    expect(set[`${kind}Id`]).toBe(set[kind]?.id)
    expect(changed[kind]).toMatchObject({
      id: set[kind]?.id,
      createdAt: set[kind]?.createdAt,
      firstName: null,
      lastName: "L",
      address1: "Street 2",
      address2: null,
      countryCode: "fr",
      metadata: null,
    })
    expect(kept[kind]).toEqual(changed[kind])
    expect([cleared[kind], cleared[`${kind}Id`]]).toEqual([null, null])
    expect(await rows(set[kind]?.id)).toBe(0)
  })

  it("are two, and leave each other alone", async () => {
    const address = { city: "Berlin" }
    const made = await carts.create(aCart({ shippingAddress: address, billingAddress: address }))

    const changed = await carts.update(made.id, { billingAddress: { city: "Bonn" } })
    const cleared = await carts.update(made.id, { shippingAddress: null, billingAddress: { city: "Jena" } })

    expect(made.shippingAddress?.id).not.toBe(made.billingAddress?.id)
    expect(changed.shippingAddress).toEqual(made.shippingAddress)
    expect(changed.billingAddress).toMatchObject({ id: made.billingAddress?.id, city: "Bonn" })
    expect(cleared).toMatchObject({
      shippingAddress: null,
      billingAddress: { id: made.billingAddress?.id, city: "Jena" },
    })
    expect(await rows(made.shippingAddressId, made.billingAddressId)).toBe(1)
  })

  it("may be empty", async () => {
    const { id, shippingAddress } = await carts.create(aCart({ shippingAddress: {} }))

    expect(shippingAddress).toMatchObject({ firstName: null, countryCode: null })
    expect((await carts.get(id)).shippingAddress).toEqual(shippingAddress)
  })

  it("are not written again when they are set to what they are", async () => {
    const address = { city: "Berlin", metadata: { a: [1] } }
    const { id } = await carts.create(aCart({ shippingAddress: address }))
    const before = await open.versions("cart_address")

    await carts.update(id, { shippingAddress: address })

    expect(await open.versions("cart_address")).toEqual(before)
  })

  it("stay as they are when a change is refused", async () => {
    const { id, shippingAddress } = await carts.create(aCart({ shippingAddress: { city: "Berlin" } }))

    for (const fault of [{ city: "x".repeat(201) }, { countryCode: 1 as never }, { planet: "Mars" } as object]) {
      await expect(carts.update(id, { shippingAddress: fault })).rejects.toMatchObject({ code: "input.invalid" })
    }

    expect((await carts.get(id)).shippingAddress).toEqual(shippingAddress)
  })
})
