import Medusa from "@medusajs/js-sdk"
import { someCredentials } from "@marquetry/auth/testing"
import { StoreService } from "@marquetry/store"
import { PromotionService } from "@marquetry/promotion"
import { aPromotion } from "@marquetry/promotion/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { mail } from "./selling.ts"
import { openShop, type Shop } from "./shop.ts"

type Sdk = InstanceType<typeof Medusa.default>
// Types and tools disagree about what a CommonJS module's default is; Node gives the module.
const Client = ("default" in Medusa ? Medusa.default : Medusa) as unknown as new (options: object) => Sdk

/** What the tests read of answers: the client's own types are in a package of their own. */
interface Row {
  readonly [name: string]: unknown
  readonly id: string
}
interface Answer {
  readonly [name: string]: unknown
  readonly products: readonly (Row & { readonly variants: readonly Row[] })[]
  readonly regions: readonly Row[]
  readonly cart: Row & { readonly items: readonly Row[]; readonly email: string | null }
  readonly shipping_options: readonly Row[]
  readonly payment_providers: readonly Row[]
  readonly order: Row & { readonly items: readonly Row[] }
  readonly orders: readonly Row[]
  readonly customer: Row & { readonly orders: readonly Row[] }
}

/** Whether the official client, as the starter uses it, gets somebody from the first page to an order. */
describe("the official client", () => {
  let shop: Shop
  let address: string
  beforeAll(async () => {
    shop = await openShop({ stock: 100 })
    await shop.container.resolve(StoreService).update(shop.storeId, { defaultRegionId: shop.europe })
    await shop.container.resolve(PromotionService).create(aPromotion({ code: "TEN" }))
    address = await shop.listen()
  })
  afterAll(() => shop.drop())

  const open = (): Sdk =>
    new Client({ baseUrl: address, publishableKey: shop.token, auth: { type: "jwt", jwtTokenStorageMethod: "memory" } })
  const address1 = {
    first_name: "Ada",
    last_name: "Lovelace",
    address_1: "Unter den Linden 1",
    address_2: "",
    company: "",
    postal_code: "10117",
    city: "Berlin",
    country_code: "de",
    province: "",
    phone: "",
  }
  const signUp = async (sdk: Sdk) => {
    const credentials = someCredentials()
    await sdk.auth.register("customer", "emailpass", credentials)
    const { customer }: Answer = await sdk.store.customer.create({
      email: credentials.email,
      first_name: "Ada",
      phone: "",
    })
    await sdk.auth.login("customer", "emailpass", credentials)
    return { ...credentials, id: customer.id }
  }
  /** From the first page to a cart that holds something. */
  const browse = async (sdk: Sdk): Promise<Answer["cart"]> => {
    const { regions }: Answer = await sdk.store.region.list()
    const region = regions.find(({ name }) => name === "Europe") as Row
    const { products }: Answer = await sdk.store.product.list({
      handle: "shirt",
      region_id: region.id,
      fields: "*variants.calculated_price,+variants.inventory_quantity,*variants.images,+metadata,+tags,",
    })
    const [variant] = products[0]?.variants ?? []
    expect(variant).toMatchObject({
      calculated_price: { calculated_amount: 15, original_amount: 20 },
      inventory_quantity: expect.any(Number),
    })
    const { cart }: Answer = await sdk.store.cart.create({ region_id: region.id }, {}, {})
    await sdk.store.cart.createLineItem(cart.id, { variant_id: variant?.id as string, quantity: 1 }, {}, {})
    const { cart: filled }: Answer = await sdk.store.cart.retrieve(cart.id, {
      fields:
        "*items, *region, *items.product, *items.variant, *items.thumbnail, *items.metadata, +items.total, *promotions, +shipping_methods.name",
    })
    expect(filled.items).toMatchObject([{ quantity: 1, unit_price: 15, total: 15, product: { handle: "shirt" } }])
    return filled
  }
  /** The steps of the checkout page. */
  const checkOut = async (sdk: Sdk, cartId: string, email: string): Promise<Answer> => {
    await sdk.store.cart.update(cartId, { shipping_address: address1, billing_address: address1, email }, {}, {})
    const { shipping_options: options }: Answer = await sdk.store.fulfillment.listCartOptions({ cart_id: cartId })
    const { shipping_option: express } = (await sdk.store.fulfillment.calculate(
      options.find(({ price_type: type }) => type === "calculated")?.id as string,
      { cart_id: cartId, data: {} },
    )) as { shipping_option: Row }
    expect(express["amount"]).toBe(7)
    const standard = options.find(({ name }) => name === "Standard") as Row
    await sdk.store.cart.addShippingMethod(cartId, { option_id: standard.id }, {}, {})
    const { cart }: Answer = await sdk.store.cart.retrieve(cartId, {})
    const { payment_providers: providers }: Answer = await sdk.store.payment.listPaymentProviders({
      region_id: String(cart["region_id"]),
    })
    await sdk.store.payment.initiatePaymentSession(cart as never, { provider_id: String(providers[0]?.id) }, {}, {})
    return (await sdk.store.cart.complete(cartId, {}, {})) as unknown as Answer
  }

  it("takes a guest to an order, and shows it by its id", async () => {
    const sdk = open()
    const cart = await browse(sdk)
    const [line] = cart.items
    await sdk.store.cart.updateLineItem(cart.id, line?.id as string, { quantity: 3 }, {}, {})
    await sdk.store.cart.createLineItem(
      cart.id,
      { variant_id: shop.lamp.variants[0]?.id as string, quantity: 1 },
      {},
      {},
    )
    const { cart: both }: Answer = await sdk.store.cart.update(cart.id, { promo_codes: ["TEN"] }, {}, {})
    const lamp = both.items.find(({ title }) => title === "Lamp")?.id as string
    const removed = (await sdk.store.cart.deleteLineItem(cart.id, lamp)) as unknown as Row & { parent: Row }

    const { type, order } = await checkOut(sdk, cart.id, "guest@example.com")
    const { order: shown } = (await sdk.store.order.retrieve(order.id, {
      fields: "*payment_collections.payments,*items,*items.metadata,*items.variant,*items.product",
    })) as unknown as Answer

    expect(removed).toMatchObject({ id: lamp, deleted: true, parent: { id: cart.id } })
    expect(type).toBe("order")
    expect(shown).toMatchObject({
      email: "guest@example.com",
      // 45 less a tenth, and 5 for the parcel, at 19 %.
      total: 54.15,
      items: [{ quantity: 3, title: "Shirt", product: { handle: "shirt" }, variant: { title: "S / Blue" } }],
      shipping_address: address1,
      shipping_methods: [{ name: "Standard" }],
      payment_collections: [{ payments: [{ provider_id: "pp_system_default" }] }],
    })
    await expect(sdk.store.order.list()).rejects.toMatchObject({ status: 401 })
  })

  it("takes a customer to an order, with the cart that was a guest's before the login", async () => {
    const sdk = open()
    const cart = await browse(sdk)
    const ada = await signUp(sdk)
    const { cart: own }: Answer = await sdk.store.cart.transferCart(cart.id, {}, {})

    const { order } = await checkOut(sdk, cart.id, ada.email)
    const { orders, count }: Answer = await sdk.store.order.list({
      limit: 10,
      offset: 0,
      order: "-created_at",
      fields: "*items,+items.metadata,*items.variant,*items.product",
    })
    const { customer }: Answer = await sdk.store.customer.retrieve({ fields: "*orders" })
    const stranger = open()

    expect(own.email).toBe(ada.email)
    expect([orders.map(({ id }) => id), count]).toEqual([[order.id], 1])
    expect(customer.orders.map(({ id }) => id)).toEqual([order.id])
    await expect(stranger.store.order.retrieve(order.id)).rejects.toMatchObject({ status: 404 })
    await expect(stranger.store.cart.retrieve(cart.id)).rejects.toMatchObject({ status: 404 })
  })

  it("hands a guest's order to the customer who asks for it, by the token of a mail", async () => {
    const [guest, sdk] = [open(), open()]
    const { order } = await checkOut(guest, (await browse(guest)).id, "before@example.com")
    await signUp(sdk)

    await sdk.store.order.requestTransfer(order.id, {}, { fields: "id, email" }, {})
    const token = String(mail.sent.findLast(({ to }) => to === "before@example.com")?.data?.["token"])
    await expect(guest.store.order.acceptTransfer(order.id, { token: "wrong" })).rejects.toMatchObject({ status: 400 })
    await guest.store.order.acceptTransfer(order.id, { token }, { fields: "id, email" }, {})
    const { orders }: Answer = await sdk.store.order.list()

    expect(orders.map(({ id }) => id)).toEqual([order.id])
  })

  it("adds and removes promotions, and reads what the server refuses", async () => {
    const sdk = open()
    const { id } = await browse(sdk)

    const { cart: less }: Answer = await sdk.store.cart.addPromotions(id, { promo_codes: ["TEN"] })
    const { cart: full }: Answer = await sdk.store.cart.removePromotions(id, { promo_codes: ["TEN"] })
    const refused = (request: Promise<unknown>) => request.catch((error: unknown) => error)
    const unknown = await refused(sdk.store.cart.addPromotions(id, { promo_codes: ["NOTHING"] }))
    const early = await refused(sdk.store.cart.complete(id))

    expect([less["total"], full["total"]]).toEqual([13.5, 15])
    expect(unknown).toMatchObject({ status: 400, message: expect.stringContaining("NOTHING") })
    expect(early).toMatchObject({ status: 400, message: expect.stringContaining("e-mail") })
  })
})
