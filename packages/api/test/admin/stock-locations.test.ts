import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { InventoryItemService, InventoryLevelService } from "@marquetry/inventory"
import { openBackOffice, statusesOf, type BackOffice, type Json, type Sdk } from "./back-office.ts"

let office: BackOffice
let sdk: Sdk
beforeAll(async () => {
  office = await openBackOffice()
  sdk = await office.sdk()
})
afterAll(() => office.drop())

const address = { address_1: "Am Speicher 1", city: "Hamburg", country_code: "DE", postal_code: "20457" }
const parts = "fulfillment_sets.name,fulfillment_providers.id,sales_channels.id"
const partsOf = async (id: string) =>
  (await office.get(`/admin/stock-locations/${id}?fields=${parts}`)).body["stock_location"] as Json

/** A location with a set of two zones, of a channel, by the provider that is always there. */
async function furnished(name: string) {
  const { stock_location: location } = await sdk.admin.stockLocation.create({ name, address })
  const { sales_channel: channel } = await sdk.admin.salesChannel.create({ name })
  await sdk.admin.stockLocation.updateSalesChannels(location.id, { add: [channel.id] })
  await sdk.admin.stockLocation.updateFulfillmentProviders(location.id, { add: ["manual_manual"] })
  await sdk.admin.stockLocation.createFulfillmentSet(location.id, { name, type: "shipping" })
  return { id: location.id, channel: channel.id }
}

/** Some pieces of something at a location. @returns the level. */
async function stocked(locationId: string, stockedQuantity: number): Promise<string> {
  const { id } = await office.container.resolve(InventoryItemService).create({ title: "Veneer" })
  const levels = office.container.resolve(InventoryLevelService)
  const [level] = await levels.setMany([{ inventoryItemId: id, locationId, stockedQuantity }])
  return level as string
}

