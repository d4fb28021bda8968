import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { startStockLocation, stockLocationResource } from "../index.ts"
import { aStockLocation, anAddress } from "../testing.ts"

type Alone = Awaited<ReturnType<typeof startStockLocation>>

describe("stock locations", () => {
  let database: TestDatabase
  let alone: Alone
  let locations: Alone["stockLocations"]

  beforeAll(async () => {
    database = await createTestDatabase()
    alone = await startStockLocation({ database: database.url, events: { relay: false } })
    await alone.migrate()
    locations = alone.stockLocations
  })

  beforeEach(async () => {
    await alone.database.run(`delete from "stock_location"."stock_location"`)
    await alone.database.run(`delete from "stock_location"."stock_location_address"`)
  })

  afterAll(async () => {
    await alone.close()
    await database.drop()
  })

  const addresses = async () => {
    const [row] = await alone.database.sql<{ count: number }>(
      `select count(*)::int as count from "stock_location"."stock_location_address" where deleted_at is null`,
    )
    return row?.count
  }

  it("keep what they were made with", async () => {
    const made = await locations.create({
      name: " Harbour ",
      address: anAddress({ countryCode: "DK", postalCode: "1058", metadata: { dock: 4 } }),
      metadata: { floors: [1, 2] },
    })

    expect(made).toMatchObject({ name: "Harbour", metadata: { floors: [1, 2] }, deletedAt: null })
    expect(made.id).toMatch(/^sloc_[0-9A-Z]{26}$/)
    expect(made.address).toMatchObject({
      id: expect.stringMatching(/^laddr_[0-9A-Z]{26}$/) as string,
      address1: "Havnegade 1",
      address2: null,
      city: "Copenhagen",
      countryCode: "dk",
      postalCode: "1058",
      metadata: { dock: 4 },
    })
    expect(made.addressId).toBe(made.address?.id)
    expect(await locations.get(made.id)).toEqual(made)
  })

  it("may be known by their city alone, whose street is said to be none", async () => {
    const made = await locations.create(aStockLocation({ address: anAddress({ address1: " " }) }))

    expect(made.address).toMatchObject({ address1: "", city: "Copenhagen" })
  })

  it("have no address unless one is given", async () => {
    const made = await locations.create(aStockLocation())

    expect(made).toMatchObject({ address: null, addressId: null, metadata: null })
  })

  it("speak of address_1 on the wire", async () => {
    await locations.create(aStockLocation({ address: anAddress({ address2: "2nd floor" }) }))

    const { rows } = await alone.query.listRaw(stockLocationResource.name, {
      fields: { name: true, address: { address_1: true, address_2: true, country_code: true } },
      names: "wire",
    })

    expect(JSON.parse(rows)).toEqual([
      { name: "Warehouse", address: { address_1: "Havnegade 1", address_2: "2nd floor", country_code: "dk" } },
    ])
  })

  it("are made by the hundred in order, each with its address, in as many statements as one", async () => {
    const inputs = Array.from({ length: 300 }, (_, index) =>
      aStockLocation({
        name: `L${index}`,
        address: index % 3 === 0 ? null : anAddress({ address1: `Street ${index}` }),
      }),
    )

    const forOne = await statementsOf(alone.database, () => locations.create(aStockLocation({ address: anAddress() })))
    let made: string[] = []
    const forMany = await statementsOf(alone.database, async () => {
      const rows = await locations.createMany(inputs)
      made = rows.map(({ name, address }) => `${name} ${address?.address1 ?? ""}`)
    })

    expect(made).toEqual(inputs.map(({ name, address }) => `${name} ${address?.address1 ?? ""}`))
    expect(forOne).toHaveLength(4)
    expect(forMany).toHaveLength(4)
    expect(await locations.createMany([])).toEqual([])
  })

  it("change what is named, and leave the rest", async () => {
    const before = await locations.create(aStockLocation({ address: anAddress(), metadata: { a: 1 } }))

    const after = await locations.update(before.id, { name: "Other" })
    const cleared = await locations.update(before.id, { metadata: null })

    expect(after).toMatchObject({ name: "Other", metadata: { a: 1 }, address: before.address })
    expect(cleared).toMatchObject({ name: "Other", metadata: null, address: before.address })
  })

  it("get an address, another one and none", async () => {
    const { id } = await locations.create(aStockLocation())

    const first = await locations.update(id, { address: anAddress({ phone: "12", company: "Acme" }) })
    const second = await locations.update(id, { address: anAddress({ address1: "Nygade 2", city: null }) })
    const none = await locations.update(id, { address: null })

    expect(first.address).toMatchObject({ address1: "Havnegade 1", phone: "12", company: "Acme" })
    expect(second.address).toMatchObject({ address1: "Nygade 2", city: null, phone: null, company: null })
    expect(second.addressId).toBe(first.addressId)
    expect(none).toMatchObject({ address: null, addressId: null })
    expect(await addresses()).toBe(0)
  })

  it("have one address when several are given at once", async () => {
    const { id } = await locations.create(aStockLocation())

    await Promise.all(
      Array.from({ length: 8 }, (_, index) => locations.update(id, { address: anAddress({ address1: `S${index}` }) })),
    )

    expect(await addresses()).toBe(1)
    expect((await locations.get(id)).address?.address1).toMatch(/^S\d$/)
  })

  it("are gone with their address when deleted", async () => {
    const { id } = await locations.create(aStockLocation({ address: anAddress() }))

    await locations.delete(id)

    expect((await locations.list()).rows).toEqual([])
    expect(await addresses()).toBe(0)
  })

  it.each(["update", "delete", "get"] as const)("cannot %s what there is not", async (verb) => {
    await expect(locations[verb]("sloc_none", {})).rejects.toMatchObject({ details: { id: "sloc_none" } })
  })

  it.each([
    ["an empty name", { name: " " }],
    ["a field that there is not", { colour: "red" }],
    ["an address without a street", { address: { countryCode: "dk" } }],
    ["an address without a country", { address: { address1: "Havnegade 1" } }],
    ["a country that is no code", { address: anAddress({ countryCode: "Denmark" }) }],
  ] as [string, object][])("refuse %s", async (_, fault) => {
    await expect(locations.create({ ...aStockLocation(), ...fault })).rejects.toMatchObject({ code: "input.invalid" })
    expect((await locations.list()).count).toBe(0)
  })

  it("are found by the beginning of words, and by their address", async () => {
    await locations.createMany([
      aStockLocation({ name: "North store", address: anAddress() }),
      aStockLocation({ name: "South store", address: anAddress({ countryCode: "de" }) }),
    ])

    const found = await locations.list({ q: "sto nor" })
    const german = await locations.list({ filter: { address: { countryCode: "de" } } })

    expect(found.rows.map(({ name }) => name)).toEqual(["North store"])
    expect(german.rows.map(({ name }) => name)).toEqual(["South store"])
  })

  it("tell what happened, with the data or not at all", async () => {
    const { id } = await locations.create(aStockLocation())
    await alone.database
      .transaction(async () => {
        await locations.update(id, { name: "Other" })
        throw new Error("changed my mind")
      })
      .catch(() => {})
    await locations.delete(id)

    const sent = await alone.database.sql(
      `select name from "marquetry"."outbox" where aggregate_id = $1 order by sequence`,
      [id],
    )

    expect(sent).toEqual([{ name: "stock-location.created" }, { name: "stock-location.deleted" }])
  })
})
