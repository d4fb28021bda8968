import { forgetIdempotentRequests } from "@marquetry/http"
import { Database } from "@marquetry/kernel"
import type { Job } from "./job.ts"

/** What every backend does besides what it is told to. */
export const builtInJobs: readonly Job[] = [
  {
    name: "framework.forget-idempotent-requests",
    schedule: { everySeconds: 600 },
    run: async (container) => {
      await forgetIdempotentRequests(container.resolve(Database))
    },
  },
]
