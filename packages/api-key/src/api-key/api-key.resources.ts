import { defineResource } from "@marquetry/kernel"
import { ApiKey } from "./api-key.entity.ts"

export const apiKeyResource = defineResource("api_key", ApiKey, { private: ["tokenHash"], search: ["title"] })
