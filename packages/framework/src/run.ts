import cluster from "node:cluster"
import { ModuleError } from "@marquetry/kernel"
import type { Backend } from "./backend.ts"
import type { Environment } from "./environment.ts"

/** How long requests in flight may take once the process was asked to stop. */
const DRAIN_MILLISECONDS = 20_000

/**
 * Closes the backend when the process is asked to stop (`SIGTERM`, `SIGINT`), once; a second signal ends it at once.
 *
 * @returns whether that has been asked: what fails from then on fails because of it.
 */
export function closeOnSignal(backend: Pick<Backend, "close" | "logger">): () => boolean {
  let closing = false
  const close = (signal: NodeJS.Signals) => {
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
  }
  process.on("SIGTERM", close)
  // A terminal interrupts workers and their primary alike; the primary tells the workers, and once is enough.
  process.on("SIGINT", cluster.isWorker ? () => {} : close)
  return () => closing
}

/**
 * Runs a backend in as many processes as the environment says. One that dies after it has served is replaced; one that
 * cannot even start ends them all.
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
  const workers = () => Object.values(cluster.workers ?? {})
  const served = new Set<number>()
  let status = 0
  let closing = false
  const close = () => {
    closing = true
    for (const worker of workers()) worker?.process.kill("SIGTERM")
  }
  cluster.on("listening", ({ id }) => served.add(id))
  cluster.on("exit", ({ id }, code, signal: string | null) => {
    // One that is told to end before it listens to signals is ended by the signal itself.
    const orderly = closing && (code === 0 || signal === "SIGTERM")
    if (!closing && served.delete(id)) cluster.fork()
    else if (!orderly) {
      status = 1
      if (!closing) close()
    }
    if (workers().length === 0) process.exit(status)
  })
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (closing) process.exit(1)
      close()
    })
  }
  for (let index = 0; index < environment.workers; index++) cluster.fork()
}

/** Ends the process with a message that a person can act on; what is a bug comes with its stack. */
export function exitWith(error: unknown): never {
  process.stderr.write(explain(error))
  process.exit(1)
}

/** What a person is told of an error, with a line break. */
export function explain(error: unknown): string {
  const { code } = error as { code?: unknown }
  const known = ModuleError.is(error) || (typeof code === "string" && /^[a-z_]+\.[a-z_]+$/.test(code))
  return known ? `${String(code)}: ${(error as Error).message}\n` : `${(error as Error).stack ?? String(error)}\n`
}
