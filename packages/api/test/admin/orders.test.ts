import { CustomerService } from "@marquetry/customer"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { statusesOf, type Sdk } from "./back-office.ts"
import { openSellingOffice, paymentOf, piecesOf, type PlacedOrder, type SellingOffice } from "./selling-office.ts"

let office: SellingOffice
let sdk: Sdk
beforeAll(async () => {
  office = await openSellingOffice()
  sdk = await office.sdk()
})
afterAll(() => office.drop())

interface Audited {
  readonly action: string
  readonly actorId: string
  readonly changes: unknown
}
const audited = async (id: string) => (await office.audit(id)) as unknown as Audited[]
const actionsOf = async (id: string) => (await audited(id)).map(({ action }) => action)

describe("an order", () => {
  it("is read with all that belongs to it", async () => {
    const { id, product, variant } = await office.order({ quantity: 2 })

    const { order } = await sdk.admin.order.retrieve(id)

    expect(order).toMatchObject({
      status: "pending",
      version: 1,
      email: "guest@example.com",
      currency_code: "eur",
      payment_status: "authorized",
      fulfillment_status: "not_fulfilled",
      total: 53.55,
      summary: { pending_difference: 53.55, paid_total: 0 },
      items: [
        {
          quantity: 2,
          unit_price: 20,
          total: 47.6,
          tax_lines: [{ rate: 19, total: 7.6 }],
          variant: { id: variant, product: { id: product.id } },
          detail: { quantity: 2, fulfilled_quantity: 0 },
        },
      ],
      shipping_address: { city: "Berlin" },
      shipping_methods: [{ name: "Standard", total: 5.95 }],
      fulfillments: [],
      payment_collections: [{ status: "authorized", payments: [{ amount: 53.55, captures: [], refunds: [] }] }],
    })
    expect(order).not.toHaveProperty("changes")
  })

  it("is read at the version that it has, and at no other", async () => {
    const { id } = await office.order()

    const { order } = await sdk.admin.order.retrieve(id, { version: 1, fields: "id,version" } as never)
    const other = await office.get(`/admin/orders/${id}?version=2`)
    const none = await office.get(`/admin/orders/${id}?version=0`)

    expect(order).toEqual({ id, version: 1 })
    expect(other).toMatchObject({ status: 404, body: { type: "not_found" } })
    expect(none).toMatchObject({ status: 400, body: { type: "invalid_data" } })
  })

  it("shows its lines with what became of them", async () => {
    const { id, order } = await office.order({ quantity: 3 })
    const [line] = order.items

    const { order_items: all } = await sdk.admin.order.listLineItems(id)
    const { order_items: one } = await sdk.admin.order.listLineItems(id, { item_id: line?.id, version: 1 } as never)
    const { order_items: none } = await sdk.admin.order.listLineItems(id, { version: 2 } as never)

    expect(all).toMatchObject([{ order_id: id, item_id: line?.id, quantity: 3, version: 1, item: { title: "Thing" } }])
    expect([one, none]).toEqual([all, []])
  })

  it("can be sent in the ways that reach it, at their prices", async () => {
    const { id } = await office.order()

    const { shipping_options: options } = await sdk.admin.order.listShippingOptions(id)

    const known = options as { name: string }[]
    expect(known.map(({ name }) => name).toSorted()).toEqual(["Express", "Standard"])
    expect(known.find(({ name }) => name === "Standard")).toMatchObject({
      amount: 5,
      calculated_price: { calculated_amount: 5 },
      prices: [{ amount: 5, currency_code: "eur" }],
      provider_id: "manual_manual",
    })
    expect(known.find(({ name }) => name === "Express")).toMatchObject({ amount: null, price_type: "calculated" })
  })

  it("is changed, and its history says how", async () => {
    const { id, order } = await office.order({ email: "old@example.com" })
    const address = { first_name: "Ada", last_name: "Byron", address_1: "Gasse 1", city: "Bonn", country_code: "de" }

    const { order: changed } = await sdk.admin.order.update(id, {
      email: "New@Example.com",
      shipping_address: address,
      metadata: { gift: true },
    })
    const { order_changes: changes } = await sdk.admin.order.listChanges(id)
    const { order_change: noted } = await sdk.admin.order.updateOrderChange(
      (changes as { id: string }[])[0]?.id ?? "",
      {
        internal_note: "By phone",
        carry_over_promotions: true,
      } as never,
    )
    const { order_changes: others } = await sdk.admin.order.listChanges(id, { change_type: "transfer" } as never)

    expect(changed).toMatchObject({ email: "new@example.com", metadata: { gift: true }, shipping_address: address })
    expect(changed).toMatchObject({ billing_address: order["billing_address"], total: order.total })
    expect(changes).toMatchObject([
      {
        change_type: "update_order",
        status: "confirmed",
        created_by: office.userId,
        actions: [
          { details: { type: "email", old: "old@example.com", new: "new@example.com" } },
          { details: { type: "shipping_address" } },
        ],
      },
    ])
    expect(noted).toMatchObject({ id: changes[0].id, internal_note: "By phone", carry_over_promotions: true })
    expect(others).toEqual([])
    expect(await audited(id)).toMatchObject([
      {
        action: "updated",
        actorId: office.userId,
        changes: {
          email: { from: "old@example.com", to: "new@example.com" },
          "shipping_address.city": { from: "Berlin", to: "Bonn" },
          metadata: { from: null, to: { gift: true } },
        },
      },
    ])
    expect(await actionsOf(noted.id)).toEqual(["updated"])
  })

  it("keeps what is not named of an address, and the country that it is sent to", async () => {
    const { id, order } = await office.order()

    const { order: changed } = await sdk.admin.order.update(id, { shipping_address: { phone: "+49 1" } } as never)
    const refused = await office.post(`/admin/orders/${id}`, { shipping_address: { city: "Lyon", country_code: "fr" } })

    const address = {
      ...(order["shipping_address"] as object),
      phone: "+49 1",
      updated_at: expect.any(String) as string,
    }
    expect(changed.shipping_address).toEqual(address)
    expect(refused).toMatchObject({ status: 400, body: { type: "invalid_data", code: "order.country_fixed" } })
    const [entry, ...more] = await audited(id)
    expect(more).toEqual([])
    expect(Object.entries(entry?.changes ?? {}).filter(([name]) => !name.startsWith("changes."))).toEqual([
      ["shipping_address.phone", { from: null, to: "+49 1" }],
    ])
  })

  it.each([
    ["an e-mail address that is none", { email: "ada" }],
    ["an address of somebody's book", { shipping_address: { customer_id: "cus_01" } }],
    ["a field that does not change", { total: 1 }],
  ])("is not changed to have %s", async (_, body) => {
    const { id, order } = await office.order()

    const answer = await office.post(`/admin/orders/${id}`, body)

    expect(answer).toMatchObject({ status: 400, body: { type: "invalid_data" } })
    expect(await office.read(id)).toEqual(order)
  })

  it("is changed by one of two who have seen the same", async () => {
    const { id } = await office.order()
    const seen = await office.get(`/admin/orders/${id}`)
    const headers = { "if-match": seen.headers.get("etag") as string }

    const answers = await Promise.all(
      ["a", "b"].map((name) => office.post(`/admin/orders/${id}`, { metadata: { name } }, { headers })),
    )
    const canceled = await office.post(`/admin/orders/${id}/cancel`, {}, { headers })

    expect(statusesOf(answers)).toEqual([200, 412])
    expect(canceled.status).toBe(412)
    expect(await office.read(id)).toMatchObject({ status: "pending", canceled_at: null })
  })

  it("is paid in part by something else", async () => {
    const { id, order } = await office.order()

    const { order: less } = await sdk.admin.order.createCreditLine(id, {
      amount: 10,
      reference: "gift_card",
      reference_id: "gift_01",
    } as never)
    const refused = await office.post(`/admin/orders/${id}/credit-lines`, {
      amount: -1,
      reference: "x",
      reference_id: "y",
    })
    const unnamed = await office.post(`/admin/orders/${id}/credit-lines`, { amount: 1 })
    const gift = { reference: "gift_card", reference_id: "gift_02" }
    const beyond = await office.post(`/admin/orders/${id}/credit-lines`, { amount: 1000, ...gift })

    expect(less).toMatchObject({
      total: order.total - 10,
      credit_line_total: 10,
      credit_lines: [{ amount: 10, reference: "gift_card", reference_id: "gift_01" }],
    })
    expect(statusesOf([refused, unnamed])).toEqual([400, 400])
    expect(beyond).toMatchObject({ status: 400, body: { type: "invalid_data", code: "order.credit_exceeds_total" } })
    expect(await actionsOf(id)).toEqual(["credit_line_added"])
  })
})

