import { join } from "node:path"
import { idempotencyModule } from "@marquetry/http"
import { compose, type Composition } from "@marquetry/kernel"
import type { Logger } from "pino"
import { holdDirectory } from "./data-directory.ts"
import { frameworkModule } from "./framework.module.ts"
import { pluginRoutes } from "./plugin-routes.ts"
import type { Config } from "./plugin.ts"

/** A config that is composed, on a database that is up to date. */
export interface OpenComposition {
  readonly composition: Composition
  /** Migrations that ran. */
  readonly migrated: readonly string[]
  /** Ends the connections, and gives the directory of an embedded database back. */
  readonly close: () => Promise<void>
}

/** Composes a config and brings its database up to date. */
export async function openComposition(config: Config, logger: Logger): Promise<OpenComposition> {
  const { environment } = config
  const embedded = environment.databaseUrl === undefined
  const release = embedded ? await holdDirectory(environment.dataDirectory) : async () => {}
  let composition: Composition | undefined
  const close = async () => {
    await composition?.close()
    await release()
  }
  try {
    composition = await composeConfig(config, logger)
    return { composition, migrated: await composition.migrate(), close }
  } catch (error) {
    await close()
    throw error
  }
}

function composeConfig(config: Config, logger: Logger): Promise<Composition> {
  const { environment, modules, plugins = [] } = config
  return compose({
    database: environment.databaseUrl ?? join(environment.dataDirectory, "database"),
    ...(environment.databaseReplicaUrl !== undefined && { replica: environment.databaseReplicaUrl }),
    modules: [frameworkModule, idempotencyModule, ...modules, ...plugins.flatMap((plugin) => plugin.modules ?? [])],
    links: [...(config.links ?? []), ...plugins.flatMap((plugin) => plugin.links ?? [])],
    computed: [...(config.computed ?? []), ...plugins.flatMap((plugin) => plugin.computed ?? [])],
    subscribers: plugins.flatMap((plugin) => plugin.subscribers ?? []),
    register: (container) => {
      container.registerInstance(
        pluginRoutes,
        plugins.flatMap((plugin) => plugin.routes ?? []),
      )
      for (const plugin of plugins) plugin.register?.(container)
    },
    events: {
      onError: (error, event) =>
        logger.error({ err: error, event: event?.name, eventId: event?.id }, "A subscriber failed"),
    },
  })
}
