import { describe, expect, it } from "vitest"
import { escapes, importsOf, isForTests, packageOf } from "../src/imports.ts"
import { packagesIn } from "../src/published.ts"

const packages = packagesIn("packages")
const byName = new Map(packages.map((found) => [found.manifest.name, found]))

/** The layers of the architecture (section 2), from below; whatever is not named is a module. */
const BASE = ["kernel", "money"]
const COMPOSING = ["http", "framework", "flows", "product-csv", "bulk", "api"]
const PROVIDERS = ["payment-stripe", "notification-smtp", "file-s3"]
const MODULES = packages
  .map(({ short }) => short)
  .filter((short) => ![...BASE, ...COMPOSING, ...PROVIDERS].includes(short))
const MAY_USE: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  money: [],
  http: ["kernel"],
  framework: ["kernel", "http"],
  "payment-stripe": [...BASE, "payment"],
  "notification-smtp": [...BASE, "notification"],
  "file-s3": [...BASE, "file"],
  flows: [...BASE, ...MODULES],
  "product-csv": [...BASE, ...MODULES, "flows"],
  bulk: [...BASE, ...MODULES, "flows", "product-csv"],
  api: [...BASE, ...MODULES, "http", "framework", "flows", "bulk"],
}

/** Every package has it from the workspace, for its tests. */
const FROM_THE_WORKSPACE = new Set(["vitest"])

const distinct = (names: readonly (string | undefined)[]) =>
  [...new Set(names.filter((name) => name !== undefined))].toSorted()

describe.each(packages.map((found) => ({ ...found, name: found.short })))("$name", (found) => {
  const { manifest, short } = found
  const imports = importsOf(found)
  const [dependencies, development, peers] = [
    manifest.dependencies,
    manifest.devDependencies,
    manifest.peerDependencies,
  ].map((group) => Object.keys(group ?? {})) as [string[], string[], string[]]

  it("imports what its users get with it", () => {
    const needed = distinct(imports.filter((found) => !isForTests(found)).map(packageOf))

    expect(needed.filter((name) => ![...dependencies, ...peers, manifest.name].includes(name))).toEqual([])
  })

  it("imports in tests what its package.json names", () => {
    const known = new Set([...dependencies, ...peers, ...development, ...FROM_THE_WORKSPACE, manifest.name])
    const needed = distinct(imports.filter(isForTests).map(packageOf))

    expect(needed.filter((name) => !known.has(name))).toEqual([])
  })

  it("uses what its package.json names", () => {
    const used = new Set(imports.map(packageOf))
    // Types of what is imported are used by being there; an optional peer may be a dependency's of ours.
    const below = new Set(
      dependencies.flatMap((name) => Object.keys(byName.get(name)?.manifest.peerDependencies ?? {})),
    )
    const named = [...dependencies, ...development, ...peers.filter((name) => !below.has(name))]

    expect(named.filter((name) => !used.has(name.replace(/^@types\//, "")))).toEqual([])
  })

  it("asks for no package as a peer that is not optional", () => {
    expect(peers.filter((name) => manifest.peerDependenciesMeta?.[name]?.optional !== true)).toEqual([])
  })

  it("depends on the layers below it alone", () => {
    const ours = [...dependencies, ...development]
      .filter((name) => name.startsWith("@marquetry/"))
      .map((name) => name.replace("@marquetry/", ""))

    expect(ours.filter((name) => !(MAY_USE[short] ?? BASE).includes(name))).toEqual([])
  })

  it("reaches no file of another package", () => {
    expect(imports.filter((one) => escapes(found, one))).toEqual([])
  })

  it("names the versions of ours that there are", () => {
    const wrong = Object.entries(manifest.dependencies ?? {}).filter(
      ([name, version]) => (byName.get(name)?.manifest.version ?? version) !== version,
    )

    expect(wrong).toEqual([])
  })
})