describe("the end of an order", () => {
  it("is that it is completed, and put away", async () => {
    const { id } = await office.order()

    const early = await office.post(`/admin/orders/${id}/archive`)
    const { order: completed } = await sdk.admin.order.complete(id, {})
    const { order: archived } = await sdk.admin.order.archive(id)
    const again = await office.post(`/admin/orders/${id}/complete`)

    expect(early).toMatchObject({ status: 400, body: { type: "not_allowed", code: "order.wrong_status" } })
    expect([completed.status, archived.status]).toEqual(["completed", "archived"])
    expect(again).toMatchObject({ status: 400, body: { type: "not_allowed" } })
    expect(await actionsOf(id)).toEqual(["completed", "archived"])
  })

  it("is that it is called off: stock is free again, what was authorised is given up", async () => {
    const { id, inventoryItem } = await office.order({ quantity: 3 })
    const held = await office.stockOf(inventoryItem)

    const { order } = await sdk.admin.order.cancel(id)
    const again = await office.post(`/admin/orders/${id}/cancel`)

    expect(held).toEqual({ stocked: 10, reserved: 3 })
    expect(await office.stockOf(inventoryItem)).toEqual({ stocked: 10, reserved: 0 })
    expect(order).toMatchObject({
      status: "canceled",
      canceled_at: expect.any(String) as string,
      fulfillment_status: "canceled",
      payment_status: "canceled",
      summary: { pending_difference: 0 },
    })
    expect(again).toMatchObject({ status: 400, body: { type: "not_allowed", code: "order.wrong_status" } })
    expect(await audited(id)).toMatchObject([
      { action: "canceled", changes: { status: { from: "pending", to: "canceled" } } },
    ])
  })

  it("gives back what was captured", async () => {
    const { id, order } = await office.order()
    await sdk.admin.payment.capture(paymentOf(order), {})

    const { order: canceled } = await sdk.admin.order.cancel(id)

    expect(canceled).toMatchObject({
      payment_status: "refunded",
      summary: { paid_total: order.total, refunded_total: order.total, pending_difference: 0 },
    })
  })

  it("is not that it is called off while something of it is packed", async () => {
    const { id, order } = await office.order()
    await sdk.admin.order.createFulfillment(id, { items: piecesOf(order) })

    const refused = await office.post(`/admin/orders/${id}/cancel`)

    expect(refused).toMatchObject({ status: 400, body: { type: "not_allowed", code: "order.fulfilled" } })
    expect(await office.read(id)).toMatchObject({ status: "pending", payment_status: "authorized" })
  })

  it("is decided by those who may", async () => {
    const { id } = await office.order()
    const token = await office.colleague("clerk@shop.example", ["order:read", "order:update"])

    const updated = await office.post(`/admin/orders/${id}`, { metadata: { seen: true } }, { token })
    const canceled = await office.post(`/admin/orders/${id}/cancel`, {}, { token })

    expect([updated.status, canceled.status]).toEqual([200, 403])
  })
})

