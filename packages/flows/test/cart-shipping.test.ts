import {
  FulfillmentSetService,
  manualFulfillmentProvider,
  ShippingOptionService,
  ShippingProfileService,
  type CreateShippingOption,
  type FulfillmentProvider,
} from "@marquetry/fulfillment"
import { Links } from "@marquetry/kernel"
import { PriceSetService, type CreatePriceSet } from "@marquetry/pricing"
import { RegionService } from "@marquetry/region"
import { StockLocationService } from "@marquetry/stock-location"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import {
  locationFulfillmentProvider,
  locationFulfillmentSet,
  regionPaymentProvider,
  shippingOptionPriceSet,
} from "../src/index.ts"
import { berlin, openShop, type Shop } from "./shop.ts"

let shop: Shop
let shirt: string

/** Stands for a carrier at the other end of a wire: five euros and one for each piece. */
const carrier = {
  inTransaction: [] as boolean[],
  fails: false,
  meanwhile: async (): Promise<unknown> => undefined,
}
const ask = async () => {
  carrier.inTransaction.push(shop.db.inTransaction)
  if (carrier.fails) throw new Error("The carrier is closed")
  await carrier.meanwhile()
}
const carrierProvider: FulfillmentProvider = {
  ...manualFulfillmentProvider,
  id: "carrier",
  asksOutside: true,
  validateOption: () => true,
  canCalculate: () => true,
  validateData: async (_, data) => {
    await ask()
    return { ...data, checked: true }
  },
  calculatePrice: async (_, __, context) => {
    await ask()
    const { items } = context as { items: { quantity: number }[] }
    const pieces = items.reduce((total, { quantity }) => total + quantity, 0)
    return { calculatedAmount: 5 + pieces, isCalculatedPriceTaxInclusive: false }
  },
}

beforeAll(async () => {
  shop = await openShop({ carriers: [carrierProvider] })
  shirt = (await shop.addProduct({ title: "Shirt", stock: 1_000 })).variantId
})
beforeEach(() => {
  Object.assign(carrier, { inTransaction: [], fails: false, meanwhile: async () => undefined })
})
afterAll(() => shop.close())

const code = (text: string) => expect.objectContaining({ code: text })
const inStore = [
  { attribute: "enabled_in_store", operator: "eq" as const, value: "true" },
  { attribute: "is_return", operator: "eq" as const, value: "false" },
]
const addOption = async (
  input: Partial<CreateShippingOption> = {},
  prices: CreatePriceSet["prices"] | null = [{ currencyCode: "eur", amount: 3 }],
) => {
  const option = await shop.resolve(ShippingOptionService).create({
    name: "Option",
    serviceZoneId: shop.filled.zoneId,
    shippingProfileId: shop.filled.profileId,
    providerId: "manual_manual",
    rules: inStore,
    ...input,
  })
  if (prices !== null) {
    const [set] = await shop.resolve(PriceSetService).createMany([{ prices }])
    await shop.resolve(Links).add(shippingOptionPriceSet, [[option.id, set as string]])
  }
  return option.id
}
const calculated = (name: string) => addOption({ name, priceType: "calculated", providerId: "carrier" }, null)
const make = (quantity = 1) => shop.flow.create({ items: [{ variantId: shirt, quantity }], ...berlin }, shop.shopper)
const choose = (id: string, ...optionIds: string[]) =>
  shop.flow.chooseShipping(
    id,
    optionIds.map((optionId) => ({ optionId })),
    shop.shopper,
  )
const methodsOf = async (id: string) =>
  (await shop.cart(id)).shippingMethods.map(({ name, amount, total }) => [name, amount, total])

