import { startStockLocation, type StockLocationView } from "@marquetry/stock-location"

async function main(): Promise<void> {
  const { stockLocations, migrate, close } = await startStockLocation({ database: process.env["DATABASE_URL"] })
  await migrate()
  const { id } = await stockLocations.create({
    name: "Harbour",
    address: { address1: "Havnegade 1", countryCode: "DK" },
  })
  const location: StockLocationView = await stockLocations.update(id, { name: "Warehouse" })
  await close()
  const text = `${location.name} ${location.address?.countryCode}`
  if (text !== "Warehouse dk") throw new Error(text)
  console.log("ok")
}

void main()