describe("orders that change hands", () => {
  const someone = async (email: string, hasAccount = true): Promise<string> =>
    (await office.container.resolve(CustomerService).create({ email, hasAccount })).id
  const tokensTo = (email: string) =>
    office.mail.sent.filter(({ to }) => to === email).map(({ data }) => (data as { token: string }).token)

  it("are asked for, and go to whoever the reader of the mail accepts", async () => {
    const { id } = await office.order({ email: "giver@example.com" })
    const ada = await someone("ada@example.com")

    const { order: asked } = await sdk.admin.order.requestTransfer(id, { customer_id: ada, internal_note: "Moved" })
    const { order: preview } = await sdk.admin.order.retrievePreview(id)
    await expect.poll(() => tokensTo("giver@example.com").length).toBe(1)
    const [token] = tokensTo("giver@example.com")
    const accepted = await office.buyer.post(`/store/orders/${id}/transfer/accept`, { token })

    expect(asked["customer_id"]).not.toBe(ada)
    expect(preview).toMatchObject({
      id,
      order_change: {
        change_type: "transfer",
        status: "requested",
        internal_note: "Moved",
        requested_by: office.userId,
      },
      items: [{ actions: [] }],
      shipping_methods: [{ actions: [] }],
    })
    expect(JSON.stringify(preview)).not.toContain(token)
    expect(accepted.status).toBe(200)
    expect(await office.read(id)).toMatchObject({ customer_id: ada })
    expect((await sdk.admin.order.retrievePreview(id)).order).toMatchObject({ order_change: null })
    expect(await actionsOf(id)).toEqual(["transfer_requested"])
  })

  it("stay where they are when that is called off", async () => {
    const { id, order } = await office.order({ email: "keeper@example.com" })
    await sdk.admin.order.requestTransfer(id, { customer_id: await someone("eve@example.com") })

    const { order: kept } = await sdk.admin.order.cancelTransfer(id)
    const again = await office.post(`/admin/orders/${id}/transfer/cancel`)

    expect(kept["customer_id"]).toBe(order["customer_id"])
    expect(again).toMatchObject({ status: 400, body: { code: "order.no_transfer_requested" } })
  })

  it("go to a guest at once", async () => {
    const { id } = await office.order({ email: "from@example.com" })

    const { order } = await sdk.admin.order.transferToGuest(id, { email: "to@example.com" } as never)

    expect(order).toMatchObject({ email: "to@example.com" })
    expect(await audited(id)).toMatchObject([
      { action: "transferred", changes: { email: { from: "from@example.com", to: "to@example.com" } } },
    ])
  })

  it("go to nobody who is not there, or cannot log in", async () => {
    const { id } = await office.order()
    const guest = await someone("guest-of-none@example.com", false)

    const unknown = await office.post(`/admin/orders/${id}/transfer`, { customer_id: "cus_none" })
    const refused = await office.post(`/admin/orders/${id}/transfer`, { customer_id: guest })

    expect(unknown).toMatchObject({ status: 404, body: { type: "not_found" } })
    expect(refused).toMatchObject({ status: 400, body: { code: "order.customer_without_account" } })
    expect(await actionsOf(id)).toEqual([])
  })
})

