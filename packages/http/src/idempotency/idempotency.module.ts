import { defineModule } from "@marquetry/kernel"
import { CreateIdempotentRequests } from "../migrations/20261115000000_create-idempotent-requests.ts"
import { IdempotentRequest } from "./idempotent-request.entity.ts"

/** Keeps the answers to requests with an `Idempotency-Key`: part of every composition whose server takes such keys. */
export const idempotencyModule = defineModule({
  name: "http",
  entities: [IdempotentRequest],
  migrations: [CreateIdempotentRequests],
  register: () => {},
})
