import { join } from "node:path"
import { createServer, type Route, type Server } from "@marquetry/http"
import { compose, type Composition } from "@marquetry/kernel"
import { pino, type Logger } from "pino"
import { holdDirectory } from "./data-directory.ts"
import type { Environment } from "./environment.ts"
import type { Config } from "./plugin.ts"

/** A backend that is composed and migrated, and does not listen yet. */
export interface Backend {
  readonly composition: Composition
  readonly server: Server
  readonly logger: Logger
  /** Migrations that ran as it started. */
  readonly migrated: readonly string[]
  /** @returns the address. @throws {PortTaken} */
  readonly listen: () => Promise<string>
  /** Drains requests and subscribers, then ends the connections. Once, however often it is called. */
  readonly close: () => Promise<void>
}

/** Another program listens on the port. */
export class PortTaken extends Error {
  readonly code = "server.port_taken"
  constructor(host: string, port: number) {
    super(`${host}:${port} is taken by another program: choose another with PORT or --port (0 takes any that is free)`)
  }
}

/** Composes a config, brings its database up to date, and makes its server. */
export async function createBackend(config: Config): Promise<Backend> {
  const { environment } = config
  const logger = pino({ level: environment.logLevel })
  const embedded = environment.databaseUrl === undefined
  const release = embedded ? await holdDirectory(environment.dataDirectory) : async () => {}
  let composition: Composition | undefined
  try {
    composition = await composeConfig(config, logger)
    const migrated = await composition.migrate()
    for (const plugin of config.plugins ?? []) await plugin.check?.(composition)
    const server = await serverOf(config, composition, logger)
    return assemble(environment, { composition, server, logger, migrated, release })
  } catch (error) {
    await composition?.close()
    await release()
    throw error
  }
}

function composeConfig(config: Config, logger: Logger): Promise<Composition> {
  const { environment, modules, plugins = [] } = config
  return compose({
    database: environment.databaseUrl ?? join(environment.dataDirectory, "database"),
    ...(environment.databaseReplicaUrl !== undefined && { replica: environment.databaseReplicaUrl }),
    modules: [...modules, ...plugins.flatMap((plugin) => plugin.modules ?? [])],
    links: [...(config.links ?? []), ...plugins.flatMap((plugin) => plugin.links ?? [])],
    computed: [...(config.computed ?? []), ...plugins.flatMap((plugin) => plugin.computed ?? [])],
    subscribers: plugins.flatMap((plugin) => plugin.subscribers ?? []),
    register: (container) => {
      for (const plugin of plugins) plugin.register?.(container)
    },
    events: {
      onError: (error, event) =>
        logger.error({ err: error, event: event?.name, eventId: event?.id }, "A subscriber failed"),
    },
  })
}

function serverOf(config: Config, composition: Composition, logger: Logger): Promise<Server> {
  const { environment, plugins = [], title, version } = config
  const routes: Route[] = plugins.flatMap((plugin) => plugin.routes ?? [])
  return createServer({
    composition,
    routes,
    files: Object.assign({}, ...plugins.map(({ files = {} }) => files)) as Record<string, string>,
    cors: environment.cors,
    rateLimit: environment.rateLimit,
    strictRateLimits: { "/auth/": 120 },
    trustProxy: environment.trustProxy,
    logger: logger as never,
    ...(title !== undefined && { title }),
    ...(version !== undefined && { version }),
  })
}

function assemble(
  environment: Environment,
  parts: Pick<Backend, "composition" | "server" | "logger" | "migrated"> & { readonly release: () => Promise<void> },
): Backend {
  const { composition, server, logger, migrated, release } = parts
  const { host, port } = environment
  const end = async () => {
    await server.close()
    await composition.close()
    await release()
  }
  let closing: Promise<void> | undefined
  return {
    composition,
    server,
    logger,
    migrated,
    listen: () =>
      server.listen({ host, port }).catch((error: NodeJS.ErrnoException) => {
        throw error.code === "EADDRINUSE" ? new PortTaken(host, port) : error
      }),
    close: () => (closing ??= end()),
  }
}
