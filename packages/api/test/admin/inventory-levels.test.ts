import { ReservationService } from "@marquetry/inventory"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openBackOffice, type BackOffice, type Json, type Sdk } from "./back-office.ts"
import { openStockroom, type Item, type Level } from "./stockroom.ts"

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
const levelsOf = (id: string) => `${path}/${id}/location-levels`
const reserve = (inventoryItemId: string, quantity: number) =>
  office.container
    .resolve(ReservationService)
    .reserve({ lines: [{ inventoryItemId, quantity }], locationIds: [room.north] })
const sorted = (answers: readonly { status: number }[]) => answers.map(({ status }) => status).toSorted((a, b) => a - b)

describe("levels of an item", () => {
  it("are made, changed, listed and deleted, and answer the item", async () => {
    const id = await room.stocked(5)
    const made = await office.post(levelsOf(id), { location_id: room.south, stocked_quantity: 3 })
    const { inventory_item: changed } = (await sdk.admin.inventoryItem.updateLevel(id, room.south, {
      stocked_quantity: 0,
      incoming_quantity: 4,
    } as never)) as unknown as { inventory_item: Item }
    const arrived = await office.post(`${levelsOf(id)}/${room.south}`, { incoming_quantity: 0 })
    const { inventory_levels: all, count } = (await sdk.admin.inventoryItem.listLevels(id)) as unknown as {
      inventory_levels: Level[]
      count: number
    }
    const found = await office.get(`${levelsOf(id)}?location_id=${room.south}&fields=stocked_quantity`)
    const level = all.find(({ location_id }) => location_id === room.south) as Level
    const deleted = await sdk.admin.inventoryItem.deleteLevel(id, room.south)

    expect(made.body["inventory_item"]).toMatchObject({ id, stocked_quantity: 8 })
    expect(changed).toMatchObject({ id, stocked_quantity: 5 })
    expect(changed.location_levels.find((one) => one.id === level.id)).toMatchObject({ incoming_quantity: 4 })
    expect(arrived.status).toBe(200)
    expect(count).toBe(2)
    expect(level).toEqual({
      id: level.id,
      inventory_item_id: id,
      location_id: room.south,
      metadata: null,
      stocked_quantity: 0,
      reserved_quantity: 0,
      incoming_quantity: 0,
      available_quantity: 0,
      created_at: level["created_at"],
      updated_at: level["updated_at"],
    })
    expect(found.body["inventory_levels"]).toEqual([{ id: level.id, stocked_quantity: 0 }])
    expect(deleted).toMatchObject({ id: level.id, object: "inventory-level", deleted: true, parent: { id } })
    expect((deleted as unknown as { parent: Item }).parent.location_levels).toHaveLength(1)
    expect((await office.audit(id)).map(({ action, changes }) => [action, Object.keys(changes as object)])).toEqual([
      ["level_created", expect.arrayContaining([`location_levels.${level.id}`, "stocked_quantity"])],
      ["level_updated", expect.arrayContaining([`location_levels.${level.id}.incoming_quantity`])],
      ["level_updated", [`location_levels.${level.id}.incoming_quantity`]],
      ["level_deleted", [`location_levels.${level.id}`]],
    ])
  })

  it("are refused where they are already, where nothing can be, and where they are not", async () => {
    const id = await room.stocked(5)

    const twice = await office.post(levelsOf(id), { location_id: room.north })
    const nowhere = await office.post(levelsOf(id), { location_id: "sloc_0" })
    const missing = await office.post(`${levelsOf(id)}/${room.south}`, { stocked_quantity: 1 })
    const gone = await office.delete(`${levelsOf(id)}/${room.south}`)
    const raced = await Promise.all(
      Array.from({ length: 4 }, () => office.post(levelsOf(id), { location_id: room.south })),
    )

    expect(twice).toMatchObject({ status: 422, body: { type: "duplicate_error" } })
    expect([nowhere.status, missing.status, gone.status]).toEqual([404, 404, 404])
    expect(sorted(raced)).toEqual([200, 422, 422, 422])
  })

  it("stay while anything is there, reserved or on its way", async () => {
    const id = await room.stocked(1)
    const level = `${levelsOf(id)}/${room.north}`

    const stocked = await office.delete(level)
    await office.post(level, { stocked_quantity: 0, incoming_quantity: 1 })
    const incoming = await office.delete(level)

    expect(stocked).toMatchObject({ status: 400, body: { type: "not_allowed", code: "inventory.level_in_use" } })
    expect(incoming.status).toBe(400)
    expect(await room.quantities(id)).toEqual([0, 0])
  })

  it("never have less than is reserved, whoever counts and reserves at once", async () => {
    const id = await room.stocked(10)
    const level = `${levelsOf(id)}/${room.north}`
    const set = (stocked_quantity: number) => office.post(level, { stocked_quantity })
    const body = { inventory_item_id: id, location_id: room.north, quantity: 3 }

    const answers = await Promise.all([
      ...Array.from({ length: 4 }, () => office.post("/admin/reservations", body)),
      ...[4, 7, 2, 9].map(set),
    ])
    const [stock = 0, reserved = 0] = (await room.quantities(id)) ?? []
    const less = await set(reserved - 1)
    const same = await set(reserved)

    expect(new Set(sorted(answers))).toEqual(new Set([200, 400]))
    expect(reserved).toBe(3 * answers.slice(0, 4).filter(({ status }) => status === 200).length)
    expect(stock).toBeGreaterThanOrEqual(reserved)
    expect(less).toMatchObject({ status: 400, body: { type: "not_allowed", code: "inventory.stock_out_of_bounds" } })
    expect(same.status).toBe(200)
    expect(await room.quantities(id)).toEqual([reserved, reserved])
  })

  it("are counted by one of two who have seen the same", async () => {
    const id = await room.stocked(10)
    const version = (await office.get(`${path}/${id}`)).headers.get("etag") as string
    const headers = { "if-match": version }

    const answers = await Promise.all(
      [11, 12].map((stocked_quantity) =>
        office.post(`${levelsOf(id)}/${room.north}`, { stocked_quantity }, { headers }),
      ),
    )

    expect(sorted(answers)).toEqual([200, 412])
  })

  it("may be counted by those who may not say what an item is", async () => {
    const id = await room.stocked(1)
    const token = await office.colleague("keeper@shop.example", ["inventory_level:*"])

    const counted = await office.post(`${levelsOf(id)}/${room.north}`, { stocked_quantity: 2 }, { token })
    const renamed = await office.post(`${path}/${id}`, { title: "Mine" }, { token })
    const made = await office.post(`${levelsOf(id)}/batch`, { create: [{ location_id: room.south }] }, { token })

    expect([counted.status, renamed.status, made.status]).toEqual([200, 403, 200])
  })
})