describe("stock locations", () => {
  it("are created, read, changed, listed and deleted by the official client", async () => {
    const { stock_location: made } = await sdk.admin.stockLocation.create({ name: "Depot", address })
    const { stock_location: changed } = await sdk.admin.stockLocation.update(made.id, {
      name: "Main depot",
      metadata: { doors: 4 },
    })
    const { stock_location: read } = await sdk.admin.stockLocation.retrieve(made.id)
    const { stock_locations: found, count } = await sdk.admin.stockLocation.list({ q: "main dep" })
    const deleted = await sdk.admin.stockLocation.delete(made.id)

    expect(made).toMatchObject({
      name: "Depot",
      metadata: null,
      address: { ...address, country_code: "de", address_2: null },
    })
    expect(changed).toEqual({ ...made, name: "Main depot", metadata: { doors: 4 }, updated_at: changed.updated_at })
    expect([read, found, count]).toEqual([changed, [changed], 1])
    expect(deleted).toEqual({ id: made.id, object: "stock_location", deleted: true })
    await expect(sdk.admin.stockLocation.retrieve(made.id)).rejects.toMatchObject({ status: 404 })
  })

  it("have an address of their own, which keeps its id when it is replaced", async () => {
    const { stock_location: made } = await sdk.admin.stockLocation.create({ name: "Moving", address })
    const path = `/admin/stock-locations/${made.id}`
    const addressId = (made.address as unknown as { id: string }).id

    const moved = await office.post(path, {
      address_id: addressId,
      address: { ...address, address_1: "Am Speicher 2", postal_code: null },
    })
    const foreign = await office.post(path, { name: "No", address_id: "laddr_0" })
    const bare = await office.post(path, { address_id: null })

    expect(moved.body["stock_location"]).toMatchObject({
      address: { id: addressId, address_1: "Am Speicher 2", postal_code: null },
    })
    expect(foreign).toMatchObject({ status: 400, body: { type: "invalid_data", code: "reference.unknown" } })
    expect(bare.body["stock_location"]).toMatchObject({ name: "Moving", address: null })
  })

  it("are joined with channels, providers and fulfillment sets, and with nothing that there is not", async () => {
    const { id, channel } = await furnished("Joined")
    const path = `/admin/stock-locations/${id}`

    const joined = await partsOf(id)
    const refused = [
      await office.post(`${path}/sales-channels`, { add: ["sc_0"] }),
      await office.post(`${path}/fulfillment-providers`, { add: ["manual_manual", "dhl"] }),
      await office.post(`${path}/fulfillment-sets`, { name: "Joined", type: "pickup" }),
      await office.post(`${path}/fulfillment-sets`, { type: "pickup" }),
      await office.post(`${path}/fulfillment-sets`, { name: "By air", type: "drone" }),
    ]
    const { stock_locations: ofChannel } = await sdk.admin.stockLocation.list({ sales_channel_id: channel })
    await sdk.admin.stockLocation.updateSalesChannels(id, { remove: [channel] })
    await sdk.admin.stockLocation.updateFulfillmentProviders(id, { remove: ["manual_manual"] })

    expect(joined).toMatchObject({
      fulfillment_sets: [{ name: "Joined" }],
      fulfillment_providers: [{ id: "manual_manual" }],
      sales_channels: [{ id: channel }],
    })
    expect(refused.map(({ status }) => status)).toEqual([404, 400, 422, 400, 400])
    expect(refused[1]?.body).toMatchObject({
      type: "invalid_data",
      code: "reference.unknown",
      message: "There is no fulfillment provider in use with the id: dhl",
    })
    expect(ofChannel.map((one: { id: string }) => one.id)).toEqual([id])
    expect(await partsOf(id)).toMatchObject({ fulfillment_providers: [], sales_channels: [] })
    expect((await office.audit(id)).map(({ action }) => action)).toEqual([
      "created",
      "sales_channels_changed",
      "fulfillment_providers_changed",
      "fulfillment_set_added",
      "sales_channels_changed",
      "fulfillment_providers_changed",
    ])
  })

  it("are not joined with a provider that is not in use any more, but parted from it", async () => {
    const { id } = await furnished("Left")
    const path = `/admin/stock-locations/${id}/fulfillment-providers`
    const setEnabled = (isEnabled: boolean) =>
      office.composition.database.run(
        `update "fulfillment"."fulfillment_provider" set is_enabled = $1 where id = 'manual_manual'`,
        [isEnabled],
      )

    await setEnabled(false)
    const answers = [
      await office.post(path, { add: ["manual_manual"] }),
      await office.post(path, { remove: ["manual_manual"] }),
    ]
    await setEnabled(true)

    expect(answers).toMatchObject([{ status: 400, body: { code: "reference.unknown" } }, { status: 200 }])
    expect(await partsOf(id)).toMatchObject({ fulfillment_providers: [] })
  })

  it("are not deleted as long as anything is kept there; after that with all that hangs on them", async () => {
    const { id, channel } = await furnished("Emptied")
    await sdk.admin.store.update(office.storeId, { default_location_id: id })
    await stocked(id, 0)
    const level = await stocked(id, 3)
    const path = `/admin/stock-locations/${id}`

    const refused = await office.delete(path)
    const kept = await partsOf(id)
    const levels = office.container.resolve(InventoryLevelService)
    const { inventoryItemId } = await levels.get(level)
    await levels.setMany([{ inventoryItemId, locationId: id, stockedQuantity: 0 }])
    const deleted = await office.delete(path)

    expect(refused).toMatchObject({ status: 400, body: { code: "inventory.level_in_use" } })
    expect(kept).toMatchObject({ fulfillment_sets: [{ name: "Emptied" }], sales_channels: [{ id: channel }] })
    expect(deleted.status).toBe(200)
    expect((await levels.list({ filter: { locationId: id } })).count).toBe(0)
    expect((await sdk.admin.store.retrieve(office.storeId)).store.default_location_id).toBeNull()
    // The name of its set is free, and no link is left.
    await furnished("Emptied")
    const links = await office.composition.database.sql(
      `select 1 from link.sales_channel_stock_location where stock_location_id = $1
       union all select 1 from link.stock_location_fulfillment_set where stock_location_id = $1
       union all select 1 from link.stock_location_fulfillment_provider where stock_location_id = $1`,
      [id],
    )
    expect(links).toEqual([])
  })

  it("have one set of a name, however many add it at the same time", async () => {
    const { stock_location: location } = await sdk.admin.stockLocation.create({ name: "Raced" })
    const path = `/admin/stock-locations/${location.id}`
    const set = { name: "Raced parcels", type: "shipping" }

    const answers = await Promise.all([1, 2, 3, 4].map(() => office.post(`${path}/fulfillment-sets`, set)))
    const headers = { "if-match": (await office.get(path)).headers.get("etag") as string }
    const renamed = await Promise.all(["A", "B"].map((name) => office.post(path, { name }, { headers })))

    expect(statusesOf(answers)).toEqual([200, 422, 422, 422])
    expect(statusesOf(renamed)).toEqual([200, 412])
  })

  it.each([
    ["no name", { address }, "Invalid request: Field 'name' is required"],
    ["an address of another country's spelling", { name: "X", address: { ...address, country_code: "Germany" } }, ""],
    ["an address of another location", { name: "X", address_id: "laddr_01" }, "address_id"],
  ])("are refused with %s", async (_, body, message) => {
    const answer = await office.post("/admin/stock-locations", body)

    expect(answer).toMatchObject({ status: 400, body: { type: "invalid_data" } })
    expect(answer.body["message"]).toContain(message)
  })

  it("are listed in three statements, with all that hangs on them", async () => {
    const sent = await office.statements(() => office.get(`/admin/stock-locations?fields=${parts}&order=-created_at`))

    expect(sent).toHaveLength(3)
  })
})
