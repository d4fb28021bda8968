import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createTestDatabase, startTestServer } from "@marquetry/kernel/testing"
import { compile, importTimes, install, outsideImports, type Consumer } from "./src/consumer.ts"
import { faultsOf, pack, type Tarball } from "./src/pack.ts"
import { packagesIn, workspace, type WorkspacePackage } from "./src/published.ts"
import { run } from "./src/run.ts"
import { Checks, printTable } from "./src/report.ts"

/** Architecture, section 10. For what stands on its own; what composes others has no budget of its own. */
const MEGABYTES = 25
const PACKAGES = 40
const COMPOSING = new Set(["http", "framework", "flows", "api", "product-csv", "bulk"])
/** Most of these is the library of a service, whose size is not ours to say: Stripe's alone is 23 MB. */
const OF_SERVICES = new Set(["payment-stripe", "file-s3"])
/** Tried on the embedded database too. */
const EMBEDDED = "region"
/** Tools that every user of TypeScript has; found by going up from a project's folder. */
const TYPES = { "@types/node": "^24.0.0", "@types/pg": "^8.0.0" }

interface Row {
  readonly name: string
  readonly consumer: Consumer
}

/** @throws when it fails: there is nothing to try then. */
async function build(): Promise<void> {
  const nx = join(workspace, "node_modules/nx/dist/bin/nx.js")
  const env = { NX_DAEMON: "false", NX_NO_CLOUD: "true" }
  const { code, output } = await run(process.execPath, [nx, "run-many", "-t", "build"], {
    cwd: workspace,
    env,
    timeout: 600_000,
  })
  if (code !== 0) throw new Error(`The packages do not build:\n${output}`)
}

async function tryOne(found: WorkspacePackage, tarballs: readonly Tarball[], into: string, checks: Checks) {
  const { name } = found.manifest
  const program = programOf(found.short)
  if (program === "") {
    checks.add(`${name} is tried`, false, `There is no tools/packages/uses/${found.short}.ts`)
    return undefined
  }
  const consumer = await checks.attempt(`${name} installs alone`, () =>
    install(join(into, "consumers", found.short), [name, ...companions(program, name)], tarballs),
  )
  if (consumer === undefined) return undefined
  if (!COMPOSING.has(found.short) && !OF_SERVICES.has(found.short)) {
    const { megabytes, packages } = consumer
    checks.add(`${name} is under ${MEGABYTES} MB`, megabytes < MEGABYTES, `${megabytes.toFixed(1)} MB`)
    checks.add(`${name} is at most ${PACKAGES} packages`, packages <= PACKAGES, `${packages} packages`)
  }
  const compiled = await compile(consumer, program)
  checks.add(`${name} type-checks for its users`, compiled.code === 0, compiled.output)
  for (const file of ["use.mjs", "use.cjs"]) {
    const database = await createTestDatabase()
    await use(consumer, file, `${name} works from ${file}`, { DATABASE_URL: database.url }, checks)
    await database.drop()
  }
  return { name, consumer }
}

/** It must end by itself: a process that hangs after `close()` is killed, and that is a failure. */
async function use(consumer: Consumer, file: string, title: string, env: Record<string, string>, checks: Checks) {
  const { code, output } = await run(process.execPath, [file], { cwd: consumer.folder, env, timeout: 60_000 })
  const why = code === null ? "It did not end by itself" : ""
  checks.add(title, code === 0 && /^ok$/m.test(output), `${why}\n${output}`)
}

/** What a stranger does first with a package. */
function programOf(short: string): string {
  const file = join(import.meta.dirname, "uses", `${short}.ts`)
  return existsSync(file) ? readFileSync(file, "utf8") : ""
}

/** What a program uses by name besides the package that it tries, as its author's `package.json` would say. */
function companions(program: string, tried: string): string[] {
  const names = [...program.matchAll(/from "(@marquetry\/[a-z-]+)"/g)].map(([, name]) => name as string)
  return [...new Set(names)].filter((name) => name !== tried)
}

/** The embedded database is an optional peer: without it the message says what to install, with it all works. */
async function tryEmbedded(tarballs: readonly Tarball[], into: string, checks: Checks): Promise<void> {
  const name = `@marquetry/${EMBEDDED}`
  const without = { folder: join(into, "consumers", EMBEDDED), megabytes: 0, packages: 0 }
  const refused = await run(process.execPath, ["use.mjs"], { cwd: without.folder, timeout: 60_000 })
  checks.add(
    `${name} says how to install the embedded database`,
    refused.code !== 0 && refused.output.includes("npm install @electric-sql/pglite"),
    refused.output,
  )
  const consumer = await checks.attempt(`${name} installs with the embedded database`, () =>
    install(join(into, "consumers", `${EMBEDDED}-embedded`), [name], tarballs, { "@electric-sql/pglite": "^0.5.0" }),
  )
  if (consumer === undefined) return
  await compile(consumer, programOf(EMBEDDED))
  for (const file of ["use.mjs", "use.cjs"]) {
    await use(consumer, file, `${name} works embedded from ${file}`, {}, checks)
  }
}

/** Two at a time: installing waits for the disk, using for the processor. */
async function inPairs<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  const queue = [...items.entries()]
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) results[next[0]] = await work(next[1])
  }
  await Promise.all([worker(), worker()])
  return results
}

async function report(rows: readonly Row[]): Promise<void> {
  const table = await inPairs(rows, async ({ name, consumer }) => {
    const { own, dependencies } = await importTimes(consumer, name, outsideImports(consumer))
    const ratio = dependencies === 0 ? "-" : (own / dependencies).toFixed(2)
    const { megabytes, packages } = consumer
    return [name, megabytes.toFixed(1), packages, own.toFixed(0), dependencies.toFixed(0), ratio]
  })
  printTable(["package", "MB", "packages", "import ms", "its dependencies ms", "ratio"], table)
}

async function main(): Promise<void> {
  const checks = new Checks()
  const into = mkdtempSync(join(tmpdir(), "marquetry-packages-"))
  const server = await startTestServer()
  process.env["MARQUETRY_TEST_SERVER"] = server.url
  try {
    await build()
    const found = packagesIn("packages")
    const tarballs = await inPairs(found, (source) => pack(source, into))
    for (const tarball of tarballs) {
      const faults = faultsOf(tarball)
      checks.add(`${tarball.name} can be published`, faults.length === 0, faults.join("\n"))
    }
    mkdirSync(join(into, "consumers"), { recursive: true })
    await install(join(into, "consumers"), [], [], TYPES)
    const rows = await inPairs(found, (source) => tryOne(source, tarballs, into, checks))
    await tryEmbedded(tarballs, into, checks)
    await report(rows.filter((row) => row !== undefined))
  } catch (error) {
    checks.add("the trial runs to its end", false, (error as Error).message)
  } finally {
    await server.stop()
    rmSync(into, { recursive: true, force: true })
  }
  checks.print()
  process.exitCode = checks.failed === 0 ? 0 : 1
}

await main()
