import { CustomerService } from "@marquetry/customer"
import { PriceSetService } from "@marquetry/pricing"
import { ShippingOptionService } from "@marquetry/fulfillment"
import { Links } from "@marquetry/kernel"
import { recordingProvider } from "@marquetry/notification/testing"
import { OrderService, OrderTransferService } from "@marquetry/order"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { OrderShipping, OrderTransferFlow, shippingOptionPriceSet } from "../src/index.ts"
import { paidOrder } from "./placed-orders.ts"
import { openShop, type Shop } from "./shop.ts"

const mail = recordingProvider()
let shop: Shop
let flow: OrderTransferFlow

beforeAll(async () => {
  shop = await openShop({ messengers: [mail] })
  flow = shop.resolve(OrderTransferFlow)
})
afterAll(() => shop.close())

const order = (id: string) => shop.resolve(OrderService).get(id)
const tokenFor = (id: string) => mail.sent.findLast(({ data }) => data?.["order_id"] === id)?.data?.["token"] as string

describe("an order that the shop hands on", () => {
  it("is asked for on behalf of a customer, and whoever reads its mail decides", async () => {
    const { id } = await paidOrder(shop)
    const { customerId } = await shop.withAccount("bob@example.com")

    await flow.requestFor(
      id,
      customerId,
      { internalNote: "by phone", description: "Bob's", updateOrderEmail: true },
      "user_1",
    )
    const { rows } = await shop.resolve(OrderService).listChanges(id)
    await shop.resolve(OrderTransferService).accept(id, tokenFor(id))

    expect(rows).toMatchObject([
      { changeType: "transfer", status: "requested", requestedBy: "user_1", internalNote: "by phone" },
    ])
    expect(mail.sent.at(-1)).toMatchObject({ to: "ada@example.com", template: "order.transfer-requested" })
    expect(await order(id)).toMatchObject({ customerId, email: "bob@example.com" })
  })

  it("may be that of another account, and the request can be called off", async () => {
    const { id } = await paidOrder(shop)
    const [one, other] = [await shop.withAccount("one@example.com"), await shop.withAccount("other@example.com")]
    await flow.requestFor(id, one.customerId, {}, null)
    await shop.resolve(OrderTransferService).accept(id, tokenFor(id))

    await flow.requestFor(id, other.customerId, {}, "user_1")
    await shop.resolve(OrderTransferService).cancel(id, { canceledBy: "user_1" })

    expect(await order(id)).toMatchObject({ customerId: one.customerId })
    await expect(shop.resolve(OrderTransferService).accept(id, tokenFor(id))).rejects.toMatchObject({
      code: "order.transfer_token_invalid",
    })
  })

  it("is given to a guest by an e-mail address, who is made once", async () => {
    const orders = [await paidOrder(shop), await paidOrder(shop), await paidOrder(shop)]

    await Promise.all(
      orders.map(({ id }) => flow.giveToGuest(id, "Guest@Example.com", { internalNote: "x" }, "user_1")),
    )

    const given = await Promise.all(orders.map(({ id }) => order(id)))
    expect(new Set(given.map(({ customerId }) => customerId)).size).toBe(1)
    expect(given[0]).toMatchObject({ email: "guest@example.com" })
    const guest = await shop.resolve(CustomerService).get(given[0]?.customerId as string)
    expect(guest).toMatchObject({ email: "guest@example.com", hasAccount: false })
    await expect(flow.giveToGuest(given[0]?.id ?? "", "guest@example.com", {}, null)).rejects.toMatchObject({
      code: "order.already_owned",
    })
  })

  it("goes to nobody who is not there, or is a guest", async () => {
    const { id } = await paidOrder(shop)
    const { id: guest } = await shop.resolve(CustomerService).create({ email: "somebody@example.com" })
    const { customerId } = await shop.withAccount("somebody@example.com")

    await expect(flow.requestFor(id, "cus_none", {}, null)).rejects.toMatchObject({ code: "resource.not_found" })
    await expect(flow.requestFor("order_none", customerId, {}, null)).rejects.toMatchObject({
      code: "resource.not_found",
    })
    await expect(flow.requestFor(id, guest, {}, null)).rejects.toMatchObject({
      code: "order.customer_without_account",
      details: { customerId: guest },
    })
    await expect(flow.giveToGuest(id, "nobody", {}, null)).rejects.toMatchObject({ code: "input.invalid" })
    expect((await shop.resolve(OrderService).listChanges(id)).rows).toEqual([])
  })
})

it("ways to send an order are those that reach it, offered by the storefront or not", async () => {
  const { id } = await paidOrder(shop)
  const { zoneId, profileId, shippingOptionId } = shop.filled
  const option = (name: string, attribute: string, value: string) => ({
    name,
    serviceZoneId: zoneId,
    shippingProfileId: profileId,
    providerId: "manual_manual",
    rules: [{ attribute, operator: "eq" as const, value }],
  })
  const [byHand] = await shop
    .resolve(ShippingOptionService)
    .createMany([
      option("By hand", "enabled_in_store", "false"),
      option("Return", "is_return", "true"),
      option("Elsewhere", "currency_code", "usd"),
    ])
  const [price] = await shop.resolve(PriceSetService).createMany([{ prices: [{ currencyCode: "eur", amount: 9 }] }])
  await shop.resolve(Links).add(shippingOptionPriceSet, [[byHand?.id as string, price as string]])

  const options = await shop.resolve(OrderShipping).optionsOf(id)
  await shop.sql(`update "order"."order_address" set country_code = 'fr' returning id`)

  expect(options.map((one) => [one.id, one.name, one.amount])).toEqual([
    [shippingOptionId, "Standard", "5"],
    [byHand?.id, "By hand", "9"],
  ])
  expect(await shop.resolve(OrderShipping).optionsOf(id)).toEqual([])
  await expect(shop.resolve(OrderShipping).optionsOf("order_none")).rejects.toMatchObject({
    code: "resource.not_found",
  })
})
