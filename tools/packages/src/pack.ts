import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { publishedManifest, workspace, type WorkspacePackage } from "./published.ts"
import { run } from "./run.ts"

export interface Tarball {
  readonly name: string
  readonly file: string
  /** The files in it, relative to the package. */
  readonly staged: string
}

/**
 * Packs a package that is built, in a form of its own beside the workspace, which stays as it is: the manifest as it is
 * published, the licence, the README, and what was built of sources that there still are.
 */
export async function pack(source: WorkspacePackage, into: string): Promise<Tarball> {
  const staged = join(into, "staged", source.short)
  rmSync(staged, { recursive: true, force: true })
  mkdirSync(staged, { recursive: true })
  cpSync(join(workspace, "LICENSE"), join(staged, "LICENSE"))
  const readme = join(source.folder, "README.md")
  if (existsSync(readme)) cpSync(readme, join(staged, "README.md"))
  for (const file of builtFiles(source.folder)) {
    cpSync(join(source.folder, "dist", file), join(staged, "dist", file), { recursive: true })
  }
  writeFileSync(join(staged, "package.json"), `${JSON.stringify(publishedManifest(source.manifest), null, 2)}\n`)
  const { code, output } = await run("npm", ["pack", "--json", "--pack-destination", into], { cwd: staged })
  if (code !== 0) throw new Error(`npm pack of ${source.manifest.name} failed:\n${output}`)
  const file = join(into, `${source.manifest.name.replace("@", "").replace("/", "-")}-${source.manifest.version}.tgz`)
  return { name: source.manifest.name, file, staged }
}

/** An output whose source was renamed or deleted stays in `dist`, and is not ours to publish. */
function builtFiles(folder: string): string[] {
  return filesBelow(join(folder, "dist")).filter((file) =>
    existsSync(join(folder, "src", file.replace(/(\.d\.ts|\.js)$/, ".ts"))),
  )
}

export function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
}

/** What is wrong with a packed package, in sentences; nothing when it can be published. */
export function faultsOf({ staged, name }: Tarball): string[] {
  const manifest = JSON.parse(readFileSync(join(staged, "package.json"), "utf8")) as Record<string, unknown>
  const files = filesBelow(staged)
  const faults: string[] = []
  const say = (fault: string) => faults.push(`${name}: ${fault}`)
  for (const file of ["LICENSE", "README.md"]) if (!files.includes(file)) say(`there is no ${file}`)
  for (const field of ["license", "description", "engines", "files", "sideEffects"])
    if (!(field in manifest)) say(`package.json does not say "${field}"`)
  for (const target of targetsOf(manifest["exports"])) {
    if (!files.includes(target.replace("./", ""))) say(`exports name ${target}, which is not packed`)
  }
  for (const file of files.filter((path) => path.endsWith(".js"))) {
    const text = readFileSync(join(staged, file), "utf8")
    if (/(from|import\()\s*["']\.[^"']*\.ts["']/.test(text)) say(`${file} imports a .ts file`)
  }
  for (const file of files) if (/\.test\.|(^|\/)test\//.test(file)) say(`${file} is a test`)
  return faults
}

function targetsOf(exports: unknown): string[] {
  if (typeof exports === "string") return [exports]
  return Object.values(exports as Record<string, unknown>).flatMap(targetsOf)
}
