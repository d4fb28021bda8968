import cluster from "node:cluster"
import { ModuleError } from "@marquetry/kernel"
import type { Backend } from "./backend.ts"
import type { Environment } from "./environment.ts"

/** How long requests in flight may take once the process was asked to stop. */
const DRAIN_MILLISECONDS = 20_000

/**
 * Closes the backend when the process is asked to stop (`SIGTERM`, `SIGINT`), once; a second signal ends it at once.
 */
export function closeOnSignal(backend: Pick<Backend, "close" | "logger">): void {
  let closing = false
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (closing) process.exit(1)
      closing = true
      backend.logger.info({ signal }, "Closing")
      setTimeout(() => process.exit(1), DRAIN_MILLISECONDS).unref()
      backend.close().then(
        () => process.exit(0),
        (error: unknown) => {
          backend.logger.error(error, "Could not close")
          process.exit(1)
        },
      )
    })
  }
}

/**
 * Runs a backend in as many processes as the environment says. One that dies is replaced; signals reach all.
 *
 * @param prepare runs once, before any process serves: migrations, the demo shop.
 * @param serve runs in each process.
 */
export async function runWorkers(
  environment: Environment,
  prepare: () => Promise<void>,
  serve: () => Promise<void>,
): Promise<void> {
  if (cluster.isWorker) return serve()
  await prepare()
  let closing = false
  for (let index = 0; index < environment.workers; index++) cluster.fork()
  cluster.on("exit", () => {
    if (!closing) cluster.fork()
    else if (Object.keys(cluster.workers ?? {}).length === 0) process.exit(0)
  })
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      closing = true
      for (const worker of Object.values(cluster.workers ?? {})) worker?.kill(signal)
    })
  }
}

/** Ends the process with a message that a person can act on; what is a bug comes with its stack. */
export function exitWith(error: unknown): never {
  const { code } = error as { code?: unknown }
  const known = ModuleError.is(error) || (typeof code === "string" && /^[a-z_]+\.[a-z_]+$/.test(code))
  process.stderr.write(
    known ? `${String(code)}: ${(error as Error).message}\n` : `${(error as Error).stack ?? String(error)}\n`,
  )
  process.exit(1)
}
