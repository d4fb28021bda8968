import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { workspace } from "./src/published.ts"

interface Locked {
  readonly version?: string
  readonly dev?: boolean
  readonly optional?: boolean
  readonly os?: readonly string[]
  readonly cpu?: readonly string[]
  readonly libc?: readonly string[]
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

interface Lock {
  packages: Record<string, Locked>
}

const SYSTEMS = new Set([
  "aix",
  "android",
  "darwin",
  "freebsd",
  "linux",
  "netbsd",
  "openbsd",
  "openharmony",
  "sunos",
  "win32",
])
const PROCESSORS = new Set([
  "arm",
  "arm64",
  "ia32",
  "loong64",
  "mips64el",
  "ppc64",
  "riscv64",
  "s390x",
  "wasm32",
  "x64",
])

/** `@oxlint/binding-linux-x64-musl` is for `linux`, `x64` and `musl`. */
function platformOf(name: string): Pick<Locked, "os" | "cpu" | "libc"> | undefined {
  const words = name.split(/[^a-z0-9]+/)
  const os = words.filter((word) => SYSTEMS.has(word))
  const cpu = words
    .map((word) => (word === "gnueabihf" || word === "musleabihf" ? "arm" : word))
    .filter((word) => PROCESSORS.has(word))
  if (os.length !== 1 || cpu.length === 0) return undefined
  const libc = words.some((word) => word.startsWith("musl")) ? "musl" : "glibc"
  return { cpu: [...new Set(cpu)], os, ...(os[0] === "linux" && /gnu|musl/.test(name) && { libc: [libc] }) }
}

/**
 * Names in `package-lock.json` the binaries for other platforms that a registry did not have when the lock was written:
 * a mirror may hold those of one platform alone, npm then leaves the others out, and `npm ci` refuses its own lock.
 * Versions are those that the packages ask for, exactly; a binary of another platform is never downloaded.
 *
 * @returns the names that were added.
 */
function complete(lock: Lock): string[] {
  const added: string[] = []
  for (const { optionalDependencies = {}, dev } of Object.values(lock.packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      const place = `node_modules/${name}`
      const platform = platformOf(name)
      const isKnown = Object.keys(lock.packages).some((path) => path === place || path.endsWith(`/${place}`))
      if (isKnown || platform === undefined || !/^\d+\.\d+\.\d+\S*$/.test(version)) continue
      lock.packages[place] = { version, ...(dev === true && { dev }), optional: true, ...platform }
      added.push(`${name}@${version}`)
    }
  }
  const sorted = Object.entries(lock.packages).toSorted(([a], [b]) => a.localeCompare(b, "en"))
  lock.packages = Object.fromEntries(sorted)
  return added
}

const file = join(workspace, "package-lock.json")
const lock = JSON.parse(readFileSync(file, "utf8")) as Lock
const added = complete(lock)
if (added.length > 0) writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
process.stdout.write(added.length > 0 ? `Added ${added.join(", ")}\n` : "Nothing is missing\n")
