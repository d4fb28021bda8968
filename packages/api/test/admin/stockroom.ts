import { InventoryItemService, InventoryLevelService } from "@marquetry/inventory"
import { StockLocationService } from "@marquetry/stock-location"
import type { BackOffice, Json } from "./back-office.ts"

export interface Level extends Json {
  readonly id: string
  readonly location_id: string
  readonly stocked_quantity: number
  readonly reserved_quantity: number
}

export interface Item extends Json {
  readonly id: string
  readonly location_levels: readonly Level[]
}

/** Two places where things are kept, and what tests look at there. */
export async function openStockroom({ container }: BackOffice) {
  const locations = container.resolve(StockLocationService)
  const north = await locations.create({ name: "North" })
  const south = await locations.create({ name: "South" })

  /** An item with so much in stock in the north, and nothing anywhere else. */
  const stocked = async (stockedQuantity: number): Promise<string> => {
    const locationLevels = [{ locationId: north.id, stockedQuantity }]
    const { id } = await container.resolve(InventoryItemService).create({ title: "Thing", locationLevels })
    return id
  }
  /** Stocked and reserved in the north. */
  const quantities = async (inventoryItemId: string) => {
    const filter = { inventoryItemId, locationId: north.id }
    const { rows } = await container.resolve(InventoryLevelService).list({ filter })
    return rows.map(({ stockedQuantity, reservedQuantity }) => [stockedQuantity, reservedQuantity])[0]
  }
  return { north: north.id, south: south.id, stocked, quantities }
}