describe("batches of levels", () => {
  it("make, change and delete those of one item", async () => {
    const id = await room.stocked(0)
    const { body: before } = await office.get(levelsOf(id))
    const [north] = before["inventory_levels"] as [Level]

    const moved = (await sdk.admin.inventoryItem.batchInventoryItemLocationLevels(id, {
      create: [{ location_id: room.south, stocked_quantity: 4 }],
      update: [{ id: north.id, location_id: room.north, incoming_quantity: 0 }],
      delete: [],
    } as never)) as unknown as { created: Level[]; updated: Level[]; deleted: Json }
    const { body: gone } = await office.post(`${levelsOf(id)}/batch`, { delete: [north.id] })

    expect(moved).toMatchObject({
      created: [{ inventory_item_id: id, location_id: room.south, stocked_quantity: 4 }],
      updated: [{ id: north.id }],
      deleted: { ids: [], object: "inventory-level", deleted: true },
    })
    expect(gone).toEqual({
      created: [],
      updated: [],
      deleted: { ids: [north.id], object: "inventory-level", deleted: true },
    })
    const [made] = moved.created
    expect((await office.audit(made?.id as string)).map(({ action }) => action)).toEqual(["created"])
    expect((await office.audit(north.id)).map(({ action }) => action)).toEqual(["updated", "deleted"])
  })

  it("delete what is stocked by force only, and what is reserved never", async () => {
    const [free, held] = [await room.stocked(5), await room.stocked(5)]
    await reserve(held, 1)
    const idOf = async (item: string) => ((await office.get(levelsOf(item))).body["inventory_levels"] as [Level])[0].id
    const ids = { free: await idOf(free), held: await idOf(held) }

    const gentle = await office.post(`${levelsOf(free)}/batch`, { delete: [ids.free] })
    const foreign = await office.post(`${levelsOf(held)}/batch`, { delete: [ids.free], force: true })
    const both = await office.post(`${path}/location-levels/batch`, { delete: [ids.free, ids.held], force: true })
    const still = [await room.quantities(free), await room.quantities(held)]
    const forced = await office.post(`${levelsOf(free)}/batch`, { delete: [ids.free], force: true })

    const inUse = { status: 400, body: { type: "not_allowed", code: "inventory.level_in_use" } }
    expect(gentle).toMatchObject(inUse)
    expect(foreign.status).toBe(404)
    expect(both).toMatchObject(inUse)
    expect(still).toEqual([
      [5, 0],
      [5, 1],
    ])
    expect(forced.status).toBe(200)
    expect(await room.quantities(free)).toBeUndefined()
  })

  it("change those of many items in as many statements as those of one, all or none", async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => room.stocked(1)))
    const update = ids.map((inventory_item_id, index) => {
      return { inventory_item_id, location_id: room.north, stocked_quantity: index }
    })
    const send = (batch: Json) => office.post(`${path}/location-levels/batch`, batch)

    const one = await office.statements(() => send({ update: update.slice(0, 1) }))
    const many = await office.statements(() => send({ update }))
    const stocks = await Promise.all(ids.map((id) => room.quantities(id)))
    const refused = await send({
      update: [{ ...update[0], stocked_quantity: 99 }],
      create: [{ inventory_item_id: ids[1], location_id: room.north }],
    })
    const sdkAnswer = (await sdk.admin.inventoryItem.batchInventoryItemsLocationLevels({
      create: [{ inventory_item_id: ids[0], location_id: room.south, stocked_quantity: 6 }],
    } as never)) as unknown as { created: Level[] }

    expect(many).toHaveLength(one.length)
    expect(stocks).toEqual(update.map(({ stocked_quantity }) => [stocked_quantity, 0]))
    expect(refused).toMatchObject({ status: 422, body: { type: "duplicate_error" } })
    expect(await room.quantities(ids[0] as string)).toEqual([0, 0])
    expect(sdkAnswer.created).toMatchObject([{ stocked_quantity: 6 }])
  })

  it("are refused with what is not there, or is named twice", async () => {
    const id = await room.stocked(1)
    const at = { inventory_item_id: id, location_id: room.north, stocked_quantity: 2 }
    const send = (batch: Json) => office.post(`${path}/location-levels/batch`, batch)

    const answers = [
      await send({ update: [{ ...at, inventory_item_id: "iitem_0" }] }),
      await send({ update: [{ ...at, location_id: room.south }] }),
      await send({ update: [{ ...at, id: "ilev_0" }] }),
      await send({ create: [{ ...at, location_id: "sloc_0" }] }),
      await send({ delete: ["ilev_0"] }),
    ]
    const twice = await send({ update: [at, at] })

    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404])
    expect(twice).toMatchObject({ status: 400, body: { type: "invalid_data" } })
    expect(await room.quantities(id)).toEqual([1, 0])
  })

  it("never wait in a circle with counts, sales and each other", async () => {
    const [a, b] = [await room.stocked(50), await room.stocked(50)]
    const at = (id: string) => ({ inventory_item_id: id, location_id: room.north, stocked_quantity: 60 })
    const both = (first: string, second: string) =>
      office.post(`${path}/location-levels/batch`, { update: [at(first), at(second)] })

    const answers = await Promise.all([
      both(a, b),
      both(b, a),
      office.post(`${levelsOf(a)}/${room.north}`, { stocked_quantity: 55 }),
      both(a, b),
      office.post(`${levelsOf(b)}/batch`, { update: [{ location_id: room.north, stocked_quantity: 70 }] }),
      both(b, a),
    ])
    const sold = await Promise.all(Array.from({ length: 5 }, () => reserve(a, 2)))

    expect(sorted(answers)).toEqual([200, 200, 200, 200, 200, 200])
    expect(sold).toHaveLength(5)
    expect((await room.quantities(a))?.[1]).toBe(10)
  })
})
