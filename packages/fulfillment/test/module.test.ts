import { createTestDatabase, driftOf } from "@marquetry/kernel/testing"
import { describe, expect, it } from "vitest"
import { startFulfillment } from "../src/index.ts"
import { aFulfillment, aFulfillmentSet, aShippingOption, aShippingProfile } from "../src/testing.ts"

describe.each(["postgres", "pglite"])("the module alone, on %s", (kind) => {
  it("migrates an empty database to what its entities say, twice without harm, and sends something", async () => {
    const database = kind === "postgres" ? await createTestDatabase() : undefined
    const alone = await startFulfillment({ database: database?.url })

    const ran = await alone.migrate()
    const again = await alone.migrate()
    const drift = await driftOf(alone.database)
    const { serviceZones } = await alone.fulfillmentSets.create(aFulfillmentSet())
    const { id: shippingProfileId } = await alone.shippingProfiles.create(aShippingProfile())
    const serviceZoneId = serviceZones[0]?.id as string
    await alone.shippingOptions.create(aShippingOption({ serviceZoneId, shippingProfileId }))
    const [option] = await alone.shippingOptions.eligible({ address: { countryCode: "de" } })
    const { id } = await alone.fulfillments.create(aFulfillment({ shippingOptionId: option?.id as string }))
    const shipped = await alone.fulfillments.ship(id)

    expect(ran).toContain("fulfillment/20261122203803_create-fulfillments")
    expect(again).toEqual([])
    expect(drift).toBe("")
    expect(option?.name).toBe("Standard")
    expect(shipped.shippedAt).not.toBeNull()
    await alone.close()
    await database?.drop()
  })
})
