import { defineModule, start, type Started, type StartOptions } from "@marquetry/kernel"
import { ApiKey } from "./api-key/api-key.entity.ts"
import { apiKeyResource } from "./api-key/api-key.resources.ts"
import { ApiKeyService } from "./api-key/api-key.service.ts"
import { CreateApiKeys } from "./migrations/20261101000000_create-api-keys.ts"

export const apiKeyModule = defineModule({
  name: "api_key",
  entities: [ApiKey],
  migrations: [CreateApiKeys],
  resources: [apiKeyResource],
  services: [ApiKeyService],
})

/** Runs API keys alone, on your database or an embedded one. */
export function startApiKey(options: StartOptions = {}): Promise<Started<{ apiKeys: ApiKeyService }>> {
  return start(apiKeyModule, options, (container) => ({ apiKeys: container.resolve(ApiKeyService) }))
}
