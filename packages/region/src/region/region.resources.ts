import { defineResource } from "@marquetry/kernel"
import { Country, Region } from "./region.entity.ts"

export const regionResource = defineResource("region", Region, { search: ["name"] })
export const countryResource = defineResource("country", Country)
