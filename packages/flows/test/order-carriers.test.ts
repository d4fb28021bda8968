import {
  FulfillmentService,
  ShippingOptionService,
  type AcceptedParcel,
  type FulfillmentProvider,
  type Parcel,
} from "@marquetry/fulfillment"
import { recordingProvider } from "@marquetry/notification/testing"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { FulfillmentFlow, fulfillmentNotices, FulfillmentRecovery } from "../src/index.ts"
import { balanceOf } from "./order-books.ts"
import { piecesOf, shirtsAndVouchers } from "./placed-orders.ts"
import { openShop, type Shop } from "./shop.ts"

const label = { trackingNumber: "1Z", trackingUrl: "https://track.example/1Z", labelUrl: "https://label.example/1Z" }

/** Stands for a carrier at the other end of a wire. */
class Carrier implements FulfillmentProvider {
  readonly id = "carrier"
  readonly asksOutside = true
  readonly parcels = new Map<string, Parcel>()
  readonly forgotten: string[] = []
  refusal: Error | undefined
  services = () => []
  validateOption = () => true
  validateData = (_: unknown, data: Readonly<Record<string, unknown>>) => data
  canCalculate = () => false
  calculatePrice = () => ({ calculatedAmount: 0, isCalculatedPriceTaxInclusive: false })
  createFulfillment(parcel: Parcel): AcceptedParcel {
    if (this.refusal !== undefined) throw this.refusal
    this.parcels.set(parcel.id, parcel)
    return { data: { shipment: parcel.id }, labels: [label] }
  }
  cancelFulfillment({ id }: { id: string }): void {
    if (this.refusal !== undefined) throw this.refusal
    this.forgotten.push(id)
  }
}

const carrier = new Carrier()
const mail = recordingProvider()
let shop: Shop
let fulfillment: FulfillmentFlow

beforeAll(async () => {
  shop = await openShop({
    carriers: [carrier],
    messengers: [mail],
    subscribers: fulfillmentNotices,
    events: { relay: true, backoff: 1 },
  })
  fulfillment = shop.resolve(FulfillmentFlow)
})
afterEach(() => {
  carrier.refusal = undefined
  mail.before = undefined
})
afterAll(() => shop.close())

const balance = (orderId: string) => balanceOf(shop, orderId)
const get = (id: string) => shop.resolve(FulfillmentService).get(id)

