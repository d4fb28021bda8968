import { ReturnReasonService } from "@marquetry/order"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { customer, list, visitor, type Row, type Visitor } from "./buying.ts"
import { keysOf, openShop, type Json, type Shop } from "./shop.ts"

let shop: Shop
let guest: Visitor
beforeAll(async () => {
  shop = await openShop({ stock: 1_000 })
  guest = visitor(shop)
})
afterAll(() => shop.drop())

describe("GET /store/orders/:id", () => {
  it("answers what completing answered", async () => {
    const placed = await guest.order()

    const { body } = await guest.get(`/store/orders/${placed.id}`)

    expect(body).toEqual({ order: placed })
  })

  it("selects as the starter does", async () => {
    const { id } = await guest.order({ variant: shop.shirt.variants[0]?.id as string })
    const fields = "*payment_collections.payments,*items,*items.metadata,*items.variant,*items.product"

    const { body } = await guest.get(`/store/orders/${id}?fields=${fields}`)

    const order = body["order"] as Row
    expect(order).toMatchObject({
      id,
      total: 23.8,
      items: [
        {
          title: "Shirt",
          metadata: null,
          variant: { sku: "S-B" },
          product: { handle: "shirt" },
          tax_lines: [{ rate: 19 }],
        },
      ],
      payment_collections: [{ status: "authorized", payments: [{ amount: 23.8, provider_id: "pp_system_default" }] }],
    })
    expect(order).not.toHaveProperty("payment_status")
  })

  it("tells more on request", async () => {
    const { id } = await guest.order({ quantity: 2 })
    const fields =
      "items.refundable_total,items.refundable_total_per_unit,payment_status,fulfillment_status,*fulfillments,*transactions,version,metadata,customer_id,*customer,*promotions"

    const { body } = await guest.get(`/store/orders/${id}?fields=${fields}`)

    expect(body["order"]).toEqual({
      id,
      items: [{ id: expect.stringMatching(/^ordli_/), refundable_total: 47.6, refundable_total_per_unit: 23.8 }],
      payment_status: "authorized",
      fulfillment_status: "not_fulfilled",
      fulfillments: [],
      transactions: [],
      version: 1,
      metadata: null,
      customer_id: expect.stringMatching(/^cus_/),
      customer: { id: expect.stringMatching(/^cus_/), email: "guest@example.com", has_account: false },
      promotions: [],
    })
  })

  it.each([
    ["order_x", 404],
    ["%00", 400],
  ])("of %s is %i", async (id, status) => {
    expect((await guest.get(`/store/orders/${id}`)).status).toBe(status)
  })
})

describe("GET /store/orders", () => {
  it("lists one's own, by default with little of each", async () => {
    const ada = await customer(shop)
    const [first, second] = [await ada.order(), await ada.order()]
    await guest.order()

    const { status, body } = await ada.get("/store/orders")

    expect([status, body["count"], body["limit"], body["offset"]]).toEqual([200, 2, 50, 0])
    const orders = list(body, "orders")
    expect(orders.map(({ id }) => id).toSorted()).toEqual([first.id, second.id].toSorted())
    expect(keysOf(orders[0])).toEqual(
      "created_at currency_code custom_display_id display_id id metadata status summary total updated_at".split(" "),
    )
  })

  it("orders, pages and selects as the starter does", async () => {
    const ada = await customer(shop)
    const placed = [await ada.order(), await ada.order(), await ada.order()]
    const query = "order=-created_at&fields=*items,%2Bitems.metadata,*items.variant,*items.product"

    const { body: first } = await ada.get(`/store/orders?limit=2&offset=0&${query}`)
    const { body: last } = await ada.get(`/store/orders?limit=2&offset=2&${query}`)

    expect([...list(first, "orders"), ...list(last, "orders")].map(({ id }) => id)).toEqual(
      placed.map(({ id }) => id).toReversed(),
    )
    expect(list(first, "orders")[0]).toMatchObject({
      total: 29.75,
      display_id: placed[2]?.["display_id"],
      items: [{ title: "Lamp", metadata: null, variant: { sku: "LAMP" }, product: { title: "Lamp" } }],
    })
    expect(last["count"]).toBe(3)
  })

  it("filters", async () => {
    const ada = await customer(shop)
    const [first, second] = [await ada.order(), await ada.order()]
    const found = async (query: string) => {
      const { body } = await ada.get(`/store/orders?${query}`)
      return list(body, "orders").map(({ id }) => id)
    }

    expect(await found(`id=${first.id}`)).toEqual([first.id])
    expect(await found(`id[]=${first.id}&id[]=${second.id}&order=display_id`)).toEqual([first.id, second.id])
    expect(await found("status=pending&order=display_id")).toEqual([first.id, second.id])
    expect(await found("status[]=canceled")).toEqual([])
  })

  it("asks for a login", async () => {
    const { status, body } = await guest.get("/store/orders")

    expect([status, body]).toEqual([401, { message: "Unauthorized" }])
  })

  it.each(["colour=red", "limit=-1", "order=colour", "order=token_hash", "customer_id=cus_x"])(
    "refuses ?%s",
    async (query) => {
      const ada = await customer(shop)

      const { status, body } = await ada.get(`/store/orders?${query}`)

      expect([status, body["type"]]).toEqual([400, "invalid_data"])
    },
  )
})

describe("customers/me", () => {
  it("has one's own orders, and still the addresses", async () => {
    const ada = await customer(shop)
    const order = await ada.order()
    await guest.order()

    const { body } = await ada.get("/store/customers/me?fields=*orders")

    const me = body["customer"] as Json
    expect(list(me, "orders").map(({ id }) => id)).toEqual([order.id])
    expect(me).toMatchObject({ id: ada.id, addresses: [] })
  })
})

describe("return reasons", () => {
  it("are listed, and read one by one", async () => {
    const reasons = shop.container.resolve(ReturnReasonService)
    const damaged = await reasons.create({ value: "damaged", label: "Damaged" })
    const scratched = await reasons.create({ value: "scratched", label: "Scratched", parentReturnReasonId: damaged.id })

    const { body } = await guest.get("/store/return-reasons")
    const { body: alone } = await guest.get(`/store/return-reasons/${scratched.id}`)
    const unknown = await guest.get("/store/return-reasons/rr_x")

    const keys =
      "created_at deleted_at description id label parent_return_reason parent_return_reason_id return_reason_children updated_at value"
    expect([body["count"], body["limit"], body["offset"]]).toEqual([2, 20, 0])
    expect(list(body, "return_reasons").map(keysOf)).toEqual([keys.split(" "), keys.split(" ")])
    expect(list(body, "return_reasons").find(({ id }) => id === damaged.id)).toMatchObject({
      value: "damaged",
      parent_return_reason: null,
      return_reason_children: [{ id: scratched.id }],
    })
    expect(alone["return_reason"]).toMatchObject({ label: "Scratched", parent_return_reason: { id: damaged.id } })
    expect([unknown.status, unknown.body["type"]]).toEqual([404, "not_found"])
  })
})
