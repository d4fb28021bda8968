import { spawn } from "node:child_process"
import { join } from "node:path"

/** Another process with the same carts, made from a file beside this one. */
export interface Child {
  /** What it has printed so far, line by line. */
  readonly lines: string[]
  /** Lets it begin. */
  readonly begin: () => void
  /** Its exit code, once it has ended; the signal's name when one ended it. */
  readonly ended: Promise<number | string>
}

export function startChild(file: string, ...args: string[]): Child {
  const child = spawn(process.execPath, [join(import.meta.dirname, file), ...args], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, NODE_OPTIONS: "--conditions=@marquetry/source --disable-warning=ExperimentalWarning" },
  })
  const lines: string[] = []
  let rest = ""
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    const parts = (rest + text).split("\n")
    rest = parts.pop() ?? ""
    lines.push(...parts)
  })
  const ended = new Promise<number | string>((resolve) =>
    child.on("close", (code, signal) => resolve(code ?? signal ?? "lost")),
  )
  return { lines, begin: () => child.stdin.end("begin\n"), ended }
}
