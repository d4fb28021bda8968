import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openDemo, type Demo, type Sdk } from "./demo.ts"

const ghent = {
  first_name: "Ada",
  last_name: "Byron",
  address_1: "Hoogpoort 1",
  postal_code: "9000",
  city: "Ghent",
  country_code: "be",
}
const brooklyn = { ...ghent, city: "Brooklyn", postal_code: "11205", province: "us-ny", country_code: "us" }

/** What the tests read of answers: the client's own types are in a package of their own. */
interface Variant {
  readonly id: string
  readonly inventory_quantity: number
}
interface Priced {
  readonly id: string
  readonly email: string
  readonly currency_code: string
  readonly total: number
  readonly subtotal: number
  readonly item_total: number
  readonly shipping_total: number
  readonly tax_total: number
  readonly discount_total: number
  readonly original_total: number
  readonly promotions: readonly { readonly code: string }[]
}
interface Completed {
  readonly type: string
  readonly order: Priced
}

describe("the demo shop sells", () => {
  let demo: Demo
  let sdk: Sdk
  let [europe, states] = ["", ""]

  beforeAll(async () => {
    demo = await openDemo()
    sdk = demo.client()
    const regionOf = async (currency: string) =>
      (await sdk.store.region.list({ currency_code: currency })).regions[0].id
    ;[europe, states] = [await regionOf("eur"), await regionOf("usd")]
  })
  afterAll(async () => {
    await demo.drop()
  })

  const variantOf = async (sku: string): Promise<Variant> => {
    const { variants } = await sdk.client.fetch<{ variants: Variant[] }>("/store/product-variants", {
      query: { sku, fields: "+inventory_quantity" },
    })
    return variants[0] as Variant
  }
  const cartWith = async (sku: string, quantity: number, region = europe): Promise<Priced> => {
    const { id } = await variantOf(sku)
    const items = [{ variant_id: id, quantity }]
    return (await sdk.store.cart.create({ region_id: region, items, email: "ada@example.com" })).cart
  }
  const sentTo = async (cart: Priced, address: object, option: string): Promise<Priced> => {
    await sdk.store.cart.update(cart.id, { shipping_address: address })
    const { shipping_options: options } = await sdk.store.fulfillment.listCartOptions({ cart_id: cart.id })
    const { id } = options.find(({ name }: { name: string }) => name === option)
    return (await sdk.store.cart.addShippingMethod(cart.id, { option_id: id })).cart
  }
  const paid = async (cart: Priced): Promise<Completed> => {
    await sdk.store.payment.initiatePaymentSession(cart as never, { provider_id: "pp_system_default" })
    return (await sdk.store.cart.complete(cart.id)) as Completed
  }

  it("an order of a guest, from an empty cart on, and takes what it sold out of stock", async () => {
    const sku = "MQ-MUG-PRQ-RST"
    const before = (await variantOf(sku)).inventory_quantity
    const cart = await sentTo(await cartWith(sku, 2), ghent, "Standard")
    const { type, order } = await paid(cart)
    const { order: again } = await sdk.store.cart.complete(cart.id)

    expect([cart.item_total, cart.shipping_total, cart.total]).toEqual([48, 5.9, 53.9])
    expect([type, order.total, order.currency_code]).toEqual(["order", 53.9, "eur"])
    expect(again.id).toBe(order.id)
    expect((await variantOf(sku)).inventory_quantity).toBe(before - 2)
  })

  it("by the taxes of the country, and of the state", async () => {
    const belgian = await sentTo(await cartWith("MQ-MUG-PRQ-RST", 1), ghent, "Express")
    const german = await sentTo(await cartWith("MQ-MUG-PRQ-RST", 1), { ...ghent, country_code: "de" }, "Express")
    const american = await sentTo(await cartWith("MQ-MUG-PRQ-RST", 1, states), brooklyn, "Standard")
    const untaxed = await sentTo(
      await cartWith("MQ-MUG-PRQ-RST", 1, states),
      { ...brooklyn, province: "us-or" },
      "Standard",
    )

    expect([belgian.total, belgian.tax_total]).toEqual([38.9, 6.76])
    expect([german.total, german.tax_total]).toEqual([38.9, 6.21])
    expect([american.subtotal, american.tax_total, american.total]).toEqual([46.4, 1.86, 48.26])
    expect([untaxed.tax_total, untaxed.total]).toEqual([0, 46.4])
  })

  it.each([
    ["MQ-CHR-STL-OAK-45", 149, 5.9],
    ["MQ-TOOL-BLP", 165, 0],
  ])("a parcel at a price that follows the cart: with %s for %d it costs %d", async (sku, worth, costs) => {
    const cart = await sentTo(await cartWith(sku, 1), ghent, "Standard")

    expect([cart.item_total, cart.shipping_total]).toEqual([worth, costs])
  })

  it("not what is sold out, and more than there is of what is made to order", async () => {
    const soldOut = await variantOf("MQ-TOOL-VSW")
    const chair = await variantOf("MQ-CHR-RCK")
    const refusal = await cartWith("MQ-TOOL-VSW", 1).catch((error: unknown) => error)
    const { type } = await paid(await sentTo(await cartWith("MQ-CHR-RCK", 2), ghent, "Standard"))

    expect([soldOut.inventory_quantity, chair.inventory_quantity]).toEqual([0, 0])
    expect(refusal).toMatchObject({ status: 400, message: expect.stringContaining("inventory") })
    expect(type).toBe("order")
  })

  it("with a promotion that comes by itself and one for a code", async () => {
    const notebooks = await cartWith("MQ-NTB-BEN-INK-A5-DOT", 3)
    const { cart } = await sdk.client.fetch<{ cart: Priced }>(`/store/carts/${notebooks.id}/promotions`, {
      method: "POST",
      body: { promo_codes: ["WELCOME10"] },
    })

    expect([notebooks.original_total, notebooks.total, cart.total]).toEqual([75, 50, 45])
    expect(cart.promotions.map(({ code }) => code).toSorted()).toEqual(["THIRD-NOTEBOOK", "WELCOME10"])
  })

  it("gift cards: without a parcel, a tax or a discount", async () => {
    const { id } = await cartWith("MQ-GIFT-50", 1)
    const { cart } = await sdk.client.fetch<{ cart: Priced }>(`/store/carts/${id}`, {
      method: "POST",
      body: { promo_codes: ["WELCOME10"], shipping_address: ghent },
    })
    const { type, order } = await paid(cart)

    expect([cart.total, cart.tax_total, cart.discount_total]).toEqual([50, 0, 0])
    expect([type, order.total]).toEqual(["order", 50])
  })

  it("to a customer who registers, logs in and finds the order again", async () => {
    const customer = demo.client()
    const ada = { email: "ada@customers.example", password: "correct horse battery" }
    await customer.auth.register("customer", "emailpass", ada)
    await customer.store.customer.create({ email: ada.email, first_name: "Ada" })
    await customer.auth.login("customer", "emailpass", ada)
    const cart = await sentTo(await cartWith("MQ-MUG-PRQ-RST", 1), ghent, "Standard")
    const { cart: own } = await customer.store.cart.transferCart(cart.id)
    await customer.store.payment.initiatePaymentSession(own, { provider_id: "pp_system_default" })
    const result = (await customer.store.cart.complete(own.id)) as Completed
    const { orders } = await customer.store.order.list({ fields: "id,payment_status" })
    const wrong = await demo
      .client()
      .auth.login("customer", "emailpass", { ...ada, password: "wrong" })
      .catch((error: unknown) => error)

    expect(own.email).toBe(ada.email)
    expect(orders).toMatchObject([{ id: result.order.id, payment_status: "authorized" }])
    expect(wrong).toMatchObject({ status: 401, message: "Invalid email or password" })
  })
})
