import { createServer, type Route, type Server } from "@marquetry/http"
import type { Composition } from "@marquetry/kernel"
import { pino, type Logger } from "pino"
import { openComposition, type OpenComposition } from "./composition.ts"
import type { Environment } from "./environment.ts"
import { JobScheduler } from "./jobs/job-scheduler.ts"
import { jobsOf, type Config } from "./plugin.ts"

/** A backend that is composed and migrated, and does not listen yet. */
export interface Backend {
  readonly composition: Composition
  readonly server: Server
  readonly logger: Logger
  /** Migrations that ran as it started. */
  readonly migrated: readonly string[]
  /** Serves, and runs jobs. @returns the address. @throws {PortTaken} */
  readonly listen: () => Promise<string>
  /** Runs jobs: for those who mount the server's handler instead of listening. */
  readonly startJobs: () => void
  /**
   * Drains requests, jobs and subscribers, then ends the connections. Jobs are told to stop. Once, however often it is
   * called.
   */
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
  const logger = pino({ level: config.environment.logLevel })
  const opened = await openComposition(config, logger)
  const { composition } = opened
  try {
    for (const plugin of config.plugins ?? []) await plugin.check?.(composition)
    const server = await serverOf(config, composition, logger)
    const jobs = new JobScheduler(composition.database, composition.container, jobsOf(config), {
      onError: (error, job) =>
        logger.error({ err: error, job }, job === undefined ? "Jobs cannot be looked for" : "A job failed"),
    })
    return assemble(config.environment, { ...opened, server, logger, jobs })
  } catch (error) {
    await opened.close()
    throw error
  }
}

function serverOf(config: Config, composition: Composition, logger: Logger): Promise<Server> {
  const { environment, plugins = [], title, version } = config
  const routes: Route[] = plugins.flatMap((plugin) => plugin.routes ?? [])
  return createServer({
    composition,
    routes,
    files: Object.assign({}, ...plugins.map(({ files = {} }) => files)) as Record<string, string>,
    cors: Object.assign({}, ...plugins.map(({ cors = {} }) => cors), environment.cors) as Record<string, string[]>,
    rateLimit: environment.rateLimit,
    strictRateLimits: { "/auth/": 120 },
    trustProxy: environment.trustProxy,
    errorAnswers: plugins.map((plugin) => plugin.errorAnswers ?? {}),
    logger: logger as never,
    ...(title !== undefined && { title }),
    ...(version !== undefined && { version }),
  })
}

function assemble(
  { host, port }: Environment,
  parts: OpenComposition & Pick<Backend, "server" | "logger"> & { readonly jobs: JobScheduler },
): Backend {
  const { composition, server, logger, migrated, jobs } = parts
  const end = async () => {
    await Promise.all([server.close(), jobs.close()])
    await parts.close()
  }
  let closing: Promise<void> | undefined
  const startJobs = () => jobs.start()
  return {
    composition,
    server,
    logger,
    migrated,
    startJobs,
    listen: async () => {
      const address = await server.listen({ host, port }).catch((error: NodeJS.ErrnoException) => {
        throw error.code === "EADDRINUSE" ? new PortTaken(host, port) : error
      })
      startJobs()
      return address
    },
    close: () => (closing ??= end()),
  }
}
