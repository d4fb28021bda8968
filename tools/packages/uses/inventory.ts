import { InsufficientInventory, startInventory, type MadeReservation } from "@marquetry/inventory"

async function main(): Promise<void> {
  const { items, reservations, availability, migrate, close } = await startInventory({
    database: process.env["DATABASE_URL"],
  })
  await migrate()
  const { id } = await items.create({ sku: "BOARD", locationLevels: [{ locationId: "north", stockedQuantity: 3 }] })
  const order = { lines: [{ inventoryItemId: id, quantity: 2 }], locationIds: ["north"] }
  const made: MadeReservation[] = await reservations.reserve(order)
  const refusal: unknown = await reservations.reserve(order).catch((e) => e)
  const [left] = await availability.ofItems([id])
  await close()
  const text = `${made[0]?.quantity} ${left?.available}`
  if (text !== "2 1" || !(refusal instanceof InsufficientInventory)) throw new Error(text)
  console.log("ok")
}

void main()
