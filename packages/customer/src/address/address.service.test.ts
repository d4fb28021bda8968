import { createTestDatabase, statementsOf, type TestDatabase } from "@marquetry/kernel/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { startCustomer } from "../index.ts"
import { aCustomer, anAddress } from "../testing.ts"

type Alone = Awaited<ReturnType<typeof startCustomer>>

describe("addresses", () => {
  let database: TestDatabase
  let alone: Alone
  let addresses: Alone["addresses"]
  let customerId: string

  beforeAll(async () => {
    database = await createTestDatabase()
    // No relay, so that only the service's own statements are counted.
    alone = await startCustomer({ database: database.url, events: { relay: false } })
    await alone.migrate()
    addresses = alone.addresses
  })

  beforeEach(async () => {
    customerId = (await alone.customers.create(aCustomer())).id
  })

  afterAll(async () => {
    await alone.close()
    await database.drop()
  })

  const defaultsOf = async (kind: "isDefaultShipping" | "isDefaultBilling") => {
    const { rows } = await addresses.list(customerId, { filter: { [kind]: true } })
    return rows.map(({ id }) => id)
  }

  it("keep what they were given, empty texts too, and null for what was not", async () => {
    const made = await addresses.create(customerId, { firstName: " Ada ", address2: "", countryCode: "GB", phone: "" })

    expect(made).toMatchObject({
      firstName: " Ada ",
      address1: null,
      address2: "",
      countryCode: "gb",
      phone: "",
      isDefaultShipping: false,
      isDefaultBilling: false,
      customerId,
    })
    expect(made.id).toMatch(/^cuaddr_[0-9A-Z]{26}$/)
    expect(await addresses.get(customerId, made.id)).toEqual(made)
    expect((await addresses.create(customerId, { countryCode: "" })).countryCode).toBe("")
  })

  it("are made in order, many in as many statements as one", async () => {
    const forOne = await statementsOf(alone.database, () =>
      addresses.create(customerId, anAddress({ isDefaultShipping: true })),
    )
    const inputs = Array.from({ length: 50 }, (_, index) =>
      anAddress({ city: `${index}`, isDefaultBilling: index === 7 }),
    )
    let made: (string | null)[] = []
    const forMany = await statementsOf(alone.database, async () => {
      made = (await addresses.createMany(customerId, inputs)).map(({ city }) => city)
    })

    expect(forOne).toHaveLength(5)
    expect(forMany).toHaveLength(5)
    expect(made).toEqual(inputs.map(({ city }) => city))
    expect(await addresses.createMany(customerId, [])).toEqual([])
  })

  it("have one default of each kind: the last that was said to be", async () => {
    const first = await addresses.create(customerId, anAddress({ isDefaultShipping: true, isDefaultBilling: true }))
    const second = await addresses.create(customerId, anAddress({ isDefaultShipping: true }))

    expect(await defaultsOf("isDefaultShipping")).toEqual([second.id])
    expect(await defaultsOf("isDefaultBilling")).toEqual([first.id])

    await addresses.update(customerId, first.id, { isDefaultShipping: true })
    await addresses.update(customerId, first.id, { isDefaultBilling: false })

    expect(await defaultsOf("isDefaultShipping")).toEqual([first.id])
    expect(await defaultsOf("isDefaultBilling")).toEqual([])
  })

  it("leave the defaults of other customers alone", async () => {
    const other = await alone.customers.create(aCustomer())
    const { id } = await addresses.create(other.id, anAddress({ isDefaultShipping: true }))

    await addresses.create(customerId, anAddress({ isDefaultShipping: true }))

    expect(await addresses.get(other.id, id)).toMatchObject({ isDefaultShipping: true })
  })

  it("have one default when many become it at once", async () => {
    const made = await addresses.createMany(
      customerId,
      Array.from({ length: 5 }, () => anAddress()),
    )

    await Promise.all([
      ...made.map(({ id }) => addresses.update(customerId, id, { isDefaultShipping: true, isDefaultBilling: true })),
      ...made.map(() => addresses.create(customerId, anAddress({ isDefaultShipping: true }))),
    ])

    expect(await defaultsOf("isDefaultShipping")).toHaveLength(1)
    expect(await defaultsOf("isDefaultBilling")).toHaveLength(1)
  })

  it("cannot have two defaults of a kind in one call", async () => {
    const twice = [anAddress({ isDefaultBilling: true }), anAddress({ isDefaultBilling: true })]

    await expect(addresses.createMany(customerId, twice)).rejects.toMatchObject({
      code: "input.invalid",
      details: { issues: [{ path: [1, "isDefaultBilling"] }] },
    })
  })

  it("may be deleted, the default too, and the next default be set", async () => {
    const { id } = await addresses.create(customerId, anAddress({ isDefaultShipping: true }))

    await addresses.delete(customerId, id)

    await expect(addresses.get(customerId, id)).rejects.toMatchObject({ code: "resource.not_found" })
    await expect(addresses.delete(customerId, id)).rejects.toMatchObject({ details: { id } })
    const next = await addresses.create(customerId, anAddress({ isDefaultShipping: true }))
    expect(await defaultsOf("isDefaultShipping")).toEqual([next.id])
  })

  it("of other people are not found", async () => {
    const other = await alone.customers.create(aCustomer())
    const { id } = await addresses.create(other.id, anAddress({ city: "Paris" }))

    const notFound = { code: "resource.not_found", details: { id } }
    await expect(addresses.get(customerId, id)).rejects.toMatchObject(notFound)
    await expect(addresses.update(customerId, id, { city: "Rome" })).rejects.toMatchObject(notFound)
    await expect(addresses.delete(customerId, id)).rejects.toMatchObject(notFound)

    expect(
      (await addresses.list(customerId, { filter: { $or: [{ customerId: other.id }, { city: "Paris" }] } })).rows,
    ).toEqual([])
    expect(await addresses.get(other.id, id)).toMatchObject({ city: "Paris" })
  })

  it("do not outlive their customer, not even those that are made while it is deleted", async () => {
    for (let round = 0; round < 5; round++) {
      const { id } = await alone.customers.create(aCustomer())
      await Promise.allSettled([
        alone.customers.delete(id),
        ...Array.from({ length: 4 }, () => addresses.create(id, anAddress())),
      ])
      expect((await addresses.list(id)).count).toBe(0)
    }
    await expect(addresses.create("cus_none", anAddress())).rejects.toMatchObject({ details: { id: "cus_none" } })
  })

  it.each([
    ["a country of three letters", { countryCode: "gbr" }],
    ["a text that is too long", { city: "x".repeat(501) }],
    ["a field that there is not", { planet: "Mars" }],
  ] as [string, object][])("refuse %s", async (_, fault) => {
    await expect(addresses.create(customerId, { ...anAddress(), ...fault })).rejects.toMatchObject({
      code: "input.invalid",
    })
  })

  it("are found by words, and by fields", async () => {
    const paris = await addresses.create(customerId, anAddress({ city: "Paris", countryCode: "fr" }))
    await addresses.create(customerId, anAddress())

    const byWord = await addresses.list(customerId, { q: "par" })
    const byField = await addresses.list(customerId, { filter: { countryCode: "fr" } })

    expect(byWord.rows).toEqual([paris])
    expect(byField.rows).toEqual([paris])
  })
})
