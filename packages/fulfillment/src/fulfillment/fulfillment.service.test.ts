import { newId } from "@marquetry/kernel"
import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import fc from "fast-check"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import {
  FulfillmentStateRefused,
  startFulfillment,
  type AcceptedParcel,
  type FulfillmentProvider,
  type Parcel,
  type ProviderData,
} from "../index.ts"
import { aFulfillment, aFulfillmentSet, aShippingOption, aShippingProfile } from "../testing.ts"

const label = { trackingNumber: "1Z", trackingUrl: "https://track.example/1Z", labelUrl: "https://label.example/1Z" }

/** Stands for a service at the other end of a wire, which remembers parcels by their ids. */
class Carrier implements FulfillmentProvider {
  readonly id = "carrier"
  readonly asksOutside = true
  readonly parcels = new Map<string, Parcel>()
  readonly forgotten: string[] = []
  refusal: Error | undefined
  labels = [label]
  /** Runs while the carrier thinks. */
  meanwhile: () => Promise<unknown> = () => Promise.resolve()
  services = () => []
  validateOption = () => true
  validateData = (_: unknown, data: ProviderData) => data
  canCalculate = () => false
  calculatePrice = () => ({ calculatedAmount: 0, isCalculatedPriceTaxInclusive: false })

  async createFulfillment(parcel: Parcel): Promise<AcceptedParcel> {
    await this.meanwhile()
    if (this.refusal !== undefined) throw this.refusal
    this.parcels.set(parcel.id, parcel)
    return { data: { shipment: parcel.id }, labels: this.labels }
  }

  async cancelFulfillment({ id }: { id: string }): Promise<void> {
    await this.meanwhile()
    if (this.refusal !== undefined) throw this.refusal
    this.forgotten.push(id)
  }

  reset(): void {
    this.parcels.clear()
    this.forgotten.length = 0
    this.refusal = undefined
    this.labels = [label]
    this.meanwhile = () => Promise.resolve()
  }
}

