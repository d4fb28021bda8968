import { ReservationService, VariantInventoryItemService } from "@marquetry/inventory"
import { OrderService } from "@marquetry/order"
import { anOrder, anOrderLine } from "@marquetry/order/testing"
import { ProductService } from "@marquetry/product"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openBackOffice, type BackOffice, type Json, type Sdk } from "./back-office.ts"
import { openStockroom } from "./stockroom.ts"

let office: BackOffice
let sdk: Sdk
let room: Awaited<ReturnType<typeof openStockroom>>
beforeAll(async () => {
  office = await openBackOffice()
  sdk = await office.sdk()
  room = await openStockroom(office)
})
afterAll(() => office.drop())

const path = "/admin/reservations"
const rowOf = (body: Json) => body["reservation"] as Json & { id: string }
const here = (inventory_item_id: string, quantity: number) => ({
  inventory_item_id,
  quantity,
  location_id: room.north,
})

/** A line of an order, of a variant that is made of several units of an item. */
async function aLineOf(inventoryItemId: string, requiredQuantity: number): Promise<string> {
  const product = await office.container.resolve(ProductService).create({ title: "Kit", variants: [{ title: "Kit" }] })
  const [variant] = product.variants
  const items = [{ inventoryItemId, requiredQuantity }]
  const variantId = variant?.id as string
  await office.container.resolve(VariantInventoryItemService).setForVariants([{ variantId, items }])
  const order = await office.container
    .resolve(OrderService)
    .create(anOrder({ items: [anOrderLine({ variantId, quantity: 2 })] }))
  return order.items[0]?.id as string
}

