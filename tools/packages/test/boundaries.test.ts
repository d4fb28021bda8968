import { execFile } from "node:child_process"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { workspace } from "../src/published.ts"

interface Rule {
  readonly files: string
  readonly message: string
}

/** Every reason that the linter's settings give for refusing an import, and where. */
function rulesOf(config: string): Rule[] {
  type Restriction = [string, { patterns: { message: string }[] }]
  const { rules, overrides } = JSON.parse(config) as {
    rules: { "no-restricted-imports": Restriction }
    overrides: { files: string[]; rules: { "no-restricted-imports"?: Restriction } }[]
  }
  return [{ files: ["**"], rules }, ...overrides].flatMap(({ files, rules }) =>
    (rules["no-restricted-imports"]?.[1].patterns ?? []).flatMap(({ message }) =>
      files.map((glob) => ({ files: glob, message })),
    ),
  )
}

const PUBLIC = "A package is used by its public entries"
const MODULE = "A module imports kernel and money and nothing else of ours"
const PROVIDER = "A provider imports the module that it provides for"
const BELOW = "kernel and money stand below everything else of ours"
const HTTP = "The HTTP kit translates and guards; it knows no module"
const FRAMEWORK = "The framework runs whatever modules and plugins a config names"
const FLOWS = "Flows join modules for any caller; they know neither HTTP nor an app"
const APPS = "Nothing below apps knows an app"

/** A file, what it imports, and the reason that it is refused for. */
const refused: readonly (readonly [file: string, specifier: string, reason: string])[] = [
  ["examples/own.ts", "@marquetry/region/src/region.module.ts", PUBLIC],
  ["packages/region/src/deep.ts", "@marquetry/kernel/src/index.ts", PUBLIC],
  ["packages/kernel/src/deep.ts", "@marquetry/money/dist/index.js", PUBLIC],
  ["packages/money/src/deep.ts", "@marquetry/kernel/src/id.ts", PUBLIC],
  ["packages/http/src/deep.ts", "@marquetry/kernel/src/id.ts", PUBLIC],
  ["packages/framework/src/deep.ts", "@marquetry/http/src/wire.ts", PUBLIC],
  ["packages/flows/src/deep.ts", "@marquetry/product/src/product/product.entity.ts", PUBLIC],
  ["packages/product-csv/src/deep.ts", "@marquetry/product/dist/index.js", PUBLIC],
  ["packages/bulk/src/deep.ts", "@marquetry/product-csv/src/product-draft.ts", PUBLIC],
  ["packages/api/src/deep.ts", "@marquetry/product/src/product/product.entity.ts", PUBLIC],
  ["apps/backend/src/deep.ts", "@marquetry/region/src/index.ts", PUBLIC],
  ["tools/bench/src/deep.ts", "@marquetry/region/src/index.ts", PUBLIC],
  ["packages/region/src/other.ts", "@marquetry/product", MODULE],
  ["packages/region/src/other-testing.ts", "@marquetry/product/testing", MODULE],
  ["packages/region/src/up.ts", "@marquetry/flows", MODULE],
  ["packages/a-new-module/src/up.ts", "@marquetry/http", MODULE],
  ["packages/payment-stripe/src/other.ts", "@marquetry/notification", PROVIDER],
  ["packages/payment-stripe/src/deep.ts", "@marquetry/payment/src/index.ts", PUBLIC],
  ["packages/notification-smtp/src/up.ts", "@marquetry/flows", PROVIDER],
  ["packages/notification-smtp/src/deep.ts", "@marquetry/notification/src/index.ts", PUBLIC],
  ["packages/file-s3/src/up.ts", "@marquetry/flows", PROVIDER],
  ["packages/file-s3/src/deep.ts", "@marquetry/file/src/index.ts", PUBLIC],
  ["packages/kernel/src/aside.ts", "@marquetry/money", BELOW],
  ["packages/money/src/aside.ts", "@marquetry/kernel", BELOW],
  ["packages/kernel/src/up.ts", "@marquetry/region/testing", BELOW],
  ["packages/http/src/up.ts", "@marquetry/region", HTTP],
  ["packages/http/src/framework.ts", "@marquetry/framework", HTTP],
  ["packages/framework/src/up.ts", "@marquetry/region", FRAMEWORK],
  ["packages/framework/src/api.ts", "@marquetry/api", FRAMEWORK],
  ["packages/flows/src/up.ts", "@marquetry/http", FLOWS],
  ["packages/flows/src/app.ts", "@marquetry/backend", FLOWS],
  ["packages/product-csv/src/up.ts", "@marquetry/api", FLOWS],
  ["packages/bulk/src/up.ts", "@marquetry/framework", FLOWS],
  ["packages/api/src/up.ts", "@marquetry/backend", APPS],
]