describe("shipping options of a cart", () => {
  it("are those that reach its address, for its profiles, in the store, with what they cost", async () => {
    const profile = await shop.resolve(ShippingProfileService).create({ name: "Bulky", type: "bulky" })
    await addOption({ name: "Bulky", shippingProfileId: profile.id })
    const hidden = [{ attribute: "enabled_in_store", operator: "eq" as const, value: "false" }]
    await addOption({ name: "Hidden", rules: hidden })
    const back = [{ attribute: "is_return", operator: "eq" as const, value: "true" }]
    await addOption({ name: "Back", rules: back })
    const express = await addOption({ name: "Express" }, [{ currencyCode: "eur", amount: "12.5" }])
    const foreign = await addOption({ name: "Foreign" }, [{ currencyCode: "usd", amount: 1 }])
    const asked = await calculated("Asked")
    const id = await make()

    const options = await shop.flow.shippingOptions(id, shop.shopper)

    expect(options.map(({ name, amount, isTaxInclusive }) => [name, amount, isTaxInclusive])).toEqual([
      ["Standard", "5", false],
      ["Express", "12.5", false],
      ["Foreign", null, false],
      ["Asked", null, false],
    ])
    expect((await shop.flow.shippingOptions(id, shop.shopper, true)).map(({ name }) => name)).toEqual(["Back"])
    await shop.resolve(ShippingOptionService).deleteMany([express, foreign, asked])
  })

  it("are none when nothing of it is sent", async () => {
    const { variantId } = await shop.addProduct({ profileId: null })
    const id = await shop.flow.create({ items: [{ variantId, quantity: 1 }], ...berlin }, shop.shopper)

    expect(await shop.flow.shippingOptions(id, shop.shopper)).toEqual([])
    await shop.pay(id)
    expect(await shop.complete(id)).toMatchObject({ kind: "order" })
  })

  it("can be read while the cart is being paid for", async () => {
    const id = await shop.readyCart(shirt)
    await shop.sql(
      `insert into "checkout"."checkout_attempt" values ($1, 'chk', 'order', 'payses', now(), now() + interval '1 minute')`,
      [id],
    )

    expect(await shop.flow.shippingOptions(id, shop.shopper)).toHaveLength(1)
    expect(await shop.payments.collectionOf(id, shop.shopper)).toMatch(/^pay_col_/)
    const busy = code("checkout.under_way")
    await expect(choose(id, shop.filled.shippingOptionId)).rejects.toThrow(busy)
    await expect(shop.flow.refresh(id, shop.shopper)).rejects.toThrow(busy)
    await expect(shop.pay(id)).rejects.toThrow(busy)
  })
})

describe("a choice", () => {
  it("replaces that of the same profile, and stands beside those of others", async () => {
    const profile = await shop.resolve(ShippingProfileService).create({ name: "Cold", type: "cold" })
    const cold = await addOption({ name: "Cold", shippingProfileId: profile.id })
    const express = await addOption({ name: "Express" }, [{ currencyCode: "eur", amount: 9 }])
    const { variantId } = await shop.addProduct({ profileId: profile.id })
    const id = await make()
    await shop.flow.addItems(id, [{ variantId, quantity: 1 }], shop.shopper)
    const { shippingOptionId: standard } = shop.filled

    await choose(id, standard, cold)
    expect((await methodsOf(id)).map(([name]) => name)).toEqual(["Standard", "Cold"])
    await choose(id, express)
    expect(await methodsOf(id)).toEqual([
      ["Cold", "3", "3.57"],
      ["Express", "9", "10.71"],
    ])
    await choose(id, express, standard)
    expect((await methodsOf(id)).map(([name]) => name)).toEqual(["Cold", "Standard"])
    expect((await shop.cart(id)).shippingMethods[0]?.data).toEqual({})
  })

  it("is needed for every profile before the cart can be completed", async () => {
    const profile = await shop.resolve(ShippingProfileService).create({ name: "Frozen", type: "frozen" })
    const frozen = await addOption({ name: "Frozen", shippingProfileId: profile.id })
    const { variantId } = await shop.addProduct({ profileId: profile.id })
    const id = await make()
    await shop.flow.addItems(id, [{ variantId, quantity: 1 }], shop.shopper)
    await shop.pay(id)

    const missing = (...shippingProfileIds: string[]) =>
      expect.objectContaining({ code: "checkout.shipping_method_missing", details: { shippingProfileIds } })
    await expect(shop.complete(id)).rejects.toThrow(missing(shop.filled.profileId, profile.id))
    await choose(id, shop.filled.shippingOptionId)
    await shop.pay(id)
    await expect(shop.complete(id)).rejects.toThrow(missing(profile.id))
    await choose(id, frozen)
    await shop.pay(id)
    expect(await shop.complete(id)).toMatchObject({ kind: "order" })
  })

  it.each<[string, () => Promise<string>]>([
    ["that there is not", async () => "so_none"],
    ["that does not reach the address", async () => addOption({ serviceZoneId: await zoneIn("fr") })],
    [
      "whose rules are not met",
      async () => addOption({ rules: [{ attribute: "item_total", operator: "gte", value: 500 }] }),
    ],
    [
      "of a place that does not send for the channel",
      async () => addOption({ serviceZoneId: await zoneIn("de", false) }),
    ],
  ])("%s is refused", async (_, optionOf) => {
    const id = await make()
    const optionId = await optionOf()

    const refused = { code: "cart.shipping_options_not_offered", details: { shippingOptionIds: [optionId] } }
    await expect(choose(id, shop.filled.shippingOptionId, optionId)).rejects.toThrow(expect.objectContaining(refused))
    expect(await methodsOf(id)).toEqual([])
  })

  it.each([
    ["no option at all", []],
    ["a field that there is not", [{ optionId: "so_1", price: 0 }]],
    ["data that are none", [{ optionId: "so_1", data: "x" }]],
  ])("of %s is refused", async (_, input) => {
    const choosing = shop.flow.chooseShipping(await make(), input as never, shop.shopper)

    await expect(choosing).rejects.toThrow(code("input.invalid"))
  })

  it("without a price in the cart's currency is dropped at once", async () => {
    const foreign = await addOption({ name: "Foreign" }, [{ currencyCode: "usd", amount: 1 }])
    const id = await make()

    await choose(id, foreign)

    expect(await methodsOf(id)).toEqual([])
  })
})

