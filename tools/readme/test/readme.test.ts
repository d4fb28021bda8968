import { execFile } from "node:child_process"
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"

const workspace = join(import.meta.dirname, "../../..")
const packages = readdirSync(join(workspace, "packages")).filter((name) =>
  existsSync(join(workspace, "packages", name, "package.json")),
)
const folders = [".", ...packages.map((name) => `packages/${name}`)]

interface Ended {
  readonly code: number
  readonly output: string
}

function node(args: readonly string[], cwd: string): Promise<Ended> {
  return new Promise((resolve) => {
    // An example that does not end by itself is killed, and has failed.
    const child = execFile(process.execPath, args, { cwd, timeout: 80_000 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : (child.exitCode ?? 1), output: error === null ? stdout : stdout + stderr }),
    )
  })
}

/** The first block of TypeScript or JavaScript; the others may be fragments. */
function exampleOf(folder: string): string {
  const file = join(workspace, folder, "README.md")
  if (!existsSync(file)) return ""
  return /^```(?:ts|js)\n(.*?)^```/ms.exec(readFileSync(file, "utf8"))?.[1] ?? ""
}

/** What the comments behind its `console.log`s say that it prints. */
function promisedBy(example: string): string[] {
  return [...example.matchAll(/^\s*console\.log\(.*\) \/\/ (.*)$/gm)].map(([, text]) => text as string)
}

describe.each(folders)("the README of %s", (folder) => {
  const example = exampleOf(folder)

  it("begins with an example that runs to its end and prints what it says", { timeout: 90_000 }, async () => {
    expect(example, "there is no README.md with an example").not.toBe("")

    const flags = ["--conditions=@marquetry/source", "--disable-warning=ExperimentalWarning"]
    const { code, output } = await node(
      [...flags, "--input-type=module-typescript", "--eval", example],
      join(workspace, folder),
    )

    // What else it prints, such as ids, may differ each time.
    const printed = output.replaceAll("\u00A0", " ").split("\n")
    const promised = promisedBy(example)
    const wanted = new Set(promised)
    expect({ code, printed: printed.filter((line) => wanted.has(line)) }).toEqual({ code: 0, printed: promised })
  })
})

it("shows examples that are free of type errors", { timeout: 90_000 }, async () => {
  // Inside the workspace, where imports are found.
  const directory = mkdtempSync(join(import.meta.dirname, "../examples-"))
  try {
    for (const folder of folders)
      writeFileSync(join(directory, `${folder.replaceAll(/\W/g, "-")}.ts`), exampleOf(folder))
    const compilerOptions = { noEmit: true, noUncheckedIndexedAccess: false, noUnusedLocals: false }
    writeFileSync(
      join(directory, "tsconfig.json"),
      JSON.stringify({ extends: "../../../tsconfig.base.json", compilerOptions, include: ["*.ts"] }),
    )

    const { output } = await node([join(workspace, "node_modules/typescript/bin/tsc"), "-p", directory], directory)

    expect(output).toBe("")
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
})
