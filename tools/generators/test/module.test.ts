import { execFile } from "node:child_process"
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { generateModule } from "../src/generate.ts"

const workspace = join(import.meta.dirname, "../../..")
const bin = (path: string) => join(workspace, "node_modules", path)
const now = new Date("2026-12-24T09:30:00Z")

interface Ended {
  readonly code: number
  readonly output: string
}

/** Runs a tool of the workspace. Vitest's own variables would make a vitest below think that it is a worker. */
function tool(args: readonly string[], cwd: string): Promise<Ended> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^VITEST|^TEST$/.test(name)))
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd, env, timeout: 170_000 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : 1, output: stdout + stderr }),
    )
  })
}

/** A workspace with nothing but the settings, inside this one, so that what it imports is found. */
function makeWorkspace(): string {
  const root = mkdtempSync(join(import.meta.dirname, "../trial-"))
  for (const file of ["tsconfig.base.json", "tsconfig.json", ".oxlintrc.json", ".oxfmtrc.json"]) {
    // Schemas are named relative to the workspace.
    const text = readFileSync(join(workspace, file), "utf8").replace(/^\s*"\$schema".*\n/m, "")
    writeFileSync(join(root, file), text)
  }
  mkdirSync(join(root, "packages/kernel"), { recursive: true })
  cpSync(join(workspace, "packages/kernel/package.json"), join(root, "packages/kernel/package.json"))
  writeFileSync(
    join(root, "vitest.config.ts"),
    `const conditions = ["@marquetry/source", "module", "node", "development|production"]
export default {
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: { include: ["packages/*/{src,test}/**/*.test.ts"], testTimeout: 60_000, hookTimeout: 120_000 },
}
`,
  )
  return root
}

describe("a module that was generated", () => {
  let root: string
  let folder: string

  beforeAll(async () => {
    root = makeWorkspace()
    folder = join(root, "packages/gift-card")
    await generateModule(root, { name: "gift-card" }, now)
  })

  afterAll(() => rmSync(root, { recursive: true, force: true }))

  it("is named alike in every spelling", () => {
    const read = (file: string) => readFileSync(join(folder, file), "utf8")

    expect(JSON.parse(read("package.json"))).toMatchObject({ name: "@marquetry/gift-card", version: "0.1.0" })
    expect(read("src/gift-card.module.ts")).toContain(`name: "gift_card"`)
    expect(read("src/gift-card/gift-card.entity.ts")).toContain(`id("gcard")`)
    expect(read("src/index.ts")).toContain("startGiftCard")
    expect(existsSync(join(folder, "src/migrations/20261224093000_create-gift-cards.ts"))).toBe(true)
  })

  it.each([
    ["type-checks", [bin("typescript/bin/tsc")]],
    ["is free of what the linter refuses", [bin("oxlint/bin/oxlint"), "--type-aware", "--deny-warnings", "packages"]],
    ["is formatted", [bin("oxfmt/bin/oxfmt"), "--check", "packages/gift-card"]],
    ["passes its own tests, on both databases", [bin("vitest/vitest.mjs"), "run", "--root", "."]],
  ])("%s", { timeout: 180_000 }, async (_, args) => {
    const { code, output } = await tool(args, root)

    expect(code === 0 ? "" : output).toBe("")
  })

  it("begins its README with an example that runs", { timeout: 60_000 }, async () => {
    const example = /^```ts\n(.*?)^```/ms.exec(readFileSync(join(folder, "README.md"), "utf8"))?.[1] ?? ""
    const flags = ["--conditions=@marquetry/source", "--disable-warning=ExperimentalWarning"]

    const ended = await tool([...flags, "--input-type=module-typescript", "--eval", example], folder)

    expect(ended).toEqual({ code: 0, output: "[ 'Renamed: first' ]\n" })
  })

  it.each([
    ["a name in capitals", { name: "GiftCard" }, "lower-case letters"],
    ["a name that leaves the folder", { name: "../../gift" }, "lower-case letters"],
    ["a name without end", { name: "a".repeat(41) }, "at most 40"],
    ["a schema of the kernel's", { name: "marquetry" }, "schema"],
    ["a name that the files mean something else by", { name: "promise" }, "something else"],
    ["a plural like the singular", { name: "sheep", plural: "sheep" }, "--plural"],
    ["a prefix with a dash", { name: "voucher", prefix: "vou-cher" }, "id prefix"],
    ["a name that is taken", { name: "gift-card", prefix: "other" }, "packages/gift-card already"],
    ["a prefix that is taken", { name: "greeting-card" }, "--prefix"],
  ] as const)("is not made of %s", async (_, request, reason) => {
    const before = readFileSync(join(folder, "package.json"), "utf8")

    await expect(generateModule(root, request, now)).rejects.toThrow(reason)

    expect(existsSync(join(root, "packages", request.name, "README.md"))).toBe(request.name === "gift-card")
    expect(readFileSync(join(folder, "package.json"), "utf8")).toBe(before)
  })
})

describe("modules of any name", () => {
  const named = [
    ["order", "orders", "orde"],
    ["category", "categories", "cate"],
    ["tax", "taxes", "tax"],
    ["fulfillment-set", "fulfillment-sets", "fset"],
  ] as const
  const files = new Map<string, readonly string[]>()
  let root: string

  beforeAll(async () => {
    root = makeWorkspace()
    for (const [name] of named) files.set(name, (await generateModule(root, { name }, now)).files)
  })

  afterAll(() => rmSync(root, { recursive: true, force: true }))

  it.each(named)("%s is about %s, with ids of %s", (name, plural, prefix) => {
    const entity = readFileSync(join(root, "packages", name, `src/${name}/${name}.entity.ts`), "utf8")

    expect(files.get(name)).toContain(`src/migrations/20261224093000_create-${plural}.ts`)
    expect(entity).toContain(`id("${prefix}")`)
  })

  it("type-check", { timeout: 60_000 }, async () => {
    const { code, output } = await tool([bin("typescript/bin/tsc")], root)

    expect({ code, output }).toEqual({ code: 0, output: "" })
  })
})