const zoneIn = async (countryCode: string, isOurs = true) => {
  const set = await shop.resolve(FulfillmentSetService).create({
    name: `Set ${Math.random()}`,
    type: "shipping",
    serviceZones: [{ name: countryCode, geoZones: [{ type: "country", countryCode }] }],
  })
  const location = isOurs
    ? shop.filled.locationId
    : (await shop.resolve(StockLocationService).create({ name: "Elsewhere" })).id
  await shop.resolve(Links).add(locationFulfillmentSet, [[location, set.id]])
  return set.serviceZones[0]?.id as string
}

describe("shipping methods", () => {
  it("go when the address moves out of their reach, and stay within it", async () => {
    const regions = shop.resolve(RegionService)
    const alps = await regions.create({ name: "Alps", currencyCode: "eur", countries: ["at", "ch"] })
    await shop.resolve(Links).add(regionPaymentProvider, [[alps.id, "pp_system_default"]])
    const both = await zoneIn("at")
    const alpine = await addOption({ name: "Alpine", serviceZoneId: both })
    const id = await shop.flow.create(
      { regionId: alps.id, items: [{ variantId: shirt, quantity: 1 }], shippingAddress: { countryCode: "at" } },
      shop.shopper,
    )
    await choose(id, alpine)

    await shop.flow.update(id, { shippingAddress: { city: "Graz" } }, shop.shopper)
    expect(await methodsOf(id)).toHaveLength(1)
    await shop.flow.update(id, { shippingAddress: { countryCode: "ch" } }, shop.shopper)
    expect(await methodsOf(id)).toEqual([])
  })

  it("cost what their rules say for what the lines are worth, and follow it", async () => {
    const graded = await addOption({ name: "Graded" }, [
      { currencyCode: "eur", amount: 5 },
      { currencyCode: "eur", amount: 0, rules: [{ attribute: "item_total", operator: "gte", value: 50 }] },
    ])
    const id = await make(4)
    await choose(id, graded)
    const lineId = (await shop.cart(id)).items[0]?.id as string

    expect(await methodsOf(id)).toEqual([["Graded", "5", "5.95"]])
    await shop.flow.changeItem(id, lineId, { quantity: 5 }, shop.shopper)
    expect(await methodsOf(id)).toEqual([["Graded", "0", "0"]])
    await shop.flow.changeItem(id, lineId, { quantity: 1 }, shop.shopper)
    expect(await methodsOf(id)).toEqual([["Graded", "5", "5.95"]])
  })

  it("go when their option does, or does not want the cart any more", async () => {
    const cheap = await addOption({
      name: "Cheap",
      rules: [...inStore, { attribute: "item_total", operator: "lt", value: 15 }],
    })
    const brief = await addOption({ name: "Brief" })
    const [one, two] = [await make(), await make()]
    await choose(one, cheap)
    await choose(two, brief)

    await shop.flow.addItems(one, [{ variantId: shirt, quantity: 1 }], shop.shopper)
    await shop.resolve(ShippingOptionService).delete(brief)
    await shop.flow.refresh(two, shop.shopper)

    expect([await methodsOf(one), await methodsOf(two)]).toEqual([[], []])
  })
})

