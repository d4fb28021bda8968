import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"

export const workspace = join(import.meta.dirname, "../../..")

/** What of a `package.json` matters here. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
  readonly exports: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>
}

export interface WorkspacePackage {
  /** The last part of its name: `sales-channel`. */
  readonly short: string
  readonly folder: string
  readonly manifest: Manifest
}

/** The packages of a folder of the workspace, by name. */
export function packagesIn(group: string, root = workspace): WorkspacePackage[] {
  return readdirSync(join(root, group))
    .map((short) => ({ short, folder: join(root, group, short) }))
    .filter(({ folder }) => existsSync(join(folder, "package.json")))
    .map((found) => ({ ...found, manifest: readManifest(found.folder) }))
}

export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest
}

/** Only of use where the sources are. */
const OURS_ALONE = new Set(["scripts", "devDependencies"])
/** The condition under which the workspace reads sources instead of what was built of them. */
const SOURCE = "@marquetry/source"

/** A manifest as it is published: without what only works inside the workspace. */
export function publishedManifest(manifest: Manifest): Manifest {
  const kept = Object.fromEntries(Object.entries(manifest).filter(([key]) => !OURS_ALONE.has(key)))
  const exports = Object.fromEntries(
    Object.entries(manifest.exports).map(([entry, targets]) => [
      entry,
      Object.fromEntries(Object.entries(targets).filter(([condition]) => condition !== SOURCE)),
    ]),
  )
  return { ...(kept as unknown as Manifest), exports: { ...exports, "./package.json": "./package.json" as never } }
}
