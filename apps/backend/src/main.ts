import cluster from "node:cluster"
import {
  closeOnSignal,
  createBackend,
  exitWith,
  readCommandLine,
  readEnvironment,
  runWorkers,
  type Backend,
  type Environment,
} from "@marquetry/framework"
import { configure } from "../marquetry.config.ts"
import { ensureDemoShop } from "./demo-shop.ts"
import { describeImport, importFiles, progress } from "./import-files.ts"
import { welcome } from "./welcome.ts"

const print = (line: string): void => void process.stdout.write(`${line}\n`)

async function prepare(
  environment: Environment,
  files: readonly string[],
  currency: string | undefined,
): Promise<void> {
  const backend = await createBackend(configure(environment))
  try {
    await fill(backend, environment, files, currency)
  } finally {
    await backend.close()
  }
}

/** The demo shop on the first run, and the files that the command line names. */
async function fill(
  backend: Backend,
  environment: Environment,
  files: readonly string[],
  currency: string | undefined,
): Promise<void> {
  if (environment.demo) {
    const summary = await ensureDemoShop(backend.composition, (now) => print(`Demo shop: ${progress(now)}`))
    if (summary !== undefined) print(`Demo shop: ${describeImport(summary).join("\n  ")}`)
  }
  if (files.length > 0) await importFiles(backend.composition, files, currency, print)
}

async function serve(environment: Environment, before?: (backend: Backend) => Promise<void>): Promise<void> {
  const backend = await createBackend(configure(environment))
  closeOnSignal(backend)
  try {
    await before?.(backend)
    const address = await backend.listen()
    if (!cluster.isWorker || cluster.worker?.id === 1) print(await welcome(backend.composition, address))
  } catch (error) {
    await backend.close()
    throw error
  }
}

try {
  const { variables, options, rest } = readCommandLine(process.argv.slice(2), ["import", "currency"])
  const environment = readEnvironment({ ...process.env, ...variables })
  const files = [...(options["import"] ?? []), ...rest]
  const currency = options["currency"]?.at(-1)
  const filled = (backend: Backend) => fill(backend, environment, files, currency)
  if (environment.workers === 1) await serve(environment, filled)
  else
    await runWorkers(
      environment,
      () => prepare(environment, files, currency),
      () => serve(environment),
    )
} catch (error) {
  exitWith(error)
}