describe("fulfillments", () => {
  const carrier = new Carrier()
  let database: TestDatabase
  let alone: Awaited<ReturnType<typeof startFulfillment>>
  let fulfillments: typeof alone.fulfillments

  beforeAll(async () => {
    database = await createTestDatabase()
    // No relay, so that only the service's own statements are counted.
    alone = await startFulfillment({ database: database.url, events: { relay: false }, providers: [carrier] })
    await alone.migrate()
    fulfillments = alone.fulfillments
  })

  beforeEach(async () => {
    carrier.reset()
    await alone.database.run(`delete from "fulfillment"."fulfillment"`)
  })

  afterAll(async () => {
    await alone.close()
    await database.drop()
  })

  const eventsOf = async (id: string) => {
    const rows = await alone.database.sql<{ name: string }>(
      `select name from "marquetry"."outbox" where aggregate_id = $1 order by sequence`,
      [id],
    )
    return rows.map(({ name }) => name.replace("fulfillment.", ""))
  }
  const byCarrier = (overrides = {}) => aFulfillment({ providerId: "carrier", ...overrides })
  const lostOf = (results: readonly PromiseSettledResult<unknown>[]) =>
    results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []))

  it("keep what they were made with", async () => {
    const { serviceZones } = await alone.fulfillmentSets.create(aFulfillmentSet())
    const { id: shippingProfileId } = await alone.shippingProfiles.create(aShippingProfile())
    const option = await alone.shippingOptions.create(
      aShippingOption({ serviceZoneId: serviceZones[0]?.id as string, shippingProfileId }),
    )
    const made = await fulfillments.create({
      locationId: "sloc_1",
      providerId: "manual_manual",
      shippingOptionId: option.id,
      deliveryAddress: { firstName: "Ada", address1: "Main street 1", countryCode: "de", postalCode: "10115" },
      items: [
        {
          title: "Shirt",
          sku: "SHIRT",
          barcode: "123",
          quantity: 2,
          lineItemId: "ordli_1",
          inventoryItemId: "iitem_1",
        },
        { title: "Rope", sku: null, quantity: "1.25" },
      ],
      labels: [label],
      data: { point: 7 },
      createdBy: "user_1",
      metadata: { a: 1 },
    })

    expect(made).toMatchObject({
      locationId: "sloc_1",
      providerId: "manual_manual",
      shippingOptionId: option.id,
      requiresShipping: true,
      shippedAt: null,
      deliveredAt: null,
      canceledAt: null,
      data: { point: 7 },
      createdBy: "user_1",
      metadata: { a: 1 },
      deliveryAddress: { firstName: "Ada", address1: "Main street 1", address2: null, postalCode: "10115" },
      items: [
        {
          title: "Shirt",
          sku: "SHIRT",
          barcode: "123",
          quantity: "2",
          lineItemId: "ordli_1",
          inventoryItemId: "iitem_1",
        },
        { title: "Rope", sku: "", barcode: "", quantity: "1.25", lineItemId: null },
      ],
      labels: [label],
    })
    expect(made.packedAt).not.toBeNull()
    expect(made.id).toMatch(/^ful_[0-9A-Z]{26}$/)
    expect(made.items[0]?.id).toMatch(/^fulit_[0-9A-Z]{26}$/)
    expect(made.labels[0]?.id).toMatch(/^fulla_[0-9A-Z]{26}$/)
    expect(made.deliveryAddressId).toMatch(/^fuladdr_[0-9A-Z]{26}$/)
    expect(made).not.toHaveProperty("handedOverAt")
    expect(await fulfillments.get(made.id)).toEqual(made)
    const { rows } = await alone.query.listAny("fulfillment", {
      names: "wire",
      fields: {
        "*": true,
        delivery_address: { address_1: true },
        items: { line_item_id: true },
        provider: { id: true },
      },
    })
    expect(rows).toMatchObject([
      {
        location_id: "sloc_1",
        delivery_address: { address_1: "Main street 1" },
        items: [{ line_item_id: "ordli_1" }, {}],
      },
    ])
    expect(rows[0]).not.toHaveProperty("handed_over_at")
  })

  it("are made in as many statements however many items they have", async () => {
    const items = Array.from({ length: 200 }, (_, index) => ({ title: `${index}`, quantity: 1 }))

    const one = await statementsOf(alone.database, () => fulfillments.create(aFulfillment()))
    const many = await statementsOf(alone.database, () => fulfillments.create(aFulfillment({ items })))

    expect(one).toHaveLength(6)
    expect(many).toHaveLength(6)
  })

  it("go from packed to shipped to delivered, and say so", async () => {
    const metadata = { shelf: 1, gift: true }
    const { id } = await fulfillments.create(aFulfillment({ labels: [label], metadata }))

    const shipped = await fulfillments.ship(id, {
      labels: [{ ...label, trackingNumber: "2Z" }],
      markedShippedBy: "user_1",
      metadata: { shelf: 2 },
    })
    const delivered = await fulfillments.deliver(id)

    expect(shipped.labels.map(({ trackingNumber }) => trackingNumber)).toEqual(["1Z", "2Z"])
    expect(shipped).toMatchObject({ markedShippedBy: "user_1", deliveredAt: null, metadata: { shelf: 2, gift: true } })
    expect(shipped.shippedAt).not.toBeNull()
    expect(delivered).toMatchObject({ shippedAt: shipped.shippedAt, canceledAt: null })
    expect(delivered.deliveredAt).not.toBeNull()
    expect(await eventsOf(id)).toEqual(["created", "shipped", "delivered"])
  })

  it.each(["ship", "deliver", "cancel"] as const)("%s once, however many ask at once", async (verb) => {
    const { id } = await fulfillments.create(aFulfillment())

    const lost = lostOf(await Promise.allSettled(Array.from({ length: 6 }, () => fulfillments[verb](id))))

    expect(lost).toHaveLength(5)
    expect(lost.every((error) => error instanceof FulfillmentStateRefused)).toBe(true)
    expect(await eventsOf(id)).toHaveLength(2)
  })

  it("are shipped or canceled, never both", async () => {
    for (let round = 0; round < 8; round++) {
      const { id } = await fulfillments.create(aFulfillment())
      const lost = lostOf(await Promise.allSettled([fulfillments.ship(id), fulfillments.cancel(id)]))
      const { shippedAt, canceledAt } = await fulfillments.get(id)

      expect(lost).toHaveLength(1)
      expect([shippedAt, canceledAt].filter((at) => at !== null)).toHaveLength(1)
    }
  })

  it("never leave their state machine", async () => {
    const possible: Record<string, Partial<Record<"ship" | "deliver" | "cancel", string>>> = {
      open: { ship: "shipped", deliver: "delivered", cancel: "canceled" },
      shipped: { deliver: "delivered" },
      delivered: {},
      canceled: {},
    }
    const verb = fc.constantFrom("ship" as const, "deliver" as const, "cancel" as const)

    await fc.assert(
      fc.asyncProperty(fc.array(verb, { maxLength: 4 }), async (verbs) => {
        const { id } = await fulfillments.create(aFulfillment())
        let state = "open"
        for (const action of verbs) {
          const next = possible[state]?.[action]
          const outcome: unknown = await fulfillments[action](id).then(
            () => "done",
            ({ details }: FulfillmentStateRefused) => details,
          )
          expect(outcome).toEqual(next === undefined ? { id, action, state } : "done")
          state = next ?? state
        }
      }),
      { numRuns: 20 },
    )
  })

  it("cannot be canceled past the module either once they are shipped", async () => {
    const { id } = await fulfillments.create(aFulfillment())
    await fulfillments.ship(id)

    await expect(
      alone.database.run(`update "fulfillment"."fulfillment" set canceled_at = now() where id = $1`, [id]),
    ).rejects.toMatchObject({ constraint: "fulfillment_canceled_check" })
  })

  it.each(["ship", "deliver", "cancel", "handOver", "withdraw", "get"] as const)(
    "cannot %s what there is not",
    async (verb) => {
      await expect(fulfillments[verb]("ful_none")).rejects.toMatchObject({ details: { id: "ful_none" } })
    },
  )

  it.each<[string, object, string]>([
    ["no items", { items: [] }, "input.invalid"],
    ["a quantity of zero", { items: [{ title: "x", quantity: 0 }] }, "input.invalid"],
    ["what is shipped and canceled", { shippedAt: new Date(), canceledAt: new Date() }, "input.invalid"],
    ["a provider that there is not", { providerId: "none" }, "fulfillment.unknown_provider"],
    ["a shipping option that there is not", { shippingOptionId: "so_none" }, "resource.not_found"],
  ])("refuse %s", async (_, fault, code) => {
    await expect(fulfillments.create({ ...aFulfillment(), ...fault })).rejects.toMatchObject({ code })
    expect((await fulfillments.list()).count).toBe(0)
  })

  describe("of a provider that asks outside", () => {
    it("are given to it after they are written, and get its data and labels", async () => {
      let held: boolean | undefined
      carrier.meanwhile = async () => {
        held = alone.database.inTransaction
        expect((await fulfillments.list()).count).toBe(1)
      }

      const made = await fulfillments.create(
        byCarrier({
          deliveryAddress: { city: "Berlin" },
          data: { point: 7 },
          labels: [{ ...label, trackingNumber: "0Z" }],
        }),
      )

      expect(held).toBe(false)
      expect(made).toMatchObject({ data: { shipment: made.id } })
      expect(made.labels.map(({ trackingNumber }) => trackingNumber)).toEqual(["0Z", "1Z"])
      expect(carrier.parcels.get(made.id)).toMatchObject({
        id: made.id,
        locationId: "sloc_1",
        data: { point: 7 },
        optionData: null,
        deliveryAddress: { city: "Berlin", firstName: null },
        items: [{ title: "Shirt", sku: "SHIRT", quantity: "1", lineItemId: "ordli_1" }],
      })
      expect(await eventsOf(made.id)).toEqual(["created", "handed_over"])
    })

    it("are canceled when it refuses them", async () => {
      carrier.refusal = new Error("too heavy")

      await expect(fulfillments.create(byCarrier())).rejects.toThrow("too heavy")

      const { rows } = await fulfillments.list()
      expect(rows).toHaveLength(1)
      expect(rows[0]?.canceledAt).not.toBeNull()
      expect(await eventsOf(rows[0]?.id as string)).toEqual(["created", "canceled"])
    })

    it("stay open when what it answers cannot be kept, and are handed over again", async () => {
      carrier.labels = [{ ...label, trackingNumber: "1".repeat(501) }]
      await expect(fulfillments.create(byCarrier())).rejects.toMatchObject({ code: "input.invalid" })
      const { rows } = await fulfillments.list()
      const id = rows[0]?.id as string
      expect(rows).toMatchObject([{ canceledAt: null, labels: [] }])

      carrier.labels = [label]

      expect((await fulfillments.handOver(id)).labels).toHaveLength(1)
      expect(await eventsOf(id)).toEqual(["created", "handed_over"])
    })

    it("are not given to it inside a transaction, but after it, once", async () => {
      const { id } = await alone.database.transaction(() => fulfillments.create(byCarrier()))
      expect(carrier.parcels.size).toBe(0)

      await Promise.all(Array.from({ length: 4 }, () => fulfillments.handOver(id)))

      const { data, labels } = await fulfillments.handOver(id)
      expect(data).toEqual({ shipment: id })
      expect(labels).toHaveLength(1)
      expect(carrier.forgotten).toEqual([])
      expect(await eventsOf(id)).toEqual(["created", "handed_over"])
    })

    it("have what is to be done about a refusal done before it is told", async () => {
      const id = newId("ful")
      const made = await alone.database.transaction(() => fulfillments.create(byCarrier({ id })))
      carrier.refusal = new Error("too heavy")

      const refused = fulfillments.handOver(id, async () => {
        await fulfillments.withdraw(id)
        await fulfillments.cancel(id)
      })

      await expect(refused).rejects.toThrow("too heavy")
      expect(made.id).toBe(id)
      expect((await fulfillments.get(id)).canceledAt).not.toBeNull()
      expect(carrier.forgotten).toEqual([])
    })

    it("are taken back from it when they are canceled while it takes them", async () => {
      const { id } = await alone.database.transaction(() => fulfillments.create(byCarrier()))
      carrier.meanwhile = async () => {
        carrier.meanwhile = () => Promise.resolve()
        await fulfillments.cancel(id)
      }

      await expect(fulfillments.handOver(id)).rejects.toMatchObject({ details: { state: "canceled" } })

      expect(carrier.forgotten).toEqual([id])
      expect((await fulfillments.get(id)).labels).toEqual([])
    })

    it("are canceled after it was told", async () => {
      const { id } = await fulfillments.create(byCarrier())
      carrier.meanwhile = () =>
        expect(fulfillments.ship(id)).rejects.toMatchObject({ details: { state: "withdrawing", action: "ship" } })

      const { canceledAt } = await fulfillments.cancel(id)

      expect(canceledAt).not.toBeNull()
      expect(carrier.forgotten).toEqual([id])
      await expect(fulfillments.cancel(id)).rejects.toThrow(FulfillmentStateRefused)
      expect(carrier.forgotten).toEqual([id])
    })

    it("are as before when it refuses to forget them", async () => {
      const { id } = await fulfillments.create(byCarrier())
      carrier.refusal = new Error("already on the lorry")

      await expect(fulfillments.cancel(id)).rejects.toThrow("already on the lorry")

      expect((await fulfillments.get(id)).canceledAt).toBeNull()
      await expect(fulfillments.ship(id)).resolves.toMatchObject({ canceledAt: null })
    })

    it("are canceled inside a transaction if it was told before", async () => {
      const { id } = await fulfillments.create(byCarrier())
      const cancel = () => alone.database.transaction(() => fulfillments.cancel(id))

      await expect(cancel()).rejects.toMatchObject({ details: { action: "cancel", state: "open" } })
      expect(carrier.forgotten).toEqual([])
      await fulfillments.withdraw(id)

      expect((await cancel()).canceledAt).not.toBeNull()
      expect(carrier.forgotten).toEqual([id])
    })

    it("are found when a crash left them between two steps", async () => {
      const { id: open } = await alone.database.transaction(() => fulfillments.create(byCarrier()))
      const { id: withdrawn } = await fulfillments.create(byCarrier())
      await fulfillments.withdraw(withdrawn)
      await fulfillments.create(byCarrier())
      await fulfillments.create(aFulfillment())
      const { id: shipped } = await fulfillments.create(byCarrier({ shippedAt: "2026-01-01T00:00:00Z" }))

      const soon = new Date(Date.now() + 60_000)
      expect(await fulfillments.unfinished(soon)).toEqual([
        { id: open, state: "open" },
        { id: withdrawn, state: "withdrawing" },
      ])
      expect(await fulfillments.unfinished(new Date(0))).toEqual([])
      expect(carrier.parcels.has(shipped)).toBe(false)

      await fulfillments.handOver(open)
      await fulfillments.cancel(withdrawn)
      expect(await fulfillments.unfinished(soon)).toEqual([])
    })
  })

  it("are canceled by hand without anybody being told", async () => {
    const { id } = await fulfillments.create(aFulfillment())

    await fulfillments.withdraw(id)
    const canceled = await alone.database.transaction(() => fulfillments.cancel(id))

    expect(canceled.canceledAt).not.toBeNull()
  })
})
