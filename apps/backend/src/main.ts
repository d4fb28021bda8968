import cluster from "node:cluster"
import {
  closeOnSignal,
  createBackend,
  exitWith,
  readConfiguration,
  runWorkers,
  type Backend,
  type Environment,
} from "@marquetry/framework"
import { configure } from "../marquetry.config.ts"
import { ensureDemoShop } from "./demo-shop.ts"
import { describeImport, filesOf, importFiles, type Files } from "./import-files.ts"
import { welcome } from "./welcome.ts"

const print = (line: string): void => void process.stdout.write(`${line}\n`)

/** The demo shop on the first run, and the files that the command line names. */
async function fill({ composition }: Backend, environment: Environment, files: Files): Promise<void> {
  if (environment.demo) {
    const summary = await ensureDemoShop(composition, () => print("Making the demo shop"))
    if (summary !== undefined) print(`Demo shop: ${describeImport(summary).join("\n  ")}`)
  }
  await importFiles(composition, files, print)
}

/** Fills the database once, before several processes serve it. */
async function prepare(environment: Environment, files: Files): Promise<void> {
  const backend = await createBackend(configure(environment))
  try {
    await fill(backend, environment, files)
  } finally {
    await backend.close()
  }
}

async function serve(environment: Environment, files?: Files): Promise<void> {
  const backend = await createBackend(configure(environment))
  const isClosing = closeOnSignal(backend)
  try {
    if (files !== undefined) await fill(backend, environment, files)
    const address = await backend.listen()
    if (!cluster.isWorker || cluster.worker?.id === 1) print(await welcome(backend.composition, address))
  } catch (error) {
    await backend.close()
    if (!isClosing()) throw error
  }
}

try {
  const configuration = readConfiguration(process.argv.slice(2), process.env, ["import", "currency"])
  const { environment } = configuration
  const files = await filesOf(configuration)
  if (environment.workers === 1) await serve(environment, files)
  else
    await runWorkers(
      environment,
      () => prepare(environment, files),
      () => serve(environment),
    )
} catch (error) {
  exitWith(error)
}
