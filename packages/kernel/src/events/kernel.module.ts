import { defineModule } from "../module/module.ts"
import { CreateOutbox } from "./migrations/20261101000000_create-outbox.ts"
import { OutboxEvent } from "./outbox.entity.ts"

/** Part of every composition: keeps the outbox. */
export const kernelModule = defineModule({
  name: "marquetry",
  entities: [OutboxEvent],
  migrations: [CreateOutbox],
  register: () => {},
})