describe("with a provider that asks outside", () => {
  let optionId: string
  beforeAll(async () => {
    const { zoneId, profileId } = shop.filled
    const option = await shop.resolve(ShippingOptionService).create({
      name: "Carrier",
      serviceZoneId: zoneId,
      shippingProfileId: profileId,
      providerId: "carrier",
    })
    optionId = option.id
  })
  const byCarrier = (items: { id: string; quantity: number }[]) => ({ items, shippingOptionId: optionId })

  it("is given to it after it was written", async () => {
    const { id, placed } = await shirtsAndVouchers(shop)

    const { id: made } = await fulfillment.create(id, byCarrier(piecesOf(placed)), null)

    expect(carrier.parcels.get(made)).toMatchObject({ id: made, items: [{ title: "Shirt", quantity: "3" }, {}] })
    expect(await get(made)).toMatchObject({ data: { shipment: made }, labels: [label] })
    await fulfillment.cancel(id, made)
    expect(carrier.forgotten).toContain(made)
    await balance(id)
  })

  it("is as before when it refuses to take it, or to forget it", async () => {
    const { id, placed } = await shirtsAndVouchers(shop)
    carrier.refusal = new Error("too heavy")
    await expect(fulfillment.create(id, byCarrier(piecesOf(placed)), null)).rejects.toThrow("too heavy")
    expect(await balance(id)).toMatchObject({
      fulfillmentStatus: "not_fulfilled",
      fulfillments: [{ state: "canceled" }],
    })
    carrier.refusal = undefined
    const { id: made } = await fulfillment.create(id, byCarrier(piecesOf(placed)), null)

    carrier.refusal = new Error("on the lorry")
    await expect(fulfillment.cancel(id, made)).rejects.toThrow("on the lorry")

    expect(await balance(id)).toMatchObject({ fulfillmentStatus: "fulfilled" })
  })

  it("is told to forget it after the transaction that says so; where nobody is asked, all is done in that", async () => {
    const { id, shirts, vouchers } = await shirtsAndVouchers(shop)
    const { id: outside } = await fulfillment.create(id, byCarrier([{ id: shirts, quantity: 3 }]), null)
    const { id: inside } = await fulfillment.create(id, { items: [{ id: vouchers, quantity: 2 }] }, null)

    const isLater = await shop.db.transaction(async () => [
      await fulfillment.prepareCancel(id, outside),
      await fulfillment.prepareCancel(id, inside),
    ])
    const { fulfillments: between } = await balance(id)
    await fulfillment.cancel(id, outside)

    expect(isLater).toEqual([true, false])
    expect(between.map(({ state }) => state)).toEqual(["open", "canceled"])
    expect(carrier.forgotten).toContain(outside)
    expect(await balance(id)).toMatchObject({ fulfillmentStatus: "not_fulfilled" })
  })

  it("is finished by recovery when a crash has kept it from it, or from us", async () => {
    const [open, withdrawn] = [await shirtsAndVouchers(shop), await shirtsAndVouchers(shop)]
    const input = byCarrier(piecesOf(open.placed))
    const { id: unsent } = await shop.db.transaction(() => fulfillment.create(open.id, input, null))
    const { id: forgotten } = await fulfillment.create(withdrawn.id, byCarrier(piecesOf(withdrawn.placed)), null)
    await shop.resolve(FulfillmentService).withdraw(forgotten)
    expect(carrier.parcels.has(unsent)).toBe(false)

    const soon = new Date(Date.now() + 60_000)
    const results = await Promise.allSettled([1, 2].map(() => shop.resolve(FulfillmentRecovery).run(soon)))
    const after = await shop.resolve(FulfillmentRecovery).run(soon)

    expect(results.some(({ status }) => status === "fulfilled")).toBe(true)
    expect(after).toEqual({ handedOver: 0, canceled: 0 })
    expect(carrier.parcels.has(unsent)).toBe(true)
    expect(await balance(open.id)).toMatchObject({ fulfillmentStatus: "fulfilled" })
    expect(await balance(withdrawn.id)).toMatchObject({ fulfillmentStatus: "not_fulfilled" })
  })
})

describe("what the customer hears", () => {
  const told = (id: string) =>
    mail.sent.filter(({ data }) => data?.["order_id"] === id).map(({ template, to }) => [template, to])

  it("is each step once, unless nobody shall be told", async () => {
    const { id, placed, shirts, vouchers } = await shirtsAndVouchers(shop)
    const { id: made } = await fulfillment.create(id, { items: [{ id: shirts, quantity: 3 }] }, null)
    await fulfillment.ship(id, made, { labels: [label] }, null)
    await fulfillment.deliver(id, made)
    const silent = { noNotification: true }
    const { id: other } = await fulfillment.create(id, { items: [{ id: vouchers, quantity: 2 }], ...silent }, null)
    await fulfillment.ship(id, other, silent, null)
    await fulfillment.deliver(id, other, silent)

    await expect.poll(() => told(id).length).toBe(3)
    expect(told(id)).toEqual([
      ["order.fulfillment-created", "ada@example.com"],
      ["order.shipment-created", "ada@example.com"],
      ["order.delivered", "ada@example.com"],
    ])
    expect(
      mail.sent.find(({ template, data }) => template === "order.shipment-created" && data?.["order_id"] === id),
    ).toMatchObject({
      data: {
        display_id: placed.displayId,
        fulfillment_id: made,
        items: [{ title: "Shirt", quantity: 3 }],
        labels: [{ tracking_number: "1Z", tracking_url: label.trackingUrl }],
      },
    })
  })

  it("undoes nothing when it cannot be sent", async () => {
    const { id, placed } = await shirtsAndVouchers(shop)
    mail.before = () => {
      throw new Error("no connection")
    }

    await fulfillment.create(id, { items: piecesOf(placed) }, null)

    expect(await balance(id)).toMatchObject({ fulfillmentStatus: "fulfilled" })
  })
})
