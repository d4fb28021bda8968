import { join } from "node:path"
import { idempotencyModule } from "@marquetry/http"
import { compose, type Composition } from "@marquetry/kernel"
import type { Logger } from "pino"
import { holdDirectory } from "./data-directory.ts"
import { frameworkModule } from "./framework.module.ts"
import type { Config, Plugin } from "./plugin.ts"

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

type ElementsOf<Kind extends keyof Plugin> = NonNullable<Plugin[Kind]> extends readonly (infer One)[] ? One : never

/** Several plugins may bring the same thing. */
const once = <T>(values: readonly T[]): T[] => [...new Set(values)]

function composeConfig(config: Config, logger: Logger): Promise<Composition> {
  const { environment, modules, plugins = [] } = config
  const brought = <Kind extends "modules" | "links" | "computed" | "subscribers">(kind: Kind) =>
    plugins.flatMap((plugin) => (plugin[kind] ?? []) as ElementsOf<Kind>[])
  return compose({
    database: environment.databaseUrl ?? join(environment.dataDirectory, "database"),
    ...(environment.databaseReplicaUrl !== undefined && { replica: environment.databaseReplicaUrl }),
    modules: once([frameworkModule, idempotencyModule, ...modules, ...brought("modules")]),
    links: once([...(config.links ?? []), ...brought("links")]),
    computed: once([...(config.computed ?? []), ...brought("computed")]),
    subscribers: once(brought("subscribers")),
    register: (container) => {
      for (const register of once(plugins.map((plugin) => plugin.register))) register?.(container)
    },
    events: {
      onError: (error, event) =>
        logger.error({ err: error, event: event?.name, eventId: event?.id }, "A subscriber failed"),
    },
  })
}