const allowed: readonly (readonly [file: string, specifier: string])[] = [
  ["packages/region/src/fine.ts", "@marquetry/kernel"],
  ["packages/region/src/fine.test.ts", "@marquetry/kernel/testing"],
  ["packages/region/src/fine-money.ts", "@marquetry/money"],
  ["packages/payment-stripe/src/fine.ts", "@marquetry/payment"],
  ["packages/payment-stripe/src/fine.test.ts", "@marquetry/payment/testing"],
  ["packages/notification-smtp/src/fine.ts", "@marquetry/notification"],
  ["packages/file-s3/src/fine.ts", "@marquetry/file"],
  ["packages/http/src/fine.ts", "@marquetry/kernel"],
  ["packages/framework/src/fine.ts", "@marquetry/http"],
  ["packages/flows/src/fine.ts", "@marquetry/product"],
  ["packages/product-csv/src/fine.ts", "@marquetry/flows"],
  ["packages/bulk/src/fine.ts", "@marquetry/product-csv"],
  ["packages/api/src/fine.ts", "@marquetry/framework"],
  ["apps/backend/src/fine.ts", "@marquetry/api"],
]

/** What the linter says of each file. */
function lint(root: string): Promise<Map<string, string[]>> {
  const oxlint = join(workspace, "node_modules/oxlint/bin/oxlint")
  return new Promise((resolve) => {
    execFile(process.execPath, [oxlint, "--format=json", "."], { cwd: root }, (_, stdout) => {
      const said = new Map<string, string[]>()
      const { diagnostics } = JSON.parse(stdout) as {
        diagnostics: { filename: string; message: string; help?: string }[]
      }
      for (const { filename, message, help = "" } of diagnostics) {
        said.set(filename, [...(said.get(filename) ?? []), `${message} ${help}`])
      }
      resolve(said)
    })
  })
}

describe("the linter", () => {
  let root: string
  let config: string
  let said: Map<string, string[]>

  beforeAll(async () => {
    root = mkdtempSync(join(import.meta.dirname, "../trial-"))
    config = readFileSync(join(workspace, ".oxlintrc.json"), "utf8")
    const write = (file: string, text: string) => {
      mkdirSync(dirname(join(root, file)), { recursive: true })
      writeFileSync(join(root, file), text)
    }
    write(".oxlintrc.json", config)
    for (const [file, specifier] of [...refused, ...allowed]) {
      write(file, `import { used } from "${specifier}"\n\nexport const again = used\n`)
    }
    write("packages/region/src/hen.ts", `import { egg } from "./egg.ts"\n\nexport const hen = () => egg\n`)
    write("packages/region/src/egg.ts", `import { hen } from "./hen.ts"\n\nexport const egg = () => hen\n`)
    said = await lint(root)
  })

  afterAll(() => rmSync(root, { recursive: true, force: true }))

  it.each(refused)("refuses %s to import %s, and says why", (file, _, reason) => {
    expect((said.get(file) ?? []).join("\n")).toContain(reason)
  })

  it.each(allowed)("lets %s import %s", (file) => {
    expect(said.get(file) ?? []).toEqual([])
  })

  it("refuses imports that go in a circle", () => {
    const about = [...(said.get("packages/region/src/hen.ts") ?? []), ...(said.get("packages/region/src/egg.ts") ?? [])]

    expect(about.join("\n")).toMatch(/cycle/i)
  })

  it("has no rule about imports that no case above is about", () => {
    const reasons = new Set(refused.map(([, , reason]) => reason))
    const untold = rulesOf(config).filter(({ message }) => ![...reasons].some((reason) => message.startsWith(reason)))

    expect(untold).toEqual([])
  })
})
