import { InventoryItemService, ReservationService, VariantInventoryItemService } from "@marquetry/inventory"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openBackOffice, type BackOffice, type Json, type Sdk } from "./back-office.ts"
import { openStockroom, type Item } from "./stockroom.ts"

let office: BackOffice
let sdk: Sdk
let room: Awaited<ReturnType<typeof openStockroom>>
beforeAll(async () => {
  office = await openBackOffice()
  sdk = await office.sdk()
  room = await openStockroom(office)
})
afterAll(() => office.drop())

const path = "/admin/inventory-items"
const itemOf = (body: Json) => body["inventory_item"] as Item

describe("inventory items", () => {
  it("are created with their levels, read, changed, listed and deleted by the official client", async () => {
    const body = {
      sku: "BOARD-1",
      title: "Board",
      weight: 1.25,
      metadata: { shelf: 3 },
      location_levels: [{ location_id: room.north, stocked_quantity: 7, incoming_quantity: 2 }],
    }
    const { inventory_item: made } = await sdk.admin.inventoryItem.create(body as never)
    const { inventory_item: changed } = await sdk.admin.inventoryItem.update(made.id, { title: "Long board" })
    const { inventory_item: read } = await sdk.admin.inventoryItem.retrieve(made.id)
    const { inventory_items: found, count } = await sdk.admin.inventoryItem.list({ q: "long boa", sku: "BOARD-1" })
    const deleted = await sdk.admin.inventoryItem.delete(made.id)

    expect(made).toMatchObject({
      sku: "BOARD-1",
      title: "Board",
      weight: 1.25,
      length: null,
      requires_shipping: true,
      stocked_quantity: 7,
      reserved_quantity: 0,
      metadata: { shelf: 3 },
      location_levels: [
        {
          location_id: room.north,
          stocked_quantity: 7,
          reserved_quantity: 0,
          incoming_quantity: 2,
          available_quantity: 7,
        },
      ],
    })
    expect(changed).toEqual(read)
    expect(read).toEqual({ ...made, title: "Long board", updated_at: read["updated_at"] })
    expect([found, count]).toEqual([[read], 1])
    expect(deleted).toEqual({ id: made.id, object: "inventory_item", deleted: true })
    await expect(sdk.admin.inventoryItem.retrieve(made.id)).rejects.toMatchObject({ status: 404 })
  })

  it("say what they have at all locations together, however many are listed, in two statements more", async () => {
    const inputs = Array.from({ length: 30 }, (_, index) => ({
      material: "oak",
      weight: index,
      locationLevels: [room.north, room.south].map((locationId) => ({ locationId, stockedQuantity: index })),
    }))
    const made = await office.container.resolve(InventoryItemService).createMany(inputs)
    const lines = [{ inventoryItemId: made[3]?.id as string, quantity: 4 }]
    await office.container.resolve(ReservationService).reserve({ lines, locationIds: [room.north, room.south] })
    const url = `${path}?material=oak&weight[$lt]=20&order=weight&limit=50`

    const { body } = await office.get(url)
    const sent = await office.statements(() => office.get(url))
    const fields = await office.statements(() => office.get(`${url}&fields=sku`))

    const items = body["inventory_items"] as Item[]
    expect(items.map((item) => item["stocked_quantity"])).toEqual(Array.from({ length: 20 }, (_, index) => 2 * index))
    expect(items[3]).toMatchObject({ stocked_quantity: 6, reserved_quantity: 4 })
    expect(sent).toHaveLength(5)
    expect(fields).toHaveLength(3)
  })

  it("are found by where they are", async () => {
    const id = await room.stocked(123_456)

    const at = (query: string) => office.get(`${path}?id=${id}&${query}`)
    const found = await at(`location_levels[location_id]=${room.north}&location_levels[stocked_quantity][$gt]=123455`)
    const elsewhere = await at(`location_levels[location_id]=${room.south}`)

    expect([found.body["count"], elsewhere.body["count"]]).toEqual([1, 0])
  })

  it("are made with all their levels, or not at all", async () => {
    const levels = [{ location_id: room.north }, { location_id: "sloc_0" }]

    const nowhere = await office.post(path, { sku: "HALF", location_levels: levels })
    const twice = await office.post(path, { sku: "HALF", location_levels: [levels[0], levels[0]] })
    const { body } = await office.get(`${path}?sku=HALF`)

    expect(nowhere).toMatchObject({ status: 404, body: { message: "stock location with id: sloc_0 was not found" } })
    expect(twice).toMatchObject({ status: 400, body: { type: "invalid_data" } })
    expect(body["count"]).toBe(0)
  })

  it("have a SKU of their own, however many ask for it at once", async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => office.post(path, { sku: "RACED" })))

    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 400, 400, 400, 400])
    expect(answers.find(({ status }) => status === 400)?.body).toMatchObject({ code: "inventory.sku_taken" })
  })

  it("stay while they are reserved, or part of something that has other parts", async () => {
    const [reserved, part, other] = [await room.stocked(2), await room.stocked(2), await room.stocked(2)]
    const lines = [{ inventoryItemId: reserved, quantity: 1 }]
    await office.container.resolve(ReservationService).reserve({ lines, locationIds: [room.north] })
    const items = [part, other].map((inventoryItemId) => ({ inventoryItemId }))
    await office.container.resolve(VariantInventoryItemService).setForVariants([{ variantId: "variant_kit", items }])

    const answers = [await office.delete(`${path}/${reserved}`), await office.delete(`${path}/${part}`)]

    expect(answers).toMatchObject(
      answers.map(() => ({ status: 400, body: { type: "not_allowed", code: "inventory.item_in_use" } })),
    )
  })

  it("have a version, by which one of two who have seen the same changes them, and are audited", async () => {
    const made = await office.post(path, { title: "Seen" })
    const { id } = itemOf(made.body)
    const headers = { "if-match": made.headers.get("etag") as string }

    const answers = await Promise.all(["A", "B"].map((title) => office.post(`${path}/${id}`, { title }, { headers })))
    await office.delete(`${path}/${id}`)

    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412])
    expect((await office.audit(id)).map(({ action }) => action)).toEqual(["created", "updated", "deleted"])
  })
})
