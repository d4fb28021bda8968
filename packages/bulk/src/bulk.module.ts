import { FileService } from "@marquetry/file"
import {
  Database,
  defineModule,
  Events,
  instanceCachingFactory,
  parse,
  Query,
  type ModuleDefinition,
} from "@marquetry/kernel"
import { NotificationService } from "@marquetry/notification"
import { productImporter } from "@marquetry/product-csv"
import { z } from "zod"
import { CreateBulkOperations } from "./migrations/20261126190000_create-bulk-operations.ts"
import { BulkOperation } from "./operation/bulk-operation.entity.ts"
import { bulkOperationResource } from "./operation/bulk-operation.resources.ts"
import { BulkOperations } from "./operation/bulk-operation.service.ts"
import { BulkWorker, type BulkPolicy } from "./work/bulk-worker.ts"
import { WATCH_IMPORTS, type WatchImports } from "./work/import-products.ts"
import { Running } from "./work/running.ts"

const Options = z.strictObject({
  /** Whether a process begins what it queues at once, and does not leave it to the job. Yes unless said. */
  startsAtOnce: z.boolean().default(true),
  /** Milliseconds after which others take up what a process that died was at; 60,000 unless said. */
  lease: z.int().min(100).max(86_400_000).default(60_000),
  /** How often an operation is begun at most; 5 times unless said. */
  maxAttempts: z.int().min(1).max(100).default(5),
  /** Milliseconds before the second attempt, doubled for each one after it; 30,000 unless said. */
  backoff: z.int().min(0).max(3_600_000).default(30_000),
  /** Looks at what imports make and change, for an audit log. */
  watchImports: z.custom<WatchImports>((value) => typeof value === "function", "a function").optional(),
  /** Told of what nobody foresaw while a process does what it has queued itself; `console.error` unless said. */
  onError: z.custom<BulkPolicy["onError"]>((value) => typeof value === "function", "a function").optional(),
})

export type BulkOptions = z.input<typeof Options>

/** Imports and exports in the background, in a composition that has files, notifications and a catalogue. @throws {InvalidInput} */
export function bulkModule(options: BulkOptions = {}): ModuleDefinition {
  const { startsAtOnce, watchImports, onError = console.error, ...settings } = parse(Options, options)
  const policy = { ...settings, onError }
  return defineModule({
    name: "bulk",
    entities: [BulkOperation],
    migrations: [CreateBulkOperations],
    resources: [bulkOperationResource],
    register(container) {
      if (watchImports !== undefined) container.registerInstance(WATCH_IMPORTS, watchImports)
      container.registerSingleton(Running)
      // Made here: only what a container has made itself is disposed of with it.
      const running = container.resolve(Running)
      container.register(BulkWorker, {
        useFactory: instanceCachingFactory((c) => {
          const [db, events, files] = [c.resolve(Database), c.resolve(Events), c.resolve(FileService)]
          const notifications = c.resolve(NotificationService)
          return new BulkWorker({ db, container, events, files, notifications, running }, policy)
        }),
      })
      container.register(BulkOperations, {
        useFactory: (c) =>
          new BulkOperations(
            {
              db: c.resolve(Database),
              query: c.resolve(Query),
              files: c.resolve(FileService),
              importer: productImporter(c),
              worker: c.resolve(BulkWorker),
            },
            startsAtOnce,
          ),
      })
    },
  })
}
