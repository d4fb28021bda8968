import { createTestDatabase, driftOf } from "@marquetry/kernel/testing"
import { describe, expect, it } from "vitest"
import { startCustomer } from "../src/index.ts"

describe.each(["postgres", "pglite"])("the module alone, on %s", (kind) => {
  it("migrates an empty database to what its entities say, twice without harm, and knows a guest again", async () => {
    const database = kind === "postgres" ? await createTestDatabase() : undefined
    const alone = await startCustomer({ database: database?.url })

    const ran = await alone.migrate()
    const again = await alone.migrate()
    const drift = await driftOf(alone.database)
    const { id } = await alone.customers.guestOf("ada@example.com")
    const group = await alone.groups.create({ name: "Members" })
    await alone.groups.addCustomers(group.id, [id])
    const guest = await alone.customers.guestOf("Ada@Example.com")
    await alone.addresses.create(id, { city: "London", isDefaultShipping: true })

    expect(ran).toContain("customer/20261122203801_create-customers")
    expect(again).toEqual([])
    expect(drift).toBe("")
    expect(guest).toEqual({ id, email: "ada@example.com", hasAccount: false, groupIds: [group.id] })
    await alone.close()
    await database?.drop()
  })
})
