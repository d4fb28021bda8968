export { stockLocationModule, startStockLocation } from "./stock-location.module.ts"
export {
  StockLocationCreated,
  StockLocationDeleted,
  StockLocationUpdated,
} from "./stock-location/stock-location.events.ts"
export { stockLocationAddressResource, stockLocationResource } from "./stock-location/stock-location.resources.ts"
export {
  CreateStockLocation,
  CreateStockLocations,
  StockLocationAddressInput,
  UpdateStockLocation,
} from "./stock-location/stock-location.schema.ts"
export { StockLocationService, type StockLocationView } from "./stock-location/stock-location.service.ts"
