import cluster from "node:cluster"
import {
  closeOnSignal,
  createBackend,
  exitWith,
  readCommand,
  readConfiguration,
  runCommand,
  runWorkers,
  type Backend,
  type Environment,
} from "@marquetry/framework"
import { configure } from "../marquetry.config.ts"
import { ensureDemoShop } from "./demo-shop.ts"
import { ensureDemoUser } from "./demo-user.ts"
import { ensureStore } from "./first-store.ts"
import { describeImport, filesOf, importFiles, type Files } from "./import-files.ts"
import { withSecrets } from "./secrets.ts"
import { welcome } from "./welcome.ts"

const print = (line: string): void => void process.stdout.write(`${line}\n`)

/** The demo shop and its user on the first run, or else an empty store; the files that the command line names. */
async function fill({ composition }: Backend, environment: Environment, files: Files): Promise<void> {
  if (environment.demo) {
    const summary = await ensureDemoShop(composition, () => print("Making the demo shop"))
    if (summary !== undefined) print(`Demo shop: ${describeImport(summary).join("\n  ")}`)
    const login = await ensureDemoUser(composition)
    if (login !== undefined) print(login)
  }
  await importFiles(composition, files, print)
  // Not before: an import must not take a currency that nobody has chosen.
  await ensureStore(composition, files.currency)
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

async function start(args: readonly string[]): Promise<void> {
  const configuration = readConfiguration(args, process.env, ["import", "currency"])
  const files = await filesOf(configuration)
  const environment = await withSecrets(configuration.environment)
  if (environment.workers === 1) await serve(environment, files)
  else
    await runWorkers(
      environment,
      () => prepare(environment, files),
      () => serve(environment),
    )
}

try {
  const args = process.argv.slice(2)
  const command = readCommand(args, process.env)
  if (command === undefined) await start(args)
  else await runCommand(configure(await withSecrets(command.environment)), command.name, command.args)
} catch (error) {
  exitWith(error)
}
