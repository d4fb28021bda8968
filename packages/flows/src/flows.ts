import { ApiKeyService } from "@marquetry/api-key"
import { Query, type DependencyContainer } from "@marquetry/kernel"
import { BuyerRegion } from "./buyer-region.ts"
import { Storefronts } from "./storefronts.ts"

/** Registers the flows; a config's modules must have been registered before. */
export function registerFlows(container: DependencyContainer): void {
  container.register(BuyerRegion, { useFactory: (c) => new BuyerRegion(c.resolve(Query)) })
  container.register(Storefronts, { useFactory: (c) => new Storefronts(c.resolve(ApiKeyService)) })
}
