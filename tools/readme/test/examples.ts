import { execFile } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"

export const workspace = join(import.meta.dirname, "../../..")

/** How Node runs the sources as they are. */
export const sources = ["--conditions=@marquetry/source", "--disable-warning=ExperimentalWarning"]

export interface Ended {
  readonly code: number
  readonly output: string
}

/** Runs a program to its end. What does not end by itself is killed, and has failed. */
export function execute(
  program: string,
  args: readonly string[],
  { cwd, env = {} }: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { cwd, env: { ...process.env, ...env }, timeout: 80_000 }
    const child = execFile(program, args, options, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : (child.exitCode ?? 1), output: error === null ? stdout : stdout + stderr }),
    )
  })
}

export const node = (
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> => execute(process.execPath, args, { cwd, env })

/** What the comments behind its `console.log`s say that it prints. */
export function promisedBy(example: string): string[] {
  return [...example.matchAll(/^.*\bconsole\.log\(.*\) \/\/ (.*)$/gm)].map(([, text]) => text as string)
}

/** What came of a program: what went wrong, and the lines that it prints, in a form that a failed test shows. */
export const outcomeOf = ({ code, output }: Ended, printed: readonly string[]) => ({
  fault: code === 0 ? "" : `ended with ${code}: ${output}`,
  printed,
})

/** Lines of the output that were promised; what else is printed, such as ids, may differ each time. */
export function keptPromises({ output }: Ended, promised: readonly string[]): string[] {
  const wanted = new Set(promised)
  return output
    .replaceAll("\u00A0", " ")
    .split("\n")
    .filter((line) => wanted.has(line))
}

/**
 * Type-checks files by the project's rules, but for what nobody minds in examples.
 *
 * @returns what the compiler says of them. Sources that they import are checked by rules of their own, elsewhere.
 */
export async function typeFaults(
  files: Readonly<Record<string, string>>,
  compilerOptions: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  return withFiles(files, async (directory) => {
    const lenient = { noEmit: true, noUncheckedIndexedAccess: false, noUnusedLocals: false, declaration: false }
    const config = { extends: "../../../tsconfig.base.json", compilerOptions: { ...lenient, ...compilerOptions } }
    writeFileSync(join(directory, "tsconfig.json"), JSON.stringify({ ...config, include: ["**/*.ts"] }))
    const tsc = [join(workspace, "node_modules/typescript/bin/tsc"), "--checkers", "2"]
    const { output } = await node([...tsc, "-p", directory], directory)
    return faultsInside(output)
  })
}

/** Faults begin with the path of their file; lines that belong to one are indented. */
const faultsInside = (output: string): string =>
  output
    .split(/\n(?=\S)/)
    .filter((fault) => !fault.startsWith("../"))
    .join("\n")
    .trim()

/** Writes files into a folder inside the workspace, where imports are found, for as long as the work takes. */
export async function withFiles<T>(
  files: Readonly<Record<string, string>>,
  work: (directory: string) => Promise<T>,
): Promise<T> {
  const directory = mkdtempSync(join(import.meta.dirname, "../examples-"))
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, name)), { recursive: true })
      writeFileSync(join(directory, name), text)
    }
    return await work(directory)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
