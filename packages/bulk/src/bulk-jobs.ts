import type { DependencyContainer } from "@marquetry/kernel"
import { BulkWorker } from "./work/bulk-worker.ts"

/** Work that is done again and again: a job of `@marquetry/framework`, or of whatever else keeps time. */
export interface BulkJob {
  readonly name: string
  readonly schedule: { readonly everySeconds: number }
  readonly run: (container: DependencyContainer, signal: AbortSignal) => Promise<void>
}

/** Does what other processes have queued or left. */
export const bulkJobs: readonly BulkJob[] = [
  {
    name: "bulk.run",
    schedule: { everySeconds: 5 },
    run: (container, signal) => container.resolve(BulkWorker).runAll(signal),
  },
]
