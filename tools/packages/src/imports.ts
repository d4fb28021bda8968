import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join, relative, resolve } from "node:path"
import type { WorkspacePackage } from "./published.ts"

export interface Import {
  /** Relative to the package. */
  readonly file: string
  /** As it is written: `zod`, `@marquetry/kernel/testing`, `../index.ts`. */
  readonly specifier: string
}

const STATIC = /^(?:import|export)\s(?:[\w$\s{},*]*?\sfrom\s)?"([^"]+)"/gm
const DYNAMIC = /(?<![.\w])import\("([^"]+)"\)/g

/** What the sources and tests of a package import. */
export function importsOf({ folder }: WorkspacePackage): Import[] {
  return ["src", "test"].flatMap((below) => {
    const root = join(folder, below)
    if (!existsSync(root)) return []
    const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"))
    return files.flatMap((file) => {
      const text = readFileSync(join(root, file), "utf8")
      const found = [...text.matchAll(STATIC), ...text.matchAll(DYNAMIC)].map(([, specifier]) => specifier as string)
      return found.map((specifier) => ({ file: join(below, file), specifier }))
    })
  })
}

/** Whether a file is for tests: what it imports, users of the package need not have. */
export const isForTests = ({ file }: Import): boolean => /\.test\.ts$|^test\/|^src\/testing(\.ts|\/)/.test(file)

/** The package that an import names; `undefined` for files and for what comes with Node. */
export function packageOf({ specifier }: Import): string | undefined {
  if (specifier.startsWith(".") || specifier.startsWith("node:")) return undefined
  const [first, second] = specifier.split("/") as [string, string?]
  return first.startsWith("@") ? `${first}/${second}` : first
}

/** Whether an import reaches a file outside its own package, past every rule about packages. */
export function escapes({ folder }: WorkspacePackage, { file, specifier }: Import): boolean {
  if (!specifier.startsWith(".")) return false
  return relative(folder, resolve(folder, file, "..", specifier)).startsWith("..")
}
