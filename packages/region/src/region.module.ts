import { defineModule, start, type Started, type StartOptions } from "@marquetry/kernel"
import { CreateRegions } from "./migrations/20261101000000_create-regions.ts"
import { Country, Region } from "./region/region.entity.ts"
import { countryResource, regionResource } from "./region/region.resources.ts"
import { RegionService } from "./region/region.service.ts"
import { seedCountries } from "./region/seed-countries.ts"

export const regionModule = defineModule({
  name: "region",
  entities: [Region, Country],
  migrations: [CreateRegions],
  resources: [regionResource, countryResource],
  seed: seedCountries,
  services: [RegionService],
})

/** Runs regions alone, on your database or an embedded one. */
export function startRegion(options: StartOptions = {}): Promise<Started<{ regions: RegionService }>> {
  return start(regionModule, options, (container) => ({ regions: container.resolve(RegionService) }))
}
