import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { Shopper } from "../src/index.ts"
import { openShop, type Shop } from "./shop.ts"

let shop: Shop
let shirt: string
let lamp: string

beforeAll(async () => {
  shop = await openShop()
  shirt = (await shop.addProduct({ title: "Shirt" })).variantId
  lamp = (await shop.addProduct({ title: "Lamp" })).variantId
})
afterAll(() => shop.close())

const make = () => shop.flow.create({ items: [{ variantId: shirt, quantity: 1 }] }, shop.shopper)
const add = (id: string, variantId: string, quantity = 1, shopper = shop.shopper) =>
  shop.flow.addItems(id, [{ variantId, quantity }], shopper)
const code = (text: string) => expect.objectContaining({ code: text })

describe("a cart is there", () => {
  /** Everything that can be done with a cart. */
  const deeds = (id: string, lineId: string, shopper: Shopper): [string, () => Promise<unknown>][] => [
    ["add", () => add(id, lamp, 1, shopper)],
    ["change a line", () => shop.flow.changeItem(id, lineId, { quantity: 2 }, shopper)],
    ["remove a line", () => shop.flow.removeItem(id, lineId, shopper)],
    ["update", () => shop.flow.update(id, { metadata: { a: 1 } }, shopper)],
    ["add codes", () => shop.flow.addPromotions(id, [], shopper)],
    ["remove codes", () => shop.flow.removePromotions(id, ["X"], shopper)],
    ["choose shipping", () => shop.flow.chooseShipping(id, [{ optionId: shop.filled.shippingOptionId }], shopper)],
    ["compute taxes", () => shop.flow.computeTaxes(id, shopper)],
    ["refresh", () => shop.flow.refresh(id, shopper)],
    ["list shipping", () => shop.flow.shippingOptions(id, shopper)],
    ["say what is to be paid", () => shop.payments.collectionOf(id, shopper)],
    ["complete", () => shop.checkout.complete(id, shopper)],
  ]
  const answers = async (id: string, shopper: Shopper) => {
    const [line] = await shop.cart(id).then(
      ({ items }) => items,
      () => [],
    )
    const all: Record<string, string> = {}
    for (const [name, work] of deeds(id, line?.id ?? "cali_none", shopper)) {
      all[name] = await work().then(
        () => "done",
        (error: { code: string }) => error.code,
      )
    }
    return all
  }

  it("for its customer with an account, and for nobody else, open or completed", async () => {
    const [owner, other] = await Promise.all([
      shop.withAccount("owner@example.com"),
      shop.withAccount("nosy@example.com"),
    ])
    const id = await shop.flow.create({ items: [{ variantId: shirt, quantity: 1 }] }, owner)
    const collection = await shop.payments.collectionOf(id, owner)
    const choose = (shopper: Shopper) => shop.payments.choose(collection, { providerId: "pp_system_default" }, shopper)
    const foreign = (list: Record<string, string>) => new Set(Object.values(list))

    for (const stranger of [other, shop.shopper]) {
      expect(foreign(await answers(id, stranger))).toEqual(new Set(["resource.not_found"]))
      await expect(choose(stranger)).rejects.toThrow(code("resource.not_found"))
    }
    await expect(shop.flow.transfer(id, other)).rejects.toThrow(code("resource.not_found"))
    await shop.flow.chooseShipping(id, [{ optionId: shop.filled.shippingOptionId }], owner)
    await choose(owner)
    await shop.checkout.complete(id, owner)
    for (const stranger of [other, shop.shopper]) {
      expect(foreign(await answers(id, stranger))).toEqual(new Set(["resource.not_found"]))
    }
  })

  it("for anybody when it is a guest's or nobody's", async () => {
    const other = await shop.withAccount("passing@example.com")
    const id = await make()
    await shop.flow.update(id, { email: "guest-two@example.com" }, shop.shopper)

    const { complete, ...rest } = await answers(id, other)

    expect(new Set(Object.values(rest))).toEqual(new Set(["done"]))
    expect(complete).toBe("checkout.payment_session_missing")
  })

  it("for the customer who takes it over, from then on", async () => {
    const owner = await shop.withAccount("takes@example.com")
    const id = await make()
    await shop.flow.update(id, { email: "before@example.com" }, shop.shopper)

    await shop.flow.transfer(id, owner)
    await shop.flow.transfer(id, owner)

    expect(await shop.cart(id)).toMatchObject({ customerId: owner.customerId, email: "takes@example.com" })
    await expect(add(id, lamp)).rejects.toThrow(code("resource.not_found"))
    const nobody = { ...shop.shopper, customerId: "cus_none" }
    await expect(shop.flow.transfer(await make(), nobody)).rejects.toThrow(code("resource.not_found"))
  })

  it("for nobody when there is none", async () => {
    expect(new Set(Object.values(await answers("cart_none", shop.shopper)))).toEqual(new Set(["resource.not_found"]))
    const choosing = shop.payments.choose("pay_col_none", { providerId: "pp_system_default" }, shop.shopper)
    await expect(choosing).rejects.toThrow(code("resource.not_found"))
  })

  it("and refuses every change once it is completed", async () => {
    const id = await shop.readyCart(shirt)
    const collection = await shop.payments.collectionOf(id, shop.shopper)
    const result = await shop.complete(id)

    const { complete, ...changes } = await answers(id, shop.shopper)

    const reads = { "list shipping": "done", "say what is to be paid": "done" }
    expect(changes).toMatchObject(reads)
    const refused = Object.entries(changes).filter(([name]) => !(name in reads))
    expect(new Set(refused.map(([, answer]) => answer))).toEqual(new Set(["cart.completed"]))
    expect(complete).toBe("done")
    const choosing = shop.payments.choose(collection, { providerId: "pp_system_default" }, shop.shopper)
    await expect(choosing).rejects.toThrow(code("cart.completed"))
    expect(await shop.complete(id)).toEqual(result)
  })
})
