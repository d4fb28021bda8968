import { FulfillmentStateRefused, startFulfillment, type EligibleOption } from "@marquetry/fulfillment"

async function main(): Promise<void> {
  const alone = await startFulfillment({ database: process.env["DATABASE_URL"] })
  await alone.migrate()
  const { serviceZones } = await alone.fulfillmentSets.create({
    name: "Warehouse",
    type: "shipping",
    serviceZones: [{ name: "Germany", geoZones: [{ type: "country", countryCode: "de" }] }],
  })
  const { id: shippingProfileId } = await alone.shippingProfiles.create({ name: "Parcels", type: "default" })
  for (const { id: serviceZoneId } of serviceZones) {
    await alone.shippingOptions.create({
      name: "Standard",
      serviceZoneId,
      shippingProfileId,
      providerId: "manual_manual",
    })
  }
  const options: EligibleOption[] = await alone.shippingOptions.eligible({ address: { countryCode: "de" } })
  const { id } = await alone.fulfillments.create({
    locationId: "sloc_1",
    providerId: "manual_manual",
    items: [{ title: "Shirt", quantity: 1 }],
  })
  await alone.fulfillments.ship(id)
  const refusal: unknown = await alone.fulfillments.cancel(id).catch((error) => error)
  await alone.close()
  const names = options.map(({ name }) => name).join()
  if (names !== "Standard" || !(refusal instanceof FulfillmentStateRefused)) throw new Error(names)
  console.log("ok")
}

void main()
