import { defineModule, start, type Started, type StartOptions } from "@marquetry/kernel"
import { CreateStockLocations } from "./migrations/20261101000000_create-stock-locations.ts"
import { StockLocation, StockLocationAddress } from "./stock-location/stock-location.entity.ts"
import { stockLocationAddressResource, stockLocationResource } from "./stock-location/stock-location.resources.ts"
import { StockLocationService } from "./stock-location/stock-location.service.ts"

export const stockLocationModule = defineModule({
  name: "stock_location",
  entities: [StockLocation, StockLocationAddress],
  migrations: [CreateStockLocations],
  resources: [stockLocationResource, stockLocationAddressResource],
  services: [StockLocationService],
})

/** Runs stock locations alone, on your database or an embedded one. */
export function startStockLocation(
  options: StartOptions = {},
): Promise<Started<{ stockLocations: StockLocationService }>> {
  return start(stockLocationModule, options, (container) => ({
    stockLocations: container.resolve(StockLocationService),
  }))
}