describe("an option of a provider that does not send from its location", () => {
  const links = () => shop.resolve(Links)
  const pair = () => [[shop.filled.locationId, "manual_manual"]] as const
  const offeredTo = async (id: string) => (await shop.flow.shippingOptions(id, shop.shopper)).map(({ id: one }) => one)
  const setEnabled = (isEnabled: boolean) =>
    shop.composition.database.run(
      `update "fulfillment"."fulfillment_provider" set is_enabled = $1 where id = 'manual_manual'`,
      [isEnabled],
    )
  const cases = {
    "was taken from there": {
      take: () => links().remove(locationFulfillmentProvider, pair()),
      give: () => links().add(locationFulfillmentProvider, pair()),
    },
    "is not in use any more": { take: () => setEnabled(false), give: () => setEnabled(true) },
  }

  it.each(Object.keys(cases) as (keyof typeof cases)[])("because it %s is neither offered nor chosen", async (how) => {
    const { take, give } = cases[how]
    const option = shop.filled.shippingOptionId
    const express = await calculated("Express")
    const [id, chosen] = [await make(), await make()]
    await choose(chosen, option)
    const { id: elsewhere } = await shop.resolve(StockLocationService).create({ name: "Elsewhere" })
    await links().add(locationFulfillmentProvider, [[elsewhere, "manual_manual"]])

    await take()
    const offered = await offeredTo(id)
    await expect(choose(id, option)).rejects.toThrow(code("cart.shipping_options_not_offered"))
    await shop.flow.refresh(chosen, shop.shopper)
    const methods = await methodsOf(chosen)
    await give()

    expect(offered).not.toContain(option)
    expect(offered).toContain(express)
    expect(methods).toEqual([])
    expect(await offeredTo(id)).toContain(option)
    await choose(id, option)
  })
})

describe("an option whose price a carrier calculates", () => {
  it("is asked for with no transaction open, and keeps what was answered", async () => {
    const option = await calculated("By distance")
    const id = await make(2)

    await shop.flow.chooseShipping(id, [{ optionId: option, data: { shop: "17" } }], shop.shopper)

    expect((await shop.cart(id)).shippingMethods).toMatchObject([
      { name: "By distance", amount: "7", total: "8.33", data: { shop: "17", checked: true } },
    ])
    await shop.flow.addItems(id, [{ variantId: shirt, quantity: 1 }], shop.shopper)
    expect(await methodsOf(id)).toEqual([["By distance", "7", "8.33"]])
    expect(carrier.inTransaction).toEqual([false, false])
    await shop.pay(id)
    expect(await shop.complete(id)).toMatchObject({ kind: "order" })
    expect((await shop.orderOf(id))?.shippingMethods).toMatchObject([{ amount: "7", data: { shop: "17" } }])
  })

  it("can be asked for without choosing it; one with a price of its own cannot", async () => {
    const option = await calculated("By weight")
    const id = await make(3)
    const quote = (optionId: string) => shop.flow.calculateShipping(id, { optionId }, shop.shopper)

    expect(await quote(option)).toMatchObject({ id: option, amount: "8", isTaxInclusive: false })
    expect(await methodsOf(id)).toEqual([])
    expect(carrier.inTransaction).toEqual([false, false])
    await expect(quote(shop.filled.shippingOptionId)).rejects.toThrow(code("fulfillment.price_not_calculable"))
    await expect(quote("so_none")).rejects.toThrow(code("cart.shipping_options_not_offered"))
  })

  it("is not chosen when the carrier refuses, nor are those named with it", async () => {
    const option = await calculated("Closed")
    const id = await make()
    await choose(id, shop.filled.shippingOptionId)
    carrier.fails = true

    await expect(choose(id, option)).rejects.toThrow("The carrier is closed")

    expect((await methodsOf(id)).map(([name]) => name)).toEqual(["Standard"])
  })

  it("costs what the carrier said of the cart that it was asked about", async () => {
    const option = await calculated("Slow")
    const id = await make()
    carrier.meanwhile = async () => {
      carrier.meanwhile = async () => undefined
      await shop.flow.addItems(id, [{ variantId: shirt, quantity: 4 }], shop.shopper)
    }

    await choose(id, option)

    expect(await shop.cart(id)).toMatchObject({ items: [{ quantity: 5 }], shippingMethods: [{ amount: "6" }] })
  })
})
