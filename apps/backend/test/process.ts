import { spawn, type ChildProcess } from "node:child_process"
import { once } from "node:events"

const main = new URL("../src/main.ts", import.meta.url).pathname
const started = new Set<ChildProcess>()

/** Ends what a test left running. */
export function endAll(): void {
  for (const child of started) child.kill("SIGKILL")
  started.clear()
}

/** Backends on Postgres must be given one. */
export const JWT_SECRET = "of the tests, and of nobody else."

/** The backend as a program, with nothing of this process's environment that could tell it anything. */
export function run(args: readonly string[], variables: Readonly<Record<string, string>> = {}) {
  const { PATH = "", NODE_OPTIONS = "", NODE_COMPILE_CACHE = "" } = process.env
  const secret: Record<string, string> = "DATABASE_URL" in variables ? { JWT_SECRET } : {}
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", main, ...args], {
    env: { PATH, NODE_OPTIONS, NODE_COMPILE_CACHE, LOG_LEVEL: "warn", ...secret, ...variables },
    stdio: ["ignore", "pipe", "pipe"],
  })
  started.add(child)
  let output = ""
  let errors = ""
  const listeners = new Set<() => void>()
  child.stdout.on("data", (data) => {
    output += String(data)
    for (const listener of listeners) listener()
  })
  child.stderr.on("data", (data) => (errors += String(data)))
  const ended = once(child, "close").then(([code, signal]) => {
    for (const listener of listeners) listener()
    return { code: code as number | null, signal: signal as string | null, output, errors }
  })
  /** Resolves once the output matches; rejects when the program ends before. */
  const until = (pattern: RegExp) =>
    new Promise<RegExpMatchArray>((resolve, reject) => {
      const look = () => {
        const found = pattern.exec(output)
        if (found !== null) resolve(found)
        else if (child.exitCode !== null) reject(new Error(`Ended with ${child.exitCode}: ${errors || output}`))
      }
      listeners.add(look)
      look()
    })
  return {
    ended,
    until,
    output: () => output,
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    /** @returns the address. */
    listening: async () => {
      const [, address] = await until(/listens on (\S+)[\s\S]*\n\n/)
      return address as string
    },
  }
}
