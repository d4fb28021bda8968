import { defineResource } from "@marquetry/kernel"
import { StockLocation, StockLocationAddress } from "./stock-location.entity.ts"

export const stockLocationResource = defineResource("stock_location", StockLocation, { search: ["name"] })
export const stockLocationAddressResource = defineResource("stock_location_address", StockLocationAddress)
