import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openOrders, type Alone } from "../../test/orders.ts"
import { anOrder } from "../testing.ts"

describe("an order that is changed", () => {
  let alone: Alone
  let orders: Alone["orders"]

  beforeAll(async () => {
    alone = await openOrders()
    orders = alone.orders
  })

  afterAll(() => alone.close())

  it("changes fields, merges metadata, and remembers who the order went to", async () => {
    const { id } = await orders.create(
      anOrder({ metadata: { a: 1, b: 2 }, shippingAddress: { city: "Berlin" }, locale: "de-DE" }),
    )

    const updated = await orders.update(
      id,
      {
        email: "new@example.com",
        shippingAddress: { city: "Rome" },
        billingAddress: { city: "Oslo" },
        metadata: { b: null, c: 3 },
      },
      "user_1",
    )
    await orders.update(id, { email: "new@example.com", shippingAddress: { city: "Rome" }, locale: null })
    const { rows } = await orders.listChanges(id)

    expect(updated).toMatchObject({
      email: "new@example.com",
      locale: "de-DE",
      metadata: { a: 1, c: 3 },
      shippingAddress: { city: "Rome" },
      billingAddress: { city: "Oslo" },
    })
    expect(await orders.get(id)).toMatchObject({ locale: null, shippingAddressId: updated.shippingAddressId })
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({
      changeType: "update_order",
      status: "confirmed",
      confirmedBy: "user_1",
      version: 1,
    })
    expect(rows[0]).not.toHaveProperty("tokenHash")
    expect(rows[0]?.actions.map(({ details }) => details)).toMatchObject([
      { type: "email", old: "ada@example.com", new: "new@example.com" },
      { type: "shipping_address", old: { city: "Berlin" }, new: { city: "Rome" } },
      { type: "billing_address", old: null, new: { city: "Oslo" } },
    ])
    expect((await orders.update(id, { metadata: null })).metadata).toBeNull()
  })

  it("keeps what is not named of an address, and clears what is null", async () => {
    const ada = {
      firstName: "Ada",
      city: "Berlin",
      countryCode: "de",
      phone: "+49 1",
      metadata: { floor: 2, door: "b" },
    }
    const { id } = await orders.create(anOrder({ shippingAddress: ada, billingAddress: null }))

    const updated = await orders.update(id, {
      shippingAddress: { city: "Bonn", phone: null, countryCode: "DE", metadata: { door: null } },
      billingAddress: { countryCode: "fr" },
    })
    await orders.update(id, { shippingAddress: { city: "Bonn" }, billingAddress: { countryCode: "be" } })
    const { rows } = await orders.listChanges(id)

    const bonn = { ...ada, city: "Bonn", phone: null, metadata: { floor: 2 } }
    expect(updated).toMatchObject({ shippingAddress: bonn, billingAddress: { countryCode: "fr", city: null } })
    expect(rows.map(({ actions }) => actions.map(({ details }) => details))).toMatchObject([
      [
        { type: "shipping_address", old: ada, new: bonn },
        { type: "billing_address", old: null, new: { countryCode: "fr" } },
      ],
      [{ type: "billing_address", old: { countryCode: "fr" }, new: { countryCode: "be" } }],
    ])
  })

  it.each<[string, string | null]>([
    ["another", "fr"],
    ["none", null],
    ["an empty one", ""],
  ])("keeps the country that it is sent to, where %s is given", async (_, countryCode) => {
    const { id } = await orders.create(anOrder({ shippingAddress: { city: "Bonn", countryCode: "de" } }))

    const refused = await orders
      .update(id, { email: "new@example.com", shippingAddress: { city: "Lyon", countryCode } })
      .catch((error: unknown) => error)

    expect(refused).toMatchObject({ code: "order.country_fixed", kind: "invalid", details: { wanted: countryCode } })
    expect(await orders.get(id)).toMatchObject({
      email: "ada@example.com",
      shippingAddress: { city: "Bonn", countryCode: "de" },
    })
  })

  it("can be sent to a country where none was said", async () => {
    const { id } = await orders.create(anOrder({ shippingAddress: { city: "Bonn" } }))

    const { shippingAddress } = await orders.update(id, { shippingAddress: { countryCode: "de" } })

    expect(shippingAddress).toMatchObject({ city: "Bonn", countryCode: "de" })
  })
})
