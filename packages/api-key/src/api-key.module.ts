import { Database, defineModule, Events, Query, start, type Started, type StartOptions } from "@marquetry/kernel"
import { ApiKey } from "./api-key/api-key.entity.ts"
import { apiKeyResource } from "./api-key/api-key.resources.ts"
import { ApiKeyService } from "./api-key/api-key.service.ts"
import { CreateApiKeys } from "./migrations/20261101000000_create-api-keys.ts"

export const apiKeyModule = defineModule({
  name: "api_key",
  entities: [ApiKey],
  migrations: [CreateApiKeys],
  resources: [apiKeyResource],
  register(container) {
    container.register(ApiKeyService, {
      useFactory: (c) => new ApiKeyService(c.resolve(Database), c.resolve(Events), c.resolve(Query)),
    })
  },
})

/** Runs API keys alone, on your database or an embedded one. */
export function startApiKey(options: StartOptions = {}): Promise<Started<{ apiKeys: ApiKeyService }>> {
  return start(apiKeyModule, options, (container) => ({ apiKeys: container.resolve(ApiKeyService) }))
}