describe("lists of orders", () => {
  const placed: PlacedOrder[] = []
  beforeAll(async () => {
    for (const [index, email] of ["one@list.example", "two@list.example", "three@list.example"].entries()) {
      placed.push((await office.order({ email, quantity: index + 1 })).order)
    }
  })
  const list = async (query: string): Promise<string[]> => {
    const { status, text, body } = await office.get(`/admin/orders?${query}`)
    if (status !== 200) throw new Error(text)
    return (body["orders"] as { id: string }[]).map(({ id }) => id)
  }
  const ids = () => placed.map(({ id }) => id)

  it("say how far each is paid and sent", async () => {
    const { orders, count, limit } = await sdk.admin.order.list({ order: "-display_id", limit: 1 })

    expect(count).toBeGreaterThan(2)
    expect([orders.length, limit]).toEqual([1, 1])
    expect(orders[0]).toEqual({
      id: ids()[2],
      display_id: placed[2]?.display_id,
      custom_display_id: null,
      status: "pending",
      version: 1,
      summary: expect.objectContaining({ pending_difference: placed[2]?.total }) as unknown,
      total: placed[2]?.total,
      currency_code: "eur",
      metadata: null,
      locale: null,
      created_at: expect.any(String) as string,
      updated_at: expect.any(String) as string,
      payment_status: "authorized",
      fulfillment_status: "not_fulfilled",
    })
  })

  it("find orders by what people call them", async () => {
    expect(await list("q=two@list.example")).toEqual([ids()[1]])
    expect(await list(`q=${placed[0]?.display_id}&order=display_id`)).toContain(ids()[0])
    expect((await list("q=lovelace&limit=100")).length).toBeGreaterThan(2)
    expect(await list("q=nobody")).toEqual([])
  })

  it("filter by each of their filters", async () => {
    const [one, , three] = placed as [PlacedOrder, PlacedOrder, PlacedOrder]
    const customer = `customer_id=${three["customer_id"] as string}`
    const both = `id[]=${one.id}&id[]=${three.id}`
    const { shop } = office

    expect(await list(`${both}&order=display_id`)).toEqual([one.id, three.id])
    expect(await list(customer)).toEqual([three.id])
    expect(await list(`${customer}&status=canceled`)).toEqual([])
    expect(await list(`${customer}&status[]=pending&status[]=completed`)).toEqual([three.id])
    expect(await list(`${customer}&region_id=${shop.europe}&sales_channel_id=${shop.web}`)).toEqual([three.id])
    expect(await list(`${customer}&sales_channel_id=sc_none`)).toEqual([])
    expect(await list(`${customer}&total[$gte]=${three.total}`)).toEqual([three.id])
    expect(await list(`${customer}&total[$gt]=${three.total}`)).toEqual([])
    expect(await list(`${customer}&created_at[$gte]=${three["created_at"] as string}`)).toEqual([three.id])
    expect(await list(`${customer}&updated_at[$lt]=2026-01-01`)).toEqual([])
    expect(
      await list(`$or[0][id]=${one.id}&$or[1][customer_id]=${three["customer_id"] as string}&order=total`),
    ).toEqual([one.id, three.id])
  })

  it("come in the order that is asked for", async () => {
    const some = ids()
      .map((id) => `id[]=${id}`)
      .join("&")

    expect(await list(`${some}&order=total`)).toEqual(ids())
    expect(await list(`${some}&order=-total`)).toEqual(ids().toReversed())
    expect(await list(`${some}&order=-created_at`)).toEqual(ids().toReversed())
  })

  it("take five statements with lines, customers and totals, however many there are", async () => {
    const path =
      "/admin/orders?limit=50&order=-display_id&fields=+email,+subtotal,*items,*items.detail,*customer,*sales_channel"

    const sent = await office.statements(() => office.get(path))
    const { body } = await office.get(path)

    expect(sent.length).toBeLessThanOrEqual(5)
    expect((body["orders"] as object[]).length).toBeGreaterThan(10)
    expect((body["orders"] as object[])[0]).toMatchObject({
      items: [{ detail: { quantity: 3 } }],
      customer: { email: "three@list.example" },
      payment_status: "authorized",
      subtotal: 65,
    })
  })

  it("show somebody no customers, who may not see them", async () => {
    const token = await office.colleague("packer@shop.example", ["order:read"])

    const { body } = await office.get("/admin/orders?fields=id,total,customer.email&limit=1", { token })

    expect(Object.keys((body["orders"] as object[])[0] as object).toSorted()).toEqual(["id", "total"])
  })
})