describe("reservations", () => {
  it("are created, read, changed, listed and deleted by the official client", async () => {
    const item = await room.stocked(5)
    const { reservation: made } = await sdk.admin.reservation.create({
      ...here(item, 2),
      description: "For the window",
      metadata: { week: 1 },
    } as never)
    const afterwards = await room.quantities(item)
    const { reservation: changed } = await sdk.admin.reservation.update(made.id, { quantity: 3 })
    const { reservation: read } = await sdk.admin.reservation.retrieve(made.id)
    const { reservations: found, count } = await sdk.admin.reservation.list({
      inventory_item_id: [item],
      location_id: room.north,
      created_by: office.userId,
      quantity: { $gte: 3 },
    } as never)
    const deleted = await sdk.admin.reservation.delete(made.id)

    expect(made).toMatchObject({
      ...here(item, 2),
      line_item_id: null,
      description: "For the window",
      metadata: { week: 1 },
      inventory_item: { id: item, title: "Thing", stocked_quantity: 5, reserved_quantity: 2 },
    })
    expect((made as unknown as Json)["inventory_item"]).toMatchObject({
      location_levels: [{ location_id: room.north, available_quantity: 3 }],
    })
    expect(afterwards).toEqual([5, 2])
    expect(changed).toEqual(read)
    expect(read).toMatchObject({ id: made.id, quantity: 3, inventory_item: { reserved_quantity: 3 } })
    expect([found, count]).toEqual([[read], 1])
    expect(deleted).toEqual({ id: made.id, object: "reservation", deleted: true })
    expect(await room.quantities(item)).toEqual([5, 0])
    await expect(sdk.admin.reservation.retrieve(made.id)).rejects.toMatchObject({ status: 404 })
  })

  it("are for no more than there is, however many ask at once", async () => {
    const item = await room.stocked(5)

    const answers = await Promise.all(Array.from({ length: 8 }, () => office.post(path, here(item, 1))))
    const id = rowOf(answers.find(({ status }) => status === 200)?.body ?? {}).id
    const more = await office.post(`${path}/${id}`, { quantity: 2 })
    const elsewhere = await office.post(`${path}/${id}`, { location_id: room.south })

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(5)
    const short = { status: 400, body: { type: "not_allowed", code: "insufficient_inventory" } }
    expect(answers.filter(({ status }) => status !== 200)).toMatchObject([short, short, short])
    expect([more, elsewhere]).toMatchObject([short, short])
    expect(await room.quantities(item)).toEqual([5, 5])
  })

  it("move to another location", async () => {
    const item = await room.stocked(5)
    await office.post(`/admin/inventory-items/${item}/location-levels`, {
      location_id: room.south,
      stocked_quantity: 1,
    })
    const { id } = rowOf((await office.post(path, here(item, 1))).body)

    const moved = await office.post(`${path}/${id}`, { location_id: room.south })

    expect(rowOf(moved.body)).toMatchObject({ location_id: room.south, quantity: 1 })
    expect(await room.quantities(item)).toEqual([5, 0])
  })

  it("are refused for what is not there", async () => {
    const item = await room.stocked(5)
    const { id } = rowOf((await office.post(path, here(item, 1))).body)

    const answers = [
      await office.post(path, here("iitem_0", 1)),
      await office.post(path, { ...here(item, 1), location_id: "sloc_0" }),
      await office.post(path, { ...here(item, 1), line_item_id: "ordli_0" }),
      await office.post(`${path}/${id}`, { location_id: "sloc_0" }),
    ]
    const none = await office.post(path, here(item, 0))

    expect(answers.map(({ status, body }) => [status, body["message"]])).toEqual([
      [404, "inventory item with id: iitem_0 was not found"],
      [404, "stock location with id: sloc_0 was not found"],
      [404, "Order line item with id: ordli_0 was not found"],
      [404, "stock location with id: sloc_0 was not found"],
    ])
    expect(none).toMatchObject({ status: 400, body: { type: "invalid_data" } })
    expect(await room.quantities(item)).toEqual([5, 1])
  })

  it("of a line can be given back and made again, and are sent by what the line requires", async () => {
    const item = await room.stocked(10)
    const line = await aLineOf(item, 3)
    const reservations = office.container.resolve(ReservationService)
    const made = await office.post(path, { ...here(item, 6), line_item_id: line })

    await office.delete(`${path}/${rowOf(made.body).id}`)
    const free = await room.quantities(item)
    const unsent = await reservations.fulfil([{ lineItemId: line, quantity: 2 }]).catch((error: unknown) => error)
    await office.post(path, { ...here(item, 6), line_item_id: line })
    await reservations.fulfil([{ lineItemId: line, quantity: 1 }])

    expect(rowOf(made.body)).toMatchObject({ line_item_id: line, quantity: 6 })
    expect(free).toEqual([10, 0])
    expect(unsent).toMatchObject({ code: "inventory.not_reserved" })
    expect(await room.quantities(item)).toEqual([7, 3])
  })

  it("are given back once, by many who delete one at once", async () => {
    const item = await room.stocked(5)
    const { id } = rowOf((await office.post(path, here(item, 2))).body)

    const answers = await Promise.all(Array.from({ length: 4 }, () => office.delete(`${path}/${id}`)))

    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 404, 404, 404])
    expect(await room.quantities(item)).toEqual([5, 0])
  })

  it("have a version, by which one of two who have seen the same changes them, and are audited", async () => {
    const item = await room.stocked(5)
    const made = await office.post(path, here(item, 1))
    const { id } = rowOf(made.body)
    const headers = { "if-match": made.headers.get("etag") as string }

    const answers = await Promise.all([2, 3].map((quantity) => office.post(`${path}/${id}`, { quantity }, { headers })))
    await office.delete(`${path}/${id}`)
    const entries = await office.audit(id)

    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412])
    expect(entries.map(({ action, resourceType }) => [action, resourceType])).toEqual([
      ["created", "reservation"],
      ["updated", "reservation"],
      ["deleted", "reservation"],
    ])
    const { quantity } = rowOf(answers.find(({ status }) => status === 200)?.body ?? {})
    expect(entries[1]?.changes).toMatchObject({ quantity: { from: 1, to: quantity } })
  })

  it("take five statements to list, with their items' sums, however many", async () => {
    const item = await room.stocked(50)
    for (let count = 0; count < 10; count++) await office.post(path, here(item, 1))

    const sent = await office.statements(() => office.get(`${path}?q=thing&limit=50`))

    expect(sent).toHaveLength(5)
  })
})
