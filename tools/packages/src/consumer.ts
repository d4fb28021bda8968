import { readFileSync, mkdirSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { filesBelow, type Tarball } from "./pack.ts"
import { run, type Outcome } from "./run.ts"
import { workspace } from "./published.ts"

/** An empty folder with one of our packages installed in it, as a stranger's project. */
export interface Consumer {
  readonly folder: string
  readonly megabytes: number
  readonly packages: number
}

/**
 * Installs packages from their tarballs. What they need of ours comes from tarballs too (`overrides`), the rest from the
 * registry.
 *
 * @param extra packages of the registry that the project has besides, such as an optional peer.
 */
export async function install(
  folder: string,
  names: readonly string[],
  tarballs: readonly Tarball[],
  extra: Readonly<Record<string, string>> = {},
): Promise<Consumer> {
  mkdirSync(folder, { recursive: true })
  const urls = Object.fromEntries(tarballs.map(({ name, file }) => [name, `file:${file}`]))
  const manifest = {
    name: "consumer",
    private: true,
    dependencies: { ...Object.fromEntries(names.map((name) => [name, urls[name]])), ...extra },
    overrides: urls,
  }
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest, null, 2))
  const flags = ["--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline", "--loglevel=error"]
  const { code, output } = await run("npm", ["install", ...flags], { cwd: folder, timeout: 300_000 })
  if (code !== 0) throw new Error(`npm install failed:\n${output}`)
  return { folder, megabytes: megabytesOf(folder), packages: packagesOf(folder) }
}

/** Of the files themselves, so that it is the same on every file system. */
function megabytesOf(folder: string): number {
  const modules = join(folder, "node_modules")
  return filesBelow(modules).reduce((sum, file) => sum + statSync(join(modules, file)).size, 0) / 1e6
}

function packagesOf(folder: string): number {
  const lock = JSON.parse(readFileSync(join(folder, "node_modules/.package-lock.json"), "utf8")) as {
    packages: Record<string, unknown>
  }
  return Object.keys(lock.packages).length
}

/**
 * A stranger's settings: strict, and looking into the declarations of what is installed. Those of MikroORM do not bear
 * `exactOptionalPropertyTypes` then.
 */
const compilerOptions = {
  target: "es2024",
  // Declarations of a dependency of MikroORM's (postgres-interval) name `Temporal`.
  lib: ["es2024", "esnext.temporal"],
  module: "nodenext",
  types: ["node"],
  strict: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
}

/**
 * Type-checks one program as an ES module and as a CommonJS one, and makes JavaScript of both: `use.mjs` with `import`,
 * `use.cjs` with `require`.
 */
export async function compile({ folder }: Consumer, program: string): Promise<Outcome> {
  writeFileSync(join(folder, "use.mts"), program)
  writeFileSync(join(folder, "use.cts"), program)
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["use.mts", "use.cts"] }))
  // Several programs are checked at once: none needs several threads.
  const tsc = [join(workspace, "node_modules/typescript/bin/tsc"), "--checkers", "1"]
  return run(process.execPath, tsc, { cwd: folder })
}

const RUNS = 3

/**
 * Milliseconds that importing takes, in a process that has imported nothing else: the least of three, which says most
 * where others share the machine.
 */
export async function importTimes(
  { folder }: Consumer,
  module: string,
  dependencies: readonly string[],
): Promise<{ own: number; dependencies: number }> {
  const own: number[] = []
  const below: number[] = []
  for (let index = 0; index < RUNS; index++) {
    own.push(await importTime(folder, [module]))
    below.push(await importTime(folder, dependencies))
  }
  return { own: Math.min(...own), dependencies: Math.min(...below) }
}

async function importTime(folder: string, names: readonly string[]): Promise<number> {
  const imports = names.map((name) => `await import(${JSON.stringify(name)})`).join("\n")
  const program = `const start = performance.now()\n${imports}\nconsole.log(performance.now() - start)`
  const { code, output } = await run(process.execPath, ["--input-type=module", "--eval", program], { cwd: folder })
  if (code !== 0) throw new Error(`${names.join(", ")} cannot be imported:\n${output}`)
  return Number(output)
}

/** What our packages in a folder import that is not ours, nor Node's, as soon as they are imported. */
export function outsideImports({ folder }: Consumer): string[] {
  const ours = join(folder, "node_modules/@marquetry")
  const texts = filesBelow(ours)
    .filter((file) => file.endsWith(".js") && !/\/dist\/testing(\.js|\/)/.test(file))
    .map((file) => readFileSync(join(ours, file), "utf8"))
  const names = texts.flatMap((text) =>
    [...text.matchAll(/^(?:import|export)\s(?:[\w$\s{},*]*?\sfrom\s)?"([^"]+)"/gm)].map(([, name]) => name as string),
  )
  return [...new Set(names)].filter((name) => !/^(\.|node:|@marquetry\/)/.test(name)).toSorted()
}
