import { execFile } from "node:child_process"
import { existsSync, globSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { promisify } from "node:util"
import { GeneratorRefusal, namesOf, type ModuleRequest, type Names } from "./names.ts"

export interface Generated {
  /** Relative to the workspace. */
  readonly folder: string
  /** Relative to the folder. */
  readonly files: readonly string[]
}

const TEMPLATES = join(import.meta.dirname, "../templates/module")
const tools = join(import.meta.dirname, "../../../node_modules")

/**
 * Writes a module that works: one aggregate with create, read, update and delete, its migration and its tests.
 *
 * @param root of the workspace.
 * @param now when the migration is made.
 * @throws {GeneratorRefusal} when the name cannot be used or is taken. Nothing is written.
 */
export async function generateModule(root: string, request: ModuleRequest, now: Date): Promise<Generated> {
  const names = namesOf(request)
  assertFree(root, names)
  const values: Record<string, string> = { ...names, timestamp: timestampOf(now), ...versionsOf(root) }
  const folder = join(root, "packages", names.kebab)
  const files = templates().map((template) => ({
    path: fill(template.replace(/\.tmpl$/, ""), values),
    text: fill(readFileSync(join(TEMPLATES, template), "utf8"), values),
  }))
  try {
    for (const { path, text } of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    // How a line is broken depends on how long the name is.
    await promisify(execFile)(process.execPath, [join(tools, "oxfmt/bin/oxfmt"), folder], { cwd: root })
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
  return { folder: `packages/${names.kebab}`, files: files.map(({ path }) => path).toSorted() }
}

const templates = () =>
  readdirSync(TEMPLATES, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".tmpl"))

function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new TypeError(`A template asks for "${name}"`)
    return value
  })
}

/** @throws {GeneratorRefusal} when a package, or a prefix of ids, is there already. */
function assertFree(root: string, { kebab, prefix }: Names): void {
  for (const group of ["packages", "apps", "tools"]) {
    if (existsSync(join(root, group, kebab))) {
      throw new GeneratorRefusal(`There is ${group}/${kebab} already: choose another name, or delete it first`)
    }
  }
  const owner = globSync("packages/*/src/**/*.entity.ts", { cwd: root }).find((file) =>
    readFileSync(join(root, file), "utf8").includes(`id("${prefix}")`),
  )
  if (owner !== undefined) {
    throw new GeneratorRefusal(`Ids of ${owner} begin with "${prefix}_" already: say another with --prefix`)
  }
}

/** The versions that the other packages have, so that the workspace installs one of each. */
function versionsOf(root: string): { version: string; zod: string; pglite: string } {
  const kernel = JSON.parse(readFileSync(join(root, "packages/kernel/package.json"), "utf8")) as {
    version: string
    dependencies: Record<string, string>
    peerDependencies: Record<string, string>
  }
  return {
    version: kernel.version,
    zod: kernel.dependencies["zod"] ?? "*",
    pglite: kernel.peerDependencies["@electric-sql/pglite"] ?? "*",
  }
}

/** `20261101093000`, in UTC. */
const timestampOf = (now: Date) => now.toISOString().replaceAll(/\D/g, "").slice(0, 14)
